"""What anybody may send: requests of schemathesis for each operation, and inputs made for each verb."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from random import Random
from typing import Any

import schemathesis
from graphql import (
    ArgumentNode,
    GraphQLSchema,
    IntValueNode,
    Node,
    ObjectFieldNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    introspection_from_schema,
    parse,
    print_ast,
    visit,
)
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.graphql import nodes

from tests.e2e.verbs import PLACE, TIMES, TOWN, every_verb
from tests.graph.ends.inputs import DAYS, INSTANTS, NEVER, edges, holding, places, verbs
from tests.graph.ends.office import KINDS, Office

SCALARS = {
    "Date": ("2026-05-01", "2024-02-29", *DAYS, *NEVER),
    "DateTime": (*TIMES, *INSTANTS, *NEVER),
    "DivisionCode": (PLACE, TOWN, "14", "99", "", "１４", "14\0"),
}
"""Values of the scalars that are ours, as they stand in a document."""
KNOWN_OF_TEN = 8
"""How many ids of ten are of things that there are."""
MOST_ENDS = 3
"""How many fields of one input are at an end or beyond it."""


def chance_of(*words: object) -> Random:
    """Return chances that are the same for the same words."""
    return Random(" ".join(map(str, words)))  # noqa: S311 -- no secret


def requests(schema: GraphQLSchema, count: int, *, wrong: bool, begin: int) -> list[tuple[str, bool]]:
    """Return so many documents over all queries and mutations, each with whether the schema itself refuses it.

    Of `wrong` ones those are not refused whose operation has nothing that could be wrong.
    """
    for name, values in SCALARS.items():
        schemathesis.graphql.scalar(name, st.sampled_from(values).map(nodes.String))
    read = schemathesis.graphql.from_dict({**introspection_from_schema(schema)})
    operations = [found.ok() for found in read.get_all_operations() if isinstance(found, Ok)]
    mode = GenerationMode.NEGATIVE if wrong else GenerationMode.POSITIVE
    drawn: list[tuple[str, bool]] = []

    @seed(begin)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(operations).flatmap(lambda one: one.as_strategy(generation_mode=mode)))
    def draw(case: Case[Any]) -> None:
        drawn.append((str(case.body), case.meta is not None and case.meta.generation.mode.is_negative))

    draw()
    return drawn


class _Naming(Visitor):
    """Puts ids of things that there are in the place of texts and numbers."""

    def __init__(self, types: TypeInfo, known: Mapping[str, list[str]], chance: Random) -> None:
        super().__init__()
        self._types = types
        self._known = known
        self._chance = chance
        self._names: list[str] = []

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        self._names.append(node.name.value)

    def leave_argument(self, *_: Any) -> None:
        self._names.pop()

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
        self._names.append(node.name.value)

    def leave_object_field(self, *_: Any) -> None:
        self._names.pop()

    def enter_string_value(self, node: StringValueNode, *_: Any) -> Node:
        return self._named(node)

    def enter_int_value(self, node: IntValueNode, *_: Any) -> Node:
        return self._named(node)

    def _named(self, node: Node) -> Node:
        type_ = self._types.get_input_type()
        if type_ is None or get_named_type(type_).name != "ID" or self._chance.random() * 10 >= KNOWN_OF_TEN:
            return node
        name = self._names[-1] if self._names else ""
        kind = KINDS.get(name, name.lower())
        known = self._known.get(kind) or [one for ids in self._known.values() for one in ids]
        return StringValueNode(value=self._chance.choice(known))


def naming(schema: GraphQLSchema, text: str, known: Mapping[str, list[str]], chance: Random) -> str:
    """Return a document with most of its ids replaced by those of things that there are."""
    types = TypeInfo(schema)
    return print_ast(visit(parse(text), TypeInfoVisitor(types, _Naming(types, known, chance))))


def inputs(office: Office, chance: Random) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give verbs with inputs, without end: of what is known, and with some fields at their ends and beyond."""
    types, made = verbs(office.schema), every_verb(office.schema)
    every = {verb: list(places(verb, type_)) for verb, type_ in types.items()}
    while True:
        verb = chance.choice(sorted(types))
        if chance.random() < 0.5:
            values = made[verb][1](office.known.choosing(chance.choices(range(8), k=12)))
        else:
            values = deepcopy(office.bases[verb][1])
        for place in chance.sample(every[verb], min(chance.randint(0, MOST_ENDS), len(every[verb]))):
            values = holding(values, types[verb], place.path)
            if found := list(edges(place, None)):
                values = place.put(values, chance.choice(found))
        yield verb, values
