"""How a verb runs: one transaction for its command, its idempotency key and its payload's read."""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol
from uuid import UUID

import strawberry
from graphql import GraphQLObjectType, GraphQLOutputType, get_named_type

from graph.context import Context, Info
from graph.errors import camel
from graph.mutations.check import check
from graph.mutations.unseen import unseen
from graph.mutations.warnings import MutationWarning, warnings_of
from graph.refusals import with_raising
from graph.selection import Grouped, SelectionReader
from services.core.act import Act
from services.core.database import WriteTx
from services.core.errors import DomainError, Unauthenticated, Unavailable
from services.core.idempotency import fingerprint, keep_result, take_key
from services.core.security import SecurityEvent, note, note_refused
from services.reads.compile import KEY, compile_entity
from services.reads.fetch import answer
from services.reads.parameters import Request
from services.reads.plan import TYPENAME, Selection
from services.reads.visibility import Sight
from services.topics.publication import Words


@strawberry.type(description="An expected refusal. `code` is stable; `path` leads to the field to blame.")
class MutationError:
    """An expected refusal."""

    code: str
    message: str
    path: list[str] | None
    retry_after: int | None = strawberry.field(
        default=None, description="In how many seconds the same call may succeed; null where another one is needed."
    )

    @classmethod
    def of(cls, error: DomainError) -> "MutationError":
        """Return a domain error in the payload's form."""
        path = [camel(step) for step in error.path] if error.path else None
        later = error.retry_after_s if isinstance(error, Unavailable) else None
        return cls(code=error.code, message=error.message, path=path, retry_after=later)


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


Command = Callable[[Act], Awaitable[UUID]]
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
class Verb:
    """A verb: what its mutation is called, the command of an input, and what it comes to."""

    name: str
    command: Callable[[VerbInput], Command]
    effect: Effect

    async def perform(self, context: Context, values: VerbInput, variables: Mapping[str, Any], read: Read) -> Written:
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
                async with context.db.write(context.actor, within_s=context.db.limit_s) as tx:
                    act = Act(tx, context.actor, context.clock, context.policy)
                    key = await _once(act, self.name, values, self.command(values))
                    published = () if effect.publishes is None else await effect.publishes(tx, key)
                    context.progress.commits = True
                    await tx.commit_with_read()
                    found = await read(tx, _request(context, {**variables, KEY: key}))
            except DomainError as error:
                hidden = await unseen(context.db, values, _request(context, {}))
                if hidden is None:
                    raise
                raise hidden from error
            if effect.event is not None:
                note(effect.event, act=self.name, thing=str(key))
            return Written(found, warnings=warnings_of(values, published))
        except DomainError as error:
            note_refused(error, self.name)
            return Written(errors=[MutationError.of(error)])

    async def resolve(self, info: Info, values: VerbInput) -> Written:
        """Perform the verb for graphql-core, which completes the payload; what was done already is not done again."""
        done = info.context.done.get(str(info.path.key))
        if isinstance(done, Exception):
            raise done
        if isinstance(done, Written):
            return done
        selections, variables = _selected(info)
        return await self.perform(info.context, values, variables, to_complete(self.effect.entity, selections))


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


async def _once(act: Act, verb: str, values: VerbInput, command: Command) -> UUID:
    """Run the command, or return what it gave before under the same idempotency key."""
    if not values.idempotency_key:
        return await command(act)
    subject, key = str(act.actor.subject), values.idempotency_key
    digest = fingerprint(verb, asdict(values))  # type: ignore[call-overload]
    earlier = await take_key(act.tx, subject=subject, key=key, digest=digest, now=act.now())
    if earlier is not None:
        return UUID(earlier)
    result = await command(act)
    await keep_result(act.tx, subject=subject, key=key, result=str(result))
    return result


def _selected(info: Info) -> tuple[dict[str, Selection], Mapping[str, Any]]:
    """Return the selections of the payload's things, and the operation's variables.

    Raises ArgumentRefused for a directive whose argument cannot be read.
    """
    raw = info._raw_info  # noqa: SLF001 -- Strawberry's own hold on graphql-core's info
    variables: Mapping[str, Any] = info.variable_values
    reader = SelectionReader(raw.schema, raw.fragments, variables)
    payload = object_type_of(raw.return_type)
    sets = [node.selection_set for node in raw.field_nodes if node.selection_set]
    return things_of(reader, payload, reader.grouped(payload, sets)), variables


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
