"""A model and what was measured of it, as a PEtab problem: built, written, read and evaluated."""
