from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.outcomes import Commitment
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, NOTE, PERCENT
from services.outcomes import work


@strawberry.input(description="What `reportProgress` takes.")
class ReportProgressInput:
    """What the verb takes."""

    commitment: strawberry.ID
    percent: int | None = bounded(PERCENT, default=UNSET)
    note: str = bounded(NOTE)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The commitment, or why not.")
class ReportProgressPayload:
    """The commitment, or why not."""

    commitment: Commitment | None
    errors: list[MutationError]


@strawberry.mutation(
    description="Say how far a commitment has come (报告落实进展), for its department; goes on after a dispute."
)
async def report_progress(info: Info, input: ReportProgressInput) -> ReportProgressPayload:  # noqa: A002 -- the argument's name in the schema
    """Say how far a commitment has come (报告落实进展), for its department; goes on after a dispute."""

    async def command(act: Act) -> UUID:
        return await work.report_progress(
            act,
            commitment_id=reference("commitment", input.commitment, "commitment"),
            percent=given(input.percent),
            note=input.note,
        )

    payload: ReportProgressPayload = await perform(info, input, "Commitment", command)
    return payload
