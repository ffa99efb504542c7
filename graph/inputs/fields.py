import inspect
from collections.abc import Callable, Mapping
from dataclasses import MISSING
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

import strawberry
from strawberry import UNSET
from strawberry.types.field import StrawberryField

from services.core.bounds import Bound
from services.core.words import Language

BOUND, KIND, INTO, PRIVATE = "bound", "kind", "into", "private"
"""A field's metadata: the bound of its value, the kind of thing that it refers to, the parameter that takes it, and
whether it is a text that not everybody reads."""

T = TypeVar("T")


def bounded(
    bound: Bound,
    description: str = "",
    *,
    into: str | None = None,
    private: bool = False,
    **options: Any,  # noqa: ANN401 -- as strawberry.field
) -> Any:  # noqa: ANN401 -- as strawberry.field
    """Return an input's field whose values are bounded; its description ends with the bound's words.

    `into` names the command's parameter if it differs from the field; `private` says that a text is never published;
    `options` are those of strawberry.field.
    """
    return _field(description, {BOUND: bound, INTO: into, PRIVATE: private}, options)


def refers_to(kind: str, description: str = "", *, bound: Bound | None = None, **options: Any) -> Any:  # noqa: ANN401 -- as strawberry.field
    """Return an input's field that takes the global id of a thing of the kind, or a bounded list of them.

    `options` are those of strawberry.field.
    """
    return _field(description, {BOUND: bound, KIND: kind}, options)


def _field(description: str, metadata: Mapping[str, Any], options: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- as strawberry.field
    bound = metadata[BOUND]
    words = bound.words.told(Language.ENGLISH) if bound else ""
    ends = f"{words[0].upper()}{words[1:]}." if words else ""
    return strawberry.field(description=f"{description} {ends}".strip() or None, metadata=metadata, **options)


def input_type(*, name: str | None = None, description: str = "", one_of: bool = False) -> Callable[[type[T]], type[T]]:
    """Return a class decorator that declares an input type; the docstring is its description if none is given.

    A nullable field may be left out: it is UNSET then, unless it has another default.
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
