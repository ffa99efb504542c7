"""Migrations (alembic): the one way the schema of a database changes."""
