"""What is charged beside objects: for conditions, counts, orders, texts and instants, by what they take in SQL.

One is about a microsecond of PostgreSQL's on the seeded province; docs/limits.md tells how the prices were found.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from graphql import (
    EnumValueNode,
    FieldNode,
    GraphQLField,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    StringValueNode,
    ValueNode,
    VariableNode,
)

from services.reads.moments import names_instant

FILTER = 5_000
"""A filter: PostgreSQL may have to look at every row of the list."""
CONDITION = 1_000
"""Each value of a filter beside that."""
VALUE = 100
"""Each further value of a list in a filter: every row is compared with it."""
TEXT = 1_000
"""A search for words, in a filter too."""
ORDERS = dict.fromkeys(("sessionCount", "confirmedAt", "acceptedAt", "answeredAt", "submittedAt", "approvedAt"), 30_000)
"""Orders that no index has: every row's value is computed."""
COUNT = 1_000
"""`totalCount`: every row of the list is counted."""
SNIPPET = 100
"""An excerpt of one hit."""
FIGURES = 500
"""`statistics`: what is tallied and what is not is summed up."""
PAST = 50_000
"""A field as of an instant: what there was then is found among all that there has been."""
PAST_TIMES = 5
"""What all beneath such a field costs, in terms of what it costs in the present."""
SHARE = 10
"""In items of a list a price is divided by this: each reads a part."""

FIELDS = {"totalCount": COUNT, "statistics": FIGURES}
INSTANTS = ("asOf", "id", "ids", "by", "representations")
"""Arguments that give an instant, or whose ids may name one."""

Amount: TypeAlias = int | Callable[[Mapping[str, Any]], int]
"""A number, or a function of the coerced variables that returns it."""


class Sum:
    """A number and amounts that depend on variables, added up."""

    __slots__ = ("fixed", "varying")

    def __init__(self, fixed: int, varying: list[Callable[[Mapping[str, Any]], int]]) -> None:
        self.fixed = fixed
        self.varying = varying

    def __call__(self, variables: Mapping[str, Any]) -> int:
        """Return the sum for coerced variables."""
        found = self.fixed
        for part in self.varying:
            found += part(variables)
        return found


def total(parts: list[Amount]) -> Amount:
    """Return the sum; a number unless a part depends on variables."""
    fixed, varying = 0, list[Callable[[Mapping[str, Any]], int]]()
    for part in parts:
        if isinstance(part, int):
            fixed += part
        elif isinstance(part, Sum):
            fixed += part.fixed
            varying += part.varying
        else:
            varying.append(part)
    return Sum(fixed, varying) if varying else fixed


def price(field: GraphQLField, node: FieldNode) -> Amount:
    """Return what reading a field costs beside its objects, where it stands in no list."""
    parts: list[Amount] = [FIELDS.get(node.name.value, 0)]
    for argument in node.arguments or ():
        name = argument.name.value
        if name == "filter":
            parts.append(_of(argument.value, filter_written, filter_sent))
        elif name == "orderBy":
            parts.append(_of(argument.value, orders_written, orders))
        elif name == "text" and "first" in field.args:
            parts.append(TEXT)
    return total(parts)


def _of(value: ValueNode, written: Callable[[ValueNode], Amount], sent: Callable[[Any], int]) -> Amount:
    """Return the price of an argument, written in the document or sent as a variable."""
    if isinstance(value, VariableNode):
        name = value.name.value
        return lambda variables: sent(variables.get(name))
    return written(value)


def filter_sent(content: Any) -> int:  # noqa: ANN401 -- a coerced value
    """Return the price of a filter in coerced variables; nothing for one without conditions."""
    found = conditions(content)
    return found and FILTER + found


def filter_written(value: ValueNode) -> Amount:
    """Return the price of a filter in a document."""
    found = conditions_written(value)
    if isinstance(found, int):
        return found and FILTER + found

    def with_scan(variables: Mapping[str, Any]) -> int:
        varying = found(variables)
        return varying and FILTER + varying

    return with_scan


def conditions(content: Any) -> int:  # noqa: ANN401 -- a coerced value
    """Return the price of a filter, or of a part of it, in coerced variables."""
    if isinstance(content, list):
        if content and isinstance(content[0], dict):
            return sum([conditions(item) for item in content])
        return CONDITION + VALUE * len(content)
    if isinstance(content, dict):
        texts = TEXT if content.get("text") is not None else 0
        return texts + sum([conditions(inner) for inner in content.values()])
    return 0 if content is None else CONDITION


def conditions_written(value: ValueNode) -> Amount:
    """Return the price of a filter, or of a part of it, in a document."""
    if isinstance(value, VariableNode):
        return _of(value, conditions_written, conditions)
    if isinstance(value, NullValueNode):
        return 0
    if isinstance(value, ObjectValueNode):
        texts = [TEXT for field in value.fields if field.name.value == "text"]
        return total([*texts, *(conditions_written(field.value) for field in value.fields)])
    if isinstance(value, ListValueNode):
        if any(isinstance(item, ObjectValueNode | VariableNode) for item in value.values):
            return total([conditions_written(item) for item in value.values])
        return CONDITION + VALUE * len(value.values)
    return CONDITION


def orders(content: Any) -> int:  # noqa: ANN401 -- a coerced value
    """Return the price of an order in coerced variables."""
    return sum(ORDERS.get(name, 0) for element in content or () for name in element)


def orders_written(value: ValueNode) -> Amount:
    """Return the price of an order in a document."""
    elements = value.values if isinstance(value, ListValueNode) else [value]
    parts: list[Amount] = []
    for element in elements:
        if isinstance(element, VariableNode):
            parts.append(_of(element, orders_written, lambda content: orders([content or {}])))
        elif isinstance(element, ObjectValueNode):
            parts.append(sum(ORDERS.get(field.name.value, 0) for field in element.fields))
    return total(parts)


def in_the_past(node: FieldNode) -> bool | Callable[[Mapping[str, Any]], bool]:
    """Return whether a field tells of an instant, by `asOf` or by an id that names it."""
    names = []
    for argument in node.arguments or ():
        if argument.name.value in INSTANTS:
            if tells_of_instant(argument.value, plain=argument.name.value != "asOf"):
                return True
            names += variables_in(argument.value)
    if not names:
        return False
    if len(names) == 1:
        (only,) = names
        return lambda variables: instant_in(variables.get(only))
    return lambda variables: any(instant_in(variables.get(name)) for name in names)


def tells_of_instant(value: ValueNode, *, plain: bool) -> bool:
    """Return whether what is written gives an instant; with `plain` it is an id, which gives one behind its @."""
    match value:
        case StringValueNode() | EnumValueNode():
            return not plain or "@" in value.value
        case ListValueNode():
            return any(tells_of_instant(item, plain=plain) for item in value.values)
        case ObjectValueNode():
            return any(tells_of_instant(field.value, plain=plain) for field in value.fields)
        case _:
            return False


def variables_in(value: ValueNode) -> list[str]:
    """Return the names of the variables in a value."""
    match value:
        case VariableNode():
            return [value.name.value]
        case ListValueNode():
            return [name for item in value.values for name in variables_in(item)]
        case ObjectValueNode():
            return [name for field in value.fields for name in variables_in(field.value)]
        case _:
            return []


def instant_in(content: Any) -> bool:  # noqa: ANN401 -- a coerced value
    """Return whether a coerced value is an instant, or has an id that names one."""
    if isinstance(content, str):
        return "@" in content
    if isinstance(content, dict):
        return any(instant_in(inner) for inner in content.values())
    return hasattr(content, "tzinfo") or names_instant(content)
