"""Assembly of the two mTOR complexes and their capture by rapalogs."""
