from datetime import date
from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, optional_reference, perform, reference
from graph.types.outcomes import Outcome
from services.core.act import Act
from services.core.bounds import AGREEMENT, IDEMPOTENCY_KEY, VERSION
from services.outcomes import commands


@strawberry.input(description="What `recordOutcome` takes.")
class RecordOutcomeInput:
    """What the verb takes."""

    topic: strawberry.ID
    session: strawberry.ID | None = UNSET
    agreement: str = bounded(AGREEMENT)
    reached_on: date | None = UNSET
    expected_version: int | None = bounded(VERSION, default=UNSET)
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


@strawberry.type(description="The outcome, or why not.")
class RecordOutcomePayload:
    """The outcome, or why not."""

    outcome: Outcome | None
    errors: list[MutationError]


@strawberry.mutation(description="Record what the parties agreed on (登记协商成果); the topic is being implemented.")
async def record_outcome(info: Info, input: RecordOutcomeInput) -> RecordOutcomePayload:  # noqa: A002 -- the argument's name in the schema
    """Record what the parties agreed on (登记协商成果); the topic is being implemented."""

    async def command(act: Act) -> UUID:
        return await commands.record_outcome(
            act,
            topic_id=reference("topic", input.topic, "topic"),
            session_id=optional_reference("session", input.session, "session"),
            agreement=input.agreement,
            reached_on=given(input.reached_on),
            expected_version=given(input.expected_version),
        )

    payload: RecordOutcomePayload = await perform(info, input, "Outcome", command)
    return payload
