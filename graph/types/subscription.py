from datetime import datetime

import strawberry

from graph.scalars import DivisionCode
from graph.types.connections import arguments, with_arguments
from graph.types.departments import Notice
from graph.types.topics import Topic


@strawberry.type(description="A committed change to a topic (议题动态).")
class TopicChange:
    event_id: strawberry.ID = strawberry.field(description="What `after` takes to resume behind this change.")
    type: str
    occurred_at: datetime
    topic: Topic = strawberry.field(description="As it stands when the change is sent.")


@strawberry.type(description="What can be followed, over graphql-transport-ws or server-sent events.")
class Subscription:
    topic_changed: TopicChange = with_arguments(
        "Every committed change to topics in the subtree that the caller sees (议题动态), in commit order. `after` "
        "resumes from an event id without a gap or a repeat.",
        arguments(within=DivisionCode, after=strawberry.ID | None),
    )
    notice_changed: Notice = with_arguments(
        "Every notice to the department that is new or whose fate or receipt changed (通知动态), as it stands when it "
        "is sent. `after` resumes from the event id of any notice received: each notice that changed since that event "
        "was committed is sent once. So nothing is missed, what was received before may come again, and states that a "
        "notice passed through meanwhile are not told one by one.",
        arguments(department=str, after=strawberry.ID | None),
    )
