from typing import Any

import orjson
from aio_pika import DeliveryMode, Message

from events.messages.envelope import CONTENT_TYPE, SEQUENCE_DIGITS, SPEC_VERSION, event_type
from services.core.ids import node_id
from services.core.scope import division_code
from services.notices.claim import Notice


def routing_key(notice: Notice) -> str:
    """Return `<department>.<aggregate>.<event>`."""
    return f"{notice.department_code}.{notice.type}"


def cloud_event(notice: Notice, *, public_url: str) -> dict[str, Any]:
    """Return the CloudEvent of a notice. Its id is the event's, the same however often it is sent."""
    event: dict[str, Any] = {
        "specversion": SPEC_VERSION,
        "id": str(notice.event_id),
        "source": f"/shangliang/{division_code(notice.division_number)}",
        "type": event_type(notice.type),
        "time": notice.occurred_at.isoformat(),
        "datacontenttype": "application/json",
        "dataschema": f"{public_url}/schemas/{notice.type}.v1.json",
        "partitionkey": partition_key(notice),
        "sequence": f"{notice.sequence:0{SEQUENCE_DIGITS}d}",
        "data": _data(notice, public_url),
    }
    optional = {
        "subject": notice.subject,
        "traceparent": notice.traceparent,
        "causationid": str(notice.causation_id) if notice.causation_id else None,
        "replay": notice.replays or None,
    }
    event.update({name: value for name, value in optional.items() if value is not None})
    return event


def partition_key(notice: Notice) -> str:
    """Return what the order is kept within: the topic, or the department for events without one."""
    return node_id("topic", notice.topic_id) if notice.topic_id else notice.department_code


def correlation_id(notice: Notice) -> str | None:
    """Return what the message belongs to: the topic, else the event that led to this one, where there is one."""
    if notice.topic_id:
        return node_id("topic", notice.topic_id)
    return str(notice.causation_id) if notice.causation_id else None


def _data(notice: Notice, public_url: str) -> dict[str, Any]:
    """Return the event's data with what is the department's own."""
    own: dict[str, Any] = {"department": {"code": notice.department_code, "role": notice.role}}
    if notice.subject is not None:
        own["link"] = f"{public_url}/topics/{notice.subject}"
    return {**notice.data, **own}


def message_of(notice: Notice, *, public_url: str, account: str) -> Message:
    """Return the AMQP message of a notice, sent by the account.

    `message_id` is the delivery's id, never the event's: the client swaps the outcomes of two messages in flight
    with the same one.
    """
    return Message(
        orjson.dumps(cloud_event(notice, public_url=public_url)),
        content_type=CONTENT_TYPE,
        delivery_mode=DeliveryMode.PERSISTENT,
        message_id=str(notice.id),
        type=event_type(notice.type),
        correlation_id=correlation_id(notice),
        user_id=account,
        timestamp=notice.occurred_at,
        headers={"traceparent": notice.traceparent} if notice.traceparent else None,
    )
