"""Migrations as the SQL that they run, made without a database."""

from io import StringIO

from alembic import command

from services.migrations.run import configuration


def statements(since: str, until: str = "head") -> str:
    """Return what brings a schema from one revision up to another; empty where nothing leads there.

    It is for reading: roles, rights and policies, which `migrate` applies after it, are not in it.
    """
    config = configuration()
    config.output_buffer = StringIO()
    command.upgrade(config, f"{since}:{until}", sql=True)
    return config.output_buffer.getvalue()
