"""What is kept of one person is erased for good, and all that is counted stays.

What somebody did in an office stays: who decided is a public record. Triggers and rights keep processes from changing
what is only added to, so this takes who owns the tables.
"""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Result, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import String, Uuid

from services.core.act import Act
from services.core.bounds import REDACTION_REASON
from services.core.errors import DomainError, InvalidInput
from services.core.words import Words
from services.privacy.inventory import INVENTORY, Erased
from services.privacy.rows import AS_A_RESIDENT, NAMED, THEIRS, Ids, Person, unhurried
from services.search.records import keep_findable
from services.trace.erasure import erase_words
from services.trace.rules import ERASED_WORDS

VERSIONED = ("matter", "follow_up")
NAMES_PERSON = (Erased.PERSON, Erased.HOLDER, Erased.OFFICER)
REPEATS = (Erased.OFFICIAL, Erased.COPY)
TELLING = 6
"""Characters from which on the same words elsewhere are taken for a repetition."""

BLOCKED = "SELECT id FROM revocation WHERE subject = :subject AND (until IS NULL OR until > now())"
RAISED = """
SELECT entry.id FROM trace_entry AS entry JOIN trace_chain AS chain ON chain.id = entry.chain_id
WHERE chain.matter_id = ANY(:ids) AND entry.act = 'matter.raised'
"""
"""The entries that have the title of a matter as their summary."""
REDACTED = "UPDATE redaction SET words = :mark WHERE thing_id = ANY(:ids) AND words <> :mark RETURNING thing_id"
TOLD = """
UPDATE event SET data = jsonb_set(data, '{reason}', to_jsonb(CAST(:mark AS text)))
WHERE id = ANY(:ids) AND type = 'commitment.disputed'
"""
"""The one event that says what a resident wrote."""


GIVES_WAY: Mapping[Erased, tuple[str, str]] = {
    Erased.WORDS: ("CAST(:mark AS text)", "{c} <> :mark"),
    Erased.SAID: ("CAST(:mark AS text)", "{c} <> :mark"),
    Erased.NAME: ("'erased:' || replace(gen_random_uuid()::text, '-', '')", r"{c} !~ '^erased\:[0-9a-f]{32}$'"),
    Erased.PERSON: ("CAST(:person AS text)", "{c} = :subject"),
}
"""What a column's value gives way to, and when; a name to one of its own, for no two of a topic are the same."""


UNFIT_REASON = Words(
    "A reason takes {takes} without the subject; this one {fault}.", "原因应为{takes}，不含账号；所给内容{fault}。"
)
HAS_THE_SUBJECT = Words("has the subject", "含有账号")


class SubjectBlocked(DomainError):
    """What is kept of somebody is not erased while their tokens are refused: the refusal needs their subject."""

    code = "SUBJECT_BLOCKED"

    def __init__(self, subject: str) -> None:
        super().__init__(f"{subject} is blocked, and a block needs the subject: unblock it first, then erase.")


@dataclass(frozen=True, slots=True)
class Erasure:
    """What became of what was kept: how many rows were changed or removed by table, and what stays, by column.

    `repeats` are texts of others that have the same words, of `TELLING` characters and more.
    """

    erased: Mapping[str, int]
    stays: Mapping[str, int]
    repeats: Mapping[str, Sequence[UUID]]


async def erase(act: Act, person: Person, *, reason: str) -> Erasure:
    """Nothing tells of the person any more but what they did in an office; numbers of rows and all counts stay.

    Words give way to `ERASED_WORDS`, who they were to a pseudonym drawn at random, in tables, histories, search,
    redactions, events and the trace, whose chains tell of it. To be done twice does no harm.

    Raises SubjectBlocked, InvalidInput for a reason out of its bounds or with the subject in it. The database refuses
    whoever does not own the tables.
    """
    if (fault := REDACTION_REASON.fault(reason)) or person.subject in reason:
        raise InvalidInput(UNFIT_REASON(takes=REDACTION_REASON.words, fault=fault or HAS_THE_SUBJECT))
    await unhurried(act.tx)
    if await person.rows(act.tx, f"{BLOCKED} FOR UPDATE"):
        raise SubjectBlocked(person.subject)
    found = await _found(act, person)
    entries = await _entries(act, found)
    words = await _words(act, found)
    pseudonym = f"erased:{secrets.token_hex(16)}"
    done = Counter[str]()
    for table, ids in found.items():
        if ids:
            done[table] += await _replace(act, person, table, ids, pseudonym)
            if table in VERSIONED:
                done[f"{table}_history"] += await _replace(act, person, table, ids, pseudonym, "_history")
    for matter in found["matter"]:
        await keep_findable(act.tx, matter, title=ERASED_WORDS, text=ERASED_WORDS)
    things = [*(key for ids in found.values() for key in ids), *entries]
    done["redaction"] += len((await _run(act, REDACTED, things)).all())
    await _run(act, TOLD, found["event"])
    done["trace_entry"] += await erase_words(act, entries, person=pseudonym, reason=reason)
    for table in sorted({name.split(".")[0] for name, one in INVENTORY.items() if one.erased is Erased.ROW}):
        done[table] += len(await person.rows(act.tx, f"DELETE FROM {table} WHERE subject = :subject RETURNING 1"))
    changed = {table: number for table, number in done.items() if number}
    for table in (*changed, "search_document") if changed else ():
        await act.tx.execute(text(f"ANALYZE {table}"))  # what the planner knows of a column quotes its rows
    return Erasure(
        changed,
        await _stays(act, person),
        await _repeats(act, words),
    )


async def _found(act: Act, person: Person) -> Ids:
    """Return the rows to be erased by table: what was done as a resident, and what an operator named."""
    found: Ids = {}
    for table in (*NAMED.values(), *AS_A_RESIDENT):
        asked = [f"({THEIRS[table]}) AND ({AS_A_RESIDENT[table]})"] if table in AS_A_RESIDENT else []
        asked += [f"id = ANY(:{table})"] if table in NAMED.values() else []
        rows = await person.rows(act.tx, f"SELECT id FROM {table} WHERE {' OR '.join(asked)} ORDER BY id")
        found[table] = [row.id for row in rows]
    return found


async def _replace(act: Act, person: Person, table: str, ids: Sequence[UUID], pseudonym: str, suffix: str = "") -> int:  # noqa: PLR0913, PLR0917 -- what a row's words give way to
    """Words, names and who it was give way in rows of a table, or of their former versions; return how many changed."""
    sets, changed = [], []
    for name, one in INVENTORY.items():
        of, column = name.split(".")
        if of == table and one.erased in GIVES_WAY:
            value, condition = GIVES_WAY[one.erased]
            sets.append(f"{column} = CASE WHEN {condition} THEN {value} ELSE {column} END".replace("{c}", column))
            changed.append(condition.replace("{c}", column))
    statement = (
        f"UPDATE {table}{suffix} SET {', '.join(sets)} WHERE id = ANY(:ids) AND ({' OR '.join(changed)}) RETURNING id"
    )
    return len((await _run(act, statement, ids, subject=person.subject, person=pseudonym)).all())


async def _entries(act: Act, found: Ids) -> dict[UUID, set[str]]:
    """Return the entries of the trace to be erased, and which of their words."""
    entries = {key: {"actor"} for key in found.pop("trace_entry")}
    for row in (await _run(act, RAISED, found["matter"])).all():
        entries.setdefault(row.id, set()).add("summary")
    return entries


async def _stays(act: Act, person: Person) -> Mapping[str, int]:
    """Return how many rows still name the person, by column."""
    stays = {}
    for name, one in INVENTORY.items():
        if one.erased in NAMES_PERSON:
            table, column = name.split(".")
            ((number,),) = await person.rows(act.tx, f"SELECT count(*) FROM {table} WHERE {column} = :subject")
            if number:
                stays[name] = number
    return stays


async def _words(act: Act, found: Ids) -> list[str]:
    """Return what rows say in words of the person's, and said before."""
    said = set[str]()
    for name, one in INVENTORY.items():
        table, column = name.split(".")
        if one.erased in {Erased.WORDS, Erased.SAID} and found[table]:
            for place in (table, f"{table}_history") if table in VERSIONED else (table,):
                rows = await _run(act, f"SELECT DISTINCT {column} FROM {place} WHERE id = ANY(:ids)", found[table])
                said.update(text_ for (text_,) in rows.all() if text_ is not None)
    return sorted(text_ for text_ in said if len(text_) >= TELLING and text_ != ERASED_WORDS)


async def _repeats(act: Act, words: Sequence[str]) -> Mapping[str, Sequence[UUID]]:
    """Return by column which rows have the words in a text that stays."""
    repeats = {}
    for name, one in INVENTORY.items() if words else ():
        if one.erased in REPEATS:
            table, column = name.split(".")
            has = f"EXISTS (SELECT FROM unnest(:words) AS one WHERE strpos({column}::text, one) > 0)"
            key = "thing_id" if table == "redaction" else "id"
            asked = text(f"SELECT {key} FROM {table} WHERE {has} ORDER BY 1").bindparams(
                bindparam("words", type_=ARRAY(String))
            )
            if found := list(await act.tx.scalars(asked, {"words": list(words)})):
                repeats[name] = found
    return repeats


async def _run(act: Act, statement: str, ids: Sequence[UUID], **values: str) -> Result[Any]:
    """Run a statement over rows by their ids."""
    asked = text(statement).bindparams(bindparam("ids", type_=ARRAY(Uuid)))
    return await act.tx.execute(asked, {"ids": ids, "mark": ERASED_WORDS, **values})
