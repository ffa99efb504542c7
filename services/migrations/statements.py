import re

from alembic import op

STATEMENT = re.compile(r"(?:\$\$.*?\$\$|[^;])+", re.DOTALL)
"""Up to a semicolon that stands outside of `$$…$$`."""


def execute(text: str) -> None:
    """Run the statements of an SQL file one by one; its comments hold no semicolon and no `$$`.

    Where migrations are only written down, so are they.
    """
    context = op.get_context()
    for statement in STATEMENT.findall(text):
        if not statement.strip():
            continue
        if context.as_sql:
            context.impl.static_output(f"{statement.strip()};")
        else:
            op.get_bind().exec_driver_sql(statement)
