"""Finding one parameter set with which the claims hold; :mod:`.calibrate` is the front door."""
