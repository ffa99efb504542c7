"""Runs operations whose results come one by one: a subscription's changes, and what else a stream may carry."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLError, OperationType

from graph.engine import Engine, GraphQLRequest, check_allowed
from graph.errors import BAD_USER_INPUT, formatted, masked, refused
from graph.operations import MOST_DOCUMENTS, Operation, Recent, RequestRefused
from services.core.actor import Actor
from services.core.clock import Clock
from services.core.database import Database
from services.core.errors import DomainError
from services.core.ids import node_id, node_uuid
from services.core.scope import subtree
from services.notices.errors import SubscriberTooSlow
from services.notices.feed import Interest, NoticesTo, TopicsWithin
from services.notices.hub import Hub, HubClosed
from services.reads.compile import KEY, Compiled, compile_entity
from services.reads.parameters import Request, argument
from services.reads.plan import Argument, Constant, Variable, bind

MOST_READS = 4
"""Reads of changes at once, so that queries find a free connection."""


def topics_within(given: Mapping[str, Any]) -> Interest:
    """Return the interest of `topicChanged`."""
    return TopicsWithin(subtree(given["within"]))


def notices_to(given: Mapping[str, Any]) -> Interest:
    """Return the interest of `noticeChanged`."""
    return NoticesTo(given["department"])


FIELDS: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], Interest]]] = {
    "topic_changed": ("TopicChange", topics_within),
    "notice_changed": ("Notice", notices_to),
}
"""For each field the entity that a change is read as, by the change's key, and the interest that it stands for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A subscription in one shape of its variables: its field, arguments to bind, and how a change is read."""

    field: str
    arguments: Mapping[str, Argument]
    compiled: Compiled
    unseen: bytes
    """What is read of a change that the caller does not see."""

    def given(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments' values."""
        return {
            name: bind(value, variables) if isinstance(value, Constant | Variable) else None
            for name, value in self.arguments.items()
        }


class Subscriptions:
    """Runs streamed operations of one process. Subscribers of the same thing share its reads."""

    def __init__(self, engine: Engine, hub: Hub, db: Database, clock: Clock) -> None:
        self._engine = engine
        self._hub = hub
        self._db = db
        self._clock = clock
        self._plans: Recent[Any, Plan] = Recent(MOST_DOCUMENTS)
        self._reads = asyncio.Semaphore(MOST_READS)
        self._under_way: dict[tuple[str, bytes], asyncio.Task[bytes]] = {}

    async def results(
        self, request: GraphQLRequest, actor: Actor, *, queries_only: bool = False
    ) -> AsyncGenerator[bytes, None]:
        """Yield the operation's results as they come: one of a query or a mutation, of a subscription all to come.

        Raises RequestRefused where it cannot run or go on, HubClosed when the process ends.
        """
        operation, variables = self._engine.prepare(request)
        if operation.kind is not OperationType.SUBSCRIPTION:
            check_allowed(operation.kind, queries_only=queries_only)
            yield (await self._engine.execute(request, actor)).body
            return
        last: str | None = None
        try:
            plan = self._plan(request, operation, variables)
            given = plan.given(variables)
            last = given.get("after")
            after = None if last is None else node_uuid("event", last)
            async with aclosing(self._hub.follow(FIELDS[plan.field][1](given), after)) as changes:
                async for change in changes:
                    data = await self._data(plan, Request({**variables, KEY: change.key}, actor, self._clock.now()))
                    if data != plan.unseen:
                        yield b'{"data":' + data + b"}"
                        last = node_id("event", change.event_id)
        except SubscriberTooSlow as error:
            entry = refused(error)
            entry["extensions"]["after"] = last
            raise RequestRefused([entry]) from error
        except DomainError as error:
            raise RequestRefused([refused(error)]) from error
        except (RequestRefused, HubClosed):
            raise
        except Exception as error:
            raise RequestRefused([masked(error)]) from error

    def _plan(self, request: GraphQLRequest, operation: Operation, variables: Mapping[str, Any]) -> Plan:
        """Return the subscription's plan for variables of this shape. Raises RequestRefused."""
        key = (request.query, request.operation_name, operation.shape(variables))
        return self._plans.get(key, lambda: planned(operation, variables))

    async def _data(self, plan: Plan, request: Request) -> bytes:
        """Return a change as the subscriber selected and sees it; equal reads at one time are one read."""
        arguments = [argument(parameter, request) for parameter in plan.compiled.parameters]
        key = (plan.compiled.sql, orjson.dumps(arguments))
        reading = self._under_way.get(key)
        if reading is None:
            reading = self._under_way[key] = asyncio.create_task(self._read(plan.compiled.sql, arguments))
            reading.add_done_callback(lambda _done: self._under_way.pop(key))
        return await asyncio.shield(reading)

    async def _read(self, sql: str, arguments: Sequence[object]) -> bytes:
        """Read one change."""
        async with self._reads, self._db.read() as tx:
            return await tx.read_json(sql, arguments)


def planned(operation: Operation, variables: Mapping[str, Any]) -> Plan:
    """Return a subscription's plan. Raises RequestRefused where its one field is skipped."""
    fields = operation.selection(variables).of("Subscription")
    if not fields:
        error = GraphQLError("The subscription's field is skipped: nothing would ever come.")
        raise RequestRefused([formatted(error, BAD_USER_INPUT)])
    (field,) = fields
    if field.selection is None:
        raise TypeError(f"{field.name} is an object: its selection is missing")
    entity, _ = FIELDS[field.name]
    compiled = compile_entity(entity, {field.key: field.selection}, complete_types=False)
    return Plan(field.name, field.arguments, compiled, b'{"%s":null}' % field.key.encode())
