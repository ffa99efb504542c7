"""Which version runs, and on what."""

import platform
from importlib.metadata import version

from services.core.readers import ReadTx

VERSION = version("shangliang")


async def versions(reads: ReadTx) -> dict[str, str]:
    """Return the versions of this program, of Python and of the database. Raises Unavailable."""
    postgresql = await reads.read_json("SELECT current_setting('server_version')", ())
    return {"version": VERSION, "python": platform.python_version(), "postgresql": postgresql.decode()}
