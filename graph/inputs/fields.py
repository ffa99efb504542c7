import inspect
from collections.abc import Callable
from dataclasses import MISSING
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

import strawberry
from strawberry import UNSET
from strawberry.types.field import StrawberryField

from services.core.bounds import Bound

BOUND, KIND, INTO = "bound", "kind", "into"
"""A field's metadata: the bound of its value, the kind of thing that it refers to, the parameter that takes it."""

T = TypeVar("T")


def bounded(bound: Bound, description: str = "", *, into: str | None = None, **options: Any) -> Any:  # noqa: ANN401 -- as strawberry.field
    """Return an input's field that takes what the bound takes, which stands in its description.

    `into` names the command's parameter where it is called otherwise than the field; `options` are those of
    strawberry.field.
    """
    said = f"{description} {bound.words[0].upper()}{bound.words[1:]}.".lstrip()
    return strawberry.field(description=said, metadata={BOUND: bound, INTO: into}, **options)


def refers_to(kind: str, description: str = "", *, bound: Bound | None = None, **options: Any) -> Any:  # noqa: ANN401 -- as strawberry.field
    """Return an input's field that takes the global id of a thing of the kind; a list of them has a bound.

    `options` are those of strawberry.field.
    """
    field = (
        bounded(bound, description, **options)
        if bound
        else strawberry.field(description=description or None, **options)
    )
    field.metadata = {**field.metadata, KIND: kind}
    return field


def input_type(*, name: str | None = None, description: str = "", one_of: bool = False) -> Callable[[type[T]], type[T]]:
    """Return what makes a class an input, described by its docstring where no other description is given.

    A field that takes null may be left out: it is UNSET then, if it has no other default.
    """

    def declare(declared: type[T]) -> type[T]:
        for field_name, annotation in get_type_hints(declared).items():
            if NoneType in get_args(annotation):
                field = vars(declared).get(field_name, UNSET)
                if isinstance(field, StrawberryField) and field.default is MISSING:
                    field.default = UNSET
                setattr(declared, field_name, field)
        described = description or sentence(declared)
        return strawberry.input(declared, name=name, description=described, one_of=one_of)

    return declare


def sentence(declared: type) -> str:
    """Return a class's docstring on one line."""
    return " ".join((inspect.getdoc(declared) or "").split())
