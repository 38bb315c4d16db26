"""PI3K, its lipids, and the kinases that the lipids bring together."""
