from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import orjson
import pytest

from events.messages.content import BadReply
from events.messages.incoming import reply_of
from events.messages.outgoing import cloud_event, message_of, routing_key
from services.notices.claim import ClaimedDelivery
from services.notices.replies import Reply

TOPIC, EVENT, DELIVERY, CAUSE = (UUID(int=number) for number in range(1, 5))
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
NOTICE = ClaimedDelivery(
    id=DELIVERY, lane_id=1, sequence=42, role="LEAD", attempts=0, replays=0, department_id=UUID(int=9),
    department_code="qinshui-court", event_id=EVENT, type="topic.scheduled", topic_id=TOPIC,
    division_number=140521101000, subject="T140521-2024-0001", occurred_at=datetime(2024, 5, 1, tzinfo=UTC),
    data={"topic": {"title": "林地"}}, traceparent=None, causation_id=None,
)  # fmt: skip
URL = "https://api.example.org"


def test_cloud_event_has_its_attributes() -> None:
    assert cloud_event(NOTICE, public_url=URL) == {
        "specversion": "1.0",
        "id": str(EVENT),
        "source": "/shangliang/140521101",
        "type": "cn.shangliang.topic.scheduled.v1",
        "time": "2024-05-01T00:00:00+00:00",
        "datacontenttype": "application/json",
        "dataschema": f"{URL}/schemas/topic.scheduled.v1.json",
        "partitionkey": f"topic_{TOPIC}",
        "sequence": "000000000042",
        "subject": "T140521-2024-0001",
        "data": {
            "topic": {"title": "林地"},
            "department": {"code": "qinshui-court", "role": "LEAD"},
            "link": f"{URL}/topics/T140521-2024-0001",
        },
    }


def test_cloud_event_names_its_trace_and_its_cause_where_it_has_them() -> None:
    event = cloud_event(replace(NOTICE, traceparent=TRACE, causation_id=CAUSE), public_url=URL)
    assert (event["traceparent"], event["causationid"]) == (TRACE, str(CAUSE))


def test_message_has_its_properties() -> None:
    message = message_of(replace(NOTICE, traceparent=TRACE), public_url=URL, account="relay")
    assert routing_key(NOTICE) == "qinshui-court.topic.scheduled"
    assert (message.message_id, message.type, message.correlation_id, message.user_id, message.content_type) == (
        str(DELIVERY),
        "cn.shangliang.topic.scheduled.v1",
        f"topic_{TOPIC}",
        "relay",
        "application/cloudevents+json",
    )
    assert (message.delivery_mode, message.timestamp) == (2, NOTICE.occurred_at)
    assert message.headers == {"traceparent": TRACE}
    assert message_of(NOTICE, public_url=URL, account="relay").headers == {}


def test_message_without_a_topic_is_partitioned_by_its_department() -> None:
    notice = replace(NOTICE, type="system.test", topic_id=None, subject=None)
    message = message_of(notice, public_url=URL, account="relay")
    event = orjson.loads(message.body)
    assert (message.correlation_id, event["partitionkey"]) == (None, "qinshui-court")
    assert "subject" not in event
    assert "link" not in event["data"]


def test_message_without_a_topic_belongs_to_the_event_that_led_to_it() -> None:
    notice = replace(NOTICE, type="reply.rejected", topic_id=None, subject=None, causation_id=EVENT)
    message = message_of(notice, public_url=URL, account="relay")
    assert (message.correlation_id, orjson.loads(message.body)["causationid"]) == (str(EVENT), str(EVENT))


def incoming(**changed: Any) -> Any:
    """Return what the broker hands over of a good reply, with some attributes of its event changed."""
    event = {
        "specversion": "1.0",
        "id": "r1",
        "source": "/court",
        "type": "cn.shangliang.reply.declined.v1",
        "causationid": str(EVENT),
        "data": {"note": "不属本院"},
    }
    body = orjson.dumps({**event, **changed})
    return SimpleNamespace(
        body=body, user_id="court", routing_key="court.reply.declined", headers={}, content_type=None,
        content_encoding=None,
    )  # fmt: skip


def test_reply_is_read() -> None:
    assert reply_of(incoming()) == Reply("court", "r1", EVENT, "declined", "不属本院", None, "/court")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"type": "cn.shangliang.reply.shouted.v1"}, "verbs are received, accepted, declined, progress, completed"),
        ({"type": "cn.shangliang.reply.declined.v2"}, "is no reply"),
        ({"type": "cn.shangliang.reply.accepted.v1"}, "does not end in the type's"),
        ({"id": ""}, "id: "),
        ({"source": None}, "source: "),
        ({"causationid": "first"}, "causationid: "),
        ({"data": {"evidence_url": "javascript:1"}}, "data.evidence_url: "),
        ({"data": {"note": "x" * 70_000}}, "65536 are allowed"),
    ],
)
def test_bad_reply_says_what_is_wrong(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadReply) as refused:
        reply_of(incoming(**changed))
    assert reason in str(refused.value)
    assert len(str(refused.value)) < 1000
