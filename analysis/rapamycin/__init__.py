"""The rapamycin question: what happens to both complexes, at which dose, and when."""
