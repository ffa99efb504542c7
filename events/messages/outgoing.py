from typing import Any

import orjson
from aio_pika import DeliveryMode, Message

from events.messages.envelope import CONTENT_TYPE, SEQUENCE_DIGITS, SPEC_VERSION, event_type
from services.core.ids import node_id
from services.core.scope import division_code
from services.core.tracing import TRACEPARENT, traceparent
from services.notices.claim import ClaimedDelivery


def routing_key(delivery: ClaimedDelivery) -> str:
    """Return `<department>.<aggregate>.<event>`."""
    return f"{delivery.department_code}.{delivery.type}"


def cloud_event(delivery: ClaimedDelivery, *, public_url: str) -> dict[str, Any]:
    """Return the CloudEvent of a delivery. Its id is the event's, the same however often it is sent."""
    event: dict[str, Any] = {
        "specversion": SPEC_VERSION,
        "id": str(delivery.event_id),
        "source": f"/shangliang/{division_code(delivery.division_number)}",
        "type": event_type(delivery.type),
        "time": delivery.occurred_at.isoformat(),
        "datacontenttype": "application/json",
        "dataschema": f"{public_url}/schemas/{delivery.type}.v1.json",
        "partitionkey": partition_key(delivery),
        "sequence": f"{delivery.sequence:0{SEQUENCE_DIGITS}d}",
        "data": _data(delivery, public_url),
    }
    optional = {
        "subject": delivery.subject,
        "traceparent": delivery.traceparent,
        "causationid": str(delivery.causation_id) if delivery.causation_id else None,
        "replay": delivery.replays or None,
    }
    event.update({name: value for name, value in optional.items() if value is not None})
    return event


def partition_key(delivery: ClaimedDelivery) -> str:
    """Return what the order is kept within: the topic, or the department for events without one."""
    return node_id("topic", delivery.topic_id) if delivery.topic_id else delivery.department_code


def correlation_id(delivery: ClaimedDelivery) -> str | None:
    """Return what the message belongs to: the topic, else the event that led to this one, where there is one."""
    if delivery.topic_id:
        return node_id("topic", delivery.topic_id)
    return str(delivery.causation_id) if delivery.causation_id else None


def _data(delivery: ClaimedDelivery, public_url: str) -> dict[str, Any]:
    """Return the event's data with what is the department's own."""
    own: dict[str, Any] = {"department": {"code": delivery.department_code, "role": delivery.role}}
    if delivery.subject is not None:
        own["link"] = f"{public_url}/topics/{delivery.subject}"
    return {**delivery.data, **own}


def message_of(delivery: ClaimedDelivery, *, public_url: str, account: str) -> Message:
    """Return the AMQP message of a delivery, sent by the account.

    `message_id` is the delivery's id, never the event's: the client swaps the outcomes of two messages in flight
    with the same one. Its header `traceparent` is the span in which it is made, else the event's.
    """
    trace = traceparent() or delivery.traceparent
    return Message(
        orjson.dumps(cloud_event(delivery, public_url=public_url)),
        content_type=CONTENT_TYPE,
        delivery_mode=DeliveryMode.PERSISTENT,
        message_id=str(delivery.id),
        type=event_type(delivery.type),
        correlation_id=correlation_id(delivery),
        user_id=account,
        timestamp=delivery.occurred_at,
        headers={TRACEPARENT: trace} if trace else None,
    )
