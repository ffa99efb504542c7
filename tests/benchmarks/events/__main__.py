"""Measures how events reach departments: `make bench-events`, with arguments in BENCH="…"."""

import argparse
import asyncio
import os
import platform
from collections.abc import Sequence

from tests.benchmarks.events import throughput
from tests.benchmarks.events.place import place

def say(line: str) -> None:
    """Print one line at once."""
    print(line, flush=True)

async def main() -> None:
    async with place(1000, 1000, say) as p:
        for shape in throughput.SHAPES:
            t = await throughput.measure(p, shape, 3, 10000, say)
            say(f"{shape.title}: relay {t.of('relay')} raw {t.of('raw')} ratio {t.ratio} cpu {t.of('relay_us')} {t.of('raw_us')}")

asyncio.run(main())
