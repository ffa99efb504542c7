"""The command line: the composition root. A command imports what it runs, and no other command's code."""

import asyncio
import sys
from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError
from typer.core import TyperGroup

from deploy import local
from deploy.console import acting, fail, run_with_broker, say
from deploy.issuer import IssuerMissing, OneClickRefused, require_issuer
from deploy.logs import configure_logs
from deploy.servers.errors import ServerError
from deploy.signals import Interrupts
from services.core.clock import SystemClock
from services.core.errors import InvalidInput
from services.core.settings import Settings
from services.core.variables import WrongVariables, told
from services.migrations.errors import LocksNotGiven, ReplacedRevision, SchemaUnfit

if TYPE_CHECKING:
    from typer._click import Command, Context

    from deploy.addresses import DatabaseAddresses
    from deploy.seat import Seat

MODULES = {
    "agency": "agency",
    "deliveries": "deliveries",
    "export": "export",
    "roles": "roles",
    "search": "search",
    "subject": "subject",
    "token": "identity",
    "trace": "trace",
}
"""The commands of modules of their own: each is the module's `<command>_app`."""


TOLD = (IssuerMissing, LocksNotGiven, OneClickRefused, ReplacedRevision, SchemaUnfit, ServerError)
"""What an operator can mend; each says how."""


class Commands(TyperGroup):
    """Imports a command's module when the command is asked for."""

    def list_commands(self, ctx: "Context") -> list[str]:
        """Return the commands' names."""
        return [*MODULES, *super().list_commands(ctx)]

    def get_command(self, ctx: "Context", cmd_name: str) -> "Command | None":
        """Return the command of a name, None where there is none."""
        if cmd_name not in MODULES:
            return super().get_command(ctx, cmd_name)
        command = typer.main.get_command(getattr(import_module(f"deploy.{MODULES[cmd_name]}"), f"{cmd_name}_app"))
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Consultation platforms: service and events.",
)


@app.command()
def serve(
    workers: Annotated[
        int | None,
        typer.Option(min=0, help="processes that answer; 0 for one for each core; SHANGLIANG_WORKERS says it too"),
    ] = None,
) -> None:
    """Answer GraphQL over HTTP on SHANGLIANG_HOST and SHANGLIANG_PORT."""
    from deploy import workers as several
    from deploy.receipts import require_event_types

    settings = Settings() if workers is None else Settings(workers=workers)
    require_issuer(settings)
    require_event_types(settings)
    number = settings.workers or several.cores()
    with local.database(settings) as addresses:
        if number == 1:
            answer(settings, addresses)
        elif status := asyncio.run(several.run(settings, addresses, number)):
            raise typer.Exit(status)


@app.command(hidden=True)
def worker(line: Annotated[int, typer.Argument(help="the descriptor of its line to `serve`")]) -> None:
    """Answer as one of the workers of `serve`, which starts it."""
    from deploy.seat import Seat

    settings = Settings()
    seat = Seat.at(line)
    answer(settings, seat.given.addresses, seat)


def answer(settings: Settings, addresses: "DatabaseAddresses", seat: "Seat | None" = None) -> None:
    """Answer HTTP in this process until told to stop."""
    import uvloop

    from deploy import serving

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serving.serve(settings, addresses, seat))


@app.command()
def relay() -> None:
    """Bring waiting notices to the broker, keep its topology, prune the delivery log."""
    from deploy import processes
    from deploy.receipts import require_event_types

    require_event_types(Settings())
    run_with_broker(processes.relay)


@app.command()
def intake() -> None:
    """Take departments' replies in."""
    from deploy import processes

    run_with_broker(processes.intake)


@app.command()
def sign_in() -> None:
    """Let people sign in by one click, as anybody: for demonstrations and trials, on SHANGLIANG_SIGN_IN_PORT."""
    from deploy.sign_in import app as one_click

    asyncio.run(one_click.sign_in(Settings()))


@app.command()
@acting("topology")
def topology() -> None:
    """Bring the broker's exchanges, queues, policies and rights to what the registry of departments says."""
    from deploy import processes

    say(f"{run_with_broker(processes.topology)}.")


@app.command()
@acting("migrate")
def migrate(
    revision: Annotated[str, typer.Argument(help="head, base or a revision's id")] = "head",
    check: Annotated[  # noqa: FBT002 -- an option
        bool, typer.Option("--check", help="try what is pending, roll it back, and print what it locks")
    ] = False,
) -> None:
    """Bring the database's schema to a revision, and make its roles, each with its rights."""
    from deploy.roles import tell_roles
    from services.migrations.backfills import fill_all
    from services.migrations.check import check as check_locks
    from services.migrations.check import told as locks_told
    from services.migrations.run import Patience
    from services.migrations.run import migrate as migrate_schema
    from services.search.reindex import is_stale

    settings = Settings()
    with local.database(settings) as addresses:
        url, key, lock_s = addresses.owners(), addresses.rights_key, settings.migration_lock_s
        if check:
            print(locks_told(asyncio.run(check_locks(url, key=key, lock_s=lock_s))))
            return
        patience = Patience(lock_s, settings.migration_tries)
        migration = migrate_schema(url, revision, passwords=addresses.passwords, key=key, patience=patience)
        made = asyncio.run(migration)
        tell_roles(made)
        if revision == "head" and not made.later:
            for table, rows in asyncio.run(fill_all(url, patience=patience)).items():
                say(f"Filled {rows} rows of {table} that were there before.")
        if revision == "head" and asyncio.run(is_stale(url)):
            say("Search needs its words cut anew: run `shangliang search reindex`.")


@app.command()
@acting("restored", on="to")
def restored(
    to: Annotated[str, typer.Argument(help="ISO 8601: the moment restored to; China's time without an offset")],
    step: Annotated[
        int | None,
        typer.Option(min=1, help="how many numbers of events to pass over beside 100 a second since then"),
    ] = None,
    topic_step: Annotated[
        int | None, typer.Option(min=1, help="how many of topics beside one a second since then")
    ] = None,
) -> None:
    """Once after the database was restored to an earlier moment, before all else runs: give no number twice, say so."""
    from deploy.restored import tell_of_restore

    tell_of_restore(to, step=step, topic_step=topic_step)


@app.command()
def check() -> None:
    """Try out what the settings name: servers, accounts, clocks, room. Ends with 1 where anything is wrong."""
    from deploy.checks import Checks, Found, table
    from deploy.receipts import require_event_types

    settings = Settings()
    require_event_types(settings)

    async def tried(addresses: "DatabaseAddresses", broker: local.Broker | None) -> list[Found]:
        return [one async for one in Checks(settings, addresses, broker, SystemClock()).run()]

    with local.database(settings) as addresses, local.broker(settings, say) as broker:
        if broker is not None:
            broker.wait_ready()
        found = asyncio.run(tried(addresses, broker))
    print(table(found))
    if any(one.right is not None for one in found):
        raise typer.Exit(1)


@app.command()
@acting("seed")
def seed(
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="the last day that is told of; today, of which nothing has happened yet"
        ),
    ] = None,
    scale: Annotated[int, typer.Option(min=1, help="multiplies platforms and topics, for load")] = 1,
) -> None:
    """Fill an empty database with the demonstration province, as it has come up to a day."""
    from services.seeds.seed import last_day
    from services.seeds.seed import seed as seed_province

    passed = last_day(SystemClock().now())
    day = passed if until is None else until.date()
    if day > passed + timedelta(days=1):
        raise fail(f"Nothing can be told up to {day}, which is yet to come.")
    with local.database(Settings()) as addresses:
        asyncio.run(seed_province(addresses.owners(), until=min(day, passed), scale=scale, progress=say))


@app.command()
def demo() -> None:
    """Run everything on this machine and play one scene through the public API."""
    from deploy.demo import Demo

    settings = Settings()
    require_issuer(settings)
    raise typer.Exit(Demo(settings).run())


@app.command()
def schema() -> None:
    """Print the schema in GraphQL's schema definition language."""
    from graph.schema import build_schema

    print(build_schema().as_file(), end="")


@app.command()
def asyncapi() -> None:
    """Print the contract of the events as an AsyncAPI document."""
    from events.contract.files import asyncapi_text

    print(asyncapi_text(), end="")


@app.command()
def schema_changes() -> None:
    """Print what changed in the schema since the last release: breaking, announced, dangerous and safe."""
    from graph.releases import changes, released_schema
    from graph.schema import build_schema

    for kind, descriptions in changes(released_schema(), build_schema().core).items():
        for description in descriptions:
            print(f"{kind:10} {description}")


def main() -> None:
    """Run the command line; what an operator can mend is said in one line."""
    configure_logs()
    interrupts = Interrupts()
    interrupts.listen()
    try:
        app()
    except SystemExit as end:
        if end.code:
            interrupts.pass_on()
        raise
    except (*TOLD, InvalidInput) as error:
        say(str(error))
        sys.exit(1)
    except ValidationError as error:
        if error.title != Settings.__name__:
            raise
        say(f"The settings: {told(error, Settings)}")
        sys.exit(1)
    except WrongVariables as error:
        say(f"The settings: {error}")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
