"""The engine and the oracle over one small province, each request answered by both."""

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

import asyncpg
import orjson
from graphql import GraphQLError, GraphQLSchema

from graph.engine import Engine, GraphQLRequest
from graph.schema import build_schema
from services.core.actor import ANONYMOUS
from services.core.database import Database
from services.core.limits import Limits
from tests.graph.api import placed
from tests.graph.oracle.documents import Case
from tests.graph.oracle.execution import Expected, Oracle, cause, reference_schema, text_of
from tests.graph.oracle.lists import SEAL_KEY
from tests.graph.oracle.past import Pasts
from tests.graph.oracle.refusals import Reason, Refused
from tests.graph.oracle.rows import Connection
from tests.graph.oracle.values import Known

LIMITS = Limits(**dict.fromkeys(Limits.model_fields, 10**30))
"""None that a generated request could reach."""

NOW = datetime(2024, 5, 1, 1, 0, tzinfo=UTC)


class Noon:
    """A clock that stands still."""

    def now(self) -> datetime:
        """Return the same instant always."""
        return NOW


@dataclass
class Bench:
    """Both sides, with an event loop of their own: generated cases run inside synchronous tests."""

    runner: asyncio.Runner
    db: Database
    engine: Engine
    connection: Connection
    pasts: Pasts
    schema: GraphQLSchema
    oracle: Oracle
    known: Known

    @classmethod
    def open(cls, url: str) -> Self:
        """Connect both sides."""
        runner = asyncio.Runner()

        async def connected() -> Self:
            db = await Database.open(url, read_connections=1)
            connection = await asyncpg.connect(url, server_settings={"timezone": "UTC", "jit": "off"})
            engine = Engine(build_schema(), db, Noon(), cursor_key=SEAL_KEY, limits=LIMITS)
            schema = reference_schema()
            pasts = Pasts(url)
            oracle = Oracle(schema, connection, pasts, NOW)
            known = await Known.of(oracle.rows(ANONYMOUS), schema)
            return cls(runner, db, engine, connection, pasts, schema, oracle, known)

        return runner.run(connected())

    def close(self) -> None:
        """Close both sides."""

        async def closed() -> None:
            await self.connection.close()
            await self.pasts.close()
            await self.db.close()

        self.runner.run(closed())
        self.runner.close()

    def compare(self, case: Case, statements: list[str]) -> Expected:
        """Hold that both sides answer a request alike, the engine with one of the statements; return the answer."""
        return self.runner.run(self._compare(case, statements))

    async def _compare(self, case: Case, statements: list[str]) -> Expected:
        expected = await self.oracle.execute(case.text, case.variables, case.operation_name, case.actor)
        statements.clear()
        request = GraphQLRequest(case.text, case.operation_name, case.variables)
        answer = await self.engine.execute(request, case.actor)
        told = orjson.loads(answer.body)
        if expected.refusals:
            check_refusal(told, expected)
            assert len(statements) == 0
        elif expected.errors:
            difference = f"the engine: {answer.body.decode()}\nthe oracle: {expected}"
            assert text_of(told["data"]) == text_of(expected.data), difference
            assert len(told["errors"]) == len(expected.errors), difference
            for error, wanted in zip(told["errors"], expected.errors, strict=True):
                check_error(error, wanted)
            assert len(statements) <= 1
        elif "__schema" in case.text:
            assert in_order(answer.body) == in_order(expected.body())
            assert len(statements) == 1
        else:
            difference = f"the engine: {answer.body.decode()}\nthe oracle: {expected.body().decode()}"
            assert answer.body == expected.body(), difference
            assert len(statements) == 1
        return expected


def check_refusal(answer: dict[str, Any], expected: Expected) -> None:
    """Hold that a request was refused as a whole, for what the oracle knows of."""
    assert answer.get("data") is None
    assert answer["errors"]
    for error in answer["errors"]:
        assert "path" not in error
        assert any(error["message"].startswith(message) for message in expected.refusals), error
        assert error["extensions"] == {"code": expected.code}


def check_error(error: dict[str, Any], wanted: GraphQLError) -> None:
    """Hold that a field's error is the one that graphql-core tells, for one of the oracle's reasons."""
    assert error.get("path") == wanted.path
    assert error["locations"] == [location.formatted for location in wanted.locations or ()]
    raised = cause(wanted)
    reasons = raised.reasons if isinstance(raised, Refused) else [Reason(wanted.message)]
    for reason in reasons:
        if error["message"].startswith(reason.message) and placed(error) == reason.extensions():
            return
    raise AssertionError(f"the engine: {error}\nthe oracle: {reasons}")


def in_order(body: bytes) -> str:
    """Return an answer's text with its keys in order, and each number written in one way, 2 as 2.0."""
    return json.dumps(json.loads(body, parse_int=float))
