"""The questions put to a model, a file or a room a question, and nothing else."""
