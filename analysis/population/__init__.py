"""Cells that differ, as tumours do: which of them respond to a drug, and what tells them."""
