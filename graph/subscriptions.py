"""Runs operations whose results come one by one: a subscription's changes, and what else a stream may carry."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Hashable, Mapping, Sequence
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
from graph.recent import MIB, Recent, footprint
from services.core.actor import Actor
from services.core.database import Database
from services.core.deadline import answered_within
from services.core.errors import DomainError
from services.core.ids import node_id, node_uuid
from services.core.scope import subtree
from services.core.security import SecurityEvent, note, note_refused
from services.core.tokens import InvalidToken
from services.notices.errors import SubscriberTooSlow
from services.notices.feed import Change, NoticesTo, TopicsWithin, no_such_event
from services.notices.hub import Hub, HubClosed
from services.reads.catalogue.common import of_department, within
from services.reads.catalogue.shape import Filters
from services.reads.compile import KEY, compile_entity, compile_look_up, compile_visible
from services.reads.fetch import Bound, Compile, Refusal, bound, check
from services.reads.parameters import Request
from services.reads.plan import Argument, Constant, Variable, bind
from services.reads.refusals import Compiled, Place
from services.reads.visibility import Sight

MOST_PLANS, MOST_BYTES = 1_000, 16 * MIB
BEGINNING_S = 0.005
"""What beginning a subscription is reckoned to take."""
BOUND_S = 60.0
"""For how long what does not depend on the change stays bound: the calendar day may turn."""


def topics_within(given: Mapping[str, Any]) -> TopicsWithin:
    """Return the interest of `topicChanged`."""
    return TopicsWithin(subtree(given["within"]))


def notices_to(given: Mapping[str, Any]) -> NoticesTo:
    """Return the interest of `noticeChanged`."""
    return NoticesTo(given["department"])


FIELDS: Mapping[str, tuple[str, Filters, Callable[[Mapping[str, Any]], TopicsWithin | NoticesTo]]] = {
    "topic_changed": ("TopicChange", {"within": within()}, topics_within),
    "notice_changed": ("Notice", {"department": of_department("true")}, notices_to),
}
"""For each field the entity that a change is read as, by the change's key, what its arguments name, and the interest
that it stands for."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A subscription in one shape of its variables, for callers of a kind: its field and how a change is read."""

    field: str
    arguments: Mapping[str, Argument]
    compile: Compile
    visible: Compiled
    """The statement that finds out which of some changes the caller sees."""
    look_up: Compiled | None
    """The statement that finds out whether what the arguments name is there."""
    unseen: bytes
    """What is read of a change that the caller does not see."""

    def given(self, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of the field's arguments."""
        return {
            name: bind(value, variables) if isinstance(value, Constant | Variable) else None
            for name, value in self.arguments.items()
        }


def size(key: Hashable, plan: Plan) -> int:
    """Return about how many bytes a plan takes."""
    return footprint((key, plan.arguments, plan.compile(frozenset()), plan.visible, plan.look_up))


class View:
    """A subscriber's view of changes: a statement and all of its arguments but a change's key."""

    def __init__(self, plan: Plan, bindings: Callable[[], Request]) -> None:
        self.unseen = plan.unseen
        self._plan = plan
        self._bindings = bindings
        self._stale_at = 0.0
        self._bound = self._bind()

    def _bind(self) -> Bound:
        """Bind the arguments anew. Raises DomainError where no field is to blame for one."""
        self._stale_at = monotonic() + BOUND_S
        keyed = self._keyed(THE_KEY)
        one, self._actor = bound(self._plan.compile, keyed), keyed.actor
        self._identity: Hashable = one.compiled.sql, orjson.dumps(one.arguments, default=repr)
        return one

    def _keyed(self, key: object) -> Request:
        """Return what the parameters take their values from, with a key."""
        request = self._bindings()
        request.variables = {**request.variables, KEY: key}
        return request

    def refusals(self, body: bytes) -> Sequence[Refusal]:
        """Return what the marks of refused fields in what was read stand for."""
        return self._bound.marks(body)

    def reading(self, key: UUID) -> "Reading":
        """Return how a change is read."""
        if monotonic() >= self._stale_at:
            self._bound = self._bind()
        arguments = [key if value is THE_KEY else value for value in self._bound.arguments]
        return Reading((self._identity, key), self._bound.compiled.sql, arguments, self._actor)

    def visible(self, keys: Sequence[UUID]) -> "Reading":
        """Return how the keys of those changes that the caller sees are read."""
        compiled = self._plan.visible
        arguments = compiled.arguments(self._keyed(list(keys)))
        return Reading((compiled.sql, orjson.dumps(arguments, default=repr)), compiled.sql, arguments, self._actor)


@dataclass(frozen=True, slots=True)
class Reading:
    """A statement with its arguments, and what is equal for subscribers who get the same."""

    identity: Hashable
    sql: str
    arguments: list[object]
    actor: Actor


THE_KEY = object()
"""Stands where a change's key is bound."""


class Subscriber:
    """A caller who follows changes, with the rights of now."""

    def __init__(  # noqa: PLR0913 -- what a subscription stands in
        self,
        engine: Engine,
        plans: Recent[Hashable, Plan],
        name: str | None,
        operation: Operation,
        variables: Mapping[str, Any],
        *,
        caller: Callable[[], Actor],
        actor: Actor,
    ) -> None:
        """Plan the subscription. Raises InvalidInput."""
        self._engine = engine
        self._plans = plans
        self._name = name
        self._operation = operation
        self._variables = variables
        self._caller = caller
        self._actor = actor
        self.plan = self._planned()
        self._view = View(self.plan, self.bindings)
        self.given = self.plan.given(variables)
        _, _, interest = FIELDS[self.plan.field]
        self.interest = interest(self.given)

    @property
    def view(self) -> View:
        """What the caller sees of changes now. Raises InvalidToken."""
        if (now := self._caller()) != self._actor:
            self._actor = now
            self.plan = self._planned()
            self._view = View(self.plan, self.bindings)
        return self._view

    def bindings(self) -> Request:
        """Return what a statement's parameters take their values from now."""
        return self._engine.bindings(self._variables, self._actor)

    def _planned(self) -> Plan:
        """Return the plan for variables of this shape and callers of this kind. Raises InvalidInput."""
        operation, sight = self._operation, Sight.of(self._actor)
        key = (operation.text, self._name, sight, *operation.variables.shapes(self._variables))
        return self._plans.get_or_make(key, lambda: planned(operation, self._variables, sight))


class Subscriptions:
    """Runs streamed operations of one process. Subscribers who get the same share its reads."""

    def __init__(self, engine: Engine, hub: Hub, db: Database) -> None:
        self._engine = engine
        self._hub = hub
        self._db = db
        self._plans: Recent[Hashable, Plan] = Recent(MOST_PLANS, MOST_BYTES, size)
        self._under_way: dict[Hashable, list[asyncio.Future[bytes]]] = {}
        """Who waits for each read that is under way."""
        engine.metrics.gauge("shangliang_subscribers", "Subscriptions that wait for changes.", lambda: hub.subscribers)

    async def results(
        self, request: GraphQLRequest, caller: Callable[[], Actor], *, queries_only: bool = False
    ) -> AsyncGenerator[bytes, None]:
        """Yield the operation's results as they come: one of a query or a mutation, of a subscription all to come.

        `caller` gives who asks with the rights of now, or raises InvalidToken; a change is read by the rights of then.
        Raises RequestRefused where it cannot run or go on, HubClosed when the process ends.
        """
        operation = self._engine.operation(request)
        try:
            actor = caller()
        except InvalidToken as error:
            note(SecurityEvent.SIGN_IN_REFUSED, reason=error.reason)
            raise RequestRefused([refused(error)]) from error
        if operation.kind is not OperationType.SUBSCRIPTION:
            answer = await self._engine.execute(request, actor, queries_only=queries_only)
            if not answer.executed:
                raise RequestRefused(orjson.loads(answer.body)["errors"])
            yield answer.body
            return
        async with aclosing(self._changes(request, operation, caller, actor)) as results:
            async for result in results:
                yield result

    async def _changes(
        self, request: GraphQLRequest, operation: Operation, caller: Callable[[], Actor], actor: Actor
    ) -> AsyncGenerator[bytes, None]:
        """Yield a subscription's results; the actor is the caller as they were when it began."""
        variables = operation.coerce(request.variables)
        cost = operation.charge(variables)
        variables = operation.evened(variables)
        self._engine.budgets.spend(self._engine.budgets.open(operation.told(cost)), cost, BEGINNING_S)
        last: str | None = None
        try:
            subscriber = Subscriber(
                self._engine, self._plans, request.operation_name, operation, variables, caller=caller, actor=actor
            )
            last = subscriber.given.get("after")
            after = None if last is None else node_uuid("event", last)

            async def visible(changes: Sequence[Change]) -> Sequence[Change]:
                """Return the changes that the caller sees; whether one by itself is seen is found out as it is read."""
                if len(changes) <= 1:
                    return changes
                seen = await self._visible(subscriber, [change.key for change in changes])
                return [change for change in changes if change.key in seen]

            following = self._hub.follow(subscriber.interest, after, visible)
            async with aclosing(following), aclosing(once(self._check(subscriber, after), following)) as changes:
                async for change in changes:
                    view = subscriber.view
                    data = await self._read(view.reading(change.key))
                    if data != view.unseen:
                        yield await operation.completed(data, view.refusals(data), variables)
                        last = node_id("event", change.event_id)
        except (SubscriberTooSlow, InvalidToken) as error:
            if isinstance(error, InvalidToken):
                note(SecurityEvent.SIGN_IN_REFUSED, reason=error.reason)
            else:
                note(SecurityEvent.LIMIT_MET, reason=error.code)
            entry = refused(error)
            entry["extensions"]["after"] = last
            raise RequestRefused([entry]) from error
        except DomainError as error:
            note_refused(error, "subscription")
            raise RequestRefused([refused(error)]) from error
        except (HubClosed, RequestRefused):
            raise
        except Exception as error:
            raise RequestRefused([masked(error)]) from error

    async def _check(self, subscriber: "Subscriber", after: UUID | None) -> None:
        """Raise NotFound where what the arguments name is not there, or `after` is an event hidden from the caller."""
        with answered_within(self._db.limit_s):
            await check(self._db.primary, subscriber.plan.look_up, subscriber.bindings())
            if after is not None:
                keys = await subscriber.interest.keys_of(self._db.primary, after)
                if not await self._visible(subscriber, keys):
                    raise no_such_event(after)

    async def _visible(self, subscriber: "Subscriber", keys: Sequence[UUID]) -> set[UUID]:
        """Return the keys of those changes that the caller sees, by one statement."""
        return {UUID(key) for key in orjson.loads(await self._read(subscriber.view.visible(keys)))}

    async def _read(self, one: Reading) -> bytes:
        """Return what a statement reads; reads that are the same at one time are one read."""
        waiting = self._under_way.get(one.identity)
        if waiting is None:
            waiting = self._under_way[one.identity] = []
            reading = asyncio.create_task(self._db.primary.read_json(one.sql, one.arguments, one.actor))
            reading.add_done_callback(lambda done: self._done(one.identity, done))
        # Each has a future of its own, which costs less than a shield for the task and leaves it alone as well.
        mine: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        waiting.append(mine)
        return await mine

    def _done(self, identity: Hashable, reading: "asyncio.Task[bytes]") -> None:
        """Tell those who still wait for a read what came of it."""
        waiting = [one for one in self._under_way.pop(identity) if not one.done()]
        if reading.cancelled():
            for one in waiting:
                one.cancel()
        elif (error := reading.exception()) is not None:
            for one in waiting:
                one.set_exception(error)
        else:
            body = reading.result()
            for one in waiting:
                one.set_result(body)


async def once(
    holds: Coroutine[None, None, None], changes: AsyncGenerator[Change, None]
) -> AsyncGenerator[Change, None]:
    """Yield changes once something holds; they are listened for from now on."""
    first = asyncio.ensure_future(anext(changes))
    try:
        await holds
    except BaseException:
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        raise
    yield await first
    async for change in changes:
        yield change


def planned(operation: Operation, variables: Mapping[str, Any], sight: Sight) -> Plan:
    """Return a subscription's plan; validation has seen to it that it has one field. Raises ArgumentRefused."""
    (field,) = operation.selection(variables).of("Subscription")
    if field.refusal is not None:
        raise field.refusal
    if field.selection is None:
        raise TypeError(f"{field.name} is an object: its selection is missing")
    entity, known, _ = FIELDS[field.name]
    selections = {field.key: field.selection}
    plain = compile_entity(entity, selections, sight, complete_types=False)

    def compile_(refused: frozenset[Place]) -> Compiled:
        if not refused:
            return plain
        return compile_entity(entity, selections, sight, complete_types=False, refused=refused)

    look_up = compile_look_up(field.arguments, known, sight)
    unseen = b'{"%s":null}' % field.key.encode()
    return Plan(field.name, field.arguments, compile_, compile_visible(entity, sight), look_up, unseen)
