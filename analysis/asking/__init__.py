"""What the standard analyses share: readouts in words, grids of experiments, and answers."""
