"""What switches mTORC1, what it phosphorylates, and what brakes it."""
