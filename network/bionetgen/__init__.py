"""BioNetGen's program and its network format, read and written."""
