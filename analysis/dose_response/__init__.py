"""How readouts answer to doses: potency, slope, efficacy, and which way they go."""
