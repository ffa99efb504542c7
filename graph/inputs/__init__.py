"""Filters, orders, keys and ranges that queries take."""
