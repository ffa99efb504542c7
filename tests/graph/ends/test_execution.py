"""A mutation run from its operation comes to what graphql-core makes of it: the same bytes, and the same rows.

SHANGLIANG_GENERATED_CASES=3000 makes as many requests, and SHANGLIANG_GENERATED_SEED=7 others.
"""

import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from random import Random
from typing import Any
from uuid import UUID

import orjson
import pytest
from graphql import GraphQLSchema, get_named_type
from sqlalchemy import text
from structlog.testing import capture_logs

from graph.engine import Engine, GraphQLRequest
from graph.execution import Execution
from graph.schema import Schema
from services.core import ids
from services.core.actor import ANONYMOUS, Actor, Grant, Role
from services.core.transaction import WriteTx
from tests.clock import SetClock
from tests.e2e.verbs import NOBODY
from tests.everything import TABLES
from tests.graph.ends.conftest import ROLES
from tests.graph.ends.generated import chance_of, inputs
from tests.graph.ends.inputs import verbs
from tests.graph.ends.office import Office
from tests.graph.ends.test_everybody import CASES, SEED
from tests.graph.oracle.documents import CHOICES, Writer, literal
from tests.graph.oracle.execution import Oracle, reference_schema, shortened
from tests.graph.oracle.past import Pasts
from tests.graph.oracle.values import Known, Values

GIVEN_BY_DATABASE = ("arrival", "position", "lane_id", "recorded_at", "replaced_at")
"""Columns that the database fills by its own sequences and clock."""
DIGEST = """SELECT '{table}' AS name, md5(coalesce(string_agg(written, ',' ORDER BY written), '')) AS digest
FROM (SELECT (to_jsonb(each_row) - '{{{columns}}}'::text[])::text AS written FROM "{table}" AS each_row) AS every"""

pytestmark = pytest.mark.timeout(300 + CASES * 20)


@dataclass(frozen=True)
class Asked:
    """A mutation, and who asks for it."""

    text: str
    variables: dict[str, Any]
    actor: Actor


def actor_of(who: str) -> Actor:
    """Return somebody of the office."""
    if who in ROLES:
        role, within = ROLES[who]
        return Actor(who, (Grant(role, within),))
    return Actor(who, (Grant(Role.DEPARTMENT, department=who),))


def drawn(office: Office, schema: GraphQLSchema, known: Known, chance: Random) -> Iterator[Asked]:
    """Give mutations of one to four verbs, without end: by those who may do them, and by others."""
    types, given = verbs(schema), inputs(office, chance)
    strangers = (ANONYMOUS, Actor("newcomer"), *map(actor_of, office.callers))
    while True:
        writer = Writer(schema, OfficeValues(chance.randbytes(CHOICES), known))
        fields: list[str] = []
        actor = chance.choice(strangers)
        for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
            verb, values = next(given)
            if chance.random() < 0.6:
                verb = chance.choice(sorted(types))
                who, values = office.bases[verb]
                actor = actor_of(who) if chance.random() < 0.9 else actor
            fields.append(field(writer, schema, verb, values, chance))
        if chance.random() < 0.15:
            fields.insert(chance.randrange(len(fields) + 1), "__typename")
        if chance.random() < 0.15:
            assert schema.mutation_type is not None
            fields = [writer.fragment(" ".join(fields), schema.mutation_type)]
        declared = f" ({', '.join(writer.declared)})" if writer.declared else ""
        written = "\n".join([f"mutation{declared} {{ {' '.join(fields)} }}", *writer.fragments])
        yield Asked(written, writer.sent, actor)


def field(writer: Writer, schema: GraphQLSchema, verb: str, values: dict[str, Any], chance: Random) -> str:
    """Return a verb with an input, as a variable, as a literal or as one with variables, and some of its payload."""
    assert schema.mutation_type is not None
    definition = schema.mutation_type.fields[verb]
    type_ = definition.args["input"].type
    match chance.choice(("variable", "variable", "literal", "mixed")):
        case "variable":
            name = writer.fresh("i")
            writer.declared.append(f"${name}: {type_}")
            writer.sent[name] = values
            given = f"${name}"
        case "literal":
            given = literal(values, type_)
        case _:
            given = writer.value(values, type_)
    payload = get_named_type(definition.type)
    nodes = []
    for name, one in payload.fields.items():
        nodes += writer.node(name, one)
    alias = f"{writer.fresh('m')}: " if chance.random() < 0.9 else ""
    selected = writer.selections(tuple(nodes), payload) if nodes else "{ __typename }"
    return f"{alias}{verb}(input: {given}){writer.directive()} {selected}"


class Ways:
    """Both ways of executing mutations in one office, which takes back what is done in it."""

    def __init__(self, office: Office, schema: Schema, tables: list[str], patch: pytest.MonkeyPatch) -> None:
        self._db = office.db
        self._patch = patch
        self._engine = Engine(schema, office.db, SetClock(datetime.now(UTC)), cursor_key=b"a key of the tests")
        given = {table: ",".join((*GIVEN_BY_DATABASE, *(("id",) if table == "lane" else ()))) for table in tables}
        digests = [DIGEST.format(table=table, columns=columns) for table, columns in given.items()]
        self._digest = text(" UNION ALL ".join(digests))
        self._left: list[dict[str, str]] = []
        self.complete = 0
        """How many requests graphql-core had nothing to do with."""
        self._run = Execution.run

    async def both(self, asked: Asked) -> list[tuple[bytes, list[dict[str, str]]]]:
        """Return what a request is answered and would leave, run from its operation and by graphql-core."""

        async def counted(execution: Execution) -> bool:
            complete = await self._run(execution)
            self.complete += complete
            return complete

        async def nothing(_execution: Execution) -> bool:
            return False

        return [await self._one(asked, run) for run in (counted, nothing)]

    async def _one(self, asked: Asked, run: Any) -> tuple[bytes, list[dict[str, str]]]:
        number, self._left = iter(range(1, 10_000)), []
        self._patch.setattr(Execution, "run", run)
        self._patch.setattr(ids, "uuid7", lambda: UUID(int=next(number)))
        self._patch.setattr(secrets, "token_bytes", bytes)
        self._db.before_undone = self._look
        try:
            answer = await self._engine.execute(GraphQLRequest(asked.text, None, asked.variables), asked.actor)
        finally:
            self._db.before_undone = None
            self._patch.undo()
        return answer.body, self._left

    async def _look(self, tx: WriteTx) -> None:
        self._left.append({row.name: row.digest for row in await tx.execute(self._digest)})


class OfficeValues(Values):
    """Values of an office, of whose lists nothing is known that a cursor could be made of."""

    def _cursor(self, _entity: str, _order_by: Any) -> Any:
        return self.pick(("bm9wZQ", "停", "W10"))


async def known_of(office: Office) -> Known:
    """Return what the office holds; in the place of things that there are none of, one that there is not."""
    oracle = Oracle(reference_schema(), office.connection, Pasts(""), datetime.now(UTC))
    known = await Known.of(oracle.rows(ANONYMOUS), office.schema)
    return Known(
        {kind: found or [f"topic_{NOBODY}"] for kind, found in known.ids.items()},
        {column: found or ["无"] for column, found in known.texts.items()},
        known.orders,
    )


async def test_mutations_are_what_graphql_core_makes_of_them(
    office: Office, schema: Schema, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = [row["tablename"] for row in await office.connection.fetch(TABLES)]
    ways, ends, written = Ways(office, schema, tables, monkeypatch), Counter[str](), 0
    with capture_logs():
        for asked in islice(drawn(office, schema.core, await known_of(office), chance_of("ways", SEED)), CASES):
            (answer, left), (expected, expected_left) = await ways.both(asked)
            assert plain(answer) == plain(expected), asked
            assert left == expected_left, asked
            written += len(left)
            ends[outcome(answer)] += 1
    report = f"{CASES} mutations equal, {written} transactions; without graphql-core {ways.complete}; {dict(ends)}"
    print(report)  # noqa: T201 -- shown where the test fails
    assert ways.complete > CASES / 3
    assert written > CASES / 3
    assert all(ends[end] > CASES / 20 for end in ("done", "refused")), ends


def plain(answer: bytes) -> bytes:
    """Return an answer with whole floats as integers, as the read engine writes them."""
    return orjson.dumps(shortened(orjson.loads(answer)))


def outcome(answer: bytes) -> str:
    """Return how a request ended."""
    found = orjson.loads(answer)
    if "errors" in found:
        return "errors" if found.get("data") else "no data"
    return "refused" if b'"message":' in answer else "done"
