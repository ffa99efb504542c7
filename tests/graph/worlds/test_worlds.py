"""Two worlds that differ in what a caller does not see answer alike: byte for byte, whatever is asked."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import pytest

from graph.schema import Schema
from services.reads import visibility
from services.reads.visibility import RULES, Rule, Sight
from tests.graph.worlds.callers import CALLERS
from tests.graph.worlds.changes import ORDER
from tests.graph.worlds.conftest import SEED, Drawn
from tests.graph.worlds.pairs import Pair, Seconds, differences, opened
from tests.graph.worlds.requests import Asked
from tests.graph.worlds.rows import World
from tests.graph.worlds.sight import PUBLIC
from tests.graph.worlds.worlds import Documents

SOME = 40
"""Requests that each caller makes in a run of all tests."""
MANY = int(os.environ.get("SHANGLIANG_WORLDS_REQUESTS") or 10_000)
"""Requests that each caller makes in a long run."""
CHUNK = 2_500
"""After how many of them the second worlds are made anew."""
TOLD = 100
"""After how many of them it is told how many there were."""
STRUCTURES = 40
"""Of queries in a long run."""
SHOWN = 5
"""Differences that are shown."""
PATIENCE = 3_000
"""Within how many requests a rule that is off is found out."""

WALLS = {
    name: rule
    for name, rule in {**vars(visibility), **RULES}.items()
    if isinstance(rule, Rule) and name != "searches"  # which only saves the public the search for what it does not see
}
"""Each rule that hides something by itself."""

OF_EACH_KIND = ("anonymous", "member", "secretariat", "department")
"""Callers whose kinds of rights are all that there are."""
SELDOM = frozenset(
    {
        *("SEARCH", "TRACE_ENTRY", "sees_attendance_name", "sees_channel", "sees_opinion_text", "sees_reply"),
        "sees_unpublished",
    }
)
"""Rules that few requests have to do with."""

Tell = Callable[[str], None]


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Prints a line at once."""
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    capture = request.config.pluginmanager.get_plugin("capturemanager")

    def line(text: str) -> None:
        if reporter is not None and capture is not None:
            with capture.global_and_fixture_disabled():
                reporter.write_line(text)

    return line


@pytest.fixture
def documents(schema: Schema, subgraph_schema: Schema) -> Documents:
    return Documents(schema, subgraph_schema)


class Tally:
    """What was compared: how many requests of each kind everybody made, and where the answers differed."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.found: dict[str, list[str]] = {who: [] for who in CALLERS}

    async def hold(self, pairs: Sequence[Pair], requests: Iterator[Asked], number: int) -> None:
        """Ask so many requests of both worlds of each pair."""
        for asked in islice(requests, number):
            for difference in await differences(pairs, asked):
                self.found[difference.partition(":")[0]].append(difference)
            self.kinds[asked.kind] += 1

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.kinds.items()))
        each = ", ".join(f"{who} {len(found)}" for who, found in self.found.items())
        return f"{self.kinds.total()} requests of each caller in two worlds ({kinds}); differences: {each}"

    def check(self) -> None:
        """Hold that no answer differed."""
        found = [one for several in self.found.values() for one in several]
        assert not found, "\n\n".join([str(self), *found[:SHOWN]])


async def hold_for_long(
    seconds: Seconds, drawn: Drawn, documents: Documents, tell: Tell, *, columns: bool = True
) -> None:
    """Hold that many requests of each caller are answered alike; tell how it goes."""
    tally = Tally()
    for begin in range(0, MANY, CHUNK):
        await seconds.drop()
        seed = SEED * MANY + begin
        made = await seconds.of(CALLERS, seed, columns=columns)
        requests = filter(documents.takes, drawn(made, seed, STRUCTURES))
        async with opened(made, seconds.first_url, documents, apart=not columns) as pairs:
            for done in range(begin, min(begin + CHUNK, MANY), TOLD):
                await tally.hold(pairs, requests, min(TOLD, MANY - done))
                tell(str(tally))
                tally.check()


def predicate_without(off: Callable[[Rule], bool]) -> Callable[[Rule, Sight], str]:
    """Return how rules are compiled of which some are off: whoever asks sees all."""
    compiled = Rule.predicate
    return lambda rule, sight: "true" if off(rule) else compiled(rule, sight)


async def until_differ(pairs: Sequence[Pair], requests: Iterator[Asked]) -> None:
    """Hold that within some requests the worlds of each pair are told apart."""
    left = {pair.who: pair for pair in pairs}
    for asked in islice(requests, PATIENCE):
        for difference in await differences(list(left.values()), asked):
            del left[difference.partition(":")[0]]
        if not left:
            return
    pytest.fail(f"{PATIENCE} requests did not tell the worlds apart of: {', '.join(left)}")


async def test_every_table_has_its_place(first: World) -> None:
    assert set(first.rows) == PUBLIC | set(ORDER)


@pytest.mark.timeout(900)
async def test_what_is_out_of_sight_changes_no_byte(seconds: Seconds, drawn: Drawn, documents: Documents) -> None:
    made, tally = await seconds.of(CALLERS, SEED), Tally()
    async with opened(made, seconds.first_url, documents) as pairs:
        await tally.hold(pairs, filter(documents.takes, drawn(made, SEED)), SOME)
    tally.check()


@pytest.mark.worlds
@pytest.mark.timeout(0)
async def test_what_is_out_of_sight_changes_no_byte_for_long(
    seconds: Seconds, drawn: Drawn, documents: Documents, tell: Tell
) -> None:
    await hold_for_long(seconds, drawn, documents, tell)


@pytest.mark.timeout(900)
async def test_by_policies_alone_rows_out_of_sight_change_no_byte(
    seconds: Seconds, drawn: Drawn, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No statement leaves anything out: the database does. It keeps rows, so the worlds differ in those alone.

    Whoever asks the same gets the same of reads that subscribers share, for rights are not in it: they ask apart.
    """
    monkeypatch.setattr(Rule, "predicate", predicate_without(lambda _rule: True))
    made, tally = await seconds.of(OF_EACH_KIND, SEED, columns=False), Tally()
    async with opened(made, seconds.first_url, documents, apart=True) as pairs:
        await tally.hold(pairs, filter(documents.takes, drawn(made, SEED)), SOME)
    tally.check()


@pytest.mark.worlds
@pytest.mark.timeout(0)
async def test_by_policies_alone_rows_out_of_sight_change_no_byte_for_long(
    seconds: Seconds, drawn: Drawn, documents: Documents, tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rule, "predicate", predicate_without(lambda _rule: True))
    await hold_for_long(seconds, drawn, documents, tell, columns=False)


@pytest.mark.worlds
@pytest.mark.timeout(0)
async def test_without_any_rule_the_worlds_are_told_apart(
    seconds: Seconds, drawn: Drawn, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Rule, "predicate", predicate_without(lambda _rule: True))
    made = await seconds.of(CALLERS, SEED)
    async with opened(made, seconds.first_url, documents, as_owner=True) as pairs:
        await until_differ(pairs, filter(documents.takes, drawn(made, SEED)))


@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", [pytest.param(one, marks=[pytest.mark.worlds] * (one in SELDOM)) for one in WALLS])
async def test_without_one_rule_the_worlds_are_told_apart(
    seconds: Seconds, drawn: Drawn, documents: Documents, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(Rule, "predicate", predicate_without(lambda rule: rule is WALLS[name]))
    made = await seconds.of(["anonymous"], SEED)
    async with opened(made, seconds.first_url, documents, as_owner=True) as pairs:
        await until_differ(pairs, filter(documents.takes, drawn(made, SEED)))
