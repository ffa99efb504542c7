from graphql import build_schema, parse, print_schema

from graph.releases import changes, note_additions

RELEASED = parse("""
  type Query { topics(first: Int, size: Int @deprecated): [Topic!]!  matters: Matter @deprecated  state: State }
  interface Node { id: ID! }
  type Topic implements Node { id: ID!  title: String!  name: String @deprecated(reason: "title") }
  type Matter { text: String  part: Part }
  type Part { matter: Matter }
  enum State { OPEN  SHUT @deprecated }
""")
WITHOUT_DEPRECATED = """
  type Query { topics(first: Int): [Topic!]!  state: State }
  interface Node { id: ID! }
  type Topic implements Node { id: ID!  title: String! }
  enum State { OPEN }
"""
UNCHANGED: dict[str, list[str]] = {"breaking": [], "announced": [], "dangerous": [], "safe": []}


def test_what_was_deprecated_may_go_with_the_types_that_only_it_led_to() -> None:
    found = changes(RELEASED, build_schema(WITHOUT_DEPRECATED))
    assert found == UNCHANGED | {
        "announced": [
            "Matter was removed.",
            "Part was removed.",
            "Field Query.matters was removed.",
            "Argument Query.topics(size:) was removed.",
            "Field Topic.name was removed.",
            "Enum value State.SHUT was removed.",
        ]
    }


def test_what_was_not_deprecated_may_not_go() -> None:
    broken = WITHOUT_DEPRECATED.replace("title: String!", "").replace("(first: Int)", "(limit: Int)")
    assert changes(RELEASED, build_schema(broken))["breaking"] == [
        "Argument Query.topics(first:) was removed.",
        "Field Topic.title was removed.",
    ]


def test_what_was_deprecated_may_not_change_its_type() -> None:
    changed = WITHOUT_DEPRECATED.replace("title: String!", "title: String!  name: Int")
    assert changes(RELEASED, build_schema(changed))["breaking"] == ["Field Topic.name changed type from String to Int."]


def test_node_that_an_interface_leads_to_may_not_go() -> None:
    released = parse(
        "type Query { node: Node  a: A @deprecated } interface Node { id: ID! } type A implements Node { id: ID! }"
    )
    present = build_schema("type Query { node: Node } interface Node { id: ID! }")
    assert changes(released, present)["breaking"] == ["A was removed."]


def test_additions_are_listed_and_break_nothing() -> None:
    wider = print_schema(build_schema(WITHOUT_DEPRECATED)).replace("  OPEN", "  OPEN\n  PAUSED")
    wider = wider.replace("first: Int", "first: Int, last: Int")
    released = parse(WITHOUT_DEPRECATED)
    assert changes(released, build_schema(wider)) == UNCHANGED | {
        "dangerous": ["An optional argument Query.topics(last:) was added.", "Enum value State.PAUSED was added."]
    }
    assert changes(released, build_schema(WITHOUT_DEPRECATED)) == UNCHANGED


def test_additions_are_noted_with_their_version() -> None:
    released = parse('''
      type Query {
        topics: [Topic!]!
        """Matters. Added in 0.2."""
        matters: [Topic!]!
      }
      type Topic { title: String }
    ''')
    schema = build_schema('''
      type Query { """Topics.""" topics: [Topic!]! """Matters.""" matters: [Topic!]! """Plans.""" plans: [Plan!]! }
      """A topic.""" type Topic { title: String  state: String }
      """A plan.""" type Plan { year: Int }
    ''')
    note_additions(schema, released, "0.3")
    assert print_schema(schema) == print_schema(
        build_schema('''
      type Query {
        """Topics.""" topics: [Topic!]!
        """Matters. Added in 0.2.""" matters: [Topic!]!
        """Plans. Added in 0.3.""" plans: [Plan!]!
      }
      """A topic.""" type Topic { title: String """Added in 0.3.""" state: String }
      """A plan. Added in 0.3.""" type Plan { year: Int }
    ''')
    )


def test_nothing_says_that_it_was_there_from_the_first_version_on() -> None:
    schema = build_schema('type Query { """Topics.""" topics: [String!]! }')
    before = print_schema(schema)
    note_additions(schema, parse('"""Added in 0.1.""" type Query { a: Int }'), "0.1")
    assert print_schema(schema) == before
