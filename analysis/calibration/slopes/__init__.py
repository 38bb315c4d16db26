"""How what was seen follows from the parameters, by going back along each experiment."""
