"""The codes of refusals, as the schema and docs/api.md tell them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from graph.enums import as_enum
from graph.limits.messages import FULL, MESSAGES, SPENT
from services.core import tokens  # noqa: F401 -- its refusals are told, too
from services.core.codes import Code
from services.core.errors import DomainError
from services.core.meanings import UNFIT
from services.core.words import Words
from services.migrations.tables import REFUSALS

GENERATED = re.compile(r"(<!-- codes, by `make codes` -->\n).*?(\n<!-- end -->)", re.DOTALL)


def classes(base: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    """Yield the kinds of refusals of the domain."""
    for kind in base.__subclasses__():
        if kind.__module__.startswith("services."):
            yield kind
        yield from classes(kind)


def messages() -> Mapping[Code, Sequence[Words]]:
    """Return what is told of each code, without the constraints that keep the database whole; each message once."""
    found: defaultdict[Code, dict[Words, None]] = defaultdict(dict)
    for kind in sorted(classes(), key=lambda one: one.__name__):
        if isinstance(kind.code, Code):
            own = {"words": getattr(kind, "words", None), **vars(kind)}
            found[kind.code] |= dict.fromkeys(one for one in own.values() if isinstance(one, Words))
    for refusal in REFUSALS.values():
        if refusal.code not in GENERAL and isinstance(refusal.words, Words):
            found[refusal.code][refusal.words] = None
    for name, words in MESSAGES.items():
        found[Code[f"LIMIT_{name.upper()}"]][words] = None
    found[Code.LIMIT_BUDGET][SPENT] = None
    found[Code.LIMIT_AT_ONCE][FULL] = None
    found[Code.CONSTRAINT_VIOLATED][UNFIT] = None
    return {code: tuple(told) for code, told in found.items()}


GENERAL = frozenset({Code.CONFLICT, Code.DUPLICATE_ID, Code.INVALID_INPUT, Code.INVALID_STATE, Code.NOT_FOUND})
"""Codes of which most constraints have one: they say it in a sentence of their own each."""


def declared() -> type[Code]:
    """Return the codes as an enum of the schema; the description of one that says one thing alone ends with that."""
    told = messages()
    enum = as_enum(Code, "ErrorCode")
    for value in enum.__strawberry_definition__.values:  # type: ignore[attr-defined]  # of every enum
        code = Code[value.name]
        if code.description.endswith(").") and len(told.get(code, ())) == 1:
            value.description = f"{code.description} {told[code][0].english}"
    return enum


def table() -> str:
    """Return the table of codes: the parameters and the messages of each."""
    told = messages()
    rows = [("code", "parameters", "says")]
    for code in sorted(Code):
        words = told.get(code, ())
        names = dict.fromkeys(name for one in words for name in sorted(one.places))
        said = [f"{one.english}<br>{one.chinese}" for one in words]
        sentence = code.description.removeprefix(f"{code.label} ({code.english}).").strip()
        says = "<br>".join(filter(None, [sentence or ("" if said else code.label), *said]))
        rows.append((f"`{code}`", ", ".join(f"`{_camel(name)}`" for name in names), _shown(says)))
    head, *others = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join((head, "|---|---|---|", *others))


def filled(page: str) -> str:
    """Return the page with that part made anew."""
    return GENERATED.sub(lambda found: found[1] + table() + found[2], page)


def _shown(text: str) -> str:
    """Return messages with their places as readers know them: `{year}`, without how they are formatted."""
    return re.sub(r"\{(\w+)[^}]*\}", lambda place: f"{{{_camel(place[1])}}}", text)


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
