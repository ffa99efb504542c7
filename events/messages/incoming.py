import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Literal
from uuid import UUID

from aio_pika.abc import AbstractIncomingMessage
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from events.messages.content import BadReply, content_of, texts_of
from events.messages.envelope import event_name
from services.core.bounds import MESSAGE_ID, NOTE, SHOWN, SOURCE, URL
from services.core.errors import DomainError
from services.core.tracing import TRACEPARENT
from services.notices.refusals import Refusal
from services.notices.replies import Reply
from services.notices.rules import REPLIES

VERBS = tuple(dict.fromkeys(verb for _receipt, verb in REPLIES))

CODE = re.compile("[a-z0-9-]{2,40}")


class ReplyData(BaseModel):
    """The data of a reply."""

    model_config = ConfigDict(extra="ignore")

    note: str | None = Field(default=None, max_length=NOTE.most, description="What the department has to say.")
    evidence_url: str | None = Field(
        default=None, max_length=URL.most, pattern=r"^https?://", description="Where what shows it can be seen."
    )


class ReplyEnvelope(BaseModel):
    """The attributes of a reply's CloudEvent that matter here."""

    model_config = ConfigDict(extra="ignore")

    specversion: Literal["1.0"] = Field(description="The version of CloudEvents.")
    id: str = Field(
        min_length=1,
        max_length=MESSAGE_ID.most,
        description="The department's own id of the reply. One that comes again with the same content counts once, one "
        "that comes with another content is refused.",
        examples=["reply-2026-0417"],
    )
    source: str = Field(
        min_length=1,
        max_length=SOURCE.most,
        description="Where the reply comes from: the ids of a source are its own.",
        examples=["/qinshui-court"],
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
    envelope = _envelope(content_of(message))
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
        note=envelope.data.note if SHOWN.search(envelope.data.note or "") else None,
        evidence_url=envelope.data.evidence_url,
        source=envelope.source,
    )


def _envelope(content: dict[str, Any]) -> ReplyEnvelope:
    """Return the CloudEvent of a reply. Raises BadReply."""
    try:
        return ReplyEnvelope.model_validate(content)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise BadReply(f"The body is not a CloudEvent of a reply: {problems}.") from None


def claimed_sender(message: AbstractIncomingMessage) -> str:
    """Return who says that it sent a message: the account that the broker vouches for, else the routing key's.

    A department's account may write under its own keys alone, so that nobody but the department, or who runs the
    broker, can name it so: good enough to tell it that a reply was refused, not to take one in.
    """
    named = (message.routing_key or "").partition(".")[0]
    return message.user_id or (named if CODE.fullmatch(named) else "")


def trace_of(message: AbstractIncomingMessage) -> tuple[str | None, UUID | None]:
    """Return the `traceparent` of a message, AMQP's header or the CloudEvent's attribute, and which event it answers.

    Each is None where it cannot be read, whatever the message is.
    """
    header, texts = message.headers.get(TRACEPARENT), texts_of(message)
    own = header if isinstance(header, str) else texts.get(TRACEPARENT)
    return own, _answered_event(message, texts)


def _answered_event(message: AbstractIncomingMessage, texts: Mapping[str, str]) -> UUID | None:
    """Return the id of the event that a message with these attributes answers; None where it cannot be read."""
    with suppress(ValueError):
        return UUID(texts.get("causationid") or message.correlation_id or "")
    return None


def refusal_of(message: AbstractIncomingMessage, error: DomainError) -> Refusal:
    """Return the refusal of a message, with what can be read of it, whatever it is.

    Where its body cannot be read, the AMQP properties that the kit sets beside tell what it answers.
    """
    texts = texts_of(message)
    id_ = texts.get("id", "")
    name = event_name(texts.get("type", "")) or (message.routing_key or "").partition(".")[2]
    aggregate, _, verb = name.partition(".")
    return Refusal(
        code=error.code,
        reason=error.message,
        reply_id=id_ if 0 < len(id_) <= MESSAGE_ID.most and not MESSAGE_ID.fault(id_) else None,
        verb=verb if aggregate == "reply" and verb in VERBS else None,
        event_id=_answered_event(message, texts),
        message_id=message.message_id or None,
    )
