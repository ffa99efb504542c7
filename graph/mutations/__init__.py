"""One verb, one file: its input, its payload and the call of its command."""
