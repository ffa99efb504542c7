"""HTTP requests become GraphQL requests: bodies, query strings, their faults by status."""

from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.exceptions import HTTPException
from starlette.types import Receive

from graph.engine import POSITION, GraphQLRequest
from graph.http.negotiation import JSON, charset
from services.core.positions import position_of
from services.core.security import SecurityEvent, note


class TooLarge(HTTPException):
    """A request body above its limit, in bytes."""

    def __init__(self, limit: int, value: int) -> None:
        super().__init__(413, f"A request body has at most {limit} bytes; this one has {value} or more.")
        self.facts = {"limit": limit, "value": value}


async def read_body(receive: Receive, most: int) -> bytes:
    """Return a request's body. Raises HTTPException 413 past the limit, 400 where the client went away."""
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body", False) and len(body) <= most:
        message = await receive()
        body += message.get("body", b"")
    if len(body) > most:
        note(SecurityEvent.LIMIT_MET, reason="BODY_TOO_LARGE")
        raise TooLarge(most, len(body))
    if message["type"] == "http.disconnect":
        raise HTTPException(400, "The request ended before its body.")
    return body


def from_body(content_type: str, body: bytes) -> GraphQLRequest:
    """Return the request in a POST body. Raises HTTPException 415 or 400."""
    if content_type != JSON:
        declared = content_type.partition(";")[0].strip()
        if declared.lower() != JSON:
            raise HTTPException(415, f"A request body is {JSON}; Content-Type was {declared or 'missing'}.")
        if charset(content_type) not in {"utf-8", "utf8"}:
            raise HTTPException(415, f"A request body is in UTF-8; the charset was {charset(content_type)}.")
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise HTTPException(400, f"The request body is not JSON: {error}.") from None
    if not isinstance(fields, dict):
        raise HTTPException(400, "The request body is a JSON object with the field query.")
    return well_formed(fields)


def from_query_string(query_string: bytes) -> GraphQLRequest:
    """Return the request in a GET's parameters. Raises HTTPException 400."""
    try:
        fields: dict[str, Any] = dict(parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict"))
    except UnicodeDecodeError:
        raise HTTPException(400, "The query string is percent-encoded UTF-8.") from None
    for name in ("variables", "extensions"):
        if fields.get(name):
            try:
                fields[name] = orjson.loads(fields[name])
            except orjson.JSONDecodeError as error:
                raise HTTPException(400, f"The parameter {name} is not JSON: {error}.") from None
        else:
            fields.pop(name, None)
    return well_formed(fields)


def well_formed(fields: dict[str, Any]) -> GraphQLRequest:
    """Return the request in parsed fields. Raises HTTPException 400 for a field of the wrong kind."""
    query, name = fields.get("query"), fields.get("operationName")
    variables, extensions = fields.get("variables"), fields.get("extensions")
    if extensions is not None and not isinstance(extensions, dict):
        raise HTTPException(400, "The field extensions is not an object.")
    document_id = document_id_of(fields)
    if document_id is not None:
        if query:
            raise HTTPException(400, "A request has a query or a document's id, not both.")
        query = ""
    if query is None and extensions and "persistedQuery" in extensions:
        query = ""
    if not isinstance(query, str):
        raise HTTPException(400, "The field query is missing or not a string.")
    if name is not None and not isinstance(name, str):
        raise HTTPException(400, "The field operationName is not a string.")
    if variables is not None and not isinstance(variables, dict):
        raise HTTPException(400, "The field variables is not an object.")
    extensions = extensions or {}
    position = read_position(extensions[POSITION]) if POSITION in extensions else 0
    return GraphQLRequest(query, name or None, variables or {}, extensions, document_id, position)


def read_position(text: object) -> int:
    """Return the position that a request gives. Raises HTTPException 400."""
    try:
        return position_of(text if isinstance(text, str) else repr(text))
    except ValueError as error:
        raise HTTPException(400, f"{error} Give back what an answer told, or nothing.") from None


def document_id_of(fields: dict[str, Any]) -> str | None:
    """Return the id of the document that is asked for: `documentId`, or `doc_id` as Relay's clients have it.

    Raises HTTPException 400 for one that is no text, and for two.
    """
    given = [fields[name] for name in ("documentId", "doc_id") if fields.get(name) is not None]
    if not given:
        return None
    if len(given) > 1 or not isinstance(given[0], str) or not given[0]:
        raise HTTPException(400, "A document's id is one text, documentId or doc_id.")
    document_id: str = given[0]
    return document_id
