from datetime import date
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest

from services.duty.enums import DutyAct
from services.duty.errors import DutySchemeInvalid
from services.duty.example import example_scheme
from services.duty.rules import Done, Grade, Rule, Scheme, Score, check_scheme, score

ATTENDED, OPINION, CONVERTED, FILED, ACTIVITY = DutyAct
RULES = (Rule(ATTENDED, Decimal(3), Decimal(7)), Rule(OPINION, Decimal("0.1")), Rule(FILED, Decimal("2.5"), Decimal(5)))
GRADES = (Grade("称职", Decimal("7.3")), Grade("优秀", Decimal(12)), Grade("基本称职", Decimal(3)))


def done(act: DutyAct, day: int, source: int) -> Done:
    return Done(act, date(2023, 1, day), UUID(int=source))


YEAR = (
    done(ATTENDED, 5, 1),
    done(ATTENDED, 3, 2),
    done(ATTENDED, 9, 3),
    done(ATTENDED, 7, 4),
    done(OPINION, 3, 1),
    done(OPINION, 4, 5),
    done(OPINION, 8, 6),
    done(ACTIVITY, 2, 7),
    done(FILED, 9, 2),
)


def test_points_stop_at_the_cap_of_the_act_and_of_the_year() -> None:
    found = score(RULES, Decimal(8), GRADES, YEAR)
    assert [(one.done.act, one.done.on.day, str(one.points)) for one in found.records] == [
        (OPINION, 3, "0.1"),
        (ATTENDED, 3, "3"),
        (OPINION, 4, "0.1"),
        (ATTENDED, 5, "3"),
        (ATTENDED, 7, "1"),
        (OPINION, 8, "0.1"),
        (FILED, 9, "0.7"),
        (ATTENDED, 9, "0"),
    ]
    assert (found.points, found.grade) == (Decimal(8), "称职")
    assert sum(one.points for one in found.records) == found.points


def test_act_that_no_rule_names_earns_nothing_and_is_no_record() -> None:
    found = score(RULES, None, GRADES, [done(ACTIVITY, 1, 1), done(CONVERTED, 1, 2)])
    assert found == Score((), Decimal(0), None)


@pytest.mark.parametrize(
    ("opinions", "grade"), [(29, None), (30, "基本称职"), (72, "基本称职"), (73, "称职"), (119, "称职"), (120, "优秀")]
)
def test_grade_begins_at_its_threshold(opinions: int, grade: str | None) -> None:
    assert score(RULES, None, GRADES, [done(OPINION, 1, source) for source in range(opinions)]).grade == grade


def test_order_in_which_acts_come_does_not_matter() -> None:
    expected = score(RULES, Decimal(8), GRADES, YEAR)
    for seed in range(20):
        shuffled = Random(seed).sample(YEAR, len(YEAR))  # noqa: S311 -- an order, no secret
        assert score(RULES, Decimal(8), GRADES, shuffled) == expected


@pytest.mark.parametrize(
    ("scheme", "field"),
    [
        (Scheme("33216", 2023, ()), "rules"),
        (Scheme("33216", 2023, (Rule(ATTENDED, Decimal("0.001")),)), "rules"),
        (Scheme("33216", 2023, (Rule(ATTENDED, Decimal("1e300")),)), "rules"),
        (Scheme("33216", 2023, (Rule(ATTENDED, Decimal(1), Decimal("1.005")),)), "rules"),
        (Scheme("33216", 2023, RULES, (Grade("优秀", Decimal(100_001)),)), "grades"),
        (Scheme("33216", 2023, RULES, cap=Decimal("0.123")), "cap"),
    ],
)
def test_scheme_that_cannot_be_kept_is_refused(scheme: Scheme, field: str) -> None:
    with pytest.raises(DutySchemeInvalid) as refused:
        check_scheme(scheme)
    assert refused.value.path == (field,)


def test_example_scheme_can_be_kept() -> None:
    scheme = example_scheme()
    check_scheme(scheme)
    assert {rule.act for rule in scheme.rules} == set(DutyAct)
    assert [str(rule.points) for rule in scheme.rules] == ["3", "2", "5", "8", "1.5"]
