"""What an input names and the caller does not see: refused as what does not exist, whatever else was to be said."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any
from uuid import UUID

import orjson

from graph.inputs.fields import KIND
from services.core.database import Database
from services.core.errors import InvalidInput, NotFound
from services.core.ids import node_id, node_uuid
from services.reads.compile import KEY, compile_visible
from services.reads.nodes import BY_PREFIX
from services.reads.parameters import Request
from services.reads.visibility import Sight
from services.trace.record import chains_of

HIDEABLE = {prefix: entity for prefix, entity in BY_PREFIX.items() if entity.visible is not None}
"""The kinds of things that not everybody sees."""
ENTRY = "traceentry"
"""The kind of what is seen with the topic or the matter of its chain."""


@dataclass(frozen=True, slots=True)
class Named:
    """A thing that an input names: its kind, its key, and the path of the field."""

    kind: str
    key: UUID
    path: tuple[str, ...]

    def missing(self) -> NotFound:
        """Return the refusal of a thing that does not exist."""
        return NotFound(self.path[-1].removesuffix("s"), node_id(self.kind, self.key), path=self.path)


async def unseen(db: Database, values: object, request: Request) -> NotFound | None:
    """Return the refusal of the first thing that an input names and that the caller does not see; None if they see all.

    A thing that does not exist is seen by nobody. Things of kinds that everybody sees are passed over.
    """
    named = list(_named(values))
    if not named:
        return None
    keys: dict[str, list[UUID]] = defaultdict(list)
    for one in named:
        keys[one.kind].append(one.key)
    sight, seen = Sight.of(request.actor), set[tuple[str, UUID]]()
    async with db.write(request.actor, within_s=db.limit_s) as tx:
        behind = await chains_of(tx, keys.pop(ENTRY, []))
        for kind, key in behind.values():
            keys[kind].append(key)
        for kind, sought in keys.items():
            asked = replace(request, variables={KEY: sought})
            compiled = compile_visible(HIDEABLE[kind].name, sight)
            found = orjson.loads(await tx.read_json(compiled.sql, compiled.arguments(asked)))
            seen |= {(kind, UUID(key)) for key in found}
    seen |= {(ENTRY, key) for key, thing in behind.items() if thing in seen}
    return next((one.missing() for one in named if (one.kind, one.key) not in seen), None)


def _named(values: Any, *path: str) -> Iterator[Named]:  # noqa: ANN401 -- any input
    """Yield the things that an input names and that not everybody sees, in the order of its fields."""
    for field in fields(values):
        value, kind = getattr(values, field.name), field.metadata.get(KIND, "")
        inner = (*path, field.name)
        for item in value if isinstance(value, list) else [value]:
            if is_dataclass(item):
                yield from _named(item, *inner)
            elif (kind in HIDEABLE or kind == ENTRY) and isinstance(item, str):
                try:
                    yield Named(kind, node_uuid(kind, item), inner)
                except InvalidInput:
                    continue  # it names nothing, and is refused for that
