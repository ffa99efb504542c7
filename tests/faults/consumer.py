"""A department's consumer as a process of its own: the kit's, which writes down what comes and what it handles.

Run as a program by `Department`, whose tests kill it.
"""

import asyncio
import json
import logging
import sys
from pathlib import Path

import shangliang_kit.consumer
from shangliang_kit import Consumer, Event, Replies, Store
from tests.faults.programs import die


class Notebook(Store):
    """A store that writes down each event that comes, and kills its process once so many are noted."""

    def __init__(self, path: Path, came: Path, dies_after: int) -> None:
        super().__init__(path)
        self._came = came
        self._left = dies_after

    def has(self, event: Event) -> bool:
        """Write down that the event came."""
        write(self._came, event)
        return super().has(event)

    def note(self, event: Event) -> None:
        """Note the event, and die before its acknowledgement where it is the last that may be noted."""
        super().note(event)
        self._left -= 1
        if self._left == 0:
            die()


def write(path: Path, event: Event) -> None:
    """Add an event, byte for byte as it came, to a file that other processes add to as well."""
    body = json.dumps(event.attributes, ensure_ascii=False, separators=(",", ":"))
    with path.open("ab", buffering=0) as file:
        file.write(body.encode() + b"\n")


async def main(amqp_url: str, store: str, name: str, prefetch: str, pace_s: str, dies_after: str) -> None:
    shangliang_kit.consumer.PREFETCH = int(prefetch)
    path = Path(store)
    logging.basicConfig(level=logging.INFO, filename=path.with_name(f"{name}.log"))

    async def handle(event: Event, _replies: Replies) -> None:
        write(path.with_name(f"{name}.handled"), event)
        await asyncio.sleep(float(pace_s))

    notebook = Notebook(path, path.with_name(f"{name}.came"), int(dies_after))
    await Consumer(amqp_url, handle, notebook, first_wait_s=0.05).run()


asyncio.run(main(*sys.argv[1:]))
