"""What to look at in what a verb wrote or published for everybody to read. It refuses nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import Field, fields, is_dataclass
from typing import Any, get_args, get_type_hints

import strawberry

from graph.enums import as_enum
from graph.errors import camel
from graph.inputs.fields import BOUND, PRIVATE
from graph.language import language
from services.core import words as told
from services.core.bounds import CODE, URL, Items, Text
from services.core.choices import Choice
from services.core.personal import PersonalData, find_personal_data
from services.topics.publication import Words

NAMES = {
    PersonalData.TELEPHONE_NUMBER: "a telephone number",
    PersonalData.IDENTITY_NUMBER: "an identity number",
    PersonalData.BANK_CARD_NUMBER: "a bank card number",
    PersonalData.EMAIL_ADDRESS: "an e-mail address",
}
SEEMS = told.Words(
    "{field} seems to have {what}, {snippet}; everybody reads it, or will.",
    "{field}中似有{what}（{snippet}），公众可以或将可以看到。",
)
MOST = 100
"""So many warnings a payload has."""

as_enum(PersonalData, "PersonalDataKind")


@as_enum
class WarningCode(Choice):
    """提示代码: what a warning is of."""

    PERSONAL_DATA = (
        "PERSONAL_DATA",
        "个人信息",
        "Personal data",
        "A text seems to have some.",
    )


@strawberry.type(
    description="提示: something to look at in a text that everybody reads, or will. Nothing is refused for it; what "
    "is found is probable, and what is not found may be there."
)
class MutationWarning:
    """Something to look at."""

    code: WarningCode
    message: str
    path: list[str] = strawberry.field(
        description="Leads to the field of the input; where the verb published what was written before, to that of the "
        "thing."
    )
    kind: PersonalData
    snippet: str = strawberry.field(description="What it looks like, masked.")


def warnings_of(values: Any, published: Iterable[Words] = ()) -> list[MutationWarning]:  # noqa: ANN401 -- any input
    """Return what to look at in the public texts of an input and in what else a verb published: at most 100."""
    found = [
        MutationWarning(
            code=WarningCode.PERSONAL_DATA,
            message=SEEMS(field=name, what=told.Words(NAMES[one.kind], one.kind.label), snippet=one.snippet).told(
                language()
            ),
            path=[camel(step) for step in path],
            kind=one.kind,
            snippet=one.snippet,
        )
        for path, name, text in (*_public_texts(values), *((path, _name(path), text) for path, text in published))
        for one in find_personal_data(text)
    ]
    return found[:MOST]


def has_public_text(declared: type) -> bool:
    """Tell whether an input, or one within it, has a text that everybody reads once it is written."""
    hints = get_type_hints(declared)
    return any(
        _is_public(field) or any(map(has_public_text, _inputs_in(hints[field.name]))) for field in fields(declared)
    )


def _inputs_in(hint: Any) -> Iterator[type]:  # noqa: ANN401 -- a type hint
    """Yield the input types in a field's type."""
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint
    for inner in get_args(hint):
        yield from _inputs_in(inner)


def _is_public(field: "Field[Any]") -> bool:
    """Tell whether an input's field is a text that everybody reads once it is written: prose, a name or an address."""
    bound = field.metadata.get(BOUND)
    bound = bound.each if isinstance(bound, Items) else bound
    words = isinstance(bound, Text) and (bound.form is None or bound is URL) and bound is not CODE
    return words and not field.metadata.get(PRIVATE)


def _public_texts(values: Any, *path: str, name: str = "") -> Iterator[tuple[tuple[str, ...], str, str]]:  # noqa: ANN401 -- any input
    """Yield the public texts of an input, each with its path and what it is called."""
    for field in fields(values):
        step = field.name.rstrip("_")
        inner, called = (*path, step), f"{name}.{camel(step)}".lstrip(".")
        value = getattr(values, field.name)
        items = (
            [(one, f"{called}[{at}]") for at, one in enumerate(value)] if isinstance(value, list) else [(value, called)]
        )
        for one, at in items:
            if is_dataclass(one):
                yield from _public_texts(one, *inner, name=at)
            elif isinstance(one, str) and _is_public(field):
                yield inner, at, one


def _name(path: tuple[str, ...]) -> str:
    return ".".join(map(camel, path))
