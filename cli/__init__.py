"""The ``mtorules`` command."""
