"""Calendars and feeds over HTTP: what anybody may see, whoever asks."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import blake2b
from importlib.metadata import version
from typing import TypeVar
from urllib.parse import quote

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graph.engine import Engine
from graph.feeds.atom import feed
from graph.feeds.calendar import calendar
from graph.feeds.published import KINDS, Found, Kind, News, Published, UnknownPlace
from graph.http.encodings import SMALLEST, compressed, encoding
from graph.http.export import error_of
from graph.operations import RequestRefused
from services.core.errors import DomainError

CALENDAR, FEED = "/calendar/{kind}/{code}.ics", "/feed/{kind}/{code}.atom"
ICALENDAR_TYPE, ATOM_TYPE = "text/calendar; charset=utf-8", "application/atom+xml; charset=utf-8"
CACHED = "public, max-age=300"
MOST_SEEN = 1_000
"""Documents of which it is remembered since when they have been what they are."""

F = TypeVar("F", bound=Found)


class Changes:
    """Since when documents have been what they are, as far as this process has seen."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[str, datetime]] = OrderedDict()

    def since(self, path: str, tag: str, now: datetime) -> datetime:
        """Return since when the document at a path has had a tag: never earlier than it was changed."""
        known, at = self._seen.get(path, (None, now))
        if known != tag:
            at = now
        self._seen[path] = (tag, at)
        self._seen.move_to_end(path)
        if len(self._seen) > MOST_SEEN:
            self._seen.popitem(last=False)
        return at


class Feeds:
    """Answers requests for calendars and feeds."""

    def __init__(self, engine: Engine, public_url: str) -> None:
        """Take the front end's address, to which links lead."""
        self._published = Published(engine)
        self._clock = engine.clock
        self._hall = public_url.rstrip("/")
        self._changes = Changes()

    @property
    def routes(self) -> list[Route]:
        """Where they are."""
        return [Route(CALENDAR, self.calendar), Route(FEED, self.feed)]

    async def calendar(self, request: Request) -> Response:
        """Answer with a place's sessions. Raises HTTPException."""

        def made(found: Found) -> bytes:
            stamp = self._clock.now().astimezone(UTC)
            return calendar(found, source=self._source(CALENDAR, request, found), hall=self._hall, stamp=stamp)

        return await self._answer(request, self._published.sessions, made, ICALENDAR_TYPE)

    async def feed(self, request: Request) -> Response:
        """Answer with a place's topics and outcomes. Raises HTTPException."""

        def made(news: News) -> bytes:
            return feed(news, source=self._source(FEED, request, news), hall=self._hall)

        return await self._answer(request, self._published.news, made, ATOM_TYPE)

    def _source(self, path: str, request: Request, found: Found) -> str:
        """Return a document's own address, the same however its place's code was written."""
        return self._hall + path.format(kind=request.path_params["kind"], code=quote(found.code, safe=""))

    async def _answer(
        self, request: Request, read: Callable[[Kind, str], Awaitable[F]], made: Callable[[F], bytes], media_type: str
    ) -> Response:
        """Return the document made of what is read, compressed where that is welcome; 304 to a client that has it.

        Raises HTTPException.
        """
        kind, code = kind_of(request), request.path_params["code"]
        try:
            found = await read(kind, code)
        except UnknownPlace as error:
            raise HTTPException(404, f"No {request.path_params['kind'].removesuffix('s')} {code} exists.") from error
        except (RequestRefused, DomainError) as error:
            return error_of(error)
        tag = tag_of(found, self._hall)
        since = self._changes.since(request.url.path, tag, self._clock.now())
        headers = {
            "Cache-Control": CACHED,
            "ETag": tag,
            "Last-Modified": format_datetime(since.astimezone(UTC), usegmt=True),
            "Vary": "Accept-Encoding",
        }
        if has(request, tag, headers["Last-Modified"]):
            return Response(status_code=304, headers=headers)
        body = await asyncio.to_thread(made, found)
        coding = encoding(request.headers.get("accept-encoding", "")) if len(body) >= SMALLEST else None
        if coding is not None:
            body, headers["Content-Encoding"] = await compressed(body, coding), coding
        return Response(body, headers=headers, media_type=media_type)


def tag_of(found: Found, hall: str) -> str:
    """Return the entity tag of what was found, as this version tells it; when it was told makes no other of it."""
    told = orjson.dumps([version("shangliang"), hall, found])
    return f'W/"{blake2b(told, digest_size=16).hexdigest()}"'


def kind_of(request: Request) -> Kind:
    """Return the kind of place that an address names. Raises HTTPException."""
    kind = KINDS.get(request.path_params["kind"])
    if kind is None:
        raise HTTPException(404, f"There is nothing at {request.url.path}: it is one of {', '.join(KINDS)}.")
    return kind


def has(request: Request, tag: str, last_modified: str) -> bool:
    """Return whether a client has the document already (RFC 9110, 13.2.2)."""
    if (known := request.headers.get("if-none-match")) is not None:
        return tag.removeprefix("W/") in known or known.strip() == "*"
    return request.headers.get("if-modified-since") == last_modified
