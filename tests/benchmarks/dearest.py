"""The dearest requests that are permitted, found by their price: what an attacker would look for.

A search begins at a field at the top and changes a document at random; what makes it dearer is kept, as long as no
limit refuses it. Searches that begin elsewhere end with other documents of nearly the same price, of which the one that
takes longest is found by asking.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_object_type,
    is_required_argument,
)

from graph.operations import Operations, RequestRefused

LITERALS = {
    "Int": "100",
    "Float": "1.0",
    "Boolean": "true",
    "String": '"社区"',
    "DivisionCode": '"14"',
    "Date": '"2023-11-30"',
    "DateTime": '"2023-11-30T00:00:00Z"',
}
"""What is written for a scalar: of pages the largest, of places the whole province."""
CODES = {"department": '"qinshui-court"', "departments": '["qinshui-court"]'}
STEPS = 400
"""How often one search changes its document."""
WIDEST = 8
"""Conditions of one filter."""


@dataclass(eq=False)
class Asked:
    """A field with arguments and what is asked beneath it."""

    name: str
    type: Any
    arguments: dict[str, str] = field(default_factory=dict)
    beneath: list["Asked"] = field(default_factory=list)

    def copied(self) -> "Asked":
        """Return the same once more."""
        return Asked(self.name, self.type, {**self.arguments}, [one.copied() for one in self.beneath])

    def text(self, at: str = "a") -> str:
        """Return it as a document has it; each field has a key of its own, so that none are one."""
        given = ", ".join(f"{name}: {value}" for name, value in self.arguments.items())
        inner = " ".join(one.text(f"{at}{n}") for n, one in enumerate(self.beneath))
        twice = f"{at}: " if self.arguments else ""
        return f"{twice}{self.name}{f'({given})' if given else ''}{f' {{ {inner} }}' if inner else ''}"


class Search:
    """Looks for dear documents of one schema."""

    def __init__(self, schema: GraphQLSchema, operations: Operations, seed: int) -> None:
        self._schema = schema
        self._operations = operations
        self._chance = Random(seed)  # noqa: S311 -- no secret

    def dearest(self, root: str) -> tuple[int, str]:
        """Return the price and the text of the dearest document that was found from a field at the top on."""
        query = self._schema.query_type
        assert query is not None
        tree = [self._asked(root, query.fields[root], 2)]
        best, text = self._price(tree)
        for _ in range(STEPS):
            changed = [one.copied() for one in tree]
            self._change(changed, query)
            price, written = self._price(changed)
            if price > best:
                tree, best, text = changed, price, written
        return best, text

    def _price(self, tree: list[Asked]) -> tuple[int, str]:
        text = "{ " + " ".join(one.text(f"r{n}x") for n, one in enumerate(tree)) + " }"
        try:
            return self._operations.get(text, None).charge({}), text
        except RequestRefused:
            return -1, text

    def _change(self, tree: list[Asked], query: GraphQLObjectType) -> None:
        """Add a field, an argument or a field at the top, or take one away."""
        one = self._chance.choice([*every(tree)])
        match self._chance.choice(("beneath", "beneath", "argument", "argument", "top", "away")):
            case "beneath" if is_object_type(one.type):
                name = self._chance.choice(sorted(one.type.fields))
                one.beneath.append(self._asked(name, one.type.fields[name], 3))
            case "argument":
                self._argue(one, self._arguments_of(tree, one, query))
            case "top":
                name = self._chance.choice(sorted(set(query.fields) - {"nodes", "node", "_entities", "_service"}))
                tree.append(self._asked(name, query.fields[name], 3))
            case "away":
                for holder in every(tree):
                    if one in holder.beneath and len(holder.beneath) > 1:
                        holder.beneath.remove(one)
                        return
            case _:
                pass

    def _arguments_of(self, tree: list[Asked], one: Asked, query: GraphQLObjectType) -> Mapping[str, GraphQLArgument]:
        holder = next((each.type for each in every(tree) if one in each.beneath), query)
        fields: Mapping[str, GraphQLField] = getattr(holder, "fields", {})
        found: Mapping[str, GraphQLArgument] = fields[one.name].args if one.name in fields else {}
        return found

    def _argue(self, one: Asked, arguments: Mapping[str, GraphQLArgument]) -> None:
        """Give a field another argument, or another value of one."""
        takes = sorted(set(arguments) - {"after", "before", "last"})
        if takes:
            name = self._chance.choice(takes)
            one.arguments[name] = self._value(name, arguments[name].type, WIDEST)

    def _asked(self, name: str, definition: Any, depth: int) -> Asked:
        """Return a field with what it has to have, pages as large as they may be."""
        one = Asked(name, get_named_type(definition.type))
        for argument, takes in definition.args.items():
            if is_required_argument(takes) or argument in {"first", "by"}:
                one.arguments[argument] = self._value(argument, takes.type, 1)
        if is_object_type(one.type):
            fields = one.type.fields
            names = [each for each in ("nodes", "totalCount") if each in fields] or [
                self._chance.choice(sorted(fields))
            ]
            one.beneath = [self._asked(each, fields[each], depth - 1) for each in names if depth > 0]
            one.beneath = one.beneath or [Asked("__typename", None)]
        elif hasattr(one.type, "types") or hasattr(one.type, "interfaces"):
            one.beneath = [Asked("__typename", None)]
        return one

    def _value(self, name: str, type_: Any, width: int) -> str:
        """Return a literal."""
        named = get_named_type(type_)
        if name in CODES:
            return CODES[name]
        if isinstance(named, GraphQLEnumType):
            value: str = self._chance.choice(sorted(named.values))
        elif isinstance(named, GraphQLInputObjectType):
            count = 1 if named.is_one_of else self._chance.randint(1, max(1, min(width, len(named.fields))))
            chosen = self._chance.sample(sorted(named.fields), count)
            inner = (f"{each}: {self._value(each, named.fields[each].type, width // 2)}" for each in chosen)
            value = "{" + ", ".join(inner) + "}"
        else:
            value = LITERALS.get(named.name, '"topic_00000000-0000-7000-8000-000000000000"')
        if is_list_type(get_nullable_type(type_)):
            return f"[{', '.join([value] * (width if '{' in value else 1))}]"
        return value


def every(tree: list[Asked]) -> Iterator[Asked]:
    """Give the fields of a tree."""
    for one in tree:
        yield one
        yield from every(one.beneath)


def candidates(schema: GraphQLSchema, operations: Operations, count: int) -> list[tuple[int, str]]:
    """Return so many of the dearest documents that were found, the dearest first, from different fields at the top."""
    query = schema.query_type
    assert query is not None
    roots = sorted(set(query.fields) - {"nodes", "node", "_entities", "_service", "viewer"})
    found = [Search(schema, operations, n).dearest(roots[n % len(roots)]) for n in range(count)]
    return sorted(found, reverse=True)
