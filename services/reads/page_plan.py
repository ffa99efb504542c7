"""What a page of a list reads, decided before any of its SQL is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.core.errors import InvalidInput
from services.core.scope import CITY_SPAN
from services.core.words import Words
from services.reads.catalogue.shape import Entity, Filters, Paged
from services.reads.cursors import CursorValue, list_signature
from services.reads.filters import scalar
from services.reads.ordering import SortKey, sort_keys
from services.reads.parameters import Given, Parameter
from services.reads.plan import Argument, Constant, Selection, Value, shaping

PAGE_DEFAULT = 20
SIZE = Words("A page has 0 to {most} items; {size} were asked for.", "每页0至{most}项；所求为{size}项。")
BOTH_WAYS = Words(
    "A page is asked for by first and after, or by last and before; not by both.",
    "分页用first与after，或last与before，不能同时使用。",
)
PAGE_MOST = 100


def page_size(size: int, *path: str) -> int:
    """Return a page's size. Raises InvalidInput outside 0 to 100, with the path of the argument."""
    if not 0 <= size <= PAGE_MOST:
        raise InvalidInput(SIZE(most=PAGE_MOST, size=size), path=path)
    return size


@dataclass(frozen=True, slots=True)
class PagePlan:
    """A page of a list of an entity's rows, in the order of SQL's clauses: FROM, WHERE, ORDER BY, LIMIT."""

    spec: Paged
    entity: Entity
    names: Mapping[str, Given]
    """Parameters that templates may name."""
    gathered: bool
    """Whether several members of the connection are cut from the same rows."""
    where: str
    """The predicate that ties a row to the parent."""
    branches: tuple[str, ...]
    """The same in parts that exclude each other, each to be planned by itself."""
    filters: tuple[tuple[Argument, Filters, tuple[str, ...]], ...]
    """Input objects, the predicates of their fields, and their paths."""
    keys: tuple[SortKey, ...]
    """ORDER BY, seen from the front."""
    backward: bool
    """Whether the page is read from the end of the list."""
    cursor: tuple[CursorValue, ...]
    """The values of the row beyond which the page begins, one for each key; none without a cursor."""
    signature: str
    """The text that binds cursors to the list."""
    limit: int | Given
    """A number where the operation says it, which the planner then knows."""

    @property
    def reading_keys(self) -> tuple[SortKey, ...]:
        """ORDER BY, in the direction of reading."""
        return tuple(key.reversed() for key in self.keys) if self.backward else self.keys

    @property
    def required(self) -> Iterator[tuple[Parameter, str]]:
        """The parameters without which the list is refused, each with its argument."""
        if isinstance(self.limit, Given):
            yield self.limit, "last" if self.backward else "first"
        if self.cursor:
            yield self.cursor[0], "before" if self.backward else "after"
        for name, parameter in self.names.items():
            yield parameter, self.spec.given[name][0]


def plan_page(spec: Paged, entity: Entity, arguments: Mapping[str, Argument], selection: Selection) -> PagePlan:
    """Return the plan of a page. Raises InvalidInput for a page with two ends, or of a size that no page has."""
    first, last, after, before = (scalar(arguments.get(name)) for name in ("first", "last", "after", "before"))
    if (first and last) or (after and before) or (first and before) or (last and after):
        raise InvalidInput(BOTH_WAYS)
    size, row = first or last or Constant(PAGE_DEFAULT), after or before
    keys = sort_keys(entity, arguments.get("order_by"))
    signature = list_signature(entity.name, keys)
    where = spec.deep if spec.deep and shaping(arguments.get("deep")) is True else spec.where
    own = {name: value for name, value in arguments.items() if name in spec.arguments}
    ((_, fields),) = selection.by_type.items()
    members = [field.name for field in fields]
    return PagePlan(
        spec=spec,
        entity=entity,
        names={
            name: Given(value, sql_type, via)
            for name, (argument, sql_type, via) in spec.given.items()
            if (value := scalar(arguments.get(argument))) is not None
        },
        gathered="page_info" in members or members.count("nodes") + members.count("edges") != 1,
        where=where,
        branches=_branches(spec, where),
        filters=((own, spec.arguments, ()), (arguments.get("filter"), entity.filters, ("filter",))),
        keys=keys,
        backward=last is not None or before is not None,
        cursor=tuple(CursorValue(row, signature, index, key.order.sql_type) for index, key in enumerate(keys) if row),
        signature=signature,
        limit=_limit(size, "last" if last else "first"),
    )


def _limit(size: Value, argument: str) -> int | Given:
    """Return how many rows a page has at most."""
    return page_size(int(str(size.value)), argument) if isinstance(size, Constant) else Given(size, "int", page_size)


def _branches(spec: Paged, where: str) -> tuple[str, ...]:
    """Return the predicate of a parent's rows, divided by how much lies beneath the parent."""
    if spec.wide is None or where != (spec.deep or spec.where):
        return (where,)
    span = "{p}.upper - {p}.number"
    return (f"{span} < {CITY_SPAN} AND {where}", f"{span} >= {CITY_SPAN} AND {spec.wide}")
