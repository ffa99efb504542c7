"""Arguments that find something: ids, codes and cursors of the small province among plain and broken values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLSchema,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
)

from services.reads.catalogue.entities import NODES
from services.reads.catalogue.shape import Entity
from tests.graph.oracle.lists import KEY, cursor, order_of
from tests.graph.oracle.resolvers import snake
from tests.graph.oracle.rows import Rows
from tests.graph.oracle.statistics import ENTITIES

PAGED = (
    *("Platform", "Matter", "Topic", "Session", "Commitment", "Department", "Notice", "Member", "Attendance"),
    *("RoleGrant", "Activity", "DutyRecord", "Division", "AnnualPlan", "Outcome"),
)
"""Entities that stand in connections."""
DEPTH = 3
BYTE = 256
OFTEN_WRONG, MORE_WRONG = 60, 30
"""How many requests in a hundred have many refused arguments, and how many more."""
SIZES = (2, 3, 1, 2, 3, 4, 5, 1, 0, 7, 20, 100)
YEARS = (2023, 2022, 2023, 2021, 2024, 1, 0, -1)
ODD_SIZES = (101, -1, 2**31 - 1, -(2**31), 2**31, 10**20)
TEXTS = ("水", "社区", "不", "", "%", "_", "'", '"', "\\", "\n", "\x01", "😀", "a{b}", "$1", "1", "null")
ODD_TEXTS = ("\0", "x\0y")
SOUGHT = (
    "社区",
    "道路",
    "车",
    "水",
    "沁水",
    "改造 道路",
    "平台",
    "小区路",
    "分平台微平台",
    "群众的需求",
    "无",
    "号 杠",
    "3",
)
NAMED_SO = ("沁", "街道", "委員", "法院", "社區", "村", "０", "%", "_", "\\", "", "x" * 101)
"""Parts of names."""
RANKS = (0.4, 1.4, 1, 0.1)
INSTANTS = (
    "2021-06-01T00:00:00Z",
    "2022-03-05T09:30:00+08:00",
    "2023-01-01T00:00:00.5+08:00",
    "2024-02-29T23:59:59.999999-05:30",
    "2024-01-01T00:00:00.000001Z",
    "0001-01-02T00:00:00Z",
    "9999-12-30T00:00:00Z",
)
PAST = (
    "2022-06-30T00:00:00+08:00",
    "2021-03-20T00:00:00Z",
    "2021-12-31T12:00:00Z",
    "2023-03-15T06:30:00.123456Z",
    "2024-04-30T23:00:00Z",
    "1970-01-01T00:00:00Z",
)
"""Instants to read as of."""
NAMED = (
    "2022-06-29T16:00:00Z",
    "2021-12-31T12:00:00Z",
    "2023-03-15T06:30:00.123456Z",
    "2022-06-29T16:00:00.5Z",
    "2022-06-30T00:00:00+08:00",
    "2022-06-29T16:00:00.500Z",
    "9999-12-30T00:00:00Z",
)
"""Instants in ids; two are written otherwise than ids write them, one is to come."""
DAYS = ("2021-03-01", "2022-01-01", "2023-06-30", "2024-02-29", "0001-01-01", "9999-12-31")
NOWHERE = ("99", "1499", "140199", "140106999")
"""Codes that no division has."""
CODES = ("14", "1401", "140106", "140106000000", "140521", "140521000", "140521201", "99", "1405212", "", "１４")


@dataclass(frozen=True)
class Known:
    """What the small province holds, by the kind of value that an argument takes."""

    ids: Mapping[str, list[str]]
    texts: Mapping[str, list[str]]
    orders: Mapping[str, list[Mapping[str, Any]]]
    """For each paged entity its rows' order values by name, with the key."""

    @classmethod
    async def of(cls, rows: Rows, schema: GraphQLSchema) -> "Known":
        """Look a database over."""
        ids: dict[str, list[str]] = {}
        orders: dict[str, list[Mapping[str, Any]]] = {}
        for name, entity in NODES.items():
            column = "{t}.code" if entity.key_type != "uuid" else entity.key
            ids[name] = [
                f"{entity.prefix}_{await rows.value(rows.of(entity, key), column)}"
                for key in await rows.keys(entity, "true")
            ]
        for name in PAGED:
            entity = ENTITIES[name]
            orders[name] = [
                {
                    KEY: key,
                    **{
                        order: await rows.value(rows.of(entity, key), entity.orders[order].sql)
                        for order in orders_of(schema, entity)
                    },
                }
                for key in (await rows.keys(entity, "true"))[:60]
            ]
        found = await rows.keys(ENTITIES["Search"], "true")
        orders["Search"] = [{KEY: key, "rank": RANKS[place % len(RANKS)]} for place, key in enumerate(found)]
        texts = {
            column: await rows.values(f"SELECT DISTINCT {column.partition('.')[2]} FROM {column.partition('.')[0]}")
            for column in (
                "department.code",
                "platform.code",
                "topic.number",
                "brand.name",
                "event.type",
                "role_grant.subject",
                "member.sector",
            )
        }
        return cls(ids, texts, orders)


def orders_of(schema: GraphQLSchema, entity: Entity) -> set[str]:
    """Return the names of the orders of a list: those that can be asked for and those of its default."""
    asked = schema.type_map.get(f"{entity.name}Order")
    names = asked.fields if isinstance(asked, GraphQLInputObjectType) else ()
    return {name for name, _ in entity.default_order} | {snake(name) for name in names}


TEXT_ARGUMENTS = {
    ("department", "code"): "department.code",
    ("PlatformKey", "code"): "platform.code",
    ("TopicKey", "number"): "topic.number",
    ("PlatformFilter", "brand"): "brand.name",
    ("NoticeFilter", "type"): "event.type",
    ("GrantFilter", "subject"): "role_grant.subject",
    ("MemberFilter", "sector"): "member.sector",
}
ID_ARGUMENTS = {
    ("PlatformKey", "id"): "Platform",
    ("TopicKey", "id"): "Topic",
    ("TopicFilter", "platform"): "Platform",
    ("SessionFilter", "platform"): "Platform",
    ("MatterFilter", "platform"): "Platform",
    ("NoticeFilter", "topic"): "Topic",
    ("AnnualPlanFilter", "platform"): "Platform",
    ("MemberFilter", "platform"): "Platform",
    ("MemberFilter", "liaisonGroup"): "LiaisonGroup",
}


class Values:
    """Draws values of input types as JSON has them, and whatever else is left to choose.

    All choices are read from one string of bytes, which is much faster to draw than each by itself; where it ends,
    and towards its zeros, the first option is taken.
    """

    def __init__(self, choices: bytes, known: Known) -> None:
        self._choices = iter(choices)
        self._known = known
        self.kinds: list[str] = []
        """Which kinds of thing the selection at hand is about, where it says so."""
        self._wrong = MORE_WRONG if self.chance(OFTEN_WRONG) else 0
        """By how many in a hundred more its arguments are such as are refused."""

    def _number(self, limit: int) -> int:
        """Return a number below a limit."""
        high = next(self._choices, 0) << 8 if limit > BYTE else 0
        return (high + next(self._choices, 0)) % limit

    def chance(self, percent: int) -> bool:
        """Choose whether something happens."""
        return self._number(100) >= 100 - percent

    def pick(self, options: Sequence[Any]) -> Any:
        """Choose one of the options."""
        return options[self._number(len(options))]

    def arguments(self, entity: str | None, field: str, declared: Mapping[str, GraphQLArgument]) -> dict[str, Any]:
        """Return a field's arguments; a missing one is left out."""
        drawn = {
            name: self.value(argument.type, (field, name), 0)
            for name, argument in declared.items()
            if name not in {"first", "after", "last", "before"} and (self._required(argument) or self.chance(45))
        }
        if entity is not None and "first" in declared:
            span = self._span(entity, drawn.get("orderBy"))
            drawn.update({name: value for name, value in span.items() if name in declared})
        return drawn

    def _span(self, entity: str, order_by: Any) -> dict[str, Any]:
        size, edge = self.pick((("first", "after"), ("first", "after"), ("last", "before")))
        drawn: dict[str, Any] = {}
        if self.chance(85):
            drawn[size] = self.pick(ODD_SIZES) if self.chance(2 + self._wrong) else self.pick(SIZES)
        if self.chance(35):
            drawn[edge] = self._cursor(entity, order_by)
        if self.chance(10):
            drawn[self.pick(("first", "after", "last", "before"))] = None
        if self.chance(1 + self._wrong // 4):
            drawn[self.pick(("first", "last"))] = 1
        return drawn

    def _cursor(self, entity: str, order_by: Any) -> Any:
        """Return a cursor: nearly always one of the list, now and then another list's or none at all."""
        if self.chance(3 + self._wrong):
            return self.pick(("", "bm9wZQ", "停", "W10", "eyJhIjoxfQ", "bnVsbA", "=", "WyJhIl0"))
        if self.chance(2):
            entity = self.pick(list(self._known.orders))
        found = ENTITIES[entity]
        if isinstance(order_by, dict):
            order_by = [order_by]
        named = [{snake(name): way} for one in order_by or () for name, way in one.items()]
        if any(name not in found.orders for one in named for name in one):
            named = []
        order = order_of(found, named)
        row = self.pick(self._known.orders[entity])
        return cursor(found, order, [row[name] for name, _ in order])

    @staticmethod
    def _required(field: GraphQLArgument | GraphQLInputField) -> bool:
        return is_non_null_type(field.type) and field.default is None

    def value(self, type_: GraphQLInputType, where: tuple[str, str], depth: int) -> Any:
        """Return a value of a type for an argument or a field of an input object."""
        if not is_non_null_type(type_) and self.chance(6):
            return None
        nullable = get_nullable_type(type_)
        if is_list_type(nullable):
            if self.chance(15):
                return self.value(nullable.of_type, where, depth)
            return [self.value(nullable.of_type, where, depth) for _ in range(self.pick((1, 2, 0, 3)))]
        named = get_named_type(nullable)
        if isinstance(named, GraphQLEnumType):
            return self.pick(list(named.values))
        if isinstance(named, GraphQLInputObjectType):
            return self._object(named, depth)
        return self._scalar(named.name, where)

    def _object(self, type_: GraphQLInputObjectType, depth: int) -> dict[str, Any]:
        """Return an input object with few fields; only shallow ones hold others of their kind."""
        if type_.is_one_of:
            name = self.pick(list(type_.fields))
            field = get_nullable_type(type_.fields[name].type)
            value = self.value(field, (type_.name, name), depth)
            while value is None:
                value = self.value(field, (type_.name, name), depth)
            return {name: value}
        names = [
            name for name, field in type_.fields.items() if depth < DEPTH or get_named_type(field.type) is not type_
        ]
        chosen = {self.pick(names) for _ in range(self.pick((1, 2, 1, 0, 3)))}
        return {
            name: self.value(type_.fields[name].type, (type_.name, name), depth + 1) for name in names if name in chosen
        }

    def _scalar(self, name: str, where: tuple[str, str]) -> Any:
        plain: Mapping[str, Sequence[Any]] = {
            "Boolean": (False, True),
            "Int": YEARS if where[1] == "year" else SIZES,
            "DateTime": PAST if where[1] == "asOf" and not self.chance(4 + self._wrong) else INSTANTS,
            "Date": DAYS,
            "DivisionCode": CODES if self.chance(4) else NOWHERE if self.chance(2 + self._wrong) else CODES[:7],
        }
        if name in plain:
            return self.pick(plain[name])
        return self._id(where) if name == "ID" else self._text(where)

    def _id(self, where: tuple[str, str]) -> Any:
        if self.chance(4):
            return self.pick(
                (7, "topic_x", "", "topic_00000000-0000-7000-8000-000000000000", "division_", "division_\0")
            )
        kind = ID_ARGUMENTS.get(where) or self.pick(self.kinds or list(self._known.ids))
        found = self.pick(self._known.ids[kind])
        # In a filter an id that names an instant is refused, with the whole request: seldom there.
        return f"{found}@{self.pick(NAMED)}" if self.chance(3 if where[0].endswith("Filter") else 20) else found

    def _text(self, where: tuple[str, str]) -> str:
        if self.chance(2):
            return str(self.pick(ODD_TEXTS))
        if where == ("search", "text"):
            return str(self.pick(TEXTS if self.chance(4) else SOUGHT))
        if where[1] == "name":
            return str(self.pick(NAMED_SO if self.chance(6 + self._wrong) else NAMED_SO[:7]))
        known = TEXT_ARGUMENTS.get(where, "department.code" if where[1] == "department" else None)
        if known is None or self.chance(4 + self._wrong):
            return str(self.pick(TEXTS))
        return str(self.pick(self._known.texts[known]))
