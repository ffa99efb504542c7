from strawberry.tools import create_type

from graph.mutations.add_plan_item import add_plan_item
from graph.mutations.approve_plan import approve_plan
from graph.mutations.assign_commitment import assign_commitment
from graph.mutations.cancel_session import cancel_session
from graph.mutations.draft_plan import draft_plan
from graph.mutations.involve_department import involve_department
from graph.mutations.list_topic import list_topic
from graph.mutations.propose_topic import propose_topic
from graph.mutations.record_outcome import record_outcome
from graph.mutations.record_session import record_session
from graph.mutations.register_department import register_department
from graph.mutations.release_department import release_department
from graph.mutations.remove_plan_item import remove_plan_item
from graph.mutations.reopen_topic import reopen_topic
from graph.mutations.replay_notices import replay_notices
from graph.mutations.reschedule_session import reschedule_session
from graph.mutations.resolve_topic import resolve_topic
from graph.mutations.retry_notice import retry_notice
from graph.mutations.return_plan import return_plan
from graph.mutations.schedule_session import schedule_session
from graph.mutations.send_test_notice import send_test_notice
from graph.mutations.skip_notice import skip_notice
from graph.mutations.submit_plan import submit_plan
from graph.mutations.withdraw_topic import withdraw_topic

Mutation = create_type(
    "Mutation",
    [
        propose_topic,
        list_topic,
        involve_department,
        release_department,
        withdraw_topic,
        reopen_topic,
        resolve_topic,
        draft_plan,
        add_plan_item,
        remove_plan_item,
        submit_plan,
        approve_plan,
        return_plan,
        schedule_session,
        reschedule_session,
        cancel_session,
        record_session,
        record_outcome,
        assign_commitment,
        register_department,
        send_test_notice,
        replay_notices,
        retry_notice,
        skip_notice,
    ],
    description="The verbs: each does one thing in one transaction and gives it back, or says why not.",
)
