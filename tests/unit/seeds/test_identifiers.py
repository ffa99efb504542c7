from datetime import UTC, datetime
from uuid import RFC_4122, UUID

from services.seeds.identifiers import IdSequence, Parts, marked_id

AT = 1_634_522_400_000


def test_ids_are_version_7_and_begin_with_their_instant() -> None:
    key = IdSequence("topic").issue(AT)

    assert (key.version, key.variant) == (7, RFC_4122)
    assert datetime.fromtimestamp((key.int >> 80) / 1_000, UTC) == datetime(2021, 10, 18, 2, tzinfo=UTC)


def test_ids_rise_with_the_instant_and_within_one() -> None:
    sequence = IdSequence("topic")

    keys = [sequence.issue(AT + index // 1_000) for index in range(100_000)]

    assert keys == sorted(set(keys))


def test_ids_rise_where_the_serial_number_outgrows_its_low_bits() -> None:
    sequence = IdSequence("attendance")

    keys = [sequence.issue(AT) for _ in range(2**20 + 10)][-20:]

    assert keys == sorted(set(keys))
    assert all(key.version == 7 for key in keys)


def test_ids_are_the_same_for_the_same_calls_and_differ_between_tables() -> None:
    again = [IdSequence(table).issue(AT) for table in ("topic", "topic", "session")]

    assert again[0] == again[1]
    assert again[0] != again[2]


def test_parts_ids_depend_on_nothing_but_the_part() -> None:
    parts, again = Parts("progress"), Parts("progress")
    keys = [parts.of(140106 << 24 | thing, part, AT) for thing in range(300) for part in range(30)]

    assert again.of(140106 << 24 | 299, 29, AT) == keys[-1]
    assert len(set(keys)) == 9_000
    assert {(key.version, key.variant, key.int >> 80) for key in keys} == {(7, RFC_4122, AT)}
    assert keys[:30] == sorted(keys[:30])
    assert Parts("verdict").of(140106 << 24 | 299, 29, AT) != keys[-1]


def test_marked_id_carries_the_digest() -> None:
    key = marked_id(AT, bytes(range(1, 33)))

    assert key == UUID("017c9120-8500-7000-8040-80c1014181c2")
