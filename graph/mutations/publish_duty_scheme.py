from decimal import Decimal
from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.enums import DutyAct
from graph.mutations.perform import Act, MutationError, given, perform, reference
from graph.types.duty import DutyScheme
from services.duty import commands
from services.duty.rules import Grade, Rule, Scheme


@strawberry.input(description="What an act is worth (计分规则).")
class DutyRuleInput:
    """What an act is worth."""

    act: DutyAct
    points: float
    cap: float | None = strawberry.field(
        description="The most that acts of the kind come to in a year (单项上限).", default=UNSET
    )


@strawberry.input(description="What a year is called that comes to so much (考核等次).")
class DutyGradeInput:
    """What a year is called that comes to so much."""

    name: str
    from_: float = strawberry.field(name="from", description="The least points of a year of this grade.")


@strawberry.input(description="What `publishDutyScheme` takes. Points go to the hundredth.")
class PublishDutySchemeInput:
    """What the verb takes."""

    committee: strawberry.ID
    name: str
    first_year: int
    last_year: int | None = strawberry.field(description="Every year from the first on where left out.", default=UNSET)
    rules: list[DutyRuleInput]
    grades: list[DutyGradeInput] = strawberry.field(default_factory=list)
    cap: float | None = strawberry.field(description="The most that a year comes to (总分上限).", default=UNSET)
    expected_version: int | None = strawberry.field(
        description="The newest version of this name that the caller knows, 0 for none.", default=UNSET
    )
    idempotency_key: str | None = UNSET


@strawberry.type(description="The scheme, or why not.")
class PublishDutySchemePayload:
    """The scheme, or why not."""

    duty_scheme: DutyScheme | None
    errors: list[MutationError]


@strawberry.mutation(description="Publish the next version of a scheme of members' duty (发布履职考核办法).")
async def publish_duty_scheme(info: Info, input: PublishDutySchemeInput) -> PublishDutySchemePayload:  # noqa: A002 -- the argument's name in the schema
    """Publish the next version of a scheme of members' duty (发布履职考核办法)."""

    async def command(act: Act) -> UUID:
        return await commands.publish_duty_scheme(
            tx=act.tx,
            actor=act.actor,
            clock=act.clock,
            committee_id=reference("committee", input.committee, "committee"),
            scheme=_scheme(input),
            expected_version=given(input.expected_version),
        )

    payload: PublishDutySchemePayload = await perform(info, input, "DutyScheme", command)
    return payload


def _scheme(values: PublishDutySchemeInput) -> Scheme:
    """Return the scheme as commands take it."""
    return Scheme(
        name=values.name,
        first_year=values.first_year,
        last_year=given(values.last_year),
        cap=_optional(values.cap),
        rules=tuple(Rule(rule.act, _exact(rule.points), _optional(rule.cap)) for rule in values.rules),
        grades=tuple(Grade(grade.name, _exact(grade.from_)) for grade in values.grades),
    )


def _exact(value: float) -> Decimal:
    """Return a number as it was written."""
    return Decimal(repr(value))


def _optional(value: float | None) -> Decimal | None:
    """Return a number as it was written, None where it was left out."""
    present = given(value)
    return None if present is None else _exact(present)
