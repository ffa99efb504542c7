"""The declaration of verbs: a class and a command make an input, a payload and a mutation."""

import re
from collections.abc import Callable, Coroutine, Iterator
from inspect import signature
from types import ModuleType
from typing import Annotated, Any, Concatenate, TypeVar
from uuid import UUID

import strawberry
from strawberry.types.field import StrawberryField

from graph.context import Info
from graph.inputs.fields import bounded, input_type, sentence
from graph.mutations.arguments import arguments_of
from graph.mutations.perform import Effect, MutationError, Publishes, Verb, VerbInput, Written
from graph.mutations.warnings import MutationWarning, has_public_text
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, VERSION
from services.core.security import SecurityEvent

MUTATION = "__mutation__"
"""The attribute of a verb's class that is its mutation."""
VERB = "verb"
"""The entry of a mutation's metadata that performs it."""
EXPECTED = ("expected_version", "expected_revision")

T = TypeVar("T")


def verb(  # noqa: PLR0913 -- what a verb is, named
    command: Callable[Concatenate[Act, ...], Coroutine[Any, Any, UUID]],
    *,
    gives: type,
    field: str = "",
    noun: str = "",
    takes: str = ".",
    event: SecurityEvent | None = None,
    publishes: Publishes | None = None,
) -> Callable[[type[T]], type[T]]:
    """Return a class decorator that declares the mutation which runs a command.

    The class's docstring is the mutation's description. Its fields are the input, and the command's arguments, see
    `arguments_of`; `expected_version` or `expected_revision`, where the command takes one, and `idempotency_key`
    follow them. The payload has the thing whose key the command returns, of the type `gives`, or errors. `field` and
    `noun` name that thing where its type does not; `takes` ends the input's description; `event` is what
    the security log tells of it; `publishes` gives what everybody reads by it beside its input. A payload has warnings
    where the input has a text that becomes public, or where the verb publishes something.

    Raises TypeError, naming the verb and the parameter, where the fields do not fit the command.
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", gives.__name__).lower()
    field = field or words.replace(" ", "_")

    def declare(declared: type[T]) -> type[T]:
        name = f"{declared.__name__[:1].lower()}{declared.__name__[1:]}"
        description = sentence(declared)
        for expected in EXPECTED:
            if expected in signature(command).parameters and expected not in declared.__annotations__:
                _add(declared, expected, int, bounded(VERSION))
        _add(declared, "idempotency_key", str, bounded(IDEMPOTENCY_KEY, private=True))
        input_type(name=f"{declared.__name__}Input", description=f"What `{name}` takes{takes}")(declared)
        arguments = arguments_of(name, declared, command)
        made = Verb(
            name,
            declared,
            lambda values: lambda act: command(act, **arguments(values, ())),
            Effect(gives.__name__, event, publishes),
        )
        warns = publishes is not None or has_public_text(declared)

        async def resolve(info: Info, values: VerbInput) -> Written:
            return await made.resolve(info, values)

        resolve.__name__ = name
        resolve.__annotations__ |= {
            "values": Annotated[declared, strawberry.argument(name="input")],
            "return": _payload(
                f"{declared.__name__}Payload", field, gives, noun or field.replace("_", " "), warns=warns
            ),
        }
        setattr(
            declared, MUTATION, strawberry.mutation(resolver=resolve, description=description, metadata={VERB: made})
        )
        return declared

    return declare


def mutations(module: ModuleType) -> Iterator[StrawberryField]:
    """Yield the mutations that a module declares, in their order there."""
    for declared in vars(module).values():
        if isinstance(declared, type) and MUTATION in vars(declared):
            yield getattr(declared, MUTATION)


def _add(declared: type, name: str, type_: type, field: Any) -> None:  # noqa: ANN401 -- as strawberry.field
    """Add a nullable field at the end of a class."""
    declared.__annotations__[name] = type_ | None
    setattr(declared, name, field)


def _payload(name: str, field: str, gives: type, noun: str, *, warns: bool) -> type:
    """Return the type of a verb's payload: what it gives, or why not, and what to look at."""
    own: dict[str, Any] = {field: gives | None, "errors": list[MutationError]}
    if warns:
        own["warnings"] = list[MutationWarning]
    made = type(name, (), {"__annotations__": own})
    return strawberry.type(made, description=f"The {noun}, or why not.")
