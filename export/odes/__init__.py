"""A network as ordinary differential equations in a language of its own: Python, MATLAB, R, ..."""
