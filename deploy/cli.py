"""The command line: the composition root."""

import asyncio
import sys
from datetime import datetime, timedelta
from typing import Annotated

import typer
import uvloop

from deploy import local, processes
from deploy.agency import agency_app
from deploy.composition import IssuerMissing, require_issuer
from deploy.console import acting, fail, run_with_broker, say
from deploy.deliveries import deliveries_app
from deploy.demo import Demo
from deploy.export import export
from deploy.identity import subject_app, token_app
from deploy.logs import configure_logs
from deploy.search import search_app
from deploy.servers.errors import ServerError
from deploy.signals import Interrupts
from deploy.trace import trace_app
from events.contract.files import asyncapi_text
from graph.documents import ManifestInvalid
from graph.releases import changes, released_schema
from graph.schema import build_schema
from services.core.clock import SystemClock
from services.core.settings import Settings
from services.migrations.run import ReplacedRevision
from services.migrations.run import migrate as migrate_schema
from services.search.reindex import is_stale
from services.seeds.seed import last_day
from services.seeds.seed import seed as seed_province

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Consultation platforms: service and events.",
)
app.add_typer(agency_app, name="agency")
app.add_typer(deliveries_app, name="deliveries")
app.add_typer(search_app, name="search")
app.add_typer(subject_app, name="subject")
app.add_typer(token_app, name="token")
app.add_typer(trace_app, name="trace")


app.command()(export)


@app.command()
def serve() -> None:
    """Answer GraphQL over HTTP on SHANGLIANG_HOST and SHANGLIANG_PORT."""
    settings = Settings()
    require_issuer(settings)
    with local.database_url(settings) as url, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(processes.serve(settings, url))


@app.command()
def relay() -> None:
    """Bring waiting notices to the broker, keep its topology, prune the delivery log."""
    run_with_broker(processes.relay)


@app.command()
def intake() -> None:
    """Take departments' replies in."""
    run_with_broker(processes.intake)


@app.command()
@acting("topology")
def topology() -> None:
    """Bring the broker's exchanges, queues, policies and rights to what the registry of departments says."""
    say(f"{run_with_broker(processes.topology)} departments have their queues.")


@app.command()
@acting("migrate")
def migrate(revision: Annotated[str, typer.Argument(help="head, base or a revision's id")] = "head") -> None:
    """Bring the database's schema to a revision."""
    with local.database_url(Settings()) as url:
        asyncio.run(migrate_schema(url, revision))
        if revision == "head" and asyncio.run(is_stale(url)):
            say("Search needs its words cut anew: run `shangliang search reindex`.")


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
    passed = last_day(SystemClock().now())
    day = passed if until is None else until.date()
    if day > passed + timedelta(days=1):
        raise fail(f"Nothing can be told up to {day}, which is yet to come.")
    with local.database_url(Settings()) as url:
        asyncio.run(seed_province(url, until=min(day, passed), scale=scale, progress=say))


@app.command()
def demo() -> None:
    """Run everything on this machine and play one scene through the public API."""
    settings = Settings()
    require_issuer(settings)
    raise typer.Exit(Demo(settings).run())


@app.command()
def schema() -> None:
    """Print the schema in GraphQL's schema definition language."""
    print(build_schema().as_file(), end="")


@app.command()
def asyncapi() -> None:
    """Print the contract of the events as an AsyncAPI document."""
    print(asyncapi_text(), end="")


@app.command()
def schema_changes() -> None:
    """Print what changed in the schema since the last release: breaking, announced, dangerous and safe."""
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
    except (IssuerMissing, ManifestInvalid, ReplacedRevision, ServerError) as error:
        say(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
