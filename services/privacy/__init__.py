"""What is kept of people: the inventory of it, and one person's part of it to be given to them or erased."""
