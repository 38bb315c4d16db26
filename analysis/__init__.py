"""The questions put to a model, a file a question."""
