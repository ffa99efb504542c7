"""CPU time of refusing hostile documents and of accepting the dearest permitted ones: `make bench-hostile`.

With `--minutes 5` hostile clients instead, and what a well-behaved one waits meanwhile.

Then how long the statements of alternatives become. Each time is the least of five runs of everything that happens
before SQL: scan, parse, measure, validate, cost.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from time import process_time

from graphql import get_introspection_query

from graph.operations import Operations, RequestRefused
from graph.schema import build_schema
from services.core.actor import ANONYMOUS
from services.core.limits import Limits
from services.reads.visibility import Sight
from tests.benchmarks.siege import besiege
from tests.graph.hostile import COSTLY, HOSTILE

LEAVES = "id name code level __typename"
BODY = f"""parent {{ {LEAVES} }} children {{ {LEAVES} }} ancestors {{ {LEAVES} }} {LEAVES}
  committee {{ id name __typename }} departments {{ id code name kind __typename }} brands {{ id name umbrella }}"""


def of_platforms(inner: str) -> str:
    """Return a query over a page of platforms."""
    return f"{{ platforms {{ nodes {{ {inner} }} }} }}"


def fragments(count: int) -> str:
    """Return fragments that all select the same, which validation compares in pairs."""
    texts = (
        f"fragment F{n} on Platform {{ division {{ ...G{n} }} }} fragment G{n} on Division {{ {BODY} }}"
        for n in range(count)
    )
    return of_platforms(" ".join(f"...F{n}" for n in range(count))) + " ".join(texts)


PERMITTED = {
    "introspection": get_introspection_query(specified_by_url=True, one_of=True, input_value_deprecation=True),
    "30 equal fragments": fragments(30),
    "30 equal inline fragments": of_platforms(f"... {{ division {{ {BODY} }} }} " * 30),
    "48 aliases of a wide field": of_platforms(" ".join(f"a{n}: division {{ {BODY} }}" for n in range(48))),
    "each field 30 times": of_platforms(
        " ".join(f"{name} " * 30 for name in ["id", "code", "name", "tier", "kind", "openedOn"])
    ),
    "1,300 empty fragments": of_platforms("... {} " * 1_300),
    "a list of 3,980 values": f"{{ platforms(filter: {{tier: [{'MICRO ' * 3_980}]}}) {{ totalCount }} }}",
    "780 objects": f"{{ platforms(filter: {{or: [{'{open: true} ' * 780}]}}) {{ totalCount }} }}",
    "1,900 misspelt fields": of_platforms(" ".join(f"nam{n}" for n in range(1_900))),
    "a string of 49,000 characters": '{ topic(by: {number: "' + "议" * 49_000 + '"}) { id } }',
    "49,000 line ends": "{ __typename " + "\n" * 49_000 + "}",
}


def measured(operations: Operations, text: str, variables: Mapping[str, object]) -> tuple[float, str]:
    """Return the CPU time in milliseconds and how it ended."""
    best, end = float("inf"), ""
    for again in range(5):
        began = process_time()
        try:
            operation = operations.get(text + " " * again, None)
            end = f"cost {operation.charge(operation.coerce(variables))}"
        except RequestRefused as refusal:
            end = " ".join(dict.fromkeys(error["extensions"]["code"] for error in refusal.errors))
        best = min(best, process_time() - began)
    return best * 1000, end


FORMS = {
    "of one form": {"status": ["LISTED"], "proposed": {"from": "2024-01-01T00:00:00Z"}},
    "that name places": {"within": "1401"},
}
FILTERED = "query ($f: TopicFilter) { topics(filter: $f) { totalCount } }"


def print_statements(operations: Operations) -> None:
    """Print how long the statement of a number of alternatives is: what PostgreSQL would have to keep."""
    sight = Sight.of(ANONYMOUS)
    for name, form in FORMS.items():
        for number in (5, 50, 100, 900):
            operation = operations.get(FILTERED, None)
            variables = operation.coerce({"f": {"or": [form] * number}})
            characters = len(operation.statement(variables, sight).sql)
            print(f"{characters:7} characters of SQL  {number} alternatives {name}")


def main() -> int:
    """Print one line for each document, and for each number of alternatives; or let hostile minutes pass."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, help="let hostile clients come for so long")
    parser.add_argument("--keep", type=Path, help="where the database of the hostile minutes stays, to be used again")
    given = parser.parse_args()
    if given.minutes is not None:
        return besiege(given.minutes, given.keep)
    operations = Operations(build_schema().core, Limits())
    documents: dict[str, tuple[str, Mapping[str, object]]] = {
        **{name: (hostile.text, hostile.variables) for name, hostile in (HOSTILE | COSTLY).items()},
        **{name: (text, {}) for name, text in PERMITTED.items()},
    }
    for name, (text, variables) in documents.items():
        milliseconds, end = measured(operations, text, variables)
        print(f"{milliseconds:7.1f} ms  {name:50} {end}")
    print_statements(operations)
    return 0


if __name__ == "__main__":
    sys.exit(main())
