"""One experiment many times: what is varied, where results are kept, who does the work."""
