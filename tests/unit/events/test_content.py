"""How replies are read in either content mode, and why some are not."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.messages.content import BadReply
from events.messages.incoming import claimed_sender, refusal_of, reply_of

EVENT = UUID(int=7)
NOTE = {"note": "不属本院"}
ENVELOPE: dict[str, Any] = {
    "specversion": "1.0", "id": "r1", "source": "/court", "type": "cn.shangliang.reply.received.v1",
    "causationid": str(EVENT),
}  # fmt: skip
STRUCTURED = "application/cloudevents+json"


def message(body: bytes, **properties: Any) -> Any:
    """Return what the broker hands over."""
    known: dict[str, Any] = {
        "user_id": "court", "routing_key": "court.reply.received", "headers": {}, "content_type": STRUCTURED,
        "content_encoding": None, "correlation_id": None, "message_id": None,
    }  # fmt: skip
    return SimpleNamespace(body=body, **{**known, **properties})


def structured(content_type: str | None = STRUCTURED, bom: bytes = b"", **changed: Any) -> Any:
    """Return a reply in structured mode, with some members added, or changed, or left out where they are `...`."""
    event = {name: value for name, value in {**ENVELOPE, **changed}.items() if value is not ...}
    return message(bom + json.dumps(event, ensure_ascii=False).encode(), content_type=content_type)


def binary(body: bytes = b"", prefix: str = "cloudEvents:", content_type: str | None = None, **changed: Any) -> Any:
    """Return a reply in binary mode."""
    headers = {prefix + name: value for name, value in {**ENVELOPE, **changed}.items() if value is not ...}
    return message(body, headers=headers, content_type=content_type)


def encoded(content: bytes) -> str:
    return b64encode(content).decode()


NOTED = json.dumps(NOTE, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("sent", "note"),
    [
        (structured(data=NOTE), NOTE["note"]),
        (structured(), None),
        (structured(data=None), None),
        (structured(data=[]), None),
        (structured(data={}), None),
        (structured(data=""), None),
        (structured(data=NOTE, data_base64=None), NOTE["note"]),
        (structured(data_base64=encoded(NOTED)), NOTE["note"]),
        (structured(data=None, data_base64=encoded(NOTED)), NOTE["note"]),
        (structured(data_base64=encoded(b"\xef\xbb\xbf" + NOTED)), NOTE["note"]),
        (structured(data_base64=encoded(NOTED), datacontenttype="application/json; charset=UTF-8"), NOTE["note"]),
        (structured(data_base64=encoded(b"[]")), None),
        (structured(data_base64=""), None),
        (structured(bom=b"\xef\xbb\xbf", data=NOTE), NOTE["note"]),
        (structured(data=NOTE, datacontenttype="application/json"), NOTE["note"]),
        (structured(data=NOTE, datacontenttype="text/json;charset=utf-8"), NOTE["note"]),
        (structured(data=NOTE, datacontenttype="application/vnd.court+json"), NOTE["note"]),
        (structured(data=None, datacontenttype="text/plain"), None),
        (structured("application/cloudevents+json; charset=utf-8", data=NOTE), NOTE["note"]),
        (structured('Application/CloudEvents+JSON; charset="UTF-8"', data=NOTE), NOTE["note"]),
        (structured(None, data=NOTE), NOTE["note"]),
        (structured("application/json", data=NOTE), NOTE["note"]),
        (structured(data=NOTE, urgency=3, extra={"a": [1]}, flag=True, nothing=None), NOTE["note"]),
        (binary(), None),
        (binary(b"{}", content_type="application/json"), None),
        (binary(NOTED, content_type="application/json"), NOTE["note"]),
        (binary(NOTED, content_type="application/json; charset=utf-8"), NOTE["note"]),
        (binary(NOTED), NOTE["note"]),
        (binary(NOTED, prefix="cloudEvents_", content_type="application/json"), NOTE["note"]),
        (binary(NOTED, prefix="cloudevents:", content_type="application/json"), NOTE["note"]),
        (binary(b"\xef\xbb\xbf" + NOTED, content_type="application/json"), NOTE["note"]),
        (binary(NOTED, id=b"r1", time=datetime(2026, 12, 1, tzinfo=UTC), urgency=3, flag=True), NOTE["note"]),
        (message(NOTED, headers={**binary().headers, "x-other": 1}, content_type=None), NOTE["note"]),
    ],
)
def test_reply_is_read_in_either_mode_with_its_note(sent: Any, note: str | None) -> None:
    reply = reply_of(sent)
    assert (reply.verb, reply.message_id, reply.event_id, reply.source) == ("received", "r1", EVENT, "/court")
    assert reply.note == note


def test_structured_content_type_says_more_than_headers_do() -> None:
    sent = structured(data=NOTE)
    sent.headers = {"cloudEvents:specversion": "1.0", "cloudEvents:id": "another"}
    assert reply_of(sent).message_id == "r1"


@pytest.mark.parametrize("encoding", ["utf-8", "UTF8", "identity", ""])
def test_encoding_that_changes_nothing_is_read(encoding: str) -> None:
    sent = structured()
    sent.content_encoding = encoding
    assert reply_of(sent).message_id == "r1"


DEEP = b"[" * 1100 + b"]" * 1100
TWICE = json.dumps(ENVELOPE).encode().replace(b'"id": "r1"', b'"id": "r0", "id": "r1"')


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (structured(data=NOTE, data_base64=encoded(NOTED)), "both data and data_base64"),
        (structured(data_base64="not base64!"), "'data_base64' is not base64"),
        (structured(data_base64=7), "'data_base64' is not base64"),
        (structured(data_base64=encoded(b"<note/>")), "The data_base64 is not JSON"),
        (structured(data_base64=encoded(b"<note/>"), datacontenttype="application/xml"), "application/json is read"),
        (structured(data_base64=encoded(NOTED), datacontenttype="application/json;charset=gbk"), "JSON is in UTF-8"),
        (structured(data="<note/>", datacontenttype="application/xml"), "application/json is read"),
        (structured(data=NOTE, datacontenttype=7), "'datacontenttype' is no text"),
        (structured(data="hello"), "data: "),
        (structured(data=["note"]), "data: "),
        (structured(data=0), "data: "),
        (structured(data={"note": 7}), "data.note: "),
        (structured(specversion="1"), "specversion: "),
        (structured(specversion=1.0), "specversion: "),
        (structured(id=7), "id: "),
        (structured(source="/" * 401), "source: "),
        (structured(causationid=..., causationId=str(EVENT)), "'causationId' has to be named 'causationid'"),
        (structured(causationid=..., causation_id=str(EVENT)), "'causation_id' has to be named 'causationid'"),
        (structured(ID="r1"), "'ID' has to be named 'id'"),
        (structured(dataBase64=""), "'dataBase64' has to be named 'data_base64'"),
        (binary(ID="r1"), "'ID' has to be named 'id'"),
        (structured("application/cloudevents-batch+json"), "send each event as application/cloudevents+json"),
        (structured("application/cloudevents+xml"), "send each event as application/cloudevents+json"),
        (structured("application/cloudevents+json; charset=gb18030"), "JSON is in UTF-8"),
        (message(b"[" + json.dumps(ENVELOPE).encode() + b"]"), "The body is a batch"),
        (message(b"7"), "The body is no JSON object"),
        (message(b""), "The body is not JSON"),
        (message(b'{"id": NaN}'), "The body is not JSON"),
        (message(b'{"id": ' + b"1" * 5000 + b"}"), "The body is not JSON"),
        (message(b'{"id": "\\ud800"}'), "The body is not JSON"),
        (message(b'{"id": "\xff"}'), "The body is not JSON"),
        (message(json.dumps(ENVELOPE).encode("utf-16")), "The body is not JSON"),
        (message(json.dumps({**ENVELOPE, "data": NOTE}, ensure_ascii=False).encode("gb18030")), "The body is not JSON"),
        (message(DEEP), "The body is not JSON"),
        (message(TWICE), "The name 'id' stands twice"),
        (message(json.dumps(ENVELOPE).encode()[:-1] + b',"data":{"note":"a","note":"b"}}'), "'note' stands twice"),
        (message(b"\x1f\x8b", content_encoding="gzip"), "The content encoding 'gzip' is not read"),
        (binary(b"<note/>", content_type="application/xml"), "The body is 'application/xml'; application/json is read"),
        (binary(b"hello", content_type="application/json"), "The body is not JSON"),
        (binary(specversion="0.3"), "specversion: "),
        (binary(causationid=...), "causationid: "),
        (binary(b" " * 70_000), "65536 are allowed"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(sent: Any, reason: str) -> None:
    with pytest.raises(BadReply) as refused:
        reply_of(sent)
    assert reason in str(refused.value)
    assert len(str(refused.value)) < 1000
    refusal_of(sent, refused.value)


def test_refusal_names_what_the_reply_was_in_either_mode() -> None:
    error = BadReply("no")
    for sent in (structured(), binary(), structured(bom=b"\xef\xbb\xbf")):
        found = refusal_of(sent, error)
        assert (found.reply_id, found.verb, found.event_id) == ("r1", "received", EVENT)


def test_refusal_of_a_torn_body_names_what_its_properties_tell() -> None:
    torn = message(b'{"id": "r', correlation_id=str(EVENT), message_id="m1")
    found = refusal_of(torn, BadReply("no"))
    assert (found.reply_id, found.verb, found.event_id, found.message_id) == (None, "received", EVENT, "m1")


@pytest.mark.parametrize(
    ("user_id", "key", "sender"),
    [
        ("court", "power.reply.received", "court"),
        (None, "court.reply.received", "court"),
        (None, "Court.reply.received", ""),
        (None, "c\0urt.reply.received", ""),
        (None, "", ""),
    ],
)
def test_sender_is_whom_the_broker_vouches_for_or_else_whom_the_key_names(
    user_id: str | None, key: str, sender: str
) -> None:
    assert claimed_sender(message(b"", user_id=user_id, routing_key=key)) == sender


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
MEMBERS = st.sampled_from([*ENVELOPE, "data", "data_base64", "datacontenttype", "ID", "time"])
BODIES = st.binary(max_size=60) | st.dictionaries(MEMBERS, JSON, max_size=4).map(
    lambda changed: json.dumps({**ENVELOPE, **changed}).encode()
)
TYPES = st.none() | st.text(max_size=20) | st.sampled_from([STRUCTURED, f"{STRUCTURED};charset=gbk", "text/json"])
HEADERS = st.dictionaries(
    st.tuples(st.sampled_from(["cloudEvents:", "cloudEvents_", ""]), MEMBERS).map("".join),
    st.none() | st.booleans() | st.integers() | st.binary(max_size=8) | st.text(max_size=8) | st.datetimes(),
    max_size=4,
)


@given(BODIES, TYPES, TYPES, HEADERS, st.none() | st.text(max_size=8), st.text(max_size=12))
def test_whatever_comes_is_a_reply_or_refused_with_a_reason(
    body: bytes, content_type: str | None, encoding: str | None, headers: Any, correlation: str | None, key: str
) -> None:
    properties = {"content_type": content_type, "content_encoding": encoding, "headers": headers}
    for routing_key in ("court.reply.received", key):
        sent = message(body, **properties, correlation_id=correlation, routing_key=routing_key)
        claimed_sender(sent)
        try:
            reply = reply_of(sent)
        except BadReply as error:
            found = refusal_of(sent, error)
            assert found.reason
            assert found.reply_id is None or 0 < len(found.reply_id) <= 200
        else:
            assert reply.digest == reply_of(sent).digest
