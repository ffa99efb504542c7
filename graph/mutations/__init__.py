"""Verbs, declared one domain a file: what each takes, the command that it runs, what it gives."""
