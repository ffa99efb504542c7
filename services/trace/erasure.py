"""Words of entries are erased for good; their chains tell so and still verify.

Only who owns the tables may: no process's role changes an entry.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from services.core.act import Act
from services.core.actor import Role
from services.trace.acts import ERASED, summary_of
from services.trace.record import record
from services.trace.rules import ERASED_WORDS, PLAIN_FORM, commitments, erasure, fresh_salts, is_erased
from services.trace.verify import kept, link_of

ENTRIES = text("""
SELECT chain.topic_id, chain.matter_id, entry.*
FROM trace_entry AS entry JOIN trace_chain AS chain ON chain.id = entry.chain_id
WHERE entry.id = ANY (:ids) ORDER BY entry.chain_id, entry.sequence
""").bindparams(bindparam("ids", type_=ARRAY(Uuid)))
COMMIT = text("""
UPDATE trace_entry SET actor_salt = :actor_salt, actor_commitment = :actor_commitment,
    evidence_salt = :evidence_salt, evidence_commitment = :evidence_commitment,
    summary_salt = :summary_salt, summary_commitment = :summary_commitment
WHERE id = :id
""")
ERASE = {
    "actor": text("UPDATE trace_entry SET actor = :erased, actor_salt = NULL WHERE id = :id"),
    "summary": text("UPDATE trace_entry SET summary = :erased, summary_salt = NULL WHERE id = :id"),
}


@dataclass(frozen=True, slots=True)
class Named:
    """An entry that had words erased, as the one that tells so names it."""

    url: str
    sha256: str


async def erase_words(act: Act, entries: Mapping[UUID, Collection[str]], *, person: str, reason: str) -> int:
    """The words of entries, `actor` or `summary`, are gone; each chain has an entry that names those and says why.

    `person` stands in the place of the actor, as `ERASED_PERSON` has it. Returns how many entries lost a word; what was
    erased before is left as it is, and told no second time. The database refuses whoever does not own the tables.
    """
    marks = {"actor": person, "summary": ERASED_WORDS}
    told: dict[tuple[UUID | None, UUID | None], list[Named]] = defaultdict(list)
    for row in (await act.tx.execute(ENTRIES, {"ids": list(entries)})).all():
        salts, committed = kept(row, "salt"), kept(row, "commitment")
        left = [name for name in entries[row.id] if getattr(row, name) and not is_erased(committed[name], salts[name])]
        if not left:
            continue
        told[row.topic_id, row.matter_id].append(await _committed(act, row))
        for name in left:
            await act.tx.execute(ERASE[name], {"id": row.id, "erased": marks[name]})
    for (topic_id, matter_id), named in told.items():
        await record(
            act, role=Role.OPERATOR, entry=ERASED, summary=summary_of(ERASED, {"reason": reason}),
            topic_id=topic_id, matter_id=matter_id, evidence=named,
        )  # fmt: skip
    return sum(map(len, told.values()))


async def _committed(act: Act, row: Row[Any]) -> Named:
    """Return how an entry is named; one of the first form commits to its words before any of them go."""
    link, committed = link_of(row), kept(row, "commitment")
    if row.form == PLAIN_FORM and not any(committed.values()):
        salts = fresh_salts(link.words())
        committed = commitments(link.words(), salts)
        values = {f"{name}_salt": salt for name, salt in salts.items()}
        values |= {f"{name}_commitment": digest for name, digest in committed.items()}
        await act.tx.execute(COMMIT, {"id": row.id, **values})
    return Named(**erasure(row.id, link.digest(committed)))
