"""What the public reads in place of words that were recorded, and what it does not see."""
