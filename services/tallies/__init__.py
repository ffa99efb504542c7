"""Counts per place and day, kept by triggers in the writing transaction, so that roll-ups need not count rows."""
