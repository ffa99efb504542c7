"""Which rows are about one person: those that name their subject, and what hangs on these.

Of verdicts nobody is named; the trace tells who gave the last of a commitment, the one before it and so on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from services.core.bounds import SUBJECT, OutOfBounds
from services.core.errors import MalformedId, NotFound
from services.core.ids import node_uuid
from services.core.transaction import WriteTx
from services.privacy.inventory import INVENTORY, Erased

NAMED = {"matter": "matter", "followup": "follow_up", "opinion": "opinion", "attendance": "attendance"}
"""Things that staff may have written down for somebody, by the prefix of their ids, with their tables."""

OF_MEMBER = "IN (SELECT id FROM member WHERE subject = :subject)"
GIVEN = """(
    SELECT given.id FROM (
        SELECT id, commitment_id, row_number() OVER (PARTITION BY commitment_id ORDER BY at DESC, id DESC) AS nth
        FROM verdict WHERE commitment_id IN (SELECT subject_id FROM trace_entry WHERE actor = :subject)
    ) AS given JOIN (
        SELECT subject_id, actor, actor_role, row_number() OVER (PARTITION BY subject_id ORDER BY sequence DESC) AS nth
        FROM trace_entry WHERE act IN ('commitment.verified', 'commitment.disputed')
    ) AS told ON told.subject_id = given.commitment_id AND told.nth = given.nth
    WHERE told.actor = :subject
)"""
GIVEN_AS_A_RESIDENT = GIVEN[:-1] + "    AND told.actor_role = 'RESIDENT'\n)"
ENTRY_OF_EVENT = """EXISTS (
    SELECT FROM trace_entry AS entry JOIN trace_chain AS chain ON chain.id = entry.chain_id
    WHERE chain.topic_id = event.topic_id AND entry.act = event.type AND entry.actor = event.actor
    AND entry.actor_role = 'RESIDENT' AND abs(extract(epoch FROM entry.at - event.occurred_at)) < 10
)"""
"""Whether an event was announced by what somebody did as a resident: the trace tells, in the same transaction."""

THEIRS: Mapping[str, str] = {
    "matter": "subject = :subject OR id = ANY(:matter)",
    "topic": "subject = :subject",
    "follow_up": "subject = :subject OR id = ANY(:follow_up)",
    "verdict": f"id IN {GIVEN}",
    "opinion": f"member_id {OF_MEMBER} OR id = ANY(:opinion)",
    "attendance": f"member_id {OF_MEMBER} OR id = ANY(:attendance)",
    "member": "subject = :subject",
    "activity_member": f"member_id {OF_MEMBER}",
    "conversion": f"author_id {OF_MEMBER}",
    "duty_assessment": f"member_id {OF_MEMBER}",
    "duty_record": f"member_id {OF_MEMBER}",
    "role_grant": "subject = :subject",
    "revocation": "subject = :subject",
    "idempotency_key": "subject = :subject",
    "event": "actor = :subject",
    "trace_entry": "actor = :subject",
}
"""The rows about a person, by table."""

AS_A_RESIDENT: Mapping[str, str] = {
    "matter": "raised_by IN ('RESIDENT', 'STAKEHOLDER')",
    "follow_up": "role IN ('RESIDENT', 'STAKEHOLDER')",
    "verdict": f"id IN {GIVEN_AS_A_RESIDENT}",
    "role_grant": "role = 'RESIDENT'",
    "event": ENTRY_OF_EVENT,
    "trace_entry": "actor_role = 'RESIDENT'",
}
"""Which of those that name the person tell of no office; of the other tables none do."""

Named = Mapping[str, Sequence[UUID]]
"""Things that an operator says are somebody's, by table."""
Ids = dict[str, list[UUID]]
"""Ids of rows by table."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who is meant: what tokens call them, and what else is theirs."""

    subject: str
    named: Named

    @classmethod
    async def of(cls, tx: WriteTx, subject: str, ids: Sequence[str] = ()) -> "Person":
        """Return a person by their subject and the global ids of what else is theirs.

        Raises InvalidInput for a subject that there cannot be, MalformedId for another kind of thing, NotFound.
        """
        if fault := SUBJECT.fault(subject):
            raise OutOfBounds("A subject", SUBJECT.words, fault, ())
        named: dict[str, list[UUID]] = {table: [] for table in NAMED.values()}
        for one in ids:
            kind = one.partition("_")[0]
            if kind not in NAMED:
                raise MalformedId(one, "_…, ".join(NAMED))
            key, table = node_uuid(kind, one), NAMED[kind]
            if await tx.scalar(text(f"SELECT id FROM {table} WHERE id = :id"), {"id": key}) is None:
                raise NotFound(kind, one)
            named[table].append(key)
        return cls(subject, named)

    async def rows(self, tx: WriteTx, statement: str) -> Sequence[Row[Any]]:
        """Return what a statement gives of the person: `:subject`, and `:matter` and its like for what was named."""
        arrays = [bindparam(table, type_=ARRAY(Uuid)) for table in self.named if f":{table})" in statement]
        return (await tx.execute(text(statement).bindparams(*arrays), {"subject": self.subject, **self.named})).all()

    async def done_in_office(self, tx: WriteTx) -> Ids:
        """Return by column which rows name the person as who acted in an office."""
        found: Ids = {}
        for name, field in INVENTORY.items():
            if field.erased is Erased.OFFICER:
                table, column = name.split(".")
                rows = await self.rows(tx, f"SELECT id FROM {table} WHERE {column} = :subject ORDER BY id")
                if rows:
                    found[name] = [row.id for row in rows]
        return found


async def unhurried(tx: WriteTx) -> None:
    """The transaction's statements take the time that they take."""
    await tx.take_time()
