from datetime import datetime
from typing import Any, Generic, TypeVar

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

T = TypeVar("T")


@strawberry.interface(
    description="A thing with a global id: opaque, stable for ever, prefixed with its type. What is told as of an "
    "instant has an id of its own, which ends in `@` and the instant in UTC; `node` gives it as of then."
)
class Node:
    id: strawberry.ID


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(description="An item of a page and its cursor.")
class Edge(Generic[T]):
    cursor: str
    node: T


@strawberry.type(description="A page of a list: at most 100 items, 20 where no size is given.")
class Connection(Generic[T]):
    edges: list[Edge[T]]
    nodes: list[T]
    page_info: PageInfo
    total_count: int


def arguments(**annotations: object) -> list[StrawberryArgument]:
    """Return a field's arguments, all optional without a default."""
    return [
        StrawberryArgument(name, None, StrawberryAnnotation(annotation)) for name, annotation in annotations.items()
    ]


def with_arguments(description: str | None, declared: list[StrawberryArgument], *, name: str | None = None) -> Any:  # noqa: ANN401 -- strawberry's own convention for fields in class bodies
    """Return a field without a resolver that takes arguments: the read engine reads them from the operation."""
    field = StrawberryField(graphql_name=name, description=description)
    field.arguments = declared
    return field


AS_OF = (
    "With `asOf`, as things stood at that instant (历史时点), which is past: all beneath it is what it was then, and "
    "the caller sees what they would have seen then with the rights that they have now. Its ids name the instant."
)

DEEP = StrawberryArgument("deep", None, StrawberryAnnotation(bool | None), default=False)


def paged(
    description: str | None = None,
    *,
    filter: object = None,  # noqa: A002 -- the argument's name in the schema
    order: object = None,
    deep: bool = False,
    past: bool = False,
    **own: object,
) -> Any:  # noqa: ANN401 -- strawberry's own convention for fields in class bodies
    """Return a connection's field: its filter and order where it has them, then first, after, last, before.

    With `past` it takes `asOf` too.
    """
    declared = [DEEP] if deep else []
    declared += arguments(**own)
    if filter is not None:
        declared += arguments(filter=filter | None)  # type: ignore[operator]
    if order is not None:
        declared += arguments(order_by=list[order] | None)  # type: ignore[valid-type]
    declared += arguments(first=int | None, after=str | None, last=int | None, before=str | None)
    if past:
        declared += arguments(as_of=datetime | None)
        description = f"{description} {AS_OF}"
    return with_arguments(description, declared)
