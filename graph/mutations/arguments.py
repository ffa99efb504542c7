"""Keyword arguments for a command from an input's fields; that the two fit is checked when the verb is declared."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from decimal import Decimal
from functools import reduce
from operator import or_
from types import NoneType, UnionType
from typing import Any, TypeAlias, TypeGuard, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from strawberry import ID, UNSET

from graph.inputs.fields import INTO, KIND
from services.core.errors import MalformedId
from services.core.ids import node_uuid

Path: TypeAlias = tuple[str, ...]
Conversion: TypeAlias = Callable[[Any, Path], Any]
"""A function of a value and of its path in the input. Raises MalformedId with the path of an id that is none."""

EMPTY = inspect.Parameter.empty
KEY = "idempotency_key"


@dataclass(frozen=True, slots=True)
class Given:
    """A field of an input with its annotation."""

    field: Field[Any]
    type: Any

    @property
    def parameter(self) -> str:
        """The name of the parameter that the field gives."""
        name = self.field.name
        if KIND not in self.field.metadata:
            return self.field.metadata.get(INTO) or name
        is_list = get_origin(without_none(self.type)) is list
        return f"{name.removesuffix('s')}_ids" if is_list else f"{name}_id"


def arguments_of(verb: str, declared: type, target: Callable[..., object]) -> Conversion:
    """Return a function that makes the keyword arguments of a command, or of a dataclass, from an input.

    A field gives the parameter of its name; one that refers to a `topic` gives `topic_id`, one that refers to
    `topics` gives `topic_ids`. A parameter that is a dataclass takes a nested input, or the fields that its own
    fields name. Null is None, or the default of the field or of the parameter where that takes no None.

    Raises TypeError, naming the verb and the parameter, unless each field gives a parameter of its type and each
    parameter without a default is given.
    """
    types = get_type_hints(declared)
    given = [Given(field, types[field.name]) for field in fields(declared) if field.name != KEY]
    unused = {one.parameter: one for one in given}
    if len(unused) < len(given):
        raise TypeError(f"{verb}: two fields give one parameter of {_name(target)}: {[one.parameter for one in given]}")
    made = _arguments(verb, unused, target)
    for name, one in unused.items():
        raise TypeError(f"{verb}: {_name(target)} has no parameter {name} for the field {one.field.name}")
    return made


def _arguments(verb: str, unused: dict[str, Given], target: Callable[..., object]) -> Conversion:
    """Return a function that makes a target's arguments from fields that are unused, and remove these."""
    conversions: dict[str, Conversion] = {}
    for name, (wanted, default) in _parameters(target).items():
        if name in unused:
            place = f"{verb}: the parameter {name} of {_name(target)}"
            conversions[name] = _argument(place, unused.pop(name), wanted, default)
        elif _is_dataclass(wanted):
            conversions[name] = _constructed(wanted, _arguments(verb, unused, wanted))
        elif default is EMPTY:
            raise TypeError(f"{verb}: no field gives the parameter {name} of {_name(target)}")
    return lambda values, path: {name: convert(values, path) for name, convert in conversions.items()}


def _parameters(target: Callable[..., object]) -> dict[str, tuple[Any, object]]:
    """Return the types and defaults of a command's keyword-only parameters, or of a dataclass's fields."""
    types = get_type_hints(target)
    return {
        name: (types[name], parameter.default)
        for name, parameter in inspect.signature(target).parameters.items()
        if isinstance(target, type) or parameter.kind is parameter.KEYWORD_ONLY
    }


def _argument(place: str, given: Given, wanted: Any, default: object) -> Conversion:  # noqa: ANN401 -- an annotation
    """Return a function that makes an argument from an input. Raises TypeError, naming the place, for another type."""
    field, plain = given.field, without_none(given.type)
    convert = _conversion(place, plain, without_none(wanted), field.metadata.get(KIND))
    if convert is None:
        raise TypeError(f"{place} takes {wanted}, the field {field.name} gives {given.type}")
    instead = None
    if plain is not given.type and without_none(wanted) is wanted:
        instead = next((one for one in (field.default, default) if one not in {MISSING, UNSET, EMPTY}), None)
        if instead is None:
            raise TypeError(f"{place} takes no null, the field {field.name} may be null")

    def make(values: object, path: Path) -> object:
        value = getattr(values, field.name)
        return instead if value is None or value is UNSET else convert(value, (*path, field.name))

    return make


def _conversion(place: str, given: Any, wanted: Any, kind: str | None) -> Conversion | None:  # noqa: ANN401 -- annotations
    """Return a function that converts a value to another type; None where there is none."""
    if get_origin(given) is list and get_origin(wanted) in {Sequence, tuple}:
        return _items(_conversion(place, get_args(given)[0], get_args(wanted)[0], kind), get_origin(wanted))
    if given is ID:
        return _key(kind) if kind and wanted is UUID else None
    if wanted in {given, getattr(given, "__supertype__", None)}:
        return lambda value, _: value
    if (given, wanted) == (float, Decimal):
        return lambda value, _: Decimal(repr(value))
    if _is_dataclass(given) and _is_dataclass(wanted):
        return _constructed(wanted, arguments_of(place, given, wanted))
    return None


def _items(convert: Conversion | None, wanted: object) -> Conversion | None:
    """Return a function that converts a list's items, to a tuple where that is wanted."""
    collect = tuple if wanted is tuple else list
    return convert and (lambda values, path: collect(convert(value, path) for value in values))


def _constructed(wanted: Callable[..., object], arguments: Conversion) -> Conversion:
    """Return a function that constructs a dataclass from its arguments."""
    return lambda values, path: wanted(**arguments(values, path))


def _key(kind: str) -> Conversion:
    """Return a function that converts a global id of the kind to a key."""

    def convert(text: str, path: Path) -> UUID:
        try:
            return node_uuid(kind, text)
        except MalformedId as error:
            error.path = path
            raise

    return convert


def without_none(annotation: Any) -> Any:  # noqa: ANN401 -- an annotation
    """Return an annotation without None; the same object where it has none."""
    if get_origin(annotation) not in {Union, UnionType}:
        return annotation
    others = [one for one in get_args(annotation) if one is not NoneType]
    return annotation if len(others) == len(get_args(annotation)) else reduce(or_, others)


def _is_dataclass(annotation: object) -> TypeGuard[type]:
    return isinstance(annotation, type) and is_dataclass(annotation)


def _name(target: Callable[..., object]) -> str:
    return target.__name__
