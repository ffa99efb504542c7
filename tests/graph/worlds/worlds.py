"""A world that is asked: the whole way of a request over one database, with the accounts of the service."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import orjson

from graph.engine import Engine, GraphQLRequest
from graph.exports.export import Exports
from graph.operations import Operations, RequestRefused
from graph.schema import Schema
from graph.subscriptions import Subscriptions
from services.core.actor import Actor
from services.core.database import Database
from services.core.errors import DomainError, Unavailable
from services.core.limits import Limits
from services.notices.feed import Interest
from services.notices.hub import Hub, HubClosed, Listener
from tests import servers
from tests.graph.oracle.bench import Noon
from tests.graph.oracle.lists import SEAL_KEY
from tests.graph.worlds.requests import Asked

COST = {"cost": True}
LIMITS = Limits(**dict.fromkeys(Limits.model_fields, 10**15))
"""None that a generated request could reach, and any can be told."""
PATIENCE_S = 600.0
"""How long a statement may take: longer than any does on a machine that is busy with other things."""


class Ended(Hub):
    """A hub whose subscribers get what was committed before, and then are told that it ends."""

    @contextmanager
    def _listening(self, interest: Interest) -> Iterator[Listener]:
        with super()._listening(interest) as listener:
            listener.end(HubClosed())
            yield listener


class Documents:
    """The schemas of a service and of a subgraph, with the documents that are prepared: once, whoever asks whom."""

    def __init__(self, plain: Schema, federated: Schema) -> None:
        self.plain = plain
        self.federated = federated
        self.operations = [Operations(schema.core, LIMITS) for schema in (plain, federated)]

    def takes(self, asked: Asked) -> bool:
        """Tell whether a document is one that is executed."""
        if asked.export is None:
            try:
                self.operations[asked.kind == "entities"].get(asked.text, asked.operation_name)
            except RequestRefused:
                return False
        return True

    def engines(self, db: Database) -> list[Engine]:
        """Return the engines of the service and of the subgraph over a database."""
        engines = [
            Engine(schema, db, Noon(), cursor_key=SEAL_KEY, limits=LIMITS) for schema in (self.plain, self.federated)
        ]
        for engine, operations in zip(engines, self.operations, strict=True):
            engine.operations = operations
        return engines


@dataclass
class Asking:
    """A database with all that answers from it."""

    db: Database
    plain: Engine
    federated: Engine
    exports: Exports
    subscriptions: Subscriptions

    @classmethod
    async def open(cls, url: str, documents: Documents, *, as_owner: bool = False) -> "Asking":
        """Open a database as the service does, or as who may do everything."""
        if as_owner:
            db = await Database.open(url, read_connections=1, statement_timeout_s=PATIENCE_S)
        else:
            db = await servers.open_as(url, statement_timeout_s=PATIENCE_S)
        engine, beside = documents.engines(db)
        hub = Ended(db, backlog=10)
        await hub.start()
        return cls(db, engine, beside, Exports(documents.plain, engine, db), Subscriptions(engine, hub, db))

    async def close(self) -> None:
        """Close the database."""
        await self.db.close()

    async def answer(self, asked: Asked, actor: Actor) -> bytes:
        """Return all that a caller is answered to a request, refusals among it."""
        if asked.export is not None:
            return await self._exported(asked, actor)
        request = GraphQLRequest(asked.text, asked.operation_name, asked.variables or {}, COST)
        if asked.kind == "subscription":
            return await self._followed(request, actor)
        engine = self.federated if asked.kind == "entities" else self.plain
        return (await engine.execute(request, actor)).body

    async def _exported(self, asked: Asked, actor: Actor) -> bytes:
        """Return a file's name and content, or why it does not begin."""
        assert asked.export is not None
        parts: list[bytes] = []
        try:
            export = self.exports.prepare(asked.export, actor)
            await export.check()
            parts.append(export.file_name.encode())
            parts.extend([part async for part in export.parts()])
        except RequestRefused as error:
            parts.append(orjson.dumps(error.errors))
        except Unavailable:  # which says nothing of what the caller sees
            raise
        except DomainError as error:
            parts.append(f"{type(error).__name__} {error}".encode())
        return b"\n".join(parts)

    async def _followed(self, request: GraphQLRequest, actor: Actor) -> bytes:
        """Return all that a subscriber gets of what was committed before, or why nothing comes."""
        parts: list[bytes] = []
        try:
            async for part in self.subscriptions.results(request, lambda: actor):
                parts.append(part)  # noqa: PERF401 -- what came before an error stays
        except HubClosed:
            parts.append(b"to be continued")
        except RequestRefused as error:
            parts.append(orjson.dumps(error.errors))
        return b"\n".join(parts)
