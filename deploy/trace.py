"""`shangliang trace`: whether what stands in the trace is what was recorded."""

from typing import Annotated

import typer

from deploy.console import fail, run_with_database
from services.core.database import Database
from services.trace.verify import walk

trace_app = typer.Typer(no_args_is_help=True, help="The trace: every act, in chains of hashes.")


@trace_app.callback()
def trace() -> None:
    """Keep `verify` a command of its own."""


@trace_app.command()
def verify(topic: Annotated[str | None, typer.Option(help="number of the one topic to verify")] = None) -> None:
    """Compute every hash again and print what is wrong first in each chain."""

    async def walked(db: Database) -> tuple[int, int, int]:
        chains = entries = broken = 0
        async with db.write() as tx:
            async for one in walk(tx, topic=topic):
                chains, entries = chains + 1, entries + one.entries
                if one.fault is not None:
                    broken += 1
                    print(f"{one.chain}: {one.fault}")
        return chains, entries, broken

    chains, entries, broken = run_with_database(walked)
    if topic is not None and not chains:
        raise fail(f"No topic {topic} has a trace.")
    print(f"{chains} chains, {entries} entries, {broken} broken")
    if broken:
        raise typer.Exit(1)
