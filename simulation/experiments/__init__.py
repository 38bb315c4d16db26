"""What is done to a model, and when; from Python or in words."""
