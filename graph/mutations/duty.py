from strawberry import ID

from graph.enums import DutyAct
from graph.inputs.fields import bounded, input_type, refers_to
from graph.mutations.verb import verb
from graph.types.duty import DutyAssessment, DutyScheme
from services.core.bounds import DUTY_YEAR, FROM_NOTHING, GRADES, KIND, NAME, RULES, VERSION
from services.duty import commands


@input_type()
class DutyRuleInput:
    """What an act is worth (计分规则)."""

    act: DutyAct
    points: float = bounded(FROM_NOTHING)
    cap: float | None = bounded(FROM_NOTHING, "The most that acts of the kind come to in a year (单项上限).")


@input_type()
class DutyGradeInput:
    """What a year is called that comes to so much (考核等次)."""

    name: str = bounded(KIND)
    from_: float = bounded(FROM_NOTHING, "The least points of a year of this grade.", into="threshold", name="from")


@verb(commands.publish_duty_scheme, gives=DutyScheme, noun="scheme", takes=". Points go to the hundredth.")
class PublishDutyScheme:
    """Publish the next version of a scheme of members' duty (发布履职考核办法)."""

    committee: ID = refers_to("committee")
    name: str = bounded(NAME)
    first_year: int = bounded(DUTY_YEAR)
    last_year: int | None = bounded(DUTY_YEAR, "Every year from the first on where left out.")
    rules: list[DutyRuleInput] = bounded(RULES)
    grades: list[DutyGradeInput] = bounded(GRADES, default_factory=list)
    cap: float | None = bounded(FROM_NOTHING, "The most that a year comes to (总分上限).")
    expected_version: int | None = bounded(
        VERSION, "The newest version of this name that the caller knows, 0 for none."
    )


@verb(commands.assess_member, gives=DutyAssessment, noun="assessment")
class AssessMember:
    """Assess a member's year (履职考核) from what is recorded of it, under the scheme in force; the same acts
    leave what stands.
    """

    member: ID = refers_to("member")
    year: int = bounded(DUTY_YEAR)
