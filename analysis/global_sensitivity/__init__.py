"""Which parameters matter for which readout when all of them vary at once."""
