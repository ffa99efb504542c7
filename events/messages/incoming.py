from contextlib import suppress
from typing import Any, Literal
from uuid import UUID

import orjson
from aio_pika.abc import AbstractIncomingMessage
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from events.messages.envelope import MOST_BYTES, event_name
from services.core.errors import DomainError
from services.notices.refusals import Refusal
from services.notices.replies import Reply
from services.notices.rules import REPLIES

VERBS = tuple(dict.fromkeys(verb for _receipt, verb in REPLIES))


LONGEST_ID = 200


class BadReply(DomainError):
    """A message that is no reply; the text says what was wrong and what would be right."""

    code = "BAD_REPLY"


class ReplyData(BaseModel):
    """The data of a reply."""

    model_config = ConfigDict(extra="ignore")

    note: str | None = Field(default=None, max_length=2000, description="What the department has to say.")
    evidence_url: str | None = Field(
        default=None, max_length=2000, pattern=r"^https?://", description="Where what shows it can be seen."
    )


class ReplyEnvelope(BaseModel):
    """The attributes of a reply's CloudEvent that matter here."""

    model_config = ConfigDict(extra="ignore")

    specversion: Literal["1.0"] = Field(description="The version of CloudEvents.")
    id: str = Field(
        min_length=1,
        max_length=LONGEST_ID,
        description="The department's own id of the reply: one that was taken in before counts once.",
        examples=["reply-2026-0417"],
    )
    source: str = Field(
        min_length=1, max_length=2000, description="Where the reply comes from.", examples=["/qinshui-court"]
    )
    type: str = Field(max_length=200, description="The message's type: `cn.shangliang.reply.<verb>.v1`.")
    causationid: UUID = Field(
        description="The id of the event that is answered.", examples=["01a2078e-d9fc-7209-b139-68d5206cdc9b"]
    )
    data: ReplyData = Field(default_factory=ReplyData)


def reply_of(message: AbstractIncomingMessage) -> Reply:
    """Return the reply in a message whose sender the broker has vouched for. Raises BadReply with the reason."""
    sender, key = message.user_id, message.routing_key or ""
    if not sender:
        raise BadReply("user_id is not set: the broker cannot vouch for the sender.")
    department, _, verb_key = key.partition(".")
    if department != sender:
        raise BadReply(f"The routing key {key!r} does not begin with the sender's account {sender!r}.")
    if len(message.body) > MOST_BYTES:
        raise BadReply(f"The body has {len(message.body)} bytes; {MOST_BYTES} are allowed.")
    envelope = _envelope(message.body)
    name = event_name(envelope.type) or ""
    aggregate, _, verb = name.partition(".")
    if aggregate != "reply" or verb not in VERBS:
        raise BadReply(f"The type {envelope.type!r} is no reply; verbs are {', '.join(VERBS)}.")
    if verb_key != name:
        raise BadReply(f"The routing key {key!r} does not end in the type's {name!r}.")
    return Reply(
        department_code=department,
        message_id=envelope.id,
        event_id=envelope.causationid,
        verb=verb,
        note=envelope.data.note,
        evidence_url=envelope.data.evidence_url,
    )


def _envelope(body: bytes) -> ReplyEnvelope:
    """Return the CloudEvent in a body. Raises BadReply."""
    try:
        content: Any = orjson.loads(body)
        return ReplyEnvelope.model_validate(content)
    except orjson.JSONDecodeError as error:
        raise BadReply(f"The body is not JSON: {error}.") from None
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise BadReply(f"The body is not a CloudEvent of a reply: {problems}.") from None


def refusal_of(message: AbstractIncomingMessage, error: DomainError) -> Refusal:
    """Return the refusal of a message, with what can be read of it, whatever it is."""
    envelope = _texts(message.body)
    id_ = envelope.get("id", "")
    aggregate, _, verb = (event_name(envelope.get("type", "")) or "").partition(".")
    event_id = None
    with suppress(ValueError):
        event_id = UUID(envelope.get("causationid", ""))
    return Refusal(
        code=error.code,
        reason=error.message,
        reply_id=id_ if 0 < len(id_) <= LONGEST_ID and "\0" not in id_ else None,
        verb=verb if aggregate == "reply" and verb in VERBS else None,
        event_id=event_id,
    )


def _texts(body: bytes) -> dict[str, str]:
    """Return the texts of a body's JSON object, nothing where it is none."""
    with suppress(orjson.JSONDecodeError):
        content = orjson.loads(body) if len(body) <= MOST_BYTES else None
        if isinstance(content, dict):
            return {name: value for name, value in content.items() if isinstance(value, str)}
    return {}
