"""A command's arguments, made of an input's fields; that they fit is settled when the verb is declared."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
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
Maker: TypeAlias = Callable[[Any, Path], Any]
"""Makes something of a value and the path that leads to it. Raises MalformedId."""
Fields: TypeAlias = dict[str, tuple[Field[Any], Any]]
"""Fields of an input with their types, by the parameters that they give."""

EMPTY = inspect.Parameter.empty
KEY = "idempotency_key"


def arguments_of(verb: str, declared: type, target: Callable[..., object]) -> Maker:
    """Return what makes the arguments by keyword of a command, or of a dataclass, of an input.

    A field gives the parameter of its name; one that refers to a `topic` gives `topic_id`, one that refers to
    `topics` gives `topic_ids`. A parameter that is a dataclass takes a nested input, or those fields that its own
    fields name. A null is passed on where the parameter takes it; elsewhere it stands for the default of the field
    or of the parameter.

    Raises TypeError, naming the verb and the parameter, unless each field gives a parameter of its type and each
    parameter without a default is given.
    """
    types = get_type_hints(declared)
    left = {_parameter(field, types[field.name]): (field, types[field.name]) for field in fields(declared)}
    left.pop(KEY, None)
    made = _arguments(verb, left, target)
    for name, (field, _) in left.items():
        raise TypeError(f"{verb}: {_name(target)} has no parameter {name} for the field {field.name}")
    return made


def _parameter(field: Field[Any], type_: Any) -> str:  # noqa: ANN401 -- an annotation
    """Return the name of the parameter that a field gives."""
    if KIND not in field.metadata:
        return field.metadata.get(INTO) or field.name
    is_list = get_origin(_without_null(type_)[0]) is list
    return f"{field.name.removesuffix('s')}_ids" if is_list else f"{field.name}_id"


def _arguments(verb: str, left: Fields, target: Callable[..., object]) -> Maker:
    """Return what makes a target's arguments of the fields that are left, and take those that it needs from them."""
    makers: dict[str, Maker] = {}
    for name, (wanted, default) in _parameters(target).items():
        if name in left:
            makers[name] = _argument(
                f"{verb}: the parameter {name} of {_name(target)}", left.pop(name), wanted, default
            )
        elif _is_made(wanted):
            makers[name] = _made(wanted, _arguments(verb, left, wanted))
        elif default is EMPTY:
            raise TypeError(f"{verb}: no field gives the parameter {name} of {_name(target)}")
    return lambda values, path: {name: maker(values, path) for name, maker in makers.items()}


def _parameters(target: Callable[..., object]) -> dict[str, tuple[Any, object]]:
    """Return the types and defaults of a command's parameters by keyword, or of a dataclass's fields."""
    types = get_type_hints(target)
    return {
        name: (types[name], parameter.default)
        for name, parameter in inspect.signature(target).parameters.items()
        if isinstance(target, type) or parameter.kind is parameter.KEYWORD_ONLY
    }


def _argument(place: str, given: tuple[Field[Any], Any], wanted: Any, default: object) -> Maker:  # noqa: ANN401 -- an annotation
    """Return what makes an argument of an input's field. Raises TypeError, naming the place, where it does not fit."""
    field, type_ = given
    (plain, has_null), (taken, takes_null) = _without_null(type_), _without_null(wanted)
    convert = _conversion(place, plain, taken, field.metadata.get(KIND))
    if convert is None:
        raise TypeError(f"{place} takes {wanted}, the field {field.name} gives {type_}")
    defaults = [None] if takes_null else [one for one in (field.default, default) if one not in {MISSING, UNSET, EMPTY}]
    if has_null and not defaults:
        raise TypeError(f"{place} takes no null, the field {field.name} may be null")
    instead = defaults[0] if has_null else None

    def make(values: object, path: Path) -> object:
        value = getattr(values, field.name)
        return instead if value is None or value is UNSET else convert(value, (*path, field.name))

    return make


def _conversion(place: str, given: Any, wanted: Any, kind: str | None) -> Maker | None:  # noqa: ANN401 -- annotations
    """Return what makes one type of another, None where nothing does."""
    if get_origin(given) is list and get_origin(wanted) in {Sequence, tuple}:
        return _items(_conversion(place, get_args(given)[0], get_args(wanted)[0], kind), get_origin(wanted))
    if given is ID:
        return _key(kind) if kind and wanted is UUID else None
    if wanted in {given, getattr(given, "__supertype__", None)}:
        return lambda value, _: value
    if (given, wanted) == (float, Decimal):
        return lambda value, _: Decimal(repr(value))
    if _is_made(given) and _is_made(wanted):
        return _made(wanted, arguments_of(place, given, wanted))
    return None


def _items(convert: Maker | None, wanted: object) -> Maker | None:
    """Return what makes a list, or a tuple where that is wanted, of a list's items converted."""
    make = tuple if wanted is tuple else list
    return convert and (lambda values, path: make(convert(value, path) for value in values))


def _is_made(annotation: object) -> TypeGuard[type]:
    """Return whether a type is a dataclass, as nested inputs and what commands take of them are."""
    return isinstance(annotation, type) and is_dataclass(annotation)


def _made(wanted: Callable[..., object], arguments: Maker) -> Maker:
    """Return what makes a dataclass of its arguments."""
    return lambda values, path: wanted(**arguments(values, path))


def _key(kind: str) -> Maker:
    """Return what makes a key of a global id of the kind."""

    def make(text: str, path: Path) -> UUID:
        try:
            return node_uuid(kind, text)
        except MalformedId as error:
            error.path = path
            raise

    return make


def _without_null(annotation: Any) -> tuple[Any, bool]:  # noqa: ANN401 -- an annotation
    """Return a type without None, and whether it had it."""
    if get_origin(annotation) not in {Union, UnionType}:
        return annotation, False
    others = tuple(one for one in get_args(annotation) if one is not NoneType)
    return reduce(or_, others), others != get_args(annotation)


def _name(target: Callable[..., object]) -> str:
    return target.__name__
