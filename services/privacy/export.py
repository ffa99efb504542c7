"""What is kept of one person, to be given to them."""

from typing import Any

from services.core.transaction import WriteTx
from services.privacy.inventory import INVENTORY
from services.privacy.rows import THEIRS, Person, unhurried
from services.trace.models import SEALS

VERSIONED = ("matter", "topic", "follow_up", "conversion")
"""Tables with former versions, which have the same words."""
HASHED = ("hash", "previous_hash", *SEALS)
"""What hashes an entry of the trace and says nothing."""
REDACTED = ("matter", "follow_up", "opinion")

Rows = list[dict[str, Any]]


async def kept_of(tx: WriteTx, person: Person) -> dict[str, Any]:
    """Return what is kept of a person: `rows` by table, `in_office` and what each of the `fields` is.

    A table without a row of theirs is left out. `in_office` are ids of what is somebody else's and names the person as
    who acted, by column.
    """
    await unhurried(tx)
    found: dict[str, Rows] = {}
    for table, theirs in THEIRS.items():
        found[table] = await _rows(tx, person, table, theirs)
        if table in VERSIONED and found[table]:
            inner = f"SELECT id FROM {table} WHERE {theirs}"
            found[f"{table}_history"] = await _rows(tx, person, f"{table}_history", f"id IN ({inner})")
    things = " UNION ALL ".join(f"SELECT id FROM {table} WHERE {THEIRS[table]}" for table in REDACTED)
    found["redaction"] = await _rows(tx, person, "redaction", f"thing_id IN ({things})")
    rows = {table: kept for table, kept in found.items() if kept}
    return {
        "rows": rows,
        "in_office": {name: [str(key) for key in keys] for name, keys in (await person.done_in_office(tx)).items()},
        "fields": {
            name: {"what": field.what, "seen_by": field.seen, "kept": field.kept}
            for name, field in INVENTORY.items()
            if name.split(".")[0] in rows
        },
    }


async def _rows(tx: WriteTx, person: Person, table: str, theirs: str) -> Rows:
    """Return rows of a table as JSON values, in the order in which they were made."""
    hidden = ", ".join(f"'{name}'" for name in HASHED)
    statement = f"SELECT to_jsonb({table}) - ARRAY[{hidden}] AS kept FROM {table} WHERE {theirs} ORDER BY 1"
    return [row.kept for row in await person.rows(tx, statement)]
