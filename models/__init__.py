"""What we claim about biology: monomers, rules, numbers and their sources."""
