from decimal import Decimal
from uuid import UUID

import strawberry
from strawberry import UNSET

from graph.context import Info
from graph.enums import DutyAct
from graph.inputs.bounded import bounded
from graph.mutations.perform import MutationError, given, perform, reference
from graph.types.duty import DutyScheme
from services.core.act import Act
from services.core.bounds import DUTY_YEAR, FROM_NOTHING, GRADES, IDEMPOTENCY_KEY, KIND, NAME, RULES, VERSION
from services.duty import commands
from services.duty.rules import Grade, Rule, Scheme


@strawberry.input(description="What an act is worth (计分规则).")
class DutyRuleInput:
    """What an act is worth."""

    act: DutyAct
    points: float = bounded(FROM_NOTHING)
    cap: float | None = bounded(
        FROM_NOTHING, description="The most that acts of the kind come to in a year (单项上限).", default=UNSET
    )


@strawberry.input(description="What a year is called that comes to so much (考核等次).")
class DutyGradeInput:
    """What a year is called that comes to so much."""

    name: str = bounded(KIND)
    from_: float = bounded(FROM_NOTHING, name="from", description="The least points of a year of this grade.")


@strawberry.input(description="What `publishDutyScheme` takes. Points go to the hundredth.")
class PublishDutySchemeInput:
    """What the verb takes."""

    committee: strawberry.ID
    name: str = bounded(NAME)
    first_year: int = bounded(DUTY_YEAR)
    last_year: int | None = bounded(
        DUTY_YEAR, description="Every year from the first on where left out.", default=UNSET
    )
    rules: list[DutyRuleInput] = bounded(RULES)
    grades: list[DutyGradeInput] = bounded(GRADES, default_factory=list)
    cap: float | None = bounded(FROM_NOTHING, description="The most that a year comes to (总分上限).", default=UNSET)
    expected_version: int | None = bounded(
        VERSION, description="The newest version of this name that the caller knows, 0 for none.", default=UNSET
    )
    idempotency_key: str | None = bounded(IDEMPOTENCY_KEY, default=UNSET)


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
            act,
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
