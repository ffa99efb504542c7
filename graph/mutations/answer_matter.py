from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.matters import Matter
from services.core.act import Act
from services.core.bounds import IDEMPOTENCY_KEY, PROSE, VERSION
from services.matters import commands


@strawberry.input(description="What `answerMatter` takes.")
class AnswerMatterInput:
    """What the verb takes."""

    matter: strawberry.ID
    answer: str = bounded(PROSE)
    expected_version: int | None = bounded(VERSION, default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The matter, or why not.")
class AnswerMatterPayload:
    """The matter, or why not."""

    matter: Matter | None
    errors: list[MutationError]


@strawberry.mutation(description="Answer an accepted matter without a topic (答复).")
async def answer_matter(info: Info, input: AnswerMatterInput) -> AnswerMatterPayload:  # noqa: A002 -- the argument's name in the schema
    """Answer an accepted matter without a topic (答复)."""

    async def command(act: Act) -> UUID:
        return await commands.answer_matter(
            act,
            matter_id=reference("matter", input.matter, "matter"),
            answer=input.answer,
            expected_version=given(input.expected_version),
        )

    payload: AnswerMatterPayload = await perform(info, input, "Matter", command)
    return payload
