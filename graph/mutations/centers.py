from datetime import date

from strawberry import ID

from graph.inputs.fields import bounded, refers_to
from graph.mutations.verb import verb
from graph.scalars import DivisionCode
from graph.types.centers import Activity, PracticeCenter
from services.centers import commands
from services.core.bounds import AREAS, FUNCTIONS, HEADCOUNT, KIND, NAME, PEOPLE, TITLE


@verb(commands.open_practice_center, gives=PracticeCenter)
class OpenPracticeCenter:
    """Open a practice center (设立新时代协商民主实践中心) in a division."""

    name: str = bounded(NAME)
    division: DivisionCode
    opened_on: date | None
    areas: list[str] = bounded(AREAS)
    functions: list[str] = bounded(FUNCTIONS, default_factory=list)


@verb(commands.record_activity, gives=Activity, takes=": a center or else a division.")
class RecordActivity:
    """Record an activity (登记活动) that took place, with the members who took part."""

    kind: str = bounded(KIND)
    title: str = bounded(TITLE)
    held_on: date
    center: ID | None = refers_to("practicecenter")
    division: DivisionCode | None
    headcount: int | None = bounded(HEADCOUNT)
    members: list[ID] = refers_to("member", bound=PEOPLE, default_factory=list)
