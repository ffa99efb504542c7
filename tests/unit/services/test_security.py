import pytest

from services.core.errors import Forbidden, InvalidInput, NotFound, StatementTimeout, Unauthenticated
from services.core.security import (
    FIELDS,
    MOST_ALIKE,
    MOST_LINES,
    UNFIT,
    WINDOW_S,
    SecurityEvent,
    SecurityLog,
    Value,
    note,
    note_refused,
    watched,
)
from tests.security import Kept


@pytest.fixture
def kept() -> Kept:
    return Kept()


def given(event: SecurityEvent, value: Value = "X") -> dict[str, Value]:
    """Return some value for each field of an event."""
    return dict.fromkeys(FIELDS[event], value)


@pytest.mark.parametrize("event", SecurityEvent)
def test_event_is_written_with_its_fields_and_counted(kept: Kept, event: SecurityEvent) -> None:
    with watched(kept.about()):
        note(event, **given(event))
    told = {"request": "request-1", "address": "192.0.2.1", "subject": kept.log.hashed("王小明"), **given(event)}
    assert kept.lines == [(event.value, told)]
    assert kept.counted(event) == 1
    assert sum(kept.counted(one) for one in SecurityEvent) == 1


@pytest.mark.parametrize("event", SecurityEvent)
def test_event_has_no_other_fields(kept: Kept, event: SecurityEvent) -> None:
    fields = given(event)
    with watched(kept.about()):
        with pytest.raises(ValueError, match="has the fields"):
            note(event, **fields, words="X")
        with pytest.raises(ValueError, match="has the fields"):
            note(event, **dict(list(fields.items())[1:]))
    assert kept.lines == []


@pytest.mark.parametrize("event", SecurityEvent)
@pytest.mark.parametrize("words", ["路灯坏了", "two words", "a\nb", "x" * 65, "", "{", 'a"b'])
def test_words_stand_in_no_field(kept: Kept, event: SecurityEvent, words: str) -> None:
    with watched(kept.about()):
        note(event, **given(event, words))
    ((_, fields),) = kept.lines
    assert {fields[name] for name in FIELDS[event]} == {UNFIT}


@pytest.mark.parametrize("event", SecurityEvent)
def test_flood_of_equal_lines_becomes_a_few_and_a_count(kept: Kept, event: SecurityEvent) -> None:
    with watched(kept.about()):
        for _ in range(10_000):
            note(event, **given(event))
        assert len(kept.lines) == MOST_ALIKE
        kept.now += WINDOW_S
        note(event, **given(event))
    assert len(kept.lines) == MOST_ALIKE + 2
    assert kept.lines[MOST_ALIKE][1]["left_out"] == 10_000 - MOST_ALIKE
    assert kept.counted(event) == 10_001


def test_flood_of_lines_that_differ_is_limited_too(kept: Kept) -> None:
    for number in range(5_000):
        with watched(kept.about(address=f"2001:db8::{number:x}")):
            for _ in range(2):
                note(SecurityEvent.SIGN_IN_REFUSED, reason="expired_token")
    with watched(kept.about()):
        note(SecurityEvent.GRANT_GIVEN, act="grantRole", thing="1")
    assert len(kept.lines) == MOST_LINES + 1
    kept.log.close()
    left = [fields for _, fields in kept.lines if "left_out" in fields]
    assert sum(int(fields["left_out"] or 0) for fields in left) == 10_000 - MOST_LINES
    assert len(kept.lines) <= 2 * MOST_LINES + 2
    assert kept.counted(SecurityEvent.SIGN_IN_REFUSED) == 10_000


def test_subjects_are_told_apart_and_not_named(kept: Kept) -> None:
    hashes = {kept.log.hashed(subject) for subject in ("a", "b", "王小明", "SHANGLIANG")}
    assert len(hashes) == 4
    assert all(one is not None and len(one) == 32 and int(one, 16) for one in hashes)
    assert SecurityLog(b"another key").hashed("a") not in hashes
    assert kept.log.hashed("a") == Kept().log.hashed("a")
    assert kept.log.hashed(None) is None
    assert SecurityLog(None).hashed("a") is None


def test_refusals_for_want_of_rights_or_by_a_limit_are_noted_and_no_others(kept: Kept) -> None:
    with watched(kept.about()):
        for error in (
            Unauthenticated(),
            Forbidden(("OPERATOR",), "14"),
            NotFound("topic", "x"),
            StatementTimeout(1, 2),
            InvalidInput("路灯"),
        ):
            note_refused(error, "listTopic")
    assert [(event, fields.get("act"), fields["reason"]) for event, fields in kept.lines] == [
        ("act.refused", "listTopic", "UNAUTHENTICATED"),
        ("act.refused", "listTopic", "FORBIDDEN"),
        ("act.refused", "listTopic", "NOT_FOUND"),
        ("limit.met", None, "LIMIT_STATEMENT_TIMEOUT"),
    ]


def test_nothing_is_noted_outside_any_circumstances(kept: Kept) -> None:
    with watched(kept.about()):
        pass
    note(SecurityEvent.LIMIT_MET, reason="X")
    assert kept.lines == []
