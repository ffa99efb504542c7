"""The catalogue's templates filled in for one small statement: {t} the row, {p} its parent, joins, who is asking."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from uuid import UUID

from services.core.actor import SEES, SEES_DELIVERIES, Actor, Role
from services.core.policy import Policy
from services.reads.visibility import RULES, Sight

EVERY_RIGHT = Sight(staff=True, delivery=True, department=True, own=True, member=True)
"""All alternatives of a rule: where a caller has no such right, its extent is empty."""


def quoted(value: object) -> str:
    """Return an SQL constant."""
    if value is None:
        return "NULL"
    if isinstance(value, list | tuple):
        return f"ARRAY[{', '.join(quoted(item) for item in value)}]"
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, date | datetime):
        return f"'{value.isoformat()}'"
    if isinstance(value, str | UUID):
        return "'" + str(value).replace("'", "''") + "'"
    raise TypeError(f"{value!r} is no constant")


def canonical(instant: datetime) -> str:
    """Return the one way in which ids write an instant."""
    seconds, _, fraction = f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}".partition(".")
    digits = fraction.rstrip("0")
    return f"{seconds.zfill(19)}{'.' if digits else ''}{digits}Z"


def caller(actor: Actor, today: date, instant: datetime | None = None) -> dict[str, str]:
    """Return what templates call the caller, the day and the instant that is told of, as constants."""

    def ranges(roles: frozenset[Role]) -> str:
        held = [grant.scope for grant in actor.grants if grant.role in roles and grant.department is None]
        return "'{" + ",".join(f"[{scope.lower},{scope.upper})" for scope in held) + "}'::int8multirange"

    own = [grant.department for grant in actor.grants if grant.role is Role.DEPARTMENT and grant.department]
    return {
        "today": f"{quoted(today)}::date",
        "at_instant": "" if instant is None else f" || {quoted(f'@{canonical(instant)}')}",
        "or_past": "" if instant is None else " OR true",
        "answer_hours": "72",
        "matter_days": str(Policy().matter_days),
        "minutes_days": str(Policy().minutes_days),
        "staff_scope": ranges(SEES),
        "delivery_scope": ranges(SEES_DELIVERIES),
        "departments": f"{quoted(own)}::text[]",
        "subject": f"{quoted(actor.subject)}::text",
        "grant_roles": f"{quoted([grant.role.value for grant in actor.grants])}::text[]",
        "grant_divisions": f"{quoted([grant.within for grant in actor.grants])}::text[]",
        "grant_departments": f"{quoted([grant.department for grant in actor.grants])}::text[]",
    }


class Place:
    """A row's alias in one statement and the joins that its templates turned out to name."""

    def __init__(
        self,
        alias: str,
        joins: Mapping[str, str],
        names: Mapping[str, str],
        parent: "Place | None" = None,
    ) -> None:
        self.alias = alias
        self.clauses: list[str] = []
        self._joins = joins
        self._names = names
        self._parent = parent
        self._joined: dict[str, str] = {}

    def fill(self, template: str, **names: str) -> str:
        """Return the template with its names filled in."""
        return template.format_map(_Names(self, names))

    def named(self, name: str) -> str:
        """Return what a name stands for."""
        if name == "t":
            return self.alias
        if name.startswith("table_"):
            return name.removeprefix("table_")
        if name in self._names:
            return self._names[name]
        if name in RULES:
            return self.fill(RULES[name].predicate(EVERY_RIGHT))
        if name in self._joins:
            if name not in self._joined:
                self._joined[name] = f"{self.alias}_{name}"
                self.clauses.append(self.fill(self._joins[name]))
            return self._joined[name]
        if self._parent is None or name.partition("_")[0] != "p":
            raise KeyError(name)
        return self._parent.named("t" if name == "p" else name.removeprefix("p_"))


class _Names(dict[str, str]):
    def __init__(self, place: Place, fixed: Mapping[str, str]) -> None:
        super().__init__(fixed)
        self._place = place

    def __missing__(self, name: str) -> str:
        return self._place.named(name)
