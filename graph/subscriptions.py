"""Runs operations whose results come one by one: a subscription's changes, and what else a stream may carry."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Hashable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import UUID

import orjson
from graphql import OperationType

from graph.engine import Engine, GraphQLRequest
from graph.errors import masked, refused
from graph.operations import Operation, RequestRefused
from graph.recent import Recent
from services.core.actor import Actor
from services.core.database import Database
from services.core.errors import DomainError
from services.core.ids import node_id, node_uuid
from services.core.scope import subtree
from services.notices.errors import SubscriberTooSlow
from services.notices.feed import Interest, NoticesTo, TopicsWithin
from services.notices.hub import Hub, HubClosed
from services.reads.compile import KEY, Compiled, compile_entity
from services.reads.parameters import Given, Parameter, Request
from services.reads.plan import Argument, Constant, Variable, bind
from services.reads.visibility import Sight

MOST_PLANS = 1_000
BOUND_S = 60.0
"""For how long what does not depend on the change stays bound: the calendar day may turn."""


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
    """A subscription in one shape of its variables, for callers of a kind: its field and how a change is read."""

    field: str
    arguments: Mapping[str, Argument]
    compiled: Compiled
    unseen: bytes
    """What is read of a change that the caller does not see."""

    def given(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of the field's arguments."""
        return {
            name: bind(value, variables) if isinstance(value, Constant | Variable) else None
            for name, value in self.arguments.items()
        }


class View:
    """A subscriber's view of changes: a statement and all of its arguments but a change's key."""

    def __init__(self, plan: Plan, bindings: Callable[[], Request]) -> None:
        self.sql = plan.compiled.sql
        self._parameters = plan.compiled.parameters
        self._bindings = bindings
        self._stale_at = 0.0
        self._arguments: list[object] = []
        self._identity: Hashable = None

    def identity(self, key: UUID) -> Hashable:
        """Return what is equal for subscribers who get the same of a change."""
        now = monotonic()
        if now >= self._stale_at:
            request, self._stale_at = self._bindings(), now + BOUND_S
            self._arguments = [THE_KEY if is_key(one) else one.of(request) for one in self._parameters]
            self._identity = self.sql, orjson.dumps(self._arguments, default=repr)
        return self._identity, key

    def arguments(self, key: UUID) -> list[object]:
        """Return the arguments to read a change by, once it has an identity."""
        return [key if value is THE_KEY else value for value in self._arguments]


THE_KEY = object()
"""Stands where a change's key is bound."""


def is_key(parameter: Parameter) -> bool:
    """Tell whether a change's key is bound here."""
    return isinstance(parameter, Given) and parameter.value == Variable((KEY,))


class Subscriptions:
    """Runs streamed operations of one process. Subscribers who get the same share its reads."""

    def __init__(self, engine: Engine, hub: Hub, db: Database) -> None:
        self._engine = engine
        self._hub = hub
        self._db = db
        self._plans: Recent[Hashable, Plan] = Recent(MOST_PLANS)
        self._under_way: dict[Hashable, asyncio.Task[bytes]] = {}
        engine.metrics.gauge("shangliang_subscribers", "Subscriptions that wait for changes.", lambda: hub.subscribers)

    async def results(
        self, request: GraphQLRequest, actor: Actor, *, queries_only: bool = False
    ) -> AsyncGenerator[bytes, None]:
        """Yield the operation's results as they come: one of a query or a mutation, of a subscription all to come.

        Raises RequestRefused where it cannot run or go on, HubClosed when the process ends.
        """
        operation = self._engine.operation(request)
        if operation.kind is not OperationType.SUBSCRIPTION:
            answer = await self._engine.execute(request, actor, queries_only=queries_only)
            if not answer.executed:
                raise RequestRefused(orjson.loads(answer.body)["errors"])
            yield answer.body
            return
        variables = operation.coerce(request.variables)
        operation.charge(variables)
        last: str | None = None
        try:
            plan = self._plan(request, operation, variables, Sight.of(actor))
            given = plan.given(variables)
            last = given.get("after")
            view = View(plan, lambda: self._engine.bindings(variables, actor))
            after = None if last is None else node_uuid("event", last)
            async with aclosing(self._hub.follow(FIELDS[plan.field][1](given), after)) as changes:
                async for change in changes:
                    data = await self._read(view, change.key)
                    if data != plan.unseen:
                        yield b'{"data":' + data + b"}"
                        last = node_id("event", change.event_id)
        except SubscriberTooSlow as error:
            entry = refused(error)
            entry["extensions"]["after"] = last
            raise RequestRefused([entry]) from error
        except DomainError as error:
            raise RequestRefused([refused(error)]) from error
        except (HubClosed, RequestRefused):
            raise
        except Exception as error:
            raise RequestRefused([masked(error)]) from error

    def _plan(self, request: GraphQLRequest, operation: Operation, variables: Mapping[str, Any], sight: Sight) -> Plan:
        """Return the subscription's plan for variables of this shape and callers of a kind. Raises InvalidInput."""
        key = (operation.text, request.operation_name, sight, *operation.shapes(variables))
        return self._plans.get_or_make(key, lambda: planned(operation, variables, sight))

    async def _read(self, view: View, key: UUID) -> bytes:
        """Return a change as it is selected and seen; reads that are the same at one time are one read."""
        identity = view.identity(key)
        reading = self._under_way.get(identity)
        if reading is None:
            reading = asyncio.create_task(self._db.reads.read_json(view.sql, view.arguments(key)))
            self._under_way[identity] = reading
            reading.add_done_callback(lambda done: self._done(identity, done))
        return await asyncio.shield(reading)

    def _done(self, identity: Hashable, reading: "asyncio.Task[bytes]") -> None:
        """Forget a read that has ended; its error is for those who wait, if anybody still does."""
        del self._under_way[identity]
        if not reading.cancelled():
            reading.exception()


def planned(operation: Operation, variables: Mapping[str, Any], sight: Sight) -> Plan:
    """Return a subscription's plan; validation has seen to it that it has one field. Raises InvalidInput."""
    (field,) = operation.selection(variables).of("Subscription")
    if field.selection is None:
        raise TypeError(f"{field.name} is an object: its selection is missing")
    entity, _ = FIELDS[field.name]
    compiled = compile_entity(entity, {field.key: field.selection}, sight, complete_types=False)
    return Plan(field.name, field.arguments, compiled, b'{"%s":null}' % field.key.encode())
