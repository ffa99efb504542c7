from datetime import date
from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform
from graph.scalars import DivisionCode
from graph.types.centers import PracticeCenter
from services.centers import commands
from services.core.act import Act
from services.core.bounds import AREAS, FUNCTIONS, IDEMPOTENCY_KEY, NAME


@strawberry.input(description="What `openPracticeCenter` takes.")
class OpenPracticeCenterInput:
    """What the verb takes."""

    name: str = bounded(NAME)
    division: DivisionCode
    opened_on: date | None = UNSET
    areas: list[str] = bounded(AREAS)
    functions: list[str] = bounded(FUNCTIONS, default_factory=list)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The practice center, or why not.")
class OpenPracticeCenterPayload:
    """The practice center, or why not."""

    practice_center: PracticeCenter | None
    errors: list[MutationError]


@strawberry.mutation(description="Open a practice center (设立新时代协商民主实践中心) in a division.")
async def open_practice_center(info: Info, input: OpenPracticeCenterInput) -> OpenPracticeCenterPayload:  # noqa: A002 -- the argument's name in the schema
    """Open a practice center (设立新时代协商民主实践中心) in a division."""

    async def command(act: Act) -> UUID:
        return await commands.open_practice_center(
            act,
            name=input.name,
            division=input.division,
            opened_on=given(input.opened_on),
            areas=input.areas,
            functions=input.functions,
        )

    payload: OpenPracticeCenterPayload = await perform(info, input, "PracticeCenter", command)
    return payload
