"""`shangliang subject`: whose tokens are refused, and what is kept of one person."""

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from deploy.console import acting, fail, operator, run_as_owner, run_with_database, say
from deploy.servers.directory import replace_private
from services.access.revocation import block_subject, blocked_subjects, unblock_subject
from services.core.act import Act
from services.core.clock import CHINA, SystemClock
from services.core.database import Database
from services.core.errors import DomainError
from services.core.keys import CURSOR, installation_key
from services.core.security import SecurityEvent, SecurityLog, note, write_nowhere
from services.privacy.erase import Erasure
from services.privacy.erase import erase as erase_person
from services.privacy.export import kept_of
from services.privacy.rows import NAMED, Person

subject_app = typer.Typer(no_args_is_help=True, help="Whose tokens are refused, and what is kept of one person.")

Subject = Annotated[str, typer.Argument(help="the sub of the tokens")]
Until = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d"], help="when it ends, 2026-01-31T18:00:00+0800; never without"
    ),
]
Also = Annotated[
    list[str] | None,
    typer.Option(
        help=f"id of what else is theirs, which staff wrote down: {'_…, '.join(NAMED)}_…; any number of times"
    ),
]


@subject_app.command()
@acting("subject.block")
def block(subject: Subject, until: Until = None) -> None:
    """Refuse all tokens of a subject, those still to come too, and end what is open with them."""
    ends = as_instant(until)

    async def blocked(db: Database) -> None:
        async with db.write() as tx:
            await block_subject(Act(tx, operator(), SystemClock()), subject=subject, until=ends)

    run_with_database(blocked)
    say(f"{subject} is blocked{f' until {ends.isoformat()}' if ends else ''}.")


@subject_app.command()
@acting("subject.unblock")
def unblock(subject: Subject) -> None:
    """Take a subject's tokens again."""

    async def unblocked(db: Database) -> None:
        async with db.write() as tx:
            await unblock_subject(Act(tx, operator(), SystemClock()), subject=subject)

    run_with_database(unblocked)
    say(f"{subject} is no longer blocked.")


@subject_app.command("list")
def list_() -> None:
    """Print who is blocked, until when, by whom and since when, between tabs."""
    for one in run_with_database(blocked_subjects):
        until = one.until.isoformat() if one.until else "-"
        print(one.subject, until, one.revoked_by, one.revoked_at.isoformat(), sep="\t")


def as_instant(until: datetime | None) -> datetime | None:
    """Return an instant that is still to come; a day is its midnight in China. Anything else ends the command."""
    if until is None:
        return None
    instant = until if until.tzinfo else until.replace(tzinfo=CHINA)
    if instant <= SystemClock().now():
        raise fail(f"{instant.isoformat()} has passed; give an instant that is still to come.")
    return instant


@subject_app.command()
@acting("subject.export", noted=False)
def export(
    subject: Subject,
    out: Annotated[Path, typer.Option(help="the file, JSON, that only its owner reads; - for the output")],
    also: Also = None,
) -> None:
    """Write what is kept of one person as a file, to be given to them."""
    now = SystemClock().now()

    async def kept(db: Database) -> tuple[str, dict[str, Any]]:
        async with db.write() as tx:
            found = await kept_of(tx, await Person.of(tx, subject, also or []))
        return await hashed(db, subject), found

    in_log, found = run_as_owner(kept)
    whole = {"subject": subject, "at": now, "in_security_log": in_log, **found}
    note(SecurityEvent.OPERATOR_ACTED, act="subject.export", thing=in_log)
    write(out, orjson.dumps(whole, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE))
    say(f"{sum(map(len, found['rows'].values()))} rows of {len(found['rows'])} tables are written.")


def write(out: Path, content: bytes) -> None:
    """Write a file that only its owner reads, whole or not at all, or the output."""
    if out == Path("-"):
        sys.stdout.buffer.write(content)
        return
    unfinished = out.with_name(f"{out.name}.part")
    try:
        with replace_private(unfinished) as file:
            file.write(content)
        unfinished.replace(out)
    except OSError as error:
        raise fail(f"{out} cannot be written: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)


class Undone(DomainError):
    """An erasure was only to be shown."""

    def __init__(self, would: Erasure) -> None:
        super().__init__("Nothing was changed; with --yes it is done, for good.")
        self.would = would


@subject_app.command()
@acting("subject.erase", noted=False)
def erase(
    subject: Subject,
    reason: Annotated[str, typer.Option(help="why; it stands in the trace, so without the subject or a name")],
    also: Also = None,
    yes: Annotated[bool, typer.Option("--yes", help="do it; without, what would be done is shown")] = False,  # noqa: FBT002 -- an option
) -> None:
    """Erase what is kept of one person, but for what they did in an office: for good, and all that is counted stays."""

    async def erased(db: Database) -> tuple[str, Erasure]:
        async with db.write() as tx:
            act = Act(tx, operator(), SystemClock())
            done = await erase_person(act, await Person.of(tx, subject, also or []), reason=reason.strip())
            if not yes:
                raise Undone(done)
        return await hashed(db, subject), done

    try:
        in_log, done = run_as_owner(erased)
    except typer.Exit as end:
        if isinstance(end.__cause__, Undone):
            tell(end.__cause__.would)
        raise
    note(SecurityEvent.OPERATOR_ACTED, act="subject.erase", thing=in_log)
    tell(done)


def tell(done: Erasure) -> None:
    """Print what is erased, what stays and which texts repeat it, a line for each table, column or text, with tabs."""
    lines: Sequence[tuple[str, Mapping[str, int]]] = (("erased", done.erased), ("stays", done.stays))
    for what, numbers in lines:
        for name, number in numbers.items():
            print(what, name, number, sep="\t")
    for name, ids in done.repeats.items():
        for one in ids:
            print("repeats", name, one, sep="\t")
    if not done.erased:
        say("Nothing is kept of them that could be erased.")


async def hashed(db: Database, subject: str) -> str:
    """Return what stands for a subject in the security log."""
    log = SecurityLog(await installation_key(db.primary, CURSOR), write=write_nowhere)
    return str(log.hashed(subject))
