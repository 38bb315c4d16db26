"""How sure a fit is of its parameters, and of what follows from them."""
