"""How a verb runs: one transaction for its command, its idempotency key and its payload's read."""

import json
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, Self
from uuid import UUID

import strawberry
from graphql import GraphQLObjectType, GraphQLOutputType, get_named_type

from graph.context import Context, Info
from graph.errors import camel, parameters_of
from graph.language import language
from graph.mutations.check import check
from graph.mutations.unseen import unseen
from graph.mutations.warnings import MutationWarning, warnings_of
from graph.refusals import with_raising
from graph.scalars import Parameters
from graph.selection import Grouped, SelectionReader
from services.core.act import Act
from services.core.deadline import renew
from services.core.errors import ConstraintViolated, DomainError, Unauthenticated, Unavailable, Undecided
from services.core.idempotency import EarlierResult, fingerprint, keep_result, take_key
from services.core.positions import note_commit
from services.core.security import SecurityEvent, count_error, note, note_refused
from services.core.transaction import WriteTx
from services.reads.compile import KEY, compile_entity
from services.reads.fetch import answer
from services.reads.parameters import Request
from services.reads.plan import TYPENAME, Selection
from services.reads.visibility import Sight
from services.topics.publication import Words


@strawberry.type(description="An expected refusal. `code` is stable; `path` leads to the field to blame.")
class MutationError:
    """An expected refusal."""

    code: str = strawberry.field(
        description="Stable. One of `ErrorCode`, which gets more values in later versions: so it is a text."
    )
    message: str = strawberry.field(description="What was wrong and what would be right, in the reader's language.")
    path: list[str] | None = strawberry.field(description="Leads to the field of the input that is to blame.")
    parameters: Parameters = strawberry.field(description="The facts that the message tells, by name.")
    retry_after: int | None = strawberry.field(
        default=None, description="In how many seconds the same call may succeed; null where another one is needed."
    )

    @classmethod
    def of(cls, error: DomainError) -> "MutationError":
        """Return a domain error in the payload's form."""
        count_error(error.code)
        path = [camel(step) for step in error.path] if error.path else None
        later = error.retry_after_s if isinstance(error, Unavailable) else None
        return cls(
            code=str(error.code),
            message=error.told(language()),
            path=path,
            parameters=Parameters(parameters_of(error)),
            retry_after=later,
        )


@dataclass(slots=True)
class Written:
    """A payload before it is completed: what was read back of its things, the refusals, and what to look at."""

    read: Mapping[str, Any] | bytes = field(default_factory=dict)
    """The things by response key; as bytes, the JSON of that, which needs no completion."""
    errors: list[MutationError] = field(default_factory=list)
    warnings: list[MutationWarning] = field(default_factory=list)


ABOUT = frozenset({"errors", "warnings"})
"""The fields of a payload that tell of the act, and are read back from nowhere."""


class VerbInput(Protocol):
    """What every verb's input has."""

    idempotency_key: str | None


Command = Callable[[Act], Coroutine[Any, Any, UUID]]
Publishes = Callable[[WriteTx, UUID], Awaitable[Iterable[Words]]]


@dataclass(frozen=True, slots=True)
class Effect:
    """What a verb comes to: the entity that it gives, what the security log tells of it, and what it publishes."""

    entity: str
    event: SecurityEvent | None = None
    publishes: Publishes | None = None


Read = Callable[[WriteTx, Request], Awaitable[Mapping[str, Any] | bytes]]
"""Reads a payload's things back, by the key of what the command gave, bound as KEY."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a payload is asked for: how its things are read, and whether its warnings are."""

    read: Read
    warnings: bool

    @classmethod
    def of(cls, fields: Grouped, read: Read) -> Self:
        """Return what the payload's fields ask for."""
        return cls(read, any(nodes[0].name.value == "warnings" for nodes in fields.values()))


@dataclass(frozen=True, slots=True)
class Done:
    """What a command gave, what was read of that, and the words that it published."""

    key: UUID
    found: Mapping[str, Any] | bytes
    published: Iterable[Words]


@dataclass(frozen=True, slots=True)
class Once:
    """A verb with an idempotency key, and its command."""

    verb: str
    values: VerbInput
    key: str
    command: Command

    async def ahead(self, act: Act) -> UUID:
        """Run the command while its key is taken. Raises EarlierResult where it was taken before."""
        _, result = await act.tx.gather(self._take(act), self._run(act))
        return await self._keep(act, result)

    async def after_the_key(self, act: Act) -> UUID:
        """Run the command once its key is taken; where it was taken before, return what the command gave then."""
        try:
            await self._take(act)
        except EarlierResult as earlier:
            return UUID(earlier.result)
        return await self._keep(act, await self.command(act))

    async def _run(self, act: Act) -> UUID:
        return await self.command(act)

    async def _take(self, act: Act) -> None:
        digest = fingerprint(self.verb, self.values)
        await take_key(act.tx, subject=str(act.actor.subject), key=self.key, digest=digest, now=act.now())

    async def _keep(self, act: Act, result: UUID) -> UUID:
        await keep_result(act.tx, subject=str(act.actor.subject), key=self.key, result=str(result))
        return result


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: what its mutation is called, what it takes, the command of an input, and what it comes to."""

    name: str
    takes: type
    """The type of its input."""
    command: Callable[[VerbInput], Command]
    effect: Effect

    async def perform(self, context: Context, values: VerbInput, variables: Mapping[str, Any], asked: Asked) -> Written:
        """Run the command and read its thing back, all in one transaction.

        A refusal leaves everything as it was and stands in the payload's errors; where the caller does not see
        something that the input names, it is that of a thing that does not exist. What is refused in the payload's
        selection is a field's error beside what was done. What was done is noted as an event of the security log where
        one is given, and so is a refusal for want of rights.
        """
        effect = self.effect
        try:
            if context.actor.subject is None:
                raise Unauthenticated
            check(values)
            try:
                done = await self._done(context, values, variables, asked)
            except Undecided:
                raise
            except DomainError as error:
                hidden = await unseen(context.db, values, _request(context, {}))
                if hidden is None:
                    raise
                raise hidden from error
            renew()
            if effect.event is not None:
                note(effect.event, act=self.name, thing=str(done.key))
            return Written(done.found, warnings=warnings_of(values, done.published) if asked.warnings else [])
        except DomainError as error:
            note_refused(error, self.name)
            return Written(errors=[MutationError.of(error)])

    async def _done(self, context: Context, values: VerbInput, variables: Mapping[str, Any], asked: Asked) -> Done:
        """Do it once for its idempotency key, or return what was done under it before.

        That the key is new is found out by the flight in which the command looks up what it needs. Where it is not, or
        what was done is in the way of doing it again, all is undone, and the command waits for the key.
        """
        if not values.idempotency_key:
            return await self._transacted(context, variables, asked, self.command(values))
        once = Once(self.name, values, values.idempotency_key, self.command(values))
        try:
            return await self._transacted(context, variables, asked, once.ahead)
        except (EarlierResult, ConstraintViolated):
            return await self._transacted(context, variables, asked, once.after_the_key)

    async def _transacted(self, context: Context, variables: Mapping[str, Any], asked: Asked, command: Command) -> Done:
        """Run a command and read what it gave, in a transaction of their own."""
        async with context.db.write(context.actor, within_s=context.db.limit_s) as tx:
            key = await command(Act(tx, context.actor, context.clock, context.policy))
            publishes = self.effect.publishes if asked.warnings else None
            published = () if publishes is None else await publishes(tx, key)
            context.progress.commits = True
            await tx.commit_with_read()
            done = Done(key, await asked.read(tx, _request(context, {**variables, KEY: key})), published)
        note_commit(tx.position)
        return done

    async def resolve(self, info: Info, values: VerbInput) -> Written:
        """Perform the verb for graphql-core, which completes the payload; what was done already is not done again."""
        done = info.context.done.get(str(info.path.key))
        if isinstance(done, Exception):
            raise done
        if isinstance(done, Written):
            return done
        fields, selections = _selected(info)
        asked = Asked.of(fields, to_complete(self.effect.entity, selections))
        return await self.perform(info.context, values, info.variable_values, asked)


def to_complete(entity: str, selections: Mapping[str, Selection]) -> Read:
    """Return how things are read that graphql-core completes: what is refused in them is an exception there."""

    async def read(tx: WriteTx, request: Request) -> Mapping[str, Any]:
        if not selections:
            return {}
        sight = Sight.of(request.actor)
        text, refusals = await answer(
            tx, lambda refused: compile_entity(entity, selections, sight, complete_types=True, refused=refused), request
        )
        things: Mapping[str, Any] = with_raising(json.loads(text), refusals)
        return things

    return read


def _request(context: Context, variables: Mapping[str, Any]) -> Request:
    """Return what reads of a mutation take their values from now."""
    return Request(variables, context.actor, context.clock.now(), context.cursor_key, context.policy)


def _selected(info: Info) -> tuple[Grouped, dict[str, Selection]]:
    """Return the payload's fields, and the selections of its things.

    Raises ArgumentRefused for a directive whose argument cannot be read.
    """
    raw = info._raw_info  # noqa: SLF001 -- Strawberry's own hold on graphql-core's info
    reader = SelectionReader(raw.schema, raw.fragments, info.variable_values)
    payload = object_type_of(raw.return_type)
    sets = [node.selection_set for node in raw.field_nodes if node.selection_set]
    fields = reader.grouped(payload, sets)
    return fields, things_of(reader, payload, fields)


def object_type_of(type_: GraphQLOutputType) -> GraphQLObjectType:
    """Return the object type of what a field gives. Raises TypeError."""
    named = get_named_type(type_)
    if not isinstance(named, GraphQLObjectType):
        raise TypeError(f"{named} is no object type")
    return named


def things_of(reader: SelectionReader, payload: GraphQLObjectType, fields: Grouped) -> dict[str, Selection]:
    """Return the selections of a payload's things by response key, in order."""
    found = {}
    for key, nodes in fields.items():
        if nodes[0].name.value not in {*ABOUT, TYPENAME}:
            selection = reader.selected(payload, key, nodes).selection
            if selection is not None:
                found[key] = selection
    return found
