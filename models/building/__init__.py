"""How models are built: drafting, kinds of step, starting amounts, compartments, boundaries."""
