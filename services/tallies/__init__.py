"""Counts per county and year, kept by triggers in the writing transaction, so that roll-ups need not count rows."""
