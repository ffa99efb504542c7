"""The cost of an operation: how many JSON objects its answer can hold, and what is done to find them.

Every object of the answer counts one: an entity, a connection, an edge, a page's information. What stands in a list
counts once for each item: as many as the page asks for (`first` or `last`, 20 where neither is given), as many as
there are `ids` or `representations`, or units of time in a period, and ten in any other list, whose length the data
decides. What is nested multiplies. Where a size is a variable, its coerced value counts. A field selected twice counts
twice; @skip and @include are passed over; the schema's own fields cost nothing, having limits of their own.

Conditions, counts, orders, texts and instants cost what `graph.limits.prices` says: whole where the field is in no
list, and for each unit of time; a share for each item where it is in another list.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    OperationDefinitionNode,
    SelectionNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_interface_type,
    is_list_type,
    is_object_type,
    value_from_ast_untyped,
)

from graph.limits.prices import (
    FIELDS,
    PAST,
    PAST_TIMES,
    SHARE,
    SNIPPET,
    Amount,
    in_the_past,
    price,
    total,
    variables_in,
)
from services.reads.page_plan import PAGE_DEFAULT
from services.reads.units import MOST_UNITS, count_units
from services.tallies.enums import TimeUnit

LIST_ESTIMATE = 10
PAGE_SIZES = ("first", "last")
NAMES = ("ids", "representations")


def amount(value: Amount, variables: Mapping[str, Any]) -> int:
    """Return an amount for coerced variables."""
    return value if isinstance(value, int) else value(variables)


def product(size: Amount, value: Amount) -> Amount:
    """Return the product; a number unless a factor depends on variables."""
    if isinstance(value, int):
        return size * value if isinstance(size, int) else lambda variables: size(variables) * value
    return lambda variables: amount(size, variables) * value(variables)


@dataclass(frozen=True, slots=True)
class Objects:
    """What selections come to: some objects once, some for each item of the page that they stand in."""

    once: Amount = 0
    each: Amount = 0
    beside: Amount = 0
    """What is charged beside objects, outside lists."""


class CostReader:
    """Finds the cost of valid operations of one document; each fragment is looked at once."""

    def __init__(
        self, schema: GraphQLSchema, fragments: Mapping[str, FragmentDefinitionNode], order: Iterable[str]
    ) -> None:
        """Take the fragments in an order in which each follows those that it spreads."""
        self._schema = schema
        self._known: dict[str, Objects] = {}
        for name in order:
            fragment = fragments[name]
            type_ = schema.type_map[fragment.type_condition.name.value]
            self._known[name] = self._objects(fragment.selection_set.selections, type_)

    def cost(self, operation: OperationDefinitionNode) -> Amount:
        """Return the cost of an operation, the root object left out."""
        root = self._schema.get_root_type(operation.operation)
        if root is None:
            return 0
        whole = self._objects(operation.selection_set.selections, root)
        return total([whole.once, whole.beside])

    def _objects(self, selections: Iterable[SelectionNode], type_: GraphQLNamedType) -> Objects:
        parts = [self._selected(node, type_) for node in selections]
        return Objects(
            total([part.once for part in parts]),
            total([part.each for part in parts]),
            total([part.beside for part in parts]),
        )

    def _selected(self, node: Any, type_: GraphQLNamedType) -> Objects:  # noqa: ANN401 -- any selection node
        if isinstance(node, FragmentSpreadNode):
            return self._known[node.name.value]
        if isinstance(node, FieldNode):
            return self._field(node, type_)
        condition = node.type_condition
        inside = self._schema.type_map[condition.name.value] if condition else type_
        return self._objects(node.selection_set.selections, inside)

    def _field(self, node: FieldNode, type_: GraphQLNamedType) -> Objects:
        if node.selection_set is None:
            return scalar(node, type_)
        if not (is_object_type(type_) or is_interface_type(type_)):
            return Objects()
        field = type_.fields.get(node.name.value)
        if field is None:
            return Objects()
        inner = self._objects(node.selection_set.selections, get_named_type(field.type))
        size = size_of(field, node)
        if "unit" in field.args:
            return past(Objects(product(units(node), total([1, inner.once, inner.beside]))), in_the_past(node))
        if is_list_type(get_nullable_type(field.type)):
            one = total([1, inner.once, share(inner.beside)])
            found = Objects(each=one) if is_page(type_) else Objects(product(size, one))
        else:
            beside = total([price(field, node), inner.beside])
            found = Objects(total([1, inner.once, product(size, inner.each)]), beside=beside)
        return past(found, in_the_past(node))


def scalar(node: FieldNode, type_: GraphQLNamedType) -> Objects:
    """Return what a field without a selection comes to."""
    name = node.name.value
    if name in FIELDS and is_page(type_):
        return Objects(beside=FIELDS[name])
    return Objects(SNIPPET) if name == "snippet" else Objects()


def share(beside: Amount) -> Amount:
    """Return the part of a price that each item of a list costs."""
    return beside // SHARE if isinstance(beside, int) else lambda variables: beside(variables) // SHARE


def past(found: Objects, then: bool | Callable[[Mapping[str, Any]], bool]) -> Objects:
    """Return what a field comes to that may tell of an instant."""
    if isinstance(then, bool):
        if not then:
            return found
        beside = total([PAST, product(PAST_TIMES, found.beside)])
        return Objects(product(PAST_TIMES, found.once), product(PAST_TIMES, found.each), beside)

    def then_or_now(present: Amount, added: int = 0) -> Amount:
        """Return an amount that is another as of an instant."""
        if present == 0 and not added:
            return 0
        if isinstance(present, int):
            past_ = added + PAST_TIMES * present
            return lambda variables: past_ if then(variables) else present
        return lambda variables: added + PAST_TIMES * present(variables) if then(variables) else present(variables)

    return Objects(then_or_now(found.once), then_or_now(found.each), then_or_now(found.beside, PAST))


def is_page(type_: GraphQLNamedType) -> bool:
    """Return whether the lists of a type are as long as its page."""
    return type_.name.endswith("Connection")


def size_of(field: GraphQLField, node: FieldNode) -> Amount:
    """Return how many items a list or connection has."""
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    if "first" in field.args:
        return page_size([given[name] for name in PAGE_SIZES if name in given])
    names = next((given[name] for name in NAMES if name in field.args), None)
    return LIST_ESTIMATE if names is None else count(names)


def units(node: FieldNode) -> Amount:
    """Return how many units of time a field has, by its period and its unit; as many as can be where they are wrong."""
    given = {argument.name.value: argument.value for argument in node.arguments or ()}

    def of_values(variables: Mapping[str, Any]) -> int:
        period, unit = (value_from_ast_untyped(given[name], dict(variables)) for name in ("period", "unit"))
        try:
            since, until = (date.fromisoformat(str(period[end])) for end in ("from", "until"))
            return min(count_units(since, until, TimeUnit(unit)), MOST_UNITS)
        except (KeyError, TypeError, ValueError):
            return MOST_UNITS

    return of_values if any(variables_in(value) for value in given.values()) else of_values({})


def page_size(values: list[ValueNode]) -> Amount:
    """Return the size of a page by what is given for it; null and an absent variable leave it at 20."""
    names = [value.name.value for value in values if isinstance(value, VariableNode)]
    fixed = [max(int(value.value), 0) for value in values if isinstance(value, IntValueNode)]
    if not names:
        return max(fixed, default=PAGE_DEFAULT)

    def of_variables(variables: Mapping[str, Any]) -> int:
        sizes = fixed + [size for name in names if (size := variables.get(name)) is not None]
        return max(0, *sizes) if sizes else PAGE_DEFAULT

    return of_variables


def count(value: ValueNode) -> Amount:
    """Return how many items are given for a list; a single value is a list of one."""
    if isinstance(value, VariableNode):
        name = value.name.value
        return lambda variables: len(variables.get(name) or ())
    if isinstance(value, ListValueNode):
        return len(value.values)
    return 0 if isinstance(value, NullValueNode) else 1
