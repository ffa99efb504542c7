"""How a verb runs: one transaction for its command, its idempotency key and its payload's read."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol
from uuid import UUID

import strawberry
from graphql import GraphQLObjectType, get_named_type

from graph.context import Context, Info
from graph.errors import camel
from graph.mutations.check import check
from graph.mutations.unseen import unseen
from graph.refusals import with_raising
from graph.selection import SelectionReader
from services.core.act import Act
from services.core.database import WriteTx
from services.core.errors import DomainError, Unauthenticated
from services.core.idempotency import fingerprint, keep_result, take_key
from services.core.security import SecurityEvent, note, note_refused
from services.reads.compile import KEY, compile_entity
from services.reads.fetch import answer
from services.reads.parameters import Request
from services.reads.plan import TYPENAME, Selection
from services.reads.visibility import Sight


@strawberry.type(description="An expected refusal. `code` is stable; `path` leads to the field to blame.")
class MutationError:
    """An expected refusal."""

    code: str
    message: str
    path: list[str] | None

    @classmethod
    def of(cls, error: DomainError) -> "MutationError":
        """Return a domain error in the payload's form."""
        path = [camel(step) for step in error.path] if error.path else None
        return cls(code=error.code, message=error.message, path=path)


@dataclass(slots=True)
class Written:
    """A payload before it is completed: the things read back by response key, and the refusals."""

    things: Mapping[str, Any] = field(default_factory=dict)
    errors: list[MutationError] = field(default_factory=list)


class VerbInput(Protocol):
    """What every verb's input has."""

    idempotency_key: str | None


Command = Callable[[Act], Awaitable[UUID]]


async def perform(
    info: Info, values: VerbInput, entity: str, command: Command, event: SecurityEvent | None = None
) -> Any:  # noqa: ANN401 -- completed as the payload
    """Run a command and read its thing back through the plan, all in one transaction.

    A refusal leaves everything as it was and stands in the payload's errors; where the caller does not see something
    that the input names, it is that of a thing that does not exist. What is refused in the payload's selection is a
    field's error beside what was done. What was done is noted as an event of the security log where one is given, and
    so is a refusal for want of rights.
    """
    context = info.context
    selections, variables = _selected(info)
    try:
        if context.actor.subject is None:
            raise Unauthenticated
        check(values)
        try:
            async with context.db.write() as tx:
                act = Act(tx, context.actor, context.clock, context.policy)
                key = await _once(act, info.field_name, values, command)
                things = await _read_back(tx, entity, selections, _request(context, {**variables, KEY: key}))
        except DomainError as error:
            hidden = await unseen(context.db, values, _request(context, {}))
            if hidden is None:
                raise
            raise hidden from error
        if event is not None:
            note(event, act=info.field_name, thing=str(key))
        return Written(things=things)
    except DomainError as error:
        note_refused(error, info.field_name)
        return Written(errors=[MutationError.of(error)])


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


async def _read_back(
    tx: WriteTx, entity: str, selections: Mapping[str, Selection], request: Request
) -> Mapping[str, Any]:
    """Return the payload's data by response key, as the caller selected it."""
    if not selections:
        return {}
    sight = Sight.of(request.actor)
    text, refusals = await answer(
        tx, lambda refused: compile_entity(entity, selections, sight, refused=refused), request
    )
    things: Mapping[str, Any] = with_raising(json.loads(text), refusals)
    return things


def _selected(info: Info) -> tuple[dict[str, Selection], Mapping[str, Any]]:
    """Return the selections of the payload's fields other than its errors, and the operation's variables.

    Raises ArgumentRefused for a directive whose argument cannot be read.
    """
    raw = info._raw_info  # noqa: SLF001 -- Strawberry's own hold on graphql-core's info
    variables: Mapping[str, Any] = info.variable_values
    reader = SelectionReader(raw.schema, raw.fragments, variables)
    payload = get_named_type(raw.return_type)
    if not isinstance(payload, GraphQLObjectType):
        raise TypeError(f"{payload} is not a payload")
    sets = [node.selection_set for node in raw.field_nodes if node.selection_set]
    found = {}
    for key, nodes in reader.grouped(payload, sets).items():
        if nodes[0].name.value not in {"errors", TYPENAME}:
            selection = reader.selected(payload, key, nodes).selection
            if selection is not None:
                found[key] = selection
    return found, variables
