"""What follows from the reactions alone or from rest: what is conserved, and what feeds back."""
