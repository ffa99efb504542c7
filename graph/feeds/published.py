"""What is published at a place, read as anybody may read it: by queries of the API, with the rights of nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from graph.engine import Engine
from graph.errors import BAD_USER_INPUT
from graph.operations import RequestRefused
from services.core.actor import ANONYMOUS
from services.core.clock import china_day, china_midnight
from services.reads.page_plan import PAGE_MOST

PAST = timedelta(days=365)
"""How far back it is told; what is to come is told without an end."""
PAGES = 3
"""How many pages of sessions are read at most."""
MOST_SESSIONS = PAGES * PAGE_MOST
MOST_TOPICS = PAGE_MOST
"""How many topics a feed has at most, and of how many sessions the outcomes."""

Item = Mapping[str, Any]


class UnknownPlace(Exception):
    """No such division, platform or department."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of place: how one is looked up by its code, and how a list is kept to it."""

    code_type: str
    look_up: str
    condition: str
    """Of the filter of a list beside the place; nothing where the place has the list itself."""

    def document(self, lists: str) -> str:
        """Return the query of lists at a place; in them `FILTER` stands for the condition."""
        lists = lists.replace("FILTER", self.condition)
        inside, beside = ("", lists) if self.condition else (lists, "")
        return (
            f"query ($code: {self.code_type}, $from: DateTime!, $after: String) "
            f"{{ place: {self.look_up} {{ code name {inside} }} {beside} }}"
        )


KINDS: Mapping[str, Kind] = {
    "divisions": Kind("DivisionCode!", "division(code: $code)", "within: $code,"),
    "platforms": Kind("String!", "platform(by: {code: $code})", ""),
    "departments": Kind("String!", "department(code: $code)", "department: $code,"),
}
"""The places of calendars and feeds, by what addresses call them."""

SESSIONS = f"""
sessions(
  filter: {{FILTER scheduled: {{from: $from}}}}, orderBy: [{{scheduledAt: DESC}}], first: {PAGE_MOST}, after: $after
) {{
  nodes {{
    id status scheduledAt heldAt venue form convener platform {{ name }}
    topics {{ number title category version }}
  }}
  pageInfo {{ hasNextPage endCursor }}
}}"""
AGREED = "id agreement reachedOn"
NEWS = f"""
topics(
  filter: {{FILTER listed: {{from: $from}}, status: [LISTED, SCHEDULED, DELIBERATED, IMPLEMENTING, RESOLVED]}},
  orderBy: [{{listedAt: DESC}}], first: {MOST_TOPICS}, after: $after
) {{
  nodes {{ id number title summary category status listedAt resolvedAt resolution platform {{ name }} }}
}}
sessions(
  filter: {{FILTER scheduled: {{from: $from}}, status: [HELD]}}, orderBy: [{{scheduledAt: DESC}}], first: {MOST_TOPICS}
) {{
  nodes {{ outcomes {{ {AGREED} topic {{ number title category platform {{ name }} }} }} }}
}}"""


@dataclass(frozen=True, slots=True)
class Found:
    """What is published at a place, the latest first."""

    code: str
    name: str
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class News(Found):
    """The topics of a place, with what was agreed in its sessions."""

    outcomes: Sequence[Item]


class Published:
    """Reads what is published."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def sessions(self, kind: Kind, code: str) -> Found:
        """Return the latest sessions of a place, those to come before those of the last year.

        Raises UnknownPlace, RequestRefused, DomainError.
        """
        items: list[Item] = []
        after = None
        for _ in range(PAGES):
            place, lists = await self._read(kind.document(SESSIONS), code, after)
            items += lists["sessions"]["nodes"]
            page = lists["sessions"]["pageInfo"]
            if not page["hasNextPage"]:
                break
            after = page["endCursor"]
        return Found(place["code"], place["name"], items)

    async def news(self, kind: Kind, code: str) -> News:
        """Return the latest topics of a place and what was agreed in its latest sessions.

        Raises UnknownPlace, RequestRefused, DomainError.
        """
        place, lists = await self._read(kind.document(NEWS), code, None)
        outcomes = [outcome for session in lists["sessions"]["nodes"] for outcome in session["outcomes"]]
        return News(place["code"], place["name"], lists["topics"]["nodes"], outcomes)

    async def _read(self, document: str, code: str, after: str | None) -> tuple[Item, Item]:
        """Return a place and the lists that are read at it. Raises UnknownPlace, RequestRefused, DomainError."""
        beginning = china_midnight(china_day(self._engine.clock.now()) - PAST).isoformat()
        try:
            data = await self._engine.read(document, {"code": code, "from": beginning, "after": after}, ANONYMOUS)
        except RequestRefused as error:
            if any(one["extensions"]["code"] != BAD_USER_INPUT for one in error.errors):
                raise
            raise UnknownPlace from error  # nothing but the code comes from elsewhere
        if data["place"] is None:
            raise UnknownPlace
        return data["place"], data if "sessions" in data else data["place"]
