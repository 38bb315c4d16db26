"""What mTORC2 does, and how S6K brakes it."""
