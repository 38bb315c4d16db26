"""Numbers and where they come from: tables of parameters, the fitted set, evidence, provenance."""
