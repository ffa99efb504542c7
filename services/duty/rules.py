from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.duty.enums import DutyAct
from services.duty.errors import DutySchemeInvalid

MOST = 100_000
"""Points, caps and thresholds are not above it."""
CENT = Decimal("0.01")
NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rule:
    """What an act is worth, and the most that acts of its kind come to in a year."""

    act: DutyAct
    points: Decimal
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """What a year is called that comes to so much."""

    name: str
    threshold: Decimal


@dataclass(frozen=True, slots=True)
class Scheme:
    """What acts are worth, the most that a year comes to, and what it is called then."""

    name: str
    first_year: int
    rules: tuple[Rule, ...]
    grades: tuple[Grade, ...] = ()
    last_year: int | None = None
    cap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """Something that a member did: on which day, and what shows it."""

    act: DutyAct
    on: date
    source_id: UUID


@dataclass(frozen=True, slots=True)
class Scored:
    """Something that a member did and the points that it earned."""

    done: Done
    points: Decimal


@dataclass(frozen=True, slots=True)
class Score:
    """What a year comes to. The points are the sum of its records'."""

    records: tuple[Scored, ...]
    points: Decimal
    grade: str | None


def check_scheme(scheme: Scheme) -> None:
    """Require that a scheme can be kept as it is given: some rules, and points to the hundredth within bounds.

    Raises DutySchemeInvalid.
    """
    if not scheme.rules:
        raise DutySchemeInvalid(DutySchemeInvalid.without_rules(), "rules")
    for rule in scheme.rules:
        _check_amount(rule.points, "rules")
        _check_amount(rule.cap, "rules")
    for grade in scheme.grades:
        _check_amount(grade.threshold, "grades")
    _check_amount(scheme.cap, "cap")


def score(rules: Iterable[Rule], cap: Decimal | None, grades: Iterable[Grade], done: Iterable[Done]) -> Score:
    """Return what a member's acts come to, day by day; acts that no rule names are left out.

    Beyond a cap an act earns what is left beneath it, at last nothing, and stands in the records all the same.
    """
    by_act: Mapping[DutyAct, Rule] = {rule.act: rule for rule in rules}
    earned = dict.fromkeys(by_act, NOTHING)
    records, points = [], NOTHING
    for one in sorted(done, key=lambda one: (one.on, one.source_id, one.act)):
        rule = by_act.get(one.act)
        if rule is None:
            continue
        given = min(rule.points, _left(rule.cap, earned[one.act], rule.points), _left(cap, points, rule.points))
        earned[one.act] += given
        points += given
        records.append(Scored(one, given))
    reached = [grade for grade in grades if grade.threshold <= points]
    best = max(reached, key=lambda grade: grade.threshold, default=None)
    return Score(tuple(records), points, best.name if best else None)


def _left(cap: Decimal | None, earned: Decimal, otherwise: Decimal) -> Decimal:
    """Return what is left beneath a cap; where there is none, something else."""
    return otherwise if cap is None else cap - earned


def _check_amount(amount: Decimal | None, field: str) -> None:
    """Raise DutySchemeInvalid for points that are too many, or finer than to the hundredth."""
    if amount is None:
        return
    if not abs(amount) <= MOST or amount != amount.quantize(CENT):
        raise DutySchemeInvalid(DutySchemeInvalid.words(most=MOST, amount=amount), field)
