"""Exports over HTTP: a list as a file, sent as it is read."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import structlog
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from graph.budgets import AtOnce, OverBudget, TooMany
from graph.errors import masked, refused
from graph.exports.export import Export, Exports
from graph.exports.formats import FORMATS
from graph.exports.lists import LISTS
from graph.http.attendance import left
from graph.http.auth import Authenticator, Speaker, spoken
from graph.http.encodings import COMPRESSORS, Compressor, encoding
from graph.http.negotiation import error_response, errors_response, too_many
from graph.http.parameters import export_request
from graph.operations import RequestRefused
from services.core.codes import Code
from services.core.deadline import answered_within
from services.core.errors import DomainError, NotAllowed, Unavailable
from services.core.security import note_refused
from services.core.words import Words

PATH = "/export/{list}.{format}"
METHODS = ("GET", "HEAD")

log = structlog.get_logger()


class ExportEndpoint:
    """Answers requests for exports. Whatever the client does not take is not read; when it leaves, the read ends."""

    def __init__(self, exports: Exports, authenticator: Authenticator, at_once: AtOnce | None = None) -> None:
        self._exports = exports
        self._shares = (at_once or AtOnce()).exports
        self._authenticator = authenticator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        with answered_within(self._exports.begin_s):
            answering = asyncio.create_task(self._answer(scope, receive, send))
        leaving = asyncio.create_task(left(receive))
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            answering.cancel()
            await asyncio.gather(answering, leaving, return_exceptions=True)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, or an HTTP error where it cannot begin. What ends it later cuts the connection short."""
        headers = Headers(scope=scope)
        try:
            speaker, export = await self._prepared(Request(scope), headers)
            with self._shares.one():
                async with aclosing(while_held(export.parts(), speaker)) as parts:
                    first = None if scope["method"] == "HEAD" else await anext(parts, b"")
                    await self._send(send, export, encoding(headers.get("accept-encoding", "")), first, parts)
        except _Begun:
            pass
        except Exception as error:  # noqa: BLE001 -- a bug is masked and logged
            await error_of(error)(scope, receive, send)

    async def _prepared(self, request: Request, headers: Headers) -> tuple[Speaker, Export]:
        """Return the caller and the requested export. Raises HTTPException, RequestRefused, DomainError."""
        if request.method not in METHODS:
            allowed = ", ".join(METHODS)
            raise HTTPException(405, f"An export takes {allowed}, not {request.method}.", {"Allow": allowed})
        name, format_ = request.path_params["list"], request.path_params["format"]
        if name not in LISTS or format_ not in FORMATS:
            known = f"one of {', '.join(LISTS)}, as {' or '.join(FORMATS)}"
            raise HTTPException(404, f"There is no export {name}.{format_}; there is {known}.")
        speaker = await spoken(self._authenticator, headers.get("authorization"))
        asked = export_request(name, format_, request.query_params.multi_items(), self._exports.filter_type(name))
        export = self._exports.prepare(asked, speaker.rights())
        await export.check()
        return speaker, export

    async def _send(
        self, send: Send, export: Export, coding: str | None, first: bytes | None, parts: AsyncGenerator[bytes, None]
    ) -> None:
        """Send the file, whose first part is read already; None for its headers alone. Raises _Begun."""
        await send({"type": "http.response.start", "status": 200, "headers": headers_of(export, coding)})
        compressor = COMPRESSORS[coding]() if coding and first is not None else None
        try:
            if first is not None:
                await _write(send, first, compressor)
                async for part in parts:
                    await _write(send, part, compressor)
            last = compressor.flush() if compressor else b""
            await send({"type": "http.response.body", "body": last})
        except DomainError as error:
            note_refused(error, "export")
            log.warning("an export was cut short", file=export.file_name, reason=error.code)
            raise _Begun from error
        except Exception as error:
            masked(error)
            raise _Begun from error


class RightsTakenBack(NotAllowed):
    """A right by which the file was requested has been revoked, or the token itself."""

    code = Code.FORBIDDEN
    words = Words("A right of the caller was taken back while the file was sent.", "发送文件期间，您的权限被收回。")

    def __init__(self) -> None:
        super().__init__(self.words)


async def while_held(parts: AsyncGenerator[bytes, None], speaker: Speaker) -> AsyncGenerator[bytes, None]:
    """Yield parts as long as no right of the speaker is taken back; a token that expires meanwhile was good enough.

    Raises RightsTakenBack.
    """
    held = set(speaker.rights().grants)
    async with aclosing(parts):
        async for part in parts:
            if speaker.revoked() or not held <= set(speaker.rights().grants):
                raise RightsTakenBack
            yield part


class _Begun(Exception):
    """The file cannot be sent to its end, but its beginning was sent."""


def headers_of(export: Export, coding: str | None) -> list[tuple[bytes, bytes]]:
    """Return the headers of a file."""
    headers = [
        (b"content-type", export.format.media_type.encode()),
        (b"content-disposition", b'attachment; filename="%b"' % export.file_name.encode()),
        (b"cache-control", b"private, no-store"),
        (b"vary", b"Accept-Encoding, Authorization"),
        (b"x-content-type-options", b"nosniff"),
        (b"x-accel-buffering", b"no"),
    ]
    return [*headers, (b"content-encoding", coding.encode())] if coding else headers


async def _write(send: Send, part: bytes, compressor: Compressor | None) -> None:
    """Compress and send a part; nothing while the compressor holds it back."""
    ready = compressor.compress(part) if compressor else part
    if ready:
        await send({"type": "http.response.body", "body": ready, "more_body": True})


def error_of(error: Exception) -> Response:
    """Return the HTTP error for an exception raised before an export began."""
    if isinstance(error, DomainError):
        note_refused(error, "export")
    match error:
        case HTTPException():
            return error_response(error.status_code, error.detail, error.headers)
        case TooMany():
            return too_many(error)
        case RequestRefused():
            later = {"Retry-After": str(error.retry_after_s)} if isinstance(error, OverBudget) else None
            return errors_response(429 if later else 400, error.errors, later)
        case DomainError():
            later = {"Retry-After": str(error.retry_after_s)} if isinstance(error, Unavailable) else None
            return errors_response(503 if later else 400, [refused(error)], later)
        case _:
            return errors_response(500, [masked(error)])
