"""GraphQL over HTTP: POST with a JSON body, GET for queries. Plain ASGI, for the bytes go straight to the socket."""

from hashlib import blake2b
from http import HTTPStatus

from graphql import OperationType
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from graph.budgets import AtOnce, TooMany
from graph.engine import Answer, Engine, GraphQLRequest
from graph.errors import masked
from graph.http.attendance import Attendance, Left
from graph.http.auth import Authenticator, spoken
from graph.http.encodings import SMALLEST, compressed, encoding
from graph.http.messages import TooLarge, from_body, from_query_string, read_body, read_position
from graph.http.negotiation import GRAPHQL_RESPONSE, JSON, error_response, errors_response, media_type, too_many
from graph.http.parts import write
from graph.http.stream import EVENT_STREAM, EventStream, accepts_stream
from graph.operations import RequestRefused
from graph.subscriptions import Subscriptions

Headers = dict[bytes, bytes]

TYPES = f"{GRAPHQL_RESPONSE}, {JSON} or, what comes one by one, {EVENT_STREAM}"
METHODS = ("GET", "HEAD", "POST")
VARY = (b"vary", b"Accept, Accept-Encoding, Authorization")
CONTENT_TYPES = {type_: (b"content-type", f"{type_}; charset=utf-8".encode()) for type_ in (JSON, GRAPHQL_RESPONSE)}
REVALIDATE = (b"cache-control", b"private, no-cache")
ETAG_BYTES = 16
POSITION = b"shangliang-position"
"""The header by which an answer tells what it wrote, and a request what it has to see."""


class GraphQLEndpoint:
    """Answers GraphQL requests."""

    def __init__(
        self,
        engine: Engine,
        subscriptions: Subscriptions,
        authenticator: Authenticator,
        *,
        body_bytes: int,
        at_once: AtOnce | None = None,
    ) -> None:
        self._engine = engine
        self._subscriptions = subscriptions
        self._authenticator = authenticator
        self._body_bytes = body_bytes
        self._streams = (at_once or AtOnce()).streams
        self._attendance = Attendance()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is not a GraphQL request gets an HTTP error in the form of an answer."""
        headers: Headers = dict(scope["headers"])
        accept = headers.get(b"accept", b"").decode("latin-1")
        type_ = media_type(accept)
        try:
            await self._answer(scope, receive, send, headers, type_)
        except Left:
            pass
        except TooMany as error:
            await too_many(error, type_ or JSON)(scope, receive, send)
        except HTTPException as error:
            facts = error.facts if isinstance(error, TooLarge) else None
            response = error_response(error.status_code, error.detail, error.headers, type_ or JSON, facts=facts)
            await response(scope, receive, send)
        except Exception as error:  # noqa: BLE001 -- a bug is masked and logged
            await errors_response(500, [masked(error)], type_=type_ or JSON)(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, headers: Headers, type_: str | None) -> None:
        """Answer one request. Raises HTTPException for what is not a GraphQL request."""
        method = scope["method"]
        accept = headers.get(b"accept", b"").decode("latin-1")
        streams = method != "HEAD" and accepts_stream(accept)
        if type_ is None and not streams:
            raise HTTPException(406, f"This endpoint answers in {TYPES}; Accept was {accept!r}.")
        if method not in METHODS:
            allowed = ", ".join(METHODS)
            raise HTTPException(405, f"This endpoint takes {allowed}, not {method}.", {"Allow": allowed})
        authorization = headers[b"authorization"].decode("latin-1") if b"authorization" in headers else None
        speaker = await spoken(self._authenticator, authorization)
        if method == "POST":
            content_type = headers.get(b"content-type", b"").decode("latin-1")
            request = from_body(content_type, await read_body(receive, self._body_bytes))
        else:
            request = from_query_string(scope["query_string"])
        if POSITION in headers:
            request.position = max(request.position, read_position(headers[POSITION].decode("latin-1")))
        if type_ is None or (streams and self._subscribes(request)):
            results = self._subscriptions.results(request, speaker.actor, queries_only=method != "POST")
            with self._streams.one():
                await EventStream(results, speaker).send(receive, send)
            return
        work = self._engine.execute(request, speaker.rights(), queries_only=method != "POST")
        answer = await self._attendance.attend(work, receive)
        await self._send(send, answer, type_, headers, conditional=method != "POST")

    def _subscribes(self, request: GraphQLRequest) -> bool:
        """Return whether a request chooses a subscription."""
        try:
            return self._engine.operation(request).kind is OperationType.SUBSCRIPTION
        except RequestRefused:
            return False

    async def _send(self, send: Send, answer: Answer, type_: str, headers: Headers, *, conditional: bool) -> None:
        """Send an answer, compressed if the client accepts that; 304 to a GET whose client has it already."""
        status, body = status_of(answer, type_), answer.body
        sent = [CONTENT_TYPES[type_], VARY]
        if conditional and status == HTTPStatus.OK:
            tag = b'W/"%b"' % blake2b(body, digest_size=ETAG_BYTES).hexdigest().encode()
            sent += [(b"etag", tag), REVALIDATE]
            if matches(tag, headers.get(b"if-none-match", b"")):
                await send({"type": "http.response.start", "status": 304, "headers": sent[1:]})
                await send({"type": "http.response.body", "body": b""})
                return
        if len(body) >= SMALLEST and b"accept-encoding" in headers:
            name = encoding(headers[b"accept-encoding"].decode("latin-1"))
            if name is not None:
                body = await compressed(body, name)
                sent.append((b"content-encoding", name.encode()))
        if answer.retry_after_s:
            sent.append((b"retry-after", b"%d" % answer.retry_after_s))
        if answer.position is not None:
            sent.append((POSITION, answer.position.encode()))
        if answer.post_only:
            sent.append((b"allow", b"POST"))
        sent.append((b"content-length", b"%d" % len(body)))
        await send({"type": "http.response.start", "status": status, "headers": sent})
        await write(send, body)


def matches(tag: bytes, if_none_match: bytes) -> bool:
    """Return whether If-None-Match has a tag, compared weakly (RFC 9110, 13.1.2)."""
    return tag.removeprefix(b"W/") in if_none_match or if_none_match.strip() == b"*"


def status_of(answer: Answer, type_: str) -> int:
    """Return the status: a refused request is 400, except that application/json reports it with 200.

    What GET may not run is 405 in either, and 429 what a caller asks whose budget is spent.
    """
    if answer.retry_after_s:
        return 429
    if answer.post_only:
        return 405
    if answer.executed or type_ != GRAPHQL_RESPONSE:
        return 200
    return 400
