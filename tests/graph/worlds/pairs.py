"""Pairs of worlds that differ in what one caller does not see, asked the same."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from services.core.actor import Actor
from tests import servers
from tests.conftest import fresh_name, template
from tests.graph.worlds.callers import CALLERS
from tests.graph.worlds.changes import Changes
from tests.graph.worlds.requests import Asked
from tests.graph.worlds.rows import World
from tests.graph.worlds.worlds import Asking, Documents

AROUND = 300
"""How many bytes before and after the first difference are shown."""


@dataclass(frozen=True)
class Second:
    """The second world of a caller."""

    who: str
    url: str
    changes: Changes


class Seconds:
    """Makes second worlds of the first, each once."""

    def __init__(self, first: World, first_url: str) -> None:
        self.first_url = first_url
        self._first = first
        self._made: dict[tuple[str, int, bool], Second] = {}
        self._names: list[str] = []

    async def of(self, callers: Collection[str], seed: int, *, columns: bool = True) -> list[Second]:
        """Return the second worlds of callers; without `columns` the rows that one sees are as they were."""
        return [await self._one(who, seed, columns) for who in callers]

    async def _one(self, who: str, seed: int, columns: bool) -> Second:
        key = who, seed, columns
        if key not in self._made:
            changes = Changes(self._first, CALLERS[who], seed, columns=columns)
            second = changes.make()
            assert changes.missing() == []
            name = fresh_name()
            self._names.append(name)
            url = await servers.create_database(name, await template("first_world"))
            await second.write(url)
            self._made[key] = Second(who, url, changes)
        return self._made[key]

    async def drop(self) -> None:
        """Drop all that were made."""
        self._made.clear()
        while self._names:
            await servers.drop_databases(self._names.pop())


@dataclass(frozen=True)
class Pair:
    """Two worlds that differ in what one caller does not see."""

    who: str
    first: Asking
    second: Asking

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return CALLERS[self.who]

    async def difference(self, asked: Asked) -> str | None:
        """Return where the answers to a request differ; None where they are the same bytes."""
        one, other = await asyncio.gather(*(world.answer(asked, self.actor) for world in (self.first, self.second)))
        if one == other:
            return None
        alike = (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
        begins = next(alike, min(len(one), len(other)))
        shown = [text[max(0, begins - AROUND) : begins + AROUND].decode(errors="replace") for text in (one, other)]
        return f"{self.who}: {asked}\nthe first world: …{shown[0]}\nthe second world: …{shown[1]}"


@asynccontextmanager
async def opened(
    seconds: Sequence[Second], first_url: str, documents: Documents, *, as_owner: bool = False, apart: bool = False
) -> AsyncIterator[list[Pair]]:
    """Lend the pairs of some second worlds with the first one, which all share unless they are to be `apart`."""
    worlds: list[Asking] = []

    async def asking(url: str) -> Asking:
        worlds.append(await Asking.open(url, documents, as_owner=as_owner))
        return worlds[-1]

    try:
        first = await asking(first_url)
        yield [Pair(one.who, await asking(first_url) if apart else first, await asking(one.url)) for one in seconds]
    finally:
        for world in worlds:
            await world.close()


async def differences(pairs: Sequence[Pair], asked: Asked) -> list[str]:
    """Return where the answers to a request differ in some of the pairs."""
    if asked.export is None:
        found = await asyncio.gather(*(pair.difference(asked) for pair in pairs))
    else:  # of which a database gives two at once
        found = [await pair.difference(asked) for pair in pairs]
    return [one for one in found if one is not None]
