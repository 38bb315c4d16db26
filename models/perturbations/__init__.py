"""What can be done to a model, as data: genotypes, environments, and the compounds."""
