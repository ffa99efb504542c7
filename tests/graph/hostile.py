"""Documents that ask for more than a request may, each with the limits that refuse it and what they find."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Hostile:
    """A document and what refuses it: codes without LIMIT_, and values."""

    text: str
    found: dict[str, int]
    before_parse: bool = False
    variables: dict[str, object] = field(default_factory=dict)


def chain(levels: int, spreads: int) -> str:
    """Return fragments each of which spreads the next so many times."""
    links = (f"fragment F{level} on Query {{ {f'...F{level + 1} ' * spreads}}}" for level in range(levels))
    return f"{{ ...F0 }} {' '.join(links)} fragment F{levels} on Query {{ __typename }}"


def nested(start: str, opening: str, end: str, times: int) -> str:
    """Return selections nested so many times."""
    return f"{{ {start} {{ {opening * times} {end} {'}' * times} }} }}"


SAFE = 2**53 - 1
BY_FIELDS = "__schema { types { fields { type { fields { type { fields { name } } } } } } }"

HOSTILE = {
    "10,000 aliases": Hostile(
        "{" + "".join(f" a{n}: __typename" for n in range(10_000)) + "}",
        {"CHARACTERS": 178_892, "TOKENS": 30_002, "ALIASES": 10_000},
        before_parse=True,
    ),
    "10,000 directives": Hostile(
        "{ __typename" + " @a" * 10_000 + "}", {"TOKENS": 20_003, "DIRECTIVES": 10_000}, before_parse=True
    ),
    "60 aliases": Hostile(
        "{" + "".join(f" a{n}: __typename" for n in range(60)) + "}", {"ALIASES": 60}, before_parse=True
    ),
    "a huge string": Hostile(
        '{ topic(by: {number: "' + "a" * 100_000 + '"}) { id } }', {"CHARACTERS": 100_034}, before_parse=True
    ),
    "a million characters": Hostile("{" * 1_000_000, {"CHARACTERS": 1_000_000}, before_parse=True),
    "5,000 comments": Hostile("#\n" * 5_000 + "{ __typename }", {"TOKENS": 5_003}, before_parse=True),
    "deep lists": Hostile(
        "{ nodes(ids: " + "[" * 1_900 + "]" * 1_900 + ") { id } }", {"NESTING": 1_902}, before_parse=True
    ),
    "deep objects": Hostile(
        "{ platforms(filter: " + "{not: " * 500 + "{open: true}" + "}" * 500 + ") { totalCount } }",
        {"NESTING": 503},
        before_parse=True,
    ),
    "deep selections": Hostile("{ a " * 900 + "}" * 900, {"NESTING": 900}, before_parse=True),
    "64 levels of fragments, each spread twice": Hostile(
        chain(64, 2), {"ROOT_FIELDS": SAFE, "FRAGMENT_NESTING": 65, "SELECTIONS": SAFE}
    ),
    "10 levels of fragments, each spread three times": Hostile(
        chain(9, 3), {"ROOT_FIELDS": 3**9, "SELECTIONS": (3**11 - 1) // 2 - 3**10 + 3**9}
    ),
    "a chain of 300 fragments": Hostile(chain(300, 1), {"FRAGMENT_NESTING": 301}),
    "empty selections": Hostile(
        "{ ...A } fragment A on Query {" + " ...B" * 50 + " } fragment B on Query {" + " ... {}" * 50 + " }",
        {"SELECTIONS": 1 + 50 + 50 * 50},
    ),
    "25 levels of fields": Hostile(nested('division(code: "14")', "parent {", "name", 24), {"DEPTH": 26}),
    "30 root fields": Hostile("{" + " __typename" * 30 + "}", {"ROOT_FIELDS": 30}),
    "a field 40 times": Hostile('{ division(code: "14") {' + " name" * 40 + "} }", {"REPEATS": 40}),
    "a field 40 times by fragments": Hostile(
        '{ division(code: "14") {'
        + "".join(f" ...F{n}" for n in range(40))
        + " } }"
        + "".join(f" fragment F{n} on Division {{ parent {{ name }} }}" for n in range(40)),
        {"REPEATS": 40},
    ),
    "deep introspection": Hostile(f"{{ {BY_FIELDS} }}", {"INTROSPECTION_NESTING": 3}),
    "wide introspection": Hostile(
        "{ __schema { types {" + " ...A" * 20 + " } } } fragment A on __Type {" + " name" * 30 + " }",
        {"INTROSPECTION_SELECTIONS": 1 + 20 * 31},
    ),
}
"""Refused before anything is validated."""

COSTLY = {
    "nested pages": Hostile(
        "{ platforms(first: 100) { nodes { topics(first: 100) { nodes { sessions(first: 100) { nodes {"
        " platform { brand { id } } } } } } } } }",
        {"COST": 1 + 100 * (2 + 100 * (2 + 100 * 3))},
    ),
    "nested pages by variable": Hostile(
        "query ($n: Int) { platforms(first: $n) { nodes { topics(first: $n) { nodes { sessions(last: $n) { nodes {"
        " platform { brand { id } } } } } } } } }",
        {"COST": 1 + 90 * (2 + 90 * (2 + 90 * 3))},
        variables={"n": 90},
    ),
    "deep variables": Hostile(
        "query ($f: PlatformFilter) { platforms(filter: $f) { totalCount } }",
        {"NESTING": 101},
        variables={"f": None},
    ),
    "many values": Hostile(
        "query ($f: PlatformFilter) { platforms(filter: $f) { totalCount } }",
        {"VARIABLE_VALUES": 6_002},
        variables={"f": {"or": [{"open": True}] * 3_000}},
    ),
    "a long list": Hostile(
        "query ($f: [TopicStatus!]) { topics(filter: {status: $f}) { totalCount } }",
        {"VARIABLE_VALUES": 6_001},
        variables={"f": ["LISTED"] * 6_000},
    ),
}
"""Valid, and refused before any SQL."""
DEEP: dict[str, object] = {"open": True}
for _ in range(100):
    DEEP = {"not": DEEP}
COSTLY["deep variables"].variables["f"] = DEEP
