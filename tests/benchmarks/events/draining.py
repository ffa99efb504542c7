"""Whether a large backlog drains at its end as fast as at its beginning."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import quantiles

import orjson

from tests.benchmarks import usage
from tests.benchmarks.events.backlog import NotDelivered, commit, drained, notices, tidy
from tests.benchmarks.events.place import Place
from tests.benchmarks.events.relaying import relaying

LANES = 1_000
TENTHS = 10
INSTANTS = "SELECT extract(epoch FROM confirmed_at)::float FROM delivery WHERE id = ANY($1) ORDER BY confirmed_at"


@dataclass(frozen=True, slots=True)
class Tenth:
    """Notices a second in a tenth of the backlog, and milliseconds for a claim."""

    per_second: float
    p50: float
    p95: float


@dataclass(frozen=True, slots=True)
class Draining:
    """The tenths, and the relay's processor time for each notice in µs."""

    count: int
    tenths: Sequence[Tenth]
    relay_us: float


async def measure(place: Place, count: int) -> Draining:
    """Drain one backlog of so many notices."""
    await tidy(place)
    lanes = await place.lanes(LANES, 1)
    backlog = notices(lanes, count)
    async with relaying(place, "tests.benchmarks.events.timed_relay") as relay:
        used = usage.used_us(relay.pid)
        began = (await commit(place, lanes, backlog)).timestamp()
        await drained(place, backlog)
        used = usage.used_us(relay.pid) - used
        relay.terminate()
        output, _ = await relay.communicate()
    if (arrived := await place.empty(LANES)) != count:
        raise NotDelivered(f"{arrived} messages came of {count}")
    instants = [row[0] for row in await place.rows.fetch(INSTANTS, [one.id for one in backlog])]
    return Draining(count, _tenths(began, instants, orjson.loads(output)), used / count)


def _tenths(began: float, instants: Sequence[float], claims: Sequence[tuple[float, float]]) -> list[Tenth]:
    """Return the tenths of a backlog from when each notice was confirmed and when each claim ended."""
    size = len(instants) // TENTHS
    bounds = [began, *(instants[number * size - 1] for number in range(1, TENTHS + 1))]
    found = []
    for since, until in pairwise(bounds):
        took = quantiles([1000 * each for at, each in claims if since < at <= until], n=20, method="inclusive")
        found.append(Tenth(size / (until - since), took[9], took[18]))
    return found
