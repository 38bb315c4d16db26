"""What ``mtorules uncertainty`` can be asked, a module a command."""
