import pytest

from services.reads.catalogue.shape import Entity, Order
from services.reads.ordering import SortKey, after_cursor, order_by, sort_keys
from services.reads.plan import Constant

TITLE = SortKey("title", Order("{t}.title", "text"), descending=False)
HELD = SortKey("held", Order("{t}.held_at", "timestamptz", nullable=True), descending=True)
ID = SortKey("key", Order("{t}.id", "uuid", unique=True), descending=True)


@pytest.mark.parametrize(
    ("keys", "written"),
    [
        ((TITLE, ID), "title, id DESC"),
        ((TITLE.reversed(), ID.reversed()), "title DESC, id"),
        ((HELD, ID), "title DESC NULLS LAST, id DESC"),
        ((HELD.reversed(), ID.reversed()), "title NULLS FIRST, id"),
    ],
)
def test_order_by_says_directions_and_where_nulls_stand(keys: tuple[SortKey, SortKey], written: str) -> None:
    assert order_by(keys, ["title", "id"]) == written


def test_after_cursor_compares_rows_where_all_keys_have_one_direction_and_no_nulls() -> None:
    assert after_cursor((TITLE.reversed(), ID), ["title", "id"], ["$1", "$2"]) == "(title, id) < ($1, $2)"
    assert after_cursor((TITLE, ID.reversed()), ["title", "id"], ["$1", "$2"]) == "(title, id) > ($1, $2)"


def test_after_cursor_compares_key_by_key_where_directions_differ() -> None:
    written = after_cursor((TITLE, ID), ["title", "id"], ["$1", "$2"])
    assert written == "((title > $1) OR (title = $1 AND id < $2))"


def test_after_cursor_finds_nulls_last_or_first_in_the_direction_of_reading() -> None:
    same = "held IS NOT DISTINCT FROM $1 AND id"
    forward = after_cursor((HELD, ID), ["held", "id"], ["$1", "$2"])
    assert forward == f"(((held < $1 OR (held IS NULL AND $1 IS NOT NULL))) OR ({same} < $2))"
    backward = after_cursor((HELD.reversed(), ID.reversed()), ["held", "id"], ["$1", "$2"])
    assert backward == f"(((held > $1 OR ($1 IS NULL AND held IS NOT NULL))) OR ({same} > $2))"


def test_sort_keys_end_with_one_that_no_two_rows_share() -> None:
    entity = Entity("Thing", orders={"title": TITLE.order, "id": ID.order}, default_order=(("title", True),))
    assert [(key.name, key.descending) for key in sort_keys(entity, None)] == [("title", True), ("key", True)]
    by_id = sort_keys(entity, [{"id": Constant("DESC")}, {"title": Constant("ASC")}])
    assert [(key.name, key.descending) for key in by_id] == [("id", True)]
