import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.core.positions import following, note_commit, position_of, to_see, told
from services.core.servers import Primary, Standing


@given(st.integers(0, 2**64 - 1))
def test_position_is_read_as_it_was_told(position: int) -> None:
    assert position_of(told(position)) == position


def test_position_is_written_as_postgresql_does() -> None:
    assert told(0x16_B374_D848) == "16/B374D848"
    assert position_of("16/b374d848") == 0x16_B374_D848


@pytest.mark.parametrize("text", ["", "16", "/", "16/", "-1/0", "1/123456789", "1/0 ", "1/0\n", "¹/0", "0x1/0"])
def test_text_that_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a position as"):
        position_of(text)


def test_request_sees_what_it_wrote() -> None:
    note_commit(7)
    assert to_see() == 0
    with following(5) as followed:
        assert (to_see(), followed.written) == (5, 0)
        note_commit(None)
        note_commit(3)
        assert (to_see(), followed.written) == (5, 3)
        note_commit(9)
        assert (to_see(), followed.written) == (9, 9)
    assert to_see() == 0


def primary(*looks: tuple[float, int]) -> Primary:
    """Return a primary that was somewhere whenever it was looked at."""
    made = Primary("postgresql://a:b@host/c")
    for at, position in looks:
        made.standing = Standing(
            replica=False, position=position, system=1, since="then", asked_at=at - 0.01, answered_at=at
        )
        made.take()
    return made


def test_primary_tells_for_how_long_it_has_been_ahead() -> None:
    stood = primary((1, 100), (2, 100), (3, 200), (4, 300))
    assert [stood.ahead_s(position, now=10) for position in (300, 299, 200, 199, 100, 99)] == [0, 6, 6, 7, 7, 9]


def test_primary_that_has_less_than_before_begins_anew() -> None:
    promoted = primary((1, 100), (2, 300), (3, 200))
    assert [promoted.ahead_s(position, now=10) for position in (200, 199)] == [0, 7]
