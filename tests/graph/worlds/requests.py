"""Requests at random of every kind: queries, look-ups by id, entities of a federation, exports, subscriptions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from graphql import (
    DocumentNode,
    GraphQLField,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    OperationDefinitionNode,
    SelectionNode,
    get_named_type,
)
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis_graphql import queries

from graph.exports.export import ExportRequest
from graph.exports.lists import LISTS
from services.reads.catalogue.entities import NODES
from tests.graph.oracle.documents import CHOICES, SCALARS, Writer
from tests.graph.oracle.values import CODES, NAMED, Known, Values
from tests.graph.worlds.changes import Changes

KINDS = (
    *("query", "query", "node", "query", "query", "export", "subscription"),
    *("query", "query", "entities", "query", "query", "export"),
)
"""The kinds of requests by turns."""
AGAIN = 4
"""How often a document is asked about other things by their keys; it is prepared once."""
OFTEN = 5
"""How often an id that only the second world has is drawn for once that one of both is."""


@dataclass(frozen=True)
class Asked:
    """A request: a document with variables, or what is exported."""

    kind: str
    text: str = ""
    variables: Mapping[str, Any] | None = None
    operation_name: str | None = None
    export: ExportRequest | None = None


def structures(schema: GraphQLSchema, number: int, of: int) -> list[DocumentNode]:
    """Return so many structures of queries, the same for the same seed. They are slow to draw."""
    found: list[DocumentNode] = []

    @seed(of)
    @settings(max_examples=number, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(queries(schema, custom_scalars=SCALARS, print_ast=lambda node: node))
    def collect(structure: DocumentNode) -> None:
        found.append(structure)

    collect()
    return found


def known_of_all(known: Known, made: Sequence[Changes]) -> Known:
    """Return what the first world holds, with the ids and the texts of what is in second ones alone."""
    ids = {name: list(found) for name, found in known.ids.items()}
    for entity in NODES.values():
        if entity.key_type == "uuid":
            new = dict.fromkeys(key for changes in made for key in changes.new.get(entity.source, ()))
            ids[entity.name] += [f"{entity.prefix}_{key}" for key in new] * OFTEN
    topics = [row["number"] for changes in made for row in changes.second.rows["topic"]]
    numbers = dict.fromkeys(number for number in topics if number[:2] in {"N-", "H-"})
    subjects = dict.fromkeys(row["subject"] for changes in made for row in changes.second.rows["role_grant"])
    texts = {
        **known.texts,
        "topic.number": [*known.texts["topic.number"], *numbers],
        "role_grant.subject": [*known.texts["role_grant.subject"], *subjects],
    }
    return Known(ids, texts, known.orders)


class Requests:
    """Draws requests over the whole schema, by a seed."""

    def __init__(
        self, plain: GraphQLSchema, federated: GraphQLSchema, documents: Sequence[DocumentNode], known: Known, of: str
    ) -> None:
        self._plain = plain
        self._federated = federated
        self._known = known
        self._random = Random(of)  # noqa: S311 -- to be drawn again by its seed
        self._documents = documents

    def draw(self) -> Iterator[Asked]:
        """Yield requests without end."""
        while True:
            for kind in KINDS:
                yield from getattr(self, f"_{kind}")()

    def _writer(self, schema: GraphQLSchema) -> Writer:
        return Writer(schema, Values(self._random.randbytes(CHOICES), self._known))

    def _query(self) -> Iterator[Asked]:
        """Yield a query of one of the structures, or of one root field and what grows beneath it."""
        (operation,) = self._random.choice(self._documents).definitions
        assert isinstance(operation, OperationDefinitionNode)
        selected: tuple[SelectionNode, ...] = tuple(operation.selection_set.selections)
        writer = self._writer(self._plain)
        if self._random.randrange(3):
            selected = ()
            while not selected:
                name = self._random.choice(list(self._query_fields))
                selected = tuple(writer.node(name, self._query_fields[name]))
        query = self._plain.query_type
        assert query is not None
        body = writer.selections(selected, query, root=True)
        declared = f" ({', '.join(writer.declared)})" if writer.declared else ""
        yield Asked("query", "\n".join([f"query Q{declared} {body}", *writer.fragments]), writer.sent, "Q")

    @property
    def _query_fields(self) -> Mapping[str, GraphQLField]:
        query = self._plain.query_type
        assert query is not None
        fields: Mapping[str, GraphQLField] = query.fields
        return fields

    def _node(self) -> Iterator[Asked]:
        """Yield look-ups of one thing or several by their ids, seen or not, there or not, now or as of an instant."""
        writer = self._writer(self._plain)
        body = self._of_anything(writer)
        several = bool(self._random.randrange(2))
        field, type_ = ("nodes(ids: $r)", "[ID!]!") if several else ("node(id: $r)", "ID!")
        for _ in range(AGAIN):
            ids = [self._id() for _ in range(self._random.randrange(1, 30))]
            yield self._whole("node", writer, field, type_, ids if several else ids[0], body)

    def _id(self) -> str:
        found = self._random.choice(self._known.ids[self._random.choice(list(NODES))])
        return f"{found}@{self._random.choice(NAMED)}" if self._random.randrange(4) == 0 else found

    def _of_anything(self, writer: Writer) -> str:
        """Return a selection of fragments on some of the things that have an id."""
        union = self._federated.type_map["_Entity"]
        assert isinstance(union, GraphQLUnionType)
        parts = writer._parts(union)  # noqa: SLF001 -- the same generator's
        some = tuple(part for part in parts if self._random.randrange(2))
        return writer.selections(some or parts[:1], union)

    def _whole(self, kind: str, writer: Writer, field: str, type_: str, value: object, body: str) -> Asked:
        """Return a request of one root field with the argument $r."""
        declared = ", ".join([*writer.declared, f"$r: {type_}"])
        text = "\n".join([f"query Q ({declared}) {{ {field} {body} }}", *writer.fragments])
        return Asked(kind, text, {**writer.sent, "r": value}, "Q")

    def _entities(self) -> Iterator[Asked]:
        """Yield what a federation's router asks for: things by their keys, any of them hidden or missing."""
        writer = self._writer(self._federated)
        body = self._of_anything(writer)
        for _ in range(AGAIN):
            named = [self._representation() for _ in range(self._random.randrange(1, 30))]
            yield self._whole("entities", writer, "_entities(representations: $r)", "[_Any!]!", named, body)

    def _representation(self) -> dict[str, str]:
        name = self._random.choice(list(NODES))
        natural = {"Topic": ("number", "topic.number"), "Platform": ("code", "platform.code"),
                   "Department": ("code", "department.code")}  # fmt: skip
        if name in natural and self._random.randrange(2):
            key, texts = natural[name]
            return {"__typename": name, key: self._random.choice(self._known.texts[texts])}
        return {"__typename": name, "id": self._random.choice(self._known.ids[name])}

    def _export(self) -> Iterator[Asked]:
        """Yield an export with a filter and an order of its list."""
        name = self._random.choice(list(LISTS))
        values = Values(self._random.randbytes(CHOICES), self._known)
        arguments = self._query_fields[name].args if name in self._query_fields else {}
        drawn = {
            argument: values.value(arguments[argument].type, (name, argument), 0)
            for argument in ("filter", "orderBy")
            if argument in arguments and values.chance(60)
        }
        leaves = [*LISTS[name], *self._leaves(name)]
        fields = self._random.sample(leaves, self._random.randrange(min(8, len(leaves)))) or ()
        asked = ExportRequest(
            name, self._random.choice(("csv", "jsonl")), drawn.get("filter"), drawn.get("orderBy"), tuple(fields)
        )
        yield Asked("export", export=asked)

    def _leaves(self, name: str) -> list[str]:
        connection = get_named_type(self._query_fields[name].type)
        assert isinstance(connection, GraphQLObjectType)
        item = get_named_type(connection.fields["nodes"].type)
        assert isinstance(item, GraphQLObjectType)
        return [field for field, one in item.fields.items() if not hasattr(get_named_type(one.type), "fields")]

    def _subscription(self) -> Iterator[Asked]:
        """Yield subscriptions that begin after an event, seen or not, there or not."""
        subscription = self._plain.subscription_type
        assert subscription is not None
        name = self._random.choice(list(subscription.fields))
        type_ = get_named_type(subscription.fields[name].type)
        writer = self._writer(self._plain)
        parts = tuple(
            part
            for field in ("eventId", "type", "topic", "receipt")
            if field in type_.fields
            for part in writer.node(field, type_.fields[field])
        )
        body = writer.selections(parts, type_)
        given = f'within: "{self._random.choice(CODES[:7])}"'
        if name == "noticeChanged":
            given = f'department: "{self._random.choice(self._known.texts["department.code"])}"'
        writer.declared.append("$after: ID")
        text = f"subscription Q ({', '.join(writer.declared)}) {{ {name}({given}, after: $after) {body} }}"
        for _ in range(AGAIN // 2):
            after = self._random.choice(self._known.texts["event.id"])
            yield Asked("subscription", "\n".join([text, *writer.fragments]), {**writer.sent, "after": after}, "Q")
