"""The ``mtorules`` command: a thin layer, one module a command."""
