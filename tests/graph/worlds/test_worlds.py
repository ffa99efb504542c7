"""Two worlds that differ in what a caller does not see answer alike: byte for byte, whatever is asked."""

import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import islice
from typing import TypeAlias

import pytest
from graphql import DocumentNode

from graph.schema import Schema
from services.core.actor import Actor
from services.reads import visibility
from services.reads.visibility import RULES, Rule, Sight
from tests import servers
from tests.conftest import fresh_name, template
from tests.graph.oracle.values import Known
from tests.graph.worlds.callers import CALLERS
from tests.graph.worlds.changes import Changes
from tests.graph.worlds.conftest import COMPARED, SEED
from tests.graph.worlds.requests import Asked, Requests, known_of_both
from tests.graph.worlds.rows import World
from tests.graph.worlds.worlds import Asking

SOME = 150
"""Requests of each caller in a run of all tests."""
MANY = int(os.environ.get("SHANGLIANG_WORLDS_REQUESTS") or 10_000)
"""Requests of each caller in a long run."""
CHUNK = 1_000
"""After how many of them the second world is made anew."""
PATIENCE = 3_000
"""Within how many requests a rule that is off is found out."""

WALLS = {
    name: rule
    for name, rule in {**vars(visibility), **RULES}.items()
    if isinstance(rule, Rule) and name != "searches"  # which only saves the public the search for what it does not see
}
"""Each rule that hides something by itself."""


class Pair:
    """Two worlds that differ in what one caller does not see."""

    def __init__(self, actor: Actor, worlds: Sequence[Asking], requests: Iterator[Asked]) -> None:
        self._actor = actor
        self._first, self._second = worlds
        self.requests = requests

    async def difference(self, asked: Asked) -> str | None:
        """Return where the answers to a request differ; None where they are the same bytes."""
        one, other = await self._first.answer(asked, self._actor), await self._second.answer(asked, self._actor)
        if one == other:
            return None
        begins = next(
            (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
        )
        first, second = (text[max(0, begins - 300) : begins + 300].decode(errors="replace") for text in (one, other))
        return f"{asked}\nthe first world: …{first}\nthe second world: …{second}"


Pairs: TypeAlias = Callable[..., AbstractAsyncContextManager[Pair]]
Report: TypeAlias = Callable[[str, object], None]


@pytest.fixture
def pairs(
    schema: Schema, subgraph_schema: Schema, documents: list[DocumentNode], first_url: str, first: World, known: Known
) -> Pairs:
    """Makes the second world of a caller, by a seed."""

    @asynccontextmanager
    async def made(actor: Actor, seed: int, *, as_owner: bool = False) -> AsyncIterator[Pair]:
        changes = Changes(first, actor, seed)
        second = changes.make()
        assert changes.missing() == []
        name = fresh_name()
        url = await servers.create_database(name, await template("first_world"))
        opened: list[Asking] = []
        try:
            await second.write(url)
            for one in (first_url, url):
                asking = await Asking.open(one, schema, subgraph_schema, as_owner=as_owner)
                opened.append(asking)
            both = known_of_both(known, second, changes.new)
            requests = Requests(schema.core, subgraph_schema.core, documents, both, f"{seed} {actor}")
            yield Pair(actor, opened, requests.draw())
        finally:
            for asking in opened:
                await asking.close()
            await servers.drop_databases(name)

    return made


async def hold(pair: Pair, number: int) -> str:
    """Hold that so many requests are answered alike; return how many they were by kind."""
    kinds = Counter[str]()
    for asked in islice(pair.requests, number):
        assert await pair.difference(asked) is None
        kinds[asked.kind] += 1
    return " ".join(f"{kind}={count}" for kind, count in kinds.items())


def predicate_without(off: Callable[[Rule], bool]) -> Callable[[Rule, Sight], str]:
    """Return how rules are compiled of which some are off: whoever asks sees all."""
    compiled = Rule.predicate
    return lambda rule, sight: "true" if off(rule) else compiled(rule, sight)


async def until_differs(pair: Pair) -> None:
    """Hold that within some requests the worlds are told apart."""
    for asked in islice(pair.requests, PATIENCE):
        if await pair.difference(asked) is not None:
            return
    pytest.fail(f"{PATIENCE} requests did not tell the worlds apart")


@pytest.mark.parametrize("who", CALLERS)
async def test_what_is_out_of_sight_changes_no_byte(pairs: Pairs, record_property: Report, who: str) -> None:
    async with pairs(CALLERS[who], SEED) as pair:
        record_property(COMPARED, f"{who}: {await hold(pair, SOME)}")


@pytest.mark.worlds
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("chunk", range(1, MANY // CHUNK + 1))
@pytest.mark.parametrize("who", CALLERS)
async def test_what_is_out_of_sight_changes_no_byte_for_long(
    pairs: Pairs, record_property: Report, who: str, chunk: int
) -> None:
    async with pairs(CALLERS[who], SEED * MANY + chunk) as pair:
        record_property(COMPARED, f"{who}: {await hold(pair, CHUNK)}")


@pytest.mark.parametrize("who", CALLERS)
async def test_without_any_rule_the_worlds_are_told_apart(
    pairs: Pairs, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    monkeypatch.setattr(Rule, "predicate", predicate_without(lambda _rule: True))
    async with pairs(CALLERS[who], SEED, as_owner=True) as pair:
        await until_differs(pair)


@pytest.mark.worlds
@pytest.mark.parametrize("name", WALLS)
async def test_without_one_rule_the_worlds_are_told_apart(
    pairs: Pairs, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(Rule, "predicate", predicate_without(lambda rule: rule is WALLS[name]))
    async with pairs(CALLERS["anonymous"], SEED, as_owner=True) as pair:
        await until_differs(pair)
