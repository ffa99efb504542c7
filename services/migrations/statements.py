import re

from alembic import op

STATEMENT = re.compile(r"(?:\$\$.*?\$\$|[^;])+", re.DOTALL)
"""Up to a semicolon that stands outside of `$$…$$`."""


def execute(text: str) -> None:
    """Run the statements of an SQL file one by one; its comments hold no semicolon and no `$$`."""
    for statement in STATEMENT.findall(text):
        if statement.strip():
            op.get_bind().exec_driver_sql(statement)
