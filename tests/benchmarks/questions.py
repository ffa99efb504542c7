"""The five questions: what a front end asks this service, and the same in PostGraphile's own schema."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.benchmarks import postgraphile

COUNTY = """
query County($code: DivisionCode!) {
  division(code: $code) { ...Place children { ...Place children { ...Place } } }
}
fragment Place on Division {
  name level
  platforms(first: 5) { nodes {
    code name tier
    topics(first: 30) { nodes {
      number title status
      sessions(first: 5) { nodes { status scheduledAt } }
      involvements { role department { name } }
    } }
  } }
}
"""

TOPIC = """
query Topic($number: String!) {
  topic(by: {number: $number}) {
    id number title summary kind category status proposedAt
    sessions(first: 5) { nodes { status scheduledAt venue } }
    involvements { role department { code name } }
  }
}
"""

PROVINCE = """
query Province($code: DivisionCode!) {
  division(code: $code) {
    name
    children { name children { name ...Agenda children { name ...Agenda } } }
  }
}
fragment Agenda on Division {
  platforms(first: 5) { nodes { code name topics(first: 30) { nodes { number title status } } } }
}
"""

PAGE = """
query Page($within: DivisionCode!, $status: [TopicStatus!], $first: Int!) {
  topics(filter: {within: $within, status: $status}, orderBy: [{proposedAt: DESC}], first: $first) {
    nodes {
      id number title kind category status proposedAt
      platform { name division { name parent { name parent { name parent { name } } } } }
      involvements { role department { code name } }
    }
  }
}
"""

ROLL_UP = """
query RollUp($code: DivisionCode!) {
  division(code: $code) {
    children { name statistics { platforms { total } topics { total key micro } sessionsHeld attendances outcomes } }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Target:
    """The least ratios of requests per second that the project asks of itself, by number of connections."""

    against_limit: Mapping[int, float]
    against_best_peer: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask. `foreign` says it to PostGraphile, `translated` brings its answer into this schema's form."""

    name: str
    title: str
    query: str
    variables: Mapping[str, Any]
    foreign: str
    translated: Callable[[Any], Any]
    target: Target
    foreign_variables: Mapping[str, Any] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        """The POST body for this service's schema."""
        return _body(self.query, self.variables)

    @property
    def foreign_body(self) -> bytes:
        """The POST body for PostGraphile's schema."""
        return _body(self.foreign, self.foreign_variables or self.variables)


def _body(query: str, variables: Mapping[str, Any]) -> bytes:
    return json.dumps({"query": query.strip(), "variables": variables}, ensure_ascii=False).encode()


def _target(limit: tuple[float, float, float], peer: tuple[float, float]) -> Target:
    return Target(dict(zip((1, 8, 32), limit, strict=True)), {1: peer[0], 8: peer[1], 32: peer[1]})


PAGE_VARIABLES = {"within": "1401", "status": ["LISTED", "SCHEDULED", "DELIBERATED", "IMPLEMENTING"], "first": 20}

QUESTIONS = (
    Question(
        "Q1",
        "one county, three levels, platforms, topics, sessions, departments",
        COUNTY,
        {"code": "140106"},
        postgraphile.COUNTY,
        postgraphile.renamed,
        _target((0.95, 0.95, 0.95), (3.5, 4.0)),
    ),
    Question(
        "Q2",
        "one topic by its number, with sessions and departments",
        TOPIC,
        {"number": "T140106-2022-0006"},
        postgraphile.TOPIC,
        postgraphile.renamed,
        _target((0.95, 1.2, 1.2), (2.4, 3.5)),
    ),
    Question(
        "Q3",
        "the whole province, four levels, platforms and their topics",
        PROVINCE,
        {"code": "14"},
        postgraphile.PROVINCE,
        postgraphile.renamed,
        _target((0.95, 0.95, 0.95), (2.4, 3.5)),
    ),
    Question(
        "Q4",
        "the newest 20 open topics of a city, with breadcrumbs and departments",
        PAGE,
        PAGE_VARIABLES,
        postgraphile.PAGE,
        postgraphile.renamed,
        _target((0.95, 0.95, 0.95), (2.8, 4.5)),
        {
            "lower": "140100000000",
            "upper": "140200000000",
            "status": PAGE_VARIABLES["status"],
            "first": PAGE_VARIABLES["first"],
        },
    ),
    Question(
        "Q5",
        "roll-up for each city",
        ROLL_UP,
        {"code": "14"},
        postgraphile.ROLL_UP,
        postgraphile.roll_up,
        _target((4.0, 4.0, 4.0), (4.0, 4.0)),
    ),
)
