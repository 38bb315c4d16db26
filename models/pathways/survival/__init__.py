"""BAD and the short-lived survival protein."""
