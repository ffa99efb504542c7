"""How a verb is declared. Its input, its payload and its field in the schema follow."""

import re
from collections.abc import Awaitable, Callable, Iterator
from inspect import signature
from types import ModuleType
from typing import Annotated, Any, Concatenate, TypeVar
from uuid import UUID

import strawberry
from strawberry.types.field import StrawberryField

from graph.context import Info
from graph.inputs.fields import bounded, input_type, sentence
from graph.mutations.arguments import arguments_of
from graph.mutations.perform import MutationError, VerbInput, perform
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, VERSION

MUTATION = "__mutation__"
"""The attribute of a verb that is its field in the schema."""
EXPECTED = ("expected_version", "expected_revision")

T = TypeVar("T")


def verb(
    command: Callable[Concatenate[Act, ...], Awaitable[UUID]],
    *,
    gives: type,
    field: str = "",
    noun: str = "",
    takes: str = ".",
) -> Callable[[type[T]], type[T]]:
    """Make a class a verb: its fields are the input, its docstring the description.

    The command gets the fields as its arguments, see `arguments_of`. The payload has what the command gives the key
    of, in a field and by a noun that follow from its type where they are not named. Each input ends with the version
    that the caller expects, where the command takes one, and with an idempotency key.

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
        _add(declared, "idempotency_key", str, bounded(IDEMPOTENCY_KEY))
        input_type(name=f"{declared.__name__}Input", description=f"What `{name}` takes{takes}")(declared)
        arguments = arguments_of(name, declared, command)

        async def resolve(info: Info, values: VerbInput) -> Any:  # noqa: ANN401 -- completed as the payload
            async def run(act: Act) -> UUID:
                return await command(act, **arguments(values, ()))

            return await perform(info, values, gives.__name__, run)

        resolve.__name__ = name
        resolve.__annotations__ |= {
            "values": Annotated[declared, strawberry.argument(name="input")],
            "return": _payload(f"{declared.__name__}Payload", field, gives, noun or field.replace("_", " ")),
        }
        setattr(declared, MUTATION, strawberry.mutation(resolver=resolve, description=description))
        return declared

    return declare


def mutations(module: ModuleType) -> Iterator[StrawberryField]:
    """Give the fields in the schema of the verbs that a module declares, in their order there."""
    for declared in vars(module).values():
        if isinstance(declared, type) and MUTATION in vars(declared):
            yield getattr(declared, MUTATION)


def _add(declared: type, name: str, type_: type, field: Any) -> None:  # noqa: ANN401 -- as strawberry.field
    """Add a field at the end of an input that is not made yet, which may be left out."""
    declared.__annotations__[name] = type_ | None
    setattr(declared, name, field)


def _payload(name: str, field: str, gives: type, noun: str) -> type:
    """Return the type of a verb's payload: what it gives, or why not."""
    made = type(name, (), {"__annotations__": {field: gives | None, "errors": list[MutationError]}})
    return strawberry.type(made, description=f"The {noun}, or why not.")
