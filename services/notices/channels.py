from dataclasses import dataclass

from sqlalchemy import text

from services.core.transaction import WriteTx

ENABLED = text("""
SELECT department.code, department.name FROM department
JOIN department_channel AS channel ON channel.department_id = department.id
WHERE channel.enabled ORDER BY department.code
""")

ALL = text("""
SELECT department.code FROM department
JOIN department_channel AS channel ON channel.department_id = department.id ORDER BY department.code
""")


@dataclass(frozen=True, slots=True)
class Channel:
    """A department that has a queue on the broker."""

    code: str
    name: str


async def enabled_channels(tx: WriteTx) -> list[Channel]:
    """Return the departments whose channel is enabled, by code: what the broker's topology is made from."""
    return [Channel(row.code, row.name) for row in await tx.execute(ENABLED)]


async def known_codes(tx: WriteTx) -> list[str]:
    """Return the departments that have a channel, enabled or not, by code: replies of each may still wait."""
    return [row.code for row in await tx.execute(ALL)]
