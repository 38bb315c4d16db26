"""What :mod:`mtorules.analysis.calibrate` is made of: claims as an objective, and its slopes."""
