"""Units as exact quantities, and quantities as people write them."""
