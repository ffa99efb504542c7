"""The demonstration province, built deterministically around published facts."""
