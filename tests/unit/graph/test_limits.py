"""The linear analyses against naive ones, which expand every fragment."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    Lexer,
    OperationDefinitionNode,
    SelectionNode,
    Source,
    TokenKind,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_list_type,
    parse,
    print_ast,
    validate,
)
from graphql.validation import (
    NoUnusedFragmentsRule,
    NoUnusedVariablesRule,
    OverlappingFieldsCanBeMergedRule,
    specified_rules,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.limits.cost import CostReader, amount
from graph.limits.document import Fragments, measure_document, measure_repeats
from graph.limits.prices import (
    CONDITION,
    COUNT,
    FIGURES,
    FILTER,
    ORDERS,
    PAST,
    PAST_TIMES,
    SHARE,
    SNIPPET,
    TEXT,
    VALUE,
)
from graph.limits.text import measure_text
from graph.limits.variables import measure_variables
from graph.schema import build_schema as build_real_schema
from services.reads.units import MOST_UNITS

SCHEMA = build_schema("""
  interface Node { id: ID! }
  type Query { thing: Thing  things(first: Int, last: Int): ThingConnection!  nodes(ids: [ID!]!): [Node]! }
  type Thing implements Node {
    id: ID!  name(of: String): String  one: Thing  list: [Thing!]!  things(first: Int, last: Int): ThingConnection!
  }
  type ThingConnection { nodes: [Thing!]!  edges: [ThingEdge!]!  pageInfo: PageInfo!  totalCount: Int! }
  type ThingEdge { node: Thing!  cursor: String! }
  type PageInfo { endCursor: String }
""")
FIELDS: dict[str, dict[str, str | None]] = {
    "Query": {"thing": "Thing", "things": "ThingConnection", "nodes": "Node", "__typename": None},
    "Node": {"id": None},
    "Thing": {"id": None, "name": None, "one": "Thing", "list": "Thing", "things": "ThingConnection"},
    "ThingConnection": {"nodes": "Thing", "edges": "ThingEdge", "pageInfo": "PageInfo", "totalCount": None},
    "ThingEdge": {"node": "Thing", "cursor": None},
    "PageInfo": {"endCursor": None},
}
SIZES = ["", "(first: 3)", "(last: 0)", "(first: $n)", "(first: null)", "(last: $absent)"]
IDS = ['(ids: ["a", "b"])', "(ids: [])", "(ids: $ids)", '(ids: "a")']
VARIABLES = {"n": 7, "ids": ["a", "b", "c"]}
ARGUMENTS: dict[str, list[str]] = {
    "things": SIZES,
    "Query.nodes": IDS,
    "name": ["", '(of: "{@a: ")', '(of: """ \\""" # {" """)'],
}
HEAD = "query ($n: Int, $absent: Int, $ids: [ID!]!) "
SKIPPED = {NoUnusedFragmentsRule, NoUnusedVariablesRule, OverlappingFieldsCanBeMergedRule}
RULES = [rule for rule in specified_rules if rule not in SKIPPED]


@st.composite
def selections(draw: st.DrawFn, type_: str, fragments: Mapping[str, str], depth: int) -> str:
    """Return a selection set over a type that may spread the fragments."""
    return f"{{ {' '.join(draw(st.lists(selection(type_, fragments, depth), min_size=1, max_size=3)))} }}"


@st.composite
def selection(draw: st.DrawFn, type_: str, fragments: Mapping[str, str], depth: int) -> str:
    """Return a field, a spread or an inline fragment."""
    usable = [name for name, on in fragments.items() if on == type_ or {on, type_} == {"Node", "Thing"}]
    kind = draw(st.sampled_from(["field", "field", "field", "spread", "inline"]))
    if kind == "spread" and usable:
        return f"...{draw(st.sampled_from(usable))} # {{ not: a @bracket\n"
    if kind == "inline" and depth:
        return f"... on {type_} @include(if: true) {draw(selections(type_, fragments, depth - 1))}"
    name = draw(st.sampled_from([name for name, inner in FIELDS[type_].items() if depth or inner is None] or ["x"]))
    if name == "x":
        return "__typename"
    alias = draw(st.sampled_from(["", "", "b: ", "id: "]))
    arguments = draw(st.sampled_from(ARGUMENTS.get(name) or ARGUMENTS.get(f"{type_}.{name}", [""])))
    inner = FIELDS[type_][name]
    return f"{alias}{name}{arguments}" + (f" {draw(selections(inner, fragments, depth - 1))}" if inner else "")


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Return a document in which each fragment spreads only those before it."""
    known: dict[str, str] = {}
    texts = []
    for name in draw(st.permutations(["A", "B", "C"])):
        on = draw(st.sampled_from(["Query", "Thing", "ThingConnection", "Node"]))
        texts.append(f"fragment {name} on {on} {draw(selections(on, known, 2))}")
        known[name] = on
    texts.append(HEAD + draw(selections("Query", known, 4)))
    return "\n".join(draw(st.permutations(texts)))


class Naive:
    """A document looked at with its fragments expanded."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self.schema = schema
        self.fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        (self.operation,) = (node for node in document.definitions if isinstance(node, OperationDefinitionNode))
        self.paths: dict[tuple[str, ...], set[int]] = defaultdict(set)

    def fields(self, nodes: Iterable[SelectionNode], type_: Any) -> Iterator[tuple[FieldNode, Any]]:
        for node in nodes:
            if isinstance(node, FieldNode):
                yield node, type_
            else:
                inside: Any = self.fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
                on = self.schema.type_map[inside.type_condition.name.value]
                yield from self.fields(inside.selection_set.selections, on)

    def count(self, nodes: Iterable[SelectionNode]) -> int:
        found = 0
        for node in nodes:
            inside: Any = self.fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            found += 1 + (self.count(inside.selection_set.selections) if inside.selection_set else 0)
        return found

    def depth(self, nodes: Iterable[SelectionNode]) -> int:
        return max(
            1 + (self.depth(node.selection_set.selections) if node.selection_set else 0)
            for node, _ in self.fields(nodes, None)
        )

    def fragment_nesting(self, nodes: Iterable[SelectionNode]) -> int:
        deepest = 0
        for node in nodes:
            spread = isinstance(node, FragmentSpreadNode)
            inside: Any = self.fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            below = self.fragment_nesting(inside.selection_set.selections) if inside.selection_set else 0
            deepest = max(deepest, spread + below)
        return deepest

    def note_paths(self, nodes: Iterable[SelectionNode], path: tuple[str, ...] = ()) -> None:
        for node, _ in self.fields(nodes, None):
            here = (*path, (node.alias or node.name).value)
            self.paths[here].add(id(node))
            if node.selection_set:
                self.note_paths(node.selection_set.selections, here)

    def page(self, node: FieldNode) -> int:
        """Return the size that a page is given: 3, 0, 7 by $n, or 20."""
        text = "".join(map(print_ast, node.arguments or ()))
        sizes = {"first: 3": 3, "last: 0": 0, "first: $n": 7}
        return sizes.get(text, 20)

    def ids(self, node: FieldNode) -> int:
        """Return how many ids are given."""
        (argument,) = node.arguments or ()
        return {'["a", "b"]': 2, "[]": 0, "$ids": 3, '"a"': 1}[print_ast(argument.value)]

    def cost(self, nodes: Iterable[SelectionNode], type_: Any, page: int = 0, *, listed: bool = False) -> int:
        found = 0
        for node, on in self.fields(nodes, type_):
            if node.selection_set is None:
                if node.name.value == "totalCount":
                    found += COUNT // SHARE if listed else COUNT
                continue
            field = on.fields[node.name.value]
            inner_page, items = 0, 1
            if node.name.value == "things":
                inner_page = self.page(node)
            elif is_list_type(get_nullable_type(field.type)):
                items = self.ids(node) if on.name == "Query" else {"ThingConnection": page}.get(on.name, 10)
            inside, within = node.selection_set.selections, listed or is_list_type(get_nullable_type(field.type))
            found += items * (1 + self.cost(inside, get_named_type(field.type), inner_page, listed=within))
        return found


@settings(deadline=None)
@given(documents())
def test_analyses_equal_naive_expansion(text: str) -> None:
    document = parse(text)
    assert validate(SCHEMA, document, RULES) == []
    naive, fragments = Naive(SCHEMA, document), Fragments(document)
    chosen = naive.operation.selection_set.selections
    bodies = [node.selection_set.selections for node in naive.fragments.values()]
    naive.note_paths(chosen)
    assert measure_document(document, fragments) == {
        "depth": naive.depth(chosen),
        "root_fields": len(list(naive.fields(chosen, SCHEMA.query_type))),
        "fragment_nesting": max(naive.fragment_nesting(nodes) for nodes in [chosen, *bodies]),
        "selections": max(naive.count(nodes) for nodes in [chosen, *bodies]),
        "introspection_nesting": 0,
        "introspection_selections": 0,
    }
    assert measure_repeats(document, fragments) == {"repeats": max(map(len, naive.paths.values()))}
    cost = CostReader(SCHEMA, naive.fragments, fragments.order).cost(naive.operation)
    assert amount(cost, VARIABLES) == naive.cost(chosen, SCHEMA.query_type)


@settings(deadline=None)
@given(documents())
def test_scan_equals_lexer_and_parser(text: str) -> None:
    lexer, kinds = Lexer(Source(text)), []
    token = lexer.token.next or lexer.advance()
    while token.kind != TokenKind.EOF:
        kinds.append(token.kind)
        lexer.token = token
        token = token.next or lexer.lookahead()
    measured = measure_text(text)
    assert measured["directives"] == text.count("@include")
    assert measured["tokens"] == len(kinds) + text.count("@bracket")
    assert measured["aliases"] == sum(bool(node.alias) for node in written_fields(parse(text)))


def written_fields(document: DocumentNode) -> Iterator[FieldNode]:
    stack: list[Any] = list(document.definitions)
    while stack:
        node = stack.pop()
        if isinstance(node, FieldNode):
            yield node
        if getattr(node, "selection_set", None):
            stack.extend(node.selection_set.selections)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", 0),
        ('{ a(b: "x") }', 8),
        ('"unfinished { @ :', 5),
        ('"" """a"b""c\\"""d""" "e"', 3),
        ('""""""', 1),
        ('"a\\"b" "c"', 2),
        ('# "comment\n"a#b"', 2),
        ("...a...", 3),
        ("-1.5e+3 0 7", 3),
        ("{,,\ufeffa\r\n}", 3),
    ],
)
def test_text_is_scanned_as_the_lexer_reads_it(text: str, tokens: int) -> None:
    assert measure_text(text)["tokens"] == tokens


def test_brackets_and_signs_in_strings_and_comments_count_nothing() -> None:
    text = '{ a(b: "({[@:", c: """ \\""" @ { """) # @ { :\n b: c @d }'
    measured = measure_text(text)
    assert (measured["nesting"], measured["directives"], measured["aliases"]) == (2, 1, 1)


def test_cost_without_variables_is_a_number() -> None:
    document = parse("{ things(first: 5) { nodes { list { one { id } } } } }")
    naive = Naive(SCHEMA, document)
    assert CostReader(SCHEMA, {}, []).cost(naive.operation) == 1 + 5 * (1 + 10 * 2)


@pytest.mark.parametrize(
    ("variables", "size"),
    [({"n": 3, "m": None}, 3), ({"m": 2}, 2), ({}, 20), ({"n": None, "m": None}, 20), ({"n": 0}, 0), ({"n": -5}, 0)],
)
def test_page_has_the_size_that_the_variables_give(variables: dict[str, int | None], size: int) -> None:
    document = parse("query ($n: Int, $m: Int) { things(first: $n, last: $m) { nodes { id } } }")
    cost = CostReader(SCHEMA, {}, []).cost(Naive(SCHEMA, document).operation)
    assert amount(cost, variables) == 1 + size


def test_fragment_of_a_connection_multiplies_by_the_page_that_it_is_spread_in() -> None:
    text = "{ things(first: 5) { ...P } thing { things(last: 3) { ...P } } }"
    text += " fragment P on ThingConnection { nodes { id } }"
    document = parse(text)
    naive, fragments = Naive(SCHEMA, document), Fragments(document)
    assert CostReader(SCHEMA, naive.fragments, fragments.order).cost(naive.operation) == (1 + 5) + (1 + 1 + 3)


def test_cycle_of_fragments_is_an_error() -> None:
    with pytest.raises(GraphQLError, match="Fragments spread themselves: A → A"):
        Fragments(parse("{ ...A } fragment A on Query { thing { ...A } }"))


def test_variables_are_counted_with_what_they_hold() -> None:
    assert measure_variables({}) == {"nesting": 0, "variable_values": 0}
    assert measure_variables({"a": 1, "b": {"c": [2, [3]]}}) == {"nesting": 3, "variable_values": 6}


REAL = build_real_schema().core
FIVE_YEARS = '{from: "2019-01-01", until: "2024-01-01"}'
MONTHS = (
    'division(code: "14") {{ statisticsOverTime(unit: {}, period: '
    + FIVE_YEARS.replace("{", "{{").replace("}", "}}")
    + ") {{ statistics {{ sessionsHeld }} }} }}"
)
PRICED: list[tuple[str, dict[str, Any], int]] = [
    ("{ topics { totalCount } }", {}, 1 + COUNT),
    ("{ topics { nodes { platform { topics { totalCount } } } } }", {}, 1 + 20 * (1 + 1 + 1 + COUNT // SHARE)),
    ("{ topics(first: 1, filter: {kind: [KEY]}) { nodes { id } } }", {}, 2 + FILTER + CONDITION + VALUE),
    ("{ topics(first: 1, filter: {kind: []}) { nodes { id } } }", {}, 2 + FILTER + CONDITION),
    ("{ topics(first: 1, filter: {kind: null}) { nodes { id } } }", {}, 2),
    (
        '{ topics(first: 1, filter: {or: [{text: "a"}, {planned: true}]}) { nodes { id } } }',
        {},
        2 + FILTER + 2 * CONDITION + TEXT,
    ),
    ("query ($f: TopicFilter) { topics(first: 1, filter: $f) { nodes { id } } }", {"f": None}, 2),
    (
        "query ($f: TopicFilter) { topics(first: 1, filter: $f) { nodes { id } } }",
        {"f": {"or": [{"text": "a"}, {"kind": ["KEY"] * 5_000}]}},
        2 + FILTER + 2 * CONDITION + TEXT + 5_000 * VALUE,
    ),
    (
        "query ($k: [TopicKind!]) { topics(first: 1, filter: {not: {kind: $k}}) { nodes { id } } }",
        {"k": ["KEY"] * 3},
        2 + FILTER + CONDITION + 3 * VALUE,
    ),
    (
        "query ($o: [TopicOrder!]) { topics(first: 1, orderBy: $o) { nodes { id } } }",
        {"o": [{"sessionCount": "ASC"}]},
        2 + ORDERS["sessionCount"],
    ),
    ("{ topics(first: 1, orderBy: [{sessionCount: ASC}]) { nodes { id } } }", {}, 2 + ORDERS["sessionCount"]),
    ("{ topics(first: 1, orderBy: {number: ASC}) { nodes { id } } }", {}, 2),
    ('{ search(text: "a", first: 2) { edges { snippet } } }', {}, 1 + 2 * (1 + SNIPPET) + TEXT),
    ('{ division(code: "14", asOf: "2025-01-01T00:00:00Z") { name } }', {}, PAST_TIMES + PAST),
    ('query ($t: DateTime) { division(code: "14", asOf: $t) { name } }', {"t": None}, 1),
    ('query ($t: DateTime) { division(code: "14", asOf: $t) { name } }', {"t": "x"}, PAST_TIMES + PAST),
    (
        '{ division(code: "14", asOf: "2025-01-01T00:00:00Z") { statistics { sessionsHeld } } }',
        {},
        2 * PAST_TIMES + PAST + PAST_TIMES * FIGURES,
    ),
    (f"{{ {MONTHS.format('MONTH')} }}", {}, 1 + 60 * (2 + FIGURES)),
    (f"{{ {MONTHS.format('YEAR')} }}", {}, 1 + 5 * (2 + FIGURES)),
    (
        f"query ($u: TimeUnit!, $p: Period!) {{ {MONTHS.format('$u').replace(FIVE_YEARS, '$p')} }}",
        {"u": "QUARTER", "p": {"from": date(2023, 1, 31), "until": date(2023, 4, 2)}},
        1 + 2 * (2 + FIGURES),
    ),
    (
        f"query ($u: TimeUnit!, $p: Period!) {{ {MONTHS.format('$u').replace(FIVE_YEARS, '$p')} }}",
        {"u": "MONTH", "p": {"from": date(1900, 1, 1)}},
        1 + MOST_UNITS * (2 + FIGURES),
    ),
    ('{ node(id: "division_14@20250101T000000Z") { id } }', {}, PAST_TIMES + PAST),
    ('{ node(id: "division_14") { id } }', {}, 1),
]


@pytest.mark.parametrize(("text", "variables", "cost"), PRICED)
def test_what_is_done_to_find_objects_is_priced(text: str, variables: dict[str, Any], cost: int) -> None:
    document = parse(text)
    assert validate(REAL, document) == []
    if variables.get("t"):
        variables = {"t": datetime(2025, 1, 1, tzinfo=UTC)}
    assert amount(CostReader(REAL, {}, []).cost(Naive(REAL, document).operation), variables) == cost
