"""`shangliang restored`: what has to be done in a database that was restored to an earlier moment."""

from deploy.console import operator, run_with_database, say
from deploy.instants import instant, shown
from services.core.act import Act
from services.core.clock import SystemClock
from services.core.database import Database
from services.notices import restoration
from services.topics import numbers


def tell_of_restore(to: str, *, step: int | None, topic_step: int | None) -> None:
    """No number is given again, of an event or a topic, and departments are to be told; what was done is said."""
    moment = instant(to)

    async def done(db: Database) -> tuple[restoration.Restored, int]:
        async with db.write() as tx:
            act = Act(tx, operator(), SystemClock())
            told = await restoration.tell_restored(act, restored_to=moment, step=step or restoration.STEP)
            passed = await numbers.pass_over_numbers(act, restored_to=moment, step=topic_step or numbers.STEP)
            return told, passed

    told, passed = run_with_database(done)
    say(
        f"Restored to {shown(moment)}: events are numbered from {told.first_sequence} on, topics {passed} further, and "
        f"{told.departments} departments are to be told."
    )
