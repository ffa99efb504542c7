"""What a request costs in Python apart from the database and the socket: cached, and prepared anew.

Run: make bench-hot-path
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, MutableMapping, Sequence
from itertools import count, repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import uvloop

from graph.engine import Engine
from graph.http.auth import LocalAuthenticator
from graph.http.endpoint import GraphQLEndpoint
from graph.schema import Schema, build_schema
from graph.subscriptions import Subscriptions
from services.core import wire
from services.core.clock import SystemClock
from services.core.database import Database
from services.core.deadline import DEADLINE_S
from services.core.readers import Readers
from services.core.tokens import LocalIssuer
from services.notices.hub import Hub
from tests.benchmarks.questions import QUESTIONS

ROUNDS, CACHED, ANEW = 5, 5_000, 20

Message = MutableMapping[str, Any]


class Answered(Readers):
    """Reads that are answered at once."""

    async def _read(
        self,
        sql: str,  # noqa: ARG002 -- nothing is asked
        arguments: Sequence[wire.Argument],  # noqa: ARG002 -- as above
        rights: bytes | None = None,  # noqa: ARG002 -- as above
        *,
        moves: bool,  # noqa: ARG002 -- as above
    ) -> bytes:
        return b'{"data":{}}'


def endpoint_of(schema: Schema, keys: Path) -> tuple[GraphQLEndpoint, Engine]:
    """Return the service's endpoint over a database that answers at once."""
    clock = SystemClock()
    db = Database.__new__(Database)
    db.reads = db.primary = Answered("", {}, most=1)
    db.replicas, db.limit_s = None, DEADLINE_S
    engine = Engine(schema, db, clock, cursor_key=b"a key")
    issuer = LocalIssuer.load(keys / "key.pem", audience="shangliang")
    subscriptions = Subscriptions(engine, Hub(db, backlog=1), db)
    return GraphQLEndpoint(engine, subscriptions, LocalAuthenticator(issuer, clock), body_bytes=1 << 20), engine


async def least_us(request: Callable[[], Awaitable[None]], times: int) -> float:
    """Return the CPU time of a request in the quickest of some rounds."""
    least = float("inf")
    for _ in range(ROUNDS):
        began = process_time()
        for _ in range(times):
            await request()
        least = min(least, (process_time() - began) / times * 1e6)
    return least


async def measure(keys: Path) -> None:
    """Print a row for each question."""
    schema = build_schema()
    print(f"{'':4}{'cached, µs':>12}{'anew, µs':>12}{'hit rate':>12}")
    for question in QUESTIONS:
        endpoint, engine = endpoint_of(schema, keys)
        known = await least_us(asking(endpoint, repeat(question.body)), CACHED)
        plans = engine.operations.recent
        rate = plans.hits / (plans.hits + plans.misses)
        others = (question.body.replace(b'"query": "', b'"query": "#%d\\n' % number) for number in count())
        fresh = await least_us(asking(endpoint, others), ANEW)
        print(f"{question.name:4}{known:12.1f}{fresh:12.0f}{rate:12.4%}")


def asking(endpoint: GraphQLEndpoint, bodies: Iterator[bytes]) -> Callable[[], Awaitable[None]]:
    """Return what sends the next of some bodies."""
    headers = [(b"content-type", b"application/json"), (b"content-length", b"1")]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": headers}

    async def receive() -> Message:
        return {"type": "http.request", "body": next(bodies), "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body" and message["body"] != b'{"data":{}}':
            raise ValueError(message["body"])

    async def request() -> None:
        await endpoint(scope, receive, send)

    return request


if __name__ == "__main__":
    with TemporaryDirectory() as directory, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(measure(Path(directory)))
