"""`shangliang deliveries`: the delivery log, and what an operator does about a notice."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer

from deploy.console import acting, fail, operator, run_with_database, say
from deploy.instants import maybe_instant, shown
from services.core.act import Act
from services.core.clock import SystemClock
from services.core.database import Database
from services.core.settings import Settings
from services.notices import commands
from services.notices import refill as refilling
from services.notices.enums import NoticeStatus
from services.notices.log import Entry, entries, entry
from services.notices.retention import prune as prune_log

deliveries_app = typer.Typer(no_args_is_help=True, help="The delivery log: every notice to every department.")

Notice = Annotated[str, typer.Argument(help="the notice's id", metavar="NOTICE")]
Department = Annotated[str | None, typer.Option(help="code of the department")]
Since = Annotated[str | None, typer.Option(help="ISO 8601; of events from then on; China's time without an offset")]
Until = Annotated[str | None, typer.Option(help="ISO 8601; of events before then")]


@deliveries_app.command("list")
def list_(  # noqa: PLR0913, PLR0917 -- each is an option
    department: Department = None,
    status: Annotated[NoticeStatus | None, typer.Option(help="what became of it")] = None,
    event: Annotated[str | None, typer.Option(help="id of the event")] = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="how many at most")] = 50,
) -> None:
    """Print notices, the latest first, one a line."""
    narrowed = {"event": key(event) if event else None, "since": maybe_instant(since), "until": maybe_instant(until)}

    async def read(db: Database) -> Sequence[Entry]:
        async with db.write() as tx:
            return await entries(tx, department=department, status=status, limit=limit, **narrowed)  # type: ignore[arg-type]

    for one in run_with_database(read):
        receipt = one.receipt.value if one.receipt else "-"
        where = f"{one.department} #{one.sequence} {one.type} {one.subject or '-'}"
        print(f"{one.id}  {shown(one.occurred_at)}  {one.status.value:9} {receipt:11} {where}")


@deliveries_app.command()
def show(notice: Notice) -> None:
    """Print all that is known of a notice."""

    async def read(db: Database) -> Entry:
        async with db.write() as tx:
            return await entry(tx, key(notice))

    print(json.dumps(asdict(run_with_database(read)), ensure_ascii=False, indent=2, default=str))


@deliveries_app.command()
@acting("deliveries.retry", on="notice")
def retry(notice: Notice) -> None:
    """Let a parked notice be sent once more; its lane goes on with it."""

    async def act(db: Database) -> None:
        async with db.write() as tx:
            await commands.retry_notice(Act(tx, operator(), SystemClock()), notice_id=key(notice))

    run_with_database(act)
    say("It waits to be sent.")


@deliveries_app.command()
@acting("deliveries.skip", on="notice")
def skip(notice: Notice, reason: Annotated[str, typer.Option(help="stands in the log beside who skipped it")]) -> None:
    """Decide that a waiting notice is not sent; its lane goes on without it."""

    async def act(db: Database) -> None:
        async with db.write() as tx:
            await commands.skip_notice(Act(tx, operator(), SystemClock()), notice_id=key(notice), reason=reason)

    run_with_database(act)
    say("It is skipped.")


@deliveries_app.command()
@acting("deliveries.replay", on="department")
def replay(
    department: Annotated[str, typer.Option(help="code of the department")],
    event: Annotated[list[str] | None, typer.Option(help="id of an event; may be repeated")] = None,
    since: Since = None,
    until: Until = None,
) -> None:
    """Send a department again what it was sent: certain events, those of a time, or all that the log has."""
    events = None if not event else [key(one) for one in event]

    async def act(db: Database) -> commands.Replayed:
        async with db.write() as tx:
            return await commands.replay_notices(
                Act(tx, operator(), SystemClock()),
                department=department,
                events=events,
                since=maybe_instant(since),
                until=maybe_instant(until),
            )

    say(f"{run_with_database(act).count} notices wait to be sent again.")


@deliveries_app.command()
@acting("deliveries.refill", on="department")
def refill(
    department: Department = None,
    answered_since: Annotated[
        str | None, typer.Option(help="ISO 8601; those too that were answered from then on; China's without an offset")
    ] = None,
) -> None:
    """Give a broker that lost its queues what departments had not answered; who handled one drops it as repeated."""

    async def act(db: Database) -> refilling.Refilled:
        async with db.write() as tx:
            return await refilling.refill(
                Act(tx, operator(), SystemClock()),
                department=department,
                answered_since=maybe_instant(answered_since),
            )

    again = run_with_database(act)
    say(f"{again.notices} notices to {again.departments} departments wait to be sent again.")


@deliveries_app.command()
@acting("deliveries.prune")
def prune(
    days: Annotated[
        int | None,
        typer.Option(min=1, max=36_500, help="how old what goes is at least; SHANGLIANG_RETENTION_DAYS without"),
    ] = None,
) -> None:
    """Remove what is old and done with; a running relay does so every hour."""
    before = SystemClock().now() - timedelta(days=days or Settings().retention_days)

    async def act(db: Database) -> tuple[int, int]:
        return await prune_log(db, before)

    notices, events = run_with_database(act)
    say(f"{notices} notices and {events} events from before {shown(before)} are gone.")


def key(text: str) -> UUID:
    """Return the key in an id, with or without the name of its kind."""
    try:
        return UUID(text.rpartition("_")[2])
    except ValueError as error:
        raise fail(f"{text!r} is not an id.") from error
