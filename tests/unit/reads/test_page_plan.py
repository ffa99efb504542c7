from collections.abc import Mapping

import pytest

from services.core.errors import InvalidInput
from services.reads.catalogue.shape import Entity, Order, Paged
from services.reads.page_plan import PAGE_DEFAULT, PagePlan, plan_page
from services.reads.plan import Argument, Constant, Selected, Selection, Variable

THINGS = Entity("Thing", orders={"title": Order("{t}.title", "text")}, default_order=(("title", False),))
CURSOR = Constant("a cursor")


def planned(arguments: Mapping[str, Argument], *members: str, spec: Paged | None = None) -> PagePlan:
    selection = Selection({"ThingConnection": tuple(Selected(member, member, {}) for member in members or ("nodes",))})
    return plan_page(spec or Paged("Thing"), THINGS, arguments, selection)


def test_page_without_arguments_is_the_first_of_the_usual_size() -> None:
    plan = planned({})
    assert (plan.limit, plan.backward, plan.cursor, list(plan.required)) == (PAGE_DEFAULT, False, (), [])
    assert plan.reading_keys == plan.keys


def test_page_before_a_cursor_is_read_backwards_from_it() -> None:
    plan = planned({"last": Variable(("size",)), "before": CURSOR})
    assert [value.index for value in plan.cursor] == [0, 1]
    assert [key.descending for key in plan.keys] == [False, False]
    assert [key.descending for key in plan.reading_keys] == [True, True]
    assert list(plan.required) == [(plan.limit, "last"), (plan.cursor[0], "before")]


@pytest.mark.parametrize(
    "arguments",
    [
        {"first": Constant(1), "last": Constant(1)},
        {"after": CURSOR, "before": CURSOR},
        {"first": Constant(1), "before": CURSOR},
        {"last": Constant(1), "after": CURSOR},
        {"first": Constant(101)},
        {"last": Constant(-1)},
    ],
)
def test_page_with_two_ends_or_a_wrong_size_is_refused(arguments: Mapping[str, Argument]) -> None:
    with pytest.raises(InvalidInput):
        planned(arguments)


@pytest.mark.parametrize(
    ("members", "gathered"),
    [
        (("nodes",), False),
        (("edges", "total_count"), False),
        (("nodes", "edges"), True),
        (("nodes", "page_info"), True),
        (("nodes", "nodes"), True),
    ],
)
def test_rows_are_gathered_where_several_members_are_cut_from_them(members: tuple[str, ...], *, gathered: bool) -> None:
    assert planned({}, *members).gathered is gathered


def test_rows_of_a_wide_parent_are_a_branch_of_their_own() -> None:
    spec = Paged("Thing", where="own", deep="beneath", wide="beneath, wide")
    assert planned({}, spec=spec).branches == ("own",)
    plan = planned({"deep": Constant(value=True)}, spec=spec)
    assert plan.where == "beneath"
    assert [branch.partition(" AND ")[2] for branch in plan.branches] == ["beneath", "beneath, wide"]
