"""Verdicts as pages: sentences, figures, and the rules involved."""
