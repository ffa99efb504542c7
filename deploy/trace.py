"""`shangliang trace`: whether what stands in the trace is what was recorded."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.console import acting, fail, faults_told, run_with_database
from deploy.keys import anchor_key
from services.core.clock import SystemClock
from services.core.database import Database
from services.core.settings import Settings
from services.migrations.grants import Login
from services.trace.anchors import (
    FILE,
    Anchor,
    Anchored,
    append_anchor,
    public_key,
    public_text,
    read_anchors,
)
from services.trace.heads import compare, heads
from services.trace.verify import walk

trace_app = typer.Typer(no_args_is_help=True, help="The trace: every act, in chains of hashes.")


Anchors = Annotated[Path | None, typer.Option(help="file of anchors, or the directory of it, to compare with")]
PublicKey = Annotated[
    Path | None, typer.Option(help="PEM of the key by which anchors are verified; this one's without")
]


@trace_app.command()
def verify(
    topic: Annotated[str | None, typer.Option(help="number of the one topic to verify")] = None,
    anchors: Anchors = None,
    key: PublicKey = None,
) -> None:
    """Compute every hash again and print what is wrong first in each chain, then what is not as it was anchored."""
    anchored = Anchored() if anchors is None else read(anchors, key)

    async def walked(db: Database) -> tuple[int, int, int, int]:
        chains = entries = erased = 0
        broken = set[str]()
        async with db.write() as tx:
            async for one in walk(tx, topic=topic):
                chains, entries, erased = chains + 1, entries + one.entries, erased + one.erased
                if one.fault is not None:
                    broken.add(one.chain)
                    print(f"{one.chain}: {one.fault}")
            if anchored.last is not None:
                async for chain, fault in compare(tx, anchored):
                    broken.add(chain)
                    print(f"{chain}: {fault}")
        return chains, entries, erased, len(broken)

    chains, entries, erased, broken = run_with_database(walked)
    if topic is not None and not chains:
        raise fail(f"No topic {topic} has a trace.")
    lost = f" ({erased} with words erased)" if erased else ""
    print(f"{chains} chains, {entries} entries{lost}, {broken} broken")
    if anchored.last is not None:
        print(f"{anchored.last.number} anchors, the last at {anchored.last.at.isoformat()}, root {anchored.last.root}")
    if broken:
        raise typer.Exit(1)


def read(anchors: Path, key: Path | None) -> Anchored:
    """Return what a file of anchors tells; one that is not what was written ends the command."""
    file = anchors / FILE if anchors.is_dir() else anchors
    with faults_told():
        try:
            by = anchor_key(Settings()).public_key() if key is None else public_key(key)
            with file.open("rb") as lines:
                return read_anchors(lines, by)
        except OSError as error:
            raise fail(f"{error.filename} cannot be read: {error.strerror}.") from error


@trace_app.command()
@acting("trace.anchor")
def anchor() -> None:
    """Sign the heads of all chains now, and append them to the file of anchors, with the relay's rights and key."""
    settings = Settings()
    directory = settings.anchor_dir or settings.state_dir / "anchors"

    async def anchored(db: Database) -> Anchor:
        async with db.write() as tx:
            found = await heads(tx)
        try:
            return append_anchor(directory, anchor_key(settings), found, SystemClock().now())
        except OSError as error:
            raise fail(f"{directory} cannot be written: {error.strerror}.") from error

    made = run_with_database(anchored, Login.RELAY)
    print(f"anchor {made.number} at {made.at.isoformat()}: {made.entries} entries, root {made.root}")


@trace_app.command("key")
def key_() -> None:
    """Print the public key by which anybody can verify anchors."""
    with faults_told():
        print(public_text(anchor_key(Settings())), end="")
