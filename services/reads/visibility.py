"""What a caller may see, as predicates that are compiled into every statement.

Anonymous sees published topics and what follows from them. Staff sees what is not yet published in its
subtree, a department what involves it, and the delivery log is for those who run it and for the department.
"""

DEPARTMENT_IS_CALLERS = (
    "EXISTS (SELECT FROM department AS own WHERE own.id = {expression} AND own.code = ANY({{departments}}))"
)

TOPIC = (
    "({t}.listed_at IS NOT NULL OR {t}.division_number <@ {staff_scope} OR EXISTS ("
    "SELECT FROM involvement AS part JOIN department AS own ON own.id = part.department_id "
    "WHERE part.topic_id = {t}.id AND part.until IS NULL AND own.code = ANY({departments})))"
)

NOTICE = (
    "({event}.division_number <@ {delivery_scope} OR "
    + DEPARTMENT_IS_CALLERS.format(expression="{t}.department_id")
    + ")"
)

CHANNEL_FAULT = "({department}.division_number <@ {delivery_scope} OR {department}.code = ANY({departments}))"
"""Why a department's channel is paused is for its operators and for itself."""

ATTENDANCE_NAME = "({session}.division_number <@ {staff_scope})"
"""Who sat where by name is for the staff of the place."""
