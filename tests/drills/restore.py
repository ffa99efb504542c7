"""Loses the database under load, restores it to an earlier moment, and tells what that took and cost: `make drill`.

Servers, processes, writers and a department's consumer are of this machine and share its cores.
"""

import argparse
import asyncio
import os
import platform
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from tests import servers
from tests.drills.backups import WAYS, Unfit
from tests.drills.installation import CONSUMER, installation
from tests.drills.load import Acknowledged

RESTORED = "cn.shangliang.system.restored.v1"
TITLES = "SELECT title FROM topic UNION SELECT data -> 'topic' ->> 'title' FROM event"
NUMBERS = "SELECT number FROM topic"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Lost:
    """What became of the writes that were acknowledged before the database was lost."""

    acknowledged: int
    after_the_point: int
    before_the_point: int

    @classmethod
    def of(cls, writes: Iterable[Acknowledged], kept: set[str], point: datetime) -> "Lost":
        """Return how many are not among those that were kept."""
        all_ = list(writes)
        gone = [one for one in all_ if one.title not in kept]
        return cls(len(all_), sum(one.at > point for one in gone), sum(one.at <= point for one in gone))


@dataclass(frozen=True, slots=True)
class Report:
    """What a drill came to; times in seconds."""

    way: str
    version: str
    lost: Lost
    back_up_s: float
    restore_s: float
    restored_s: float
    start_s: float
    rto_s: float
    rpo_s: float
    restored: str
    verified: str
    events: int
    told: int
    numbers_twice: int
    topics: int
    topic_numbers_twice: int

    @property
    def faults(self) -> list[str]:
        """What should not have been."""
        wrong = {
            f"{self.lost.before_the_point} writes from before the point are lost": self.lost.before_the_point != 0,
            f"numbers given twice in lanes: {self.numbers_twice}": self.numbers_twice != 0,
            f"topics' numbers given twice: {self.topic_numbers_twice}": self.topic_numbers_twice != 0,
            f"system.restored came {self.told} times": self.told != 1,
            f"trace verify: {self.verified}": not self.verified.endswith(" 0 broken"),
        }
        return [what for what, is_so in wrong.items() if is_so]

    def text(self) -> str:
        """Return the report as lines."""
        lines = {
            f"backup by {self.way} of PostgreSQL {self.version}": f"{self.back_up_s:.1f} s",
            "RTO: from the loss to the first write that was acknowledged": f"{self.rto_s:.1f} s",
            "  of which restoring and recovery": f"{self.restore_s:.1f} s",
            "  of which `shangliang restored`": f"{self.restored_s:.1f} s",
            "  of which starting relay, intake and API": f"{self.start_s:.1f} s",
            "RPO: from the last write that was kept to the loss": f"{self.rpo_s:.1f} s",
            "writes acknowledged before the loss": f"{self.lost.acknowledged}",
            "  lost, of after the point": f"{self.lost.after_the_point}",
            "  lost, of before the point": f"{self.lost.before_the_point}",
            "events that the consumer handled": f"{self.events}",
            "  system.restored among them": f"{self.told}",
            "  numbers given twice in a lane": f"{self.numbers_twice}",
            "topics proposed": f"{self.topics}",
            "  numbers given twice": f"{self.topic_numbers_twice}",
            "trace verify": self.verified,
        }
        width = max(map(len, lines))
        return "\n".join(f"{what:{width}}  {came}" for what, came in lines.items())


def twice(events: Iterable[dict[str, Any]]) -> int:
    """Return how many numbers of lanes stand in events with different ids."""
    given: dict[tuple[str, str], set[str]] = defaultdict(set)
    for event in events:
        given[event["partitionkey"], event["sequence"]].add(event["id"])
    return sum(len(ids) > 1 for ids in given.values())


async def drill(asked: argparse.Namespace, say: Say) -> Report:
    """Run one drill. Raises Unfit where the machine lacks what it needs."""
    way = WAYS[asked.by]
    say("starting servers and processes")
    async with installation(
        way, writers=asked.writers, pause_s=asked.pause, archive_timeout_s=asked.archive_timeout
    ) as place:
        began = time.monotonic()
        await asyncio.to_thread(place.backups.back_up, place.postgres)
        back_up_s = time.monotonic() - began
        say(f"backed up by {way.name} in {back_up_s:.1f} s; writing for {asked.back + asked.before:g} s")
        async with place.load.running():
            await asyncio.sleep(asked.back + asked.before)
            lost_at = await place.destroy()
        before = [one for one in place.load.acknowledged if one.at <= lost_at]
        point = lost_at - timedelta(seconds=asked.back)
        say(f"the database is gone; restoring to {point.isoformat()}")
        await place.stop()
        began = time.monotonic()
        await place.restore(point)
        restore_s = time.monotonic() - began
        kept = {str(row[0]) for row in await place.rows(TITLES)}
        began = time.monotonic()
        restored = await place.command("restored", point.isoformat())
        restored_s = time.monotonic() - began
        say(restored)
        began = time.monotonic()
        await place.start()
        start_s = time.monotonic() - began
        async with place.load.running():
            await place.load.until_answered()
            rto_s = (datetime.now(UTC) - lost_at).total_seconds()
            say(f"writing again after {rto_s:.1f} s")
            await asyncio.sleep(asked.after)
        await place.quiet()
        verified = (await place.command("trace", "verify")).splitlines()[-1]
        events = [orjson.loads(body) for body in place.court.handled(CONSUMER)]
        numbers = [one.number for one in place.load.acknowledged if one.number is not None]
        last_kept = max((one.at for one in before if one.title in kept), default=lost_at)
        return Report(
            way=way.name,
            version=re.split(r"[ (]", str(await place.ask("SHOW server_version")))[0],
            lost=Lost.of(before, kept, point),
            back_up_s=back_up_s,
            restore_s=restore_s,
            restored_s=restored_s,
            start_s=start_s,
            rto_s=rto_s,
            rpo_s=(lost_at - last_kept).total_seconds(),
            restored=restored,
            verified=verified,
            events=len(events),
            told=sum(event["type"] == RESTORED for event in events),
            numbers_twice=twice(events),
            topics=len(numbers),
            topic_numbers_twice=len(numbers) - len({*numbers}),
        )


def arguments(given: Sequence[str] | None = None) -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(prog="make drill", description=__doc__)
    parser.add_argument("--by", choices=WAYS, default="files", help="what backs up; pgbackrest has to be installed")
    parser.add_argument("--back", type=float, default=60.0, help="how many seconds before the loss the point is")
    parser.add_argument("--before", type=float, default=30.0, help="for how many seconds is written before the point")
    parser.add_argument("--after", type=float, default=10.0, help="for how many after the restore")
    parser.add_argument("--writers", type=int, default=4, help="writers at once, each with a topic")
    parser.add_argument("--pause", type=float, default=0.02, help="seconds between a writer's writes")
    parser.add_argument("--archive-timeout", type=int, default=10, help="PostgreSQL's archive_timeout in seconds")
    return parser.parse_args(given)


def say(line: str) -> None:
    """Print one line at once."""
    print(line, flush=True)


async def main(asked: argparse.Namespace) -> int:
    """Run one drill and print its report; return 1 where something was as it should not be."""
    try:
        report = await drill(asked, say)
    except Unfit as unfit:
        say(str(unfit))
        return 1
    machine = f"{os.cpu_count()} cores ({platform.machine()}, Linux), Python {platform.python_version()}"
    say(f"\nOn {machine}:\n{report.text()}")
    for fault in report.faults:
        say(f"WRONG {fault}")
    return 1 if report.faults else 0


if __name__ == "__main__":
    servers.begin()
    try:
        raise SystemExit(asyncio.run(main(arguments())))
    finally:
        servers.end()
