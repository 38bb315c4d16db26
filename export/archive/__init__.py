"""COMBINE archives: a model, what is done to it, and who made it, in one file."""
