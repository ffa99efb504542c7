"""A CloudEvent out of an AMQP message, in either content mode, as CloudEvents 1.0 and its JSON format have it.

What is ambiguous or cannot be read is refused with a reason, never guessed at or dropped.
"""

import json
from base64 import b64decode
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import orjson
from aio_pika.abc import AbstractIncomingMessage

from events.messages.envelope import CONTENT_TYPE, MOST_BYTES
from services.core.errors import DomainError

BOM = b"\xef\xbb\xbf"
CLOUDEVENTS = "application/cloudevents"
PREFIXES = ("cloudevents:", "cloudevents_")
"""What the AMQP binding puts before an attribute's name in a header of binary mode; capitals do not matter here."""
PLAIN_ENCODINGS = frozenset({"", "identity", "utf-8", "utf8"})
NOTHING: tuple[Any, ...] = (None, [], {}, "")
"""What stands for no data: PHP writes an empty object as a list, others write an empty text."""

READ = ("specversion", "id", "source", "type", "causationid", "datacontenttype", "data", "data_base64")
MEANT = {name.replace("_", ""): name for name in READ}
"""Attributes that are read, by what is left of a name that is spelt otherwise."""


class BadReply(DomainError):
    """A message that is no reply; the text says what was wrong and what would be right."""

    code = "BAD_REPLY"


def content_of(message: AbstractIncomingMessage) -> dict[str, Any]:
    """Return a CloudEvent's attributes, and what it says as `data`: an empty object where it says nothing.

    Raises BadReply.
    """
    if len(message.body) > MOST_BYTES:
        raise BadReply(f"The body has {len(message.body)} bytes; {MOST_BYTES} are allowed.")
    encoding = message.content_encoding or ""
    if encoding.strip().lower() not in PLAIN_ENCODINGS:
        raise BadReply(f"The content encoding {encoding!r} is not read; send the body as it is.")
    if _is_binary(message):
        attributes: dict[str, Any] = {**_header_attributes(message)}
        said = json_of(message.body, message.content_type, "body") if message.body else None
    else:
        attributes = _structured(message)
        said = _said(attributes)
    for name in attributes:
        meant = MEANT.get(name.lower().replace("_", "").replace("-", ""), name)
        if meant != name:
            raise BadReply(f"The attribute {name!r} has to be named {meant!r}.")
    return {**attributes, "data": {} if said in NOTHING else said}


def texts_of(message: AbstractIncomingMessage) -> dict[str, str]:
    """Return the attributes that are texts of a message that may be no CloudEvent at all, as far as can be read."""
    found: dict[str, Any] = {**_header_attributes(message)}
    if not _is_binary(message) and len(message.body) <= MOST_BYTES:
        with suppress(orjson.JSONDecodeError):
            content = orjson.loads(message.body.removeprefix(BOM))
            found = content if isinstance(content, dict) else found
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _is_binary(message: AbstractIncomingMessage) -> bool:
    """Tell whether the attributes stand in the headers: the content type says so before they do."""
    structured = (message.content_type or "").strip().lower().startswith(CLOUDEVENTS)
    return not structured and bool(_header_attributes(message))


def _header_attributes(message: AbstractIncomingMessage) -> dict[str, str]:
    """Return the attributes in a message's headers, as texts."""
    return {
        name[len(prefix) :]: _text(value)
        for name, value in message.headers.items()
        for prefix in PREFIXES
        if name.lower().startswith(prefix)
    }


def _text(value: Any) -> str:  # noqa: ANN401 -- whatever a header may hold
    """Return a header's value in the form that CloudEvents gives its type."""
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _structured(message: AbstractIncomingMessage) -> dict[str, Any]:
    """Return the JSON object that a message's body is. Raises BadReply."""
    media, _ = media_type(message.content_type)
    if media.startswith(CLOUDEVENTS) and media != CONTENT_TYPE:
        raise BadReply(f"The content type {media!r} is not read; send each event as {CONTENT_TYPE}.")
    content = json_of(message.body, message.content_type if media == CONTENT_TYPE else None, "body")
    if not isinstance(content, dict):
        what = "a batch; send each event as a message of its own" if isinstance(content, list) else "no JSON object"
        raise BadReply(f"The body is {what}.")
    return content


def _said(attributes: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- a JSON value
    """Return the data of a structured event. Raises BadReply."""
    said, encoded = attributes.get("data"), attributes.get("data_base64")
    declared = attributes.get("datacontenttype")
    if declared is not None and not isinstance(declared, str):
        raise BadReply(f"The attribute 'datacontenttype' is no text: {declared!r}.")
    if encoded is None:
        if said not in NOTHING and not is_json(declared):
            raise BadReply(f"The data is {declared!r}; application/json is read.")
        return said
    if said is not None:
        raise BadReply("The event has both data and data_base64; one of them says all.")
    try:
        if not isinstance(encoded, str):
            raise TypeError("it is no text")  # noqa: TRY301 -- as with any other that is not base64
        decoded = b64decode(encoded, validate=True)
    except (TypeError, ValueError) as error:
        raise BadReply(f"The attribute 'data_base64' is not base64: {error}.") from None
    return json_of(decoded, declared, "data_base64") if decoded else None


def json_of(body: bytes, declared: str | None, what: str) -> Any:  # noqa: ANN401 -- a JSON value
    """Return the JSON value in bytes of a declared media type. Raises BadReply that says `what` they are."""
    if not is_json(declared):
        raise BadReply(f"The {what} is {declared!r}; application/json is read.")
    _, charset = media_type(declared)
    if charset not in {"", "utf-8", "utf8", "us-ascii"}:
        raise BadReply(f"The {what} is in {charset!r}; JSON is in UTF-8.")
    plain = body.removeprefix(BOM)
    try:
        value = orjson.loads(plain)
        json.loads(plain, object_pairs_hook=_once, parse_int=str, parse_float=str)
    except orjson.JSONDecodeError as error:
        raise BadReply(f"The {what} is not JSON: {error}.") from None
    except RecursionError:
        raise BadReply(f"The {what} is not JSON that can be read: it is nested too deeply.") from None
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object whose names stand once each. Raises BadReply."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise BadReply(f"The name {name!r} stands twice in one object; say once what is meant.")
        found[name] = value
    return found


def is_json(declared: str | None) -> bool:
    """Tell whether a media type is JSON, as CloudEvents tells it; nothing declared is."""
    media, _ = media_type(declared)
    return not media or media.endswith(("/json", "+json"))


def media_type(declared: str | None) -> tuple[str, str]:
    """Return a declared content type without its parameters, and its charset, both in lower case."""
    media, *parameters = (declared or "").lower().split(";")
    named = {name.strip(): value.strip(' "') for name, _, value in (one.partition("=") for one in parameters)}
    return media.strip(), named.get("charset", "")
