"""What squawk finds in the SQL of migrations that are not released yet: `python -m tests.migrations.lint`."""

import subprocess
import sys
import tempfile
from pathlib import Path

from services.migrations.sql import statements
from tests.migrations.former import NoHistory, find_former

OLDEST = "15.0"
"""The oldest PostgreSQL that is served."""
LEFT_OUT = {
    "require-concurrent-index-creation": "all migrations are one transaction, in which no index is made so; `migrate "
    "--check` tells what is locked, and a lock that is not given in time is given up",
    "require-concurrent-index-deletion": "as above",
    "require-timeout-settings": "`migrate` sets the time limit of locks",
    "prefer-robust-stmts": "a transaction leaves nothing half done, and a schema that is not as expected is an error",
}
"""Rules that are switched off, each with its reason."""


def main() -> int:
    try:
        since = find_former().head
    except NoHistory as error:
        print(f"squawk: nothing to look at: {error}", file=sys.stderr)  # noqa: T201 -- for who lints
        return 0
    with tempfile.TemporaryDirectory() as directory:
        script = Path(directory, f"since_{since}.sql")
        script.write_text(statements(since))
        rules = [f"--exclude={rule}" for rule in LEFT_OUT]
        squawk = [str(Path(sys.executable).with_name("squawk")), f"--pg-version={OLDEST}", "--assume-in-transaction"]
        return subprocess.run([*squawk, *rules, str(script)], check=False).returncode  # noqa: S603 -- as composed above


if __name__ == "__main__":
    sys.exit(main())
