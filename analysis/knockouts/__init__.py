"""What each protein and each rule is needed for, with and without a drug."""
