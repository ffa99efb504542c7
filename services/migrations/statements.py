import re
from pathlib import Path

from alembic import op

STATEMENT = re.compile(r"(?:\$\$.*?\$\$|[^;])+", re.DOTALL)
"""Up to a semicolon that stands outside a function's body."""


def execute_beside(module: str) -> None:
    """Run the statements of the SQL file beside a migration's module, one by one."""
    execute(Path(module).with_suffix(".sql").read_text())


def execute(text: str) -> None:
    """Run statements one by one."""
    for statement in STATEMENT.findall(text):
        if statement.strip():
            op.execute(statement)
