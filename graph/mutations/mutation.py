from strawberry.tools import create_type

from graph.mutations.accept_commitment import accept_commitment
from graph.mutations.accept_matter import accept_matter
from graph.mutations.add_opinion import add_opinion
from graph.mutations.add_plan_item import add_plan_item
from graph.mutations.answer_matter import answer_matter
from graph.mutations.approve_plan import approve_plan
from graph.mutations.assess_member import assess_member
from graph.mutations.assign_commitment import assign_commitment
from graph.mutations.cancel_session import cancel_session
from graph.mutations.close_platform import close_platform
from graph.mutations.complete_commitment import complete_commitment
from graph.mutations.convert_opinion import convert_opinion
from graph.mutations.convert_outcome import convert_outcome
from graph.mutations.correct_commitment import correct_commitment
from graph.mutations.correct_conversion import correct_conversion
from graph.mutations.correct_outcome import correct_outcome
from graph.mutations.correct_session import correct_session
from graph.mutations.correct_topic import correct_topic
from graph.mutations.decline_commitment import decline_commitment
from graph.mutations.decline_matter import decline_matter
from graph.mutations.disable_department import disable_department
from graph.mutations.dispute_commitment import dispute_commitment
from graph.mutations.draft_plan import draft_plan
from graph.mutations.enable_department import enable_department
from graph.mutations.file_conversion import file_conversion
from graph.mutations.grant_role import grant_role
from graph.mutations.involve_department import involve_department
from graph.mutations.launch_brand import launch_brand
from graph.mutations.link_member import link_member
from graph.mutations.list_matter import list_matter
from graph.mutations.list_topic import list_topic
from graph.mutations.open_platform import open_platform
from graph.mutations.open_practice_center import open_practice_center
from graph.mutations.propose_topic import propose_topic
from graph.mutations.publish_duty_scheme import publish_duty_scheme
from graph.mutations.raise_matter import raise_matter
from graph.mutations.record_activity import record_activity
from graph.mutations.record_follow_up import record_follow_up
from graph.mutations.record_minutes import record_minutes
from graph.mutations.record_outcome import record_outcome
from graph.mutations.record_session import record_session
from graph.mutations.register_department import register_department
from graph.mutations.release_department import release_department
from graph.mutations.remove_plan_item import remove_plan_item
from graph.mutations.reopen_topic import reopen_topic
from graph.mutations.replay_notices import replay_notices
from graph.mutations.report_progress import report_progress
from graph.mutations.reschedule_session import reschedule_session
from graph.mutations.resolve_topic import resolve_topic
from graph.mutations.retry_notice import retry_notice
from graph.mutations.return_plan import return_plan
from graph.mutations.revoke_role import revoke_role
from graph.mutations.schedule_session import schedule_session
from graph.mutations.seat_member import seat_member
from graph.mutations.send_test_notice import send_test_notice
from graph.mutations.skip_notice import skip_notice
from graph.mutations.submit_plan import submit_plan
from graph.mutations.verify_commitment import verify_commitment
from graph.mutations.withdraw_topic import withdraw_topic

Mutation = create_type(
    "Mutation",
    [
        raise_matter,
        accept_matter,
        answer_matter,
        decline_matter,
        list_matter,
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
        record_minutes,
        add_opinion,
        record_outcome,
        assign_commitment,
        accept_commitment,
        decline_commitment,
        report_progress,
        complete_commitment,
        verify_commitment,
        dispute_commitment,
        convert_outcome,
        convert_opinion,
        file_conversion,
        record_follow_up,
        correct_topic,
        correct_session,
        correct_outcome,
        correct_commitment,
        correct_conversion,
        open_platform,
        close_platform,
        launch_brand,
        seat_member,
        link_member,
        register_department,
        disable_department,
        enable_department,
        open_practice_center,
        record_activity,
        publish_duty_scheme,
        assess_member,
        send_test_notice,
        replay_notices,
        retry_notice,
        skip_notice,
        grant_role,
        revoke_role,
    ],
    description="The verbs: each does one thing in one transaction and gives it back, or says why not.",
)
