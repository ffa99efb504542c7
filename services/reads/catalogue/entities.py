from collections.abc import Mapping

from services.reads.catalogue.access import ROLE_GRANT
from services.reads.catalogue.centers import ACTIVITY, PRACTICE_CENTER
from services.reads.catalogue.departments import DEPARTMENT, DEPARTMENT_CHANNEL, NOTICE, RECEIPT
from services.reads.catalogue.divisions import COMMITTEE, DIVISION
from services.reads.catalogue.duty import DUTY_ASSESSMENT, DUTY_GRADE, DUTY_RECORD, DUTY_RULE, DUTY_SCHEME
from services.reads.catalogue.events import TOPIC_CHANGE
from services.reads.catalogue.matters import MATTER
from services.reads.catalogue.members import LIAISON_GROUP, MEMBER
from services.reads.catalogue.outcomes import COMMITMENT, CONVERSION, EVIDENCE, FOLLOW_UP, OUTCOME, PROGRESS, VERDICT
from services.reads.catalogue.plans import ANNUAL_PLAN, PLAN_DEVIATIONS, PLAN_ITEM
from services.reads.catalogue.platforms import BRAND, PLATFORM
from services.reads.catalogue.root import GRANT, QUERY, VIEWER
from services.reads.catalogue.search import SEARCH
from services.reads.catalogue.sessions import ATTENDANCE, OPINION, SESSION
from services.reads.catalogue.shape import Entity
from services.reads.catalogue.statistics import (
    BY_DIVISION,
    BY_PLATFORM,
    CATEGORY_COUNT,
    COMMITMENT_COUNTS,
    CONVERSION_COUNT,
    PLATFORM_COUNTS,
    TOPIC_STATUS_COUNT,
)
from services.reads.catalogue.stored import completed
from services.reads.catalogue.topics import INVOLVEMENT, TOPIC
from services.reads.catalogue.trace import TRACE_ENTRY

ENTITIES: Mapping[str, Entity] = {
    (entity := completed(declared)).name: entity
    for declared in (
        QUERY,
        VIEWER,
        GRANT,
        ROLE_GRANT,
        DIVISION,
        COMMITTEE,
        LIAISON_GROUP,
        MEMBER,
        BRAND,
        PRACTICE_CENTER,
        ACTIVITY,
        PLATFORM,
        MATTER,
        ANNUAL_PLAN,
        PLAN_ITEM,
        PLAN_DEVIATIONS,
        TOPIC,
        TOPIC_CHANGE,
        INVOLVEMENT,
        TRACE_ENTRY,
        SESSION,
        ATTENDANCE,
        OPINION,
        OUTCOME,
        COMMITMENT,
        PROGRESS,
        EVIDENCE,
        VERDICT,
        CONVERSION,
        FOLLOW_UP,
        DUTY_SCHEME,
        DUTY_RULE,
        DUTY_GRADE,
        DUTY_ASSESSMENT,
        DUTY_RECORD,
        DEPARTMENT,
        DEPARTMENT_CHANNEL,
        NOTICE,
        RECEIPT,
        SEARCH,
        *BY_DIVISION,
        *BY_PLATFORM,
        PLATFORM_COUNTS,
        COMMITMENT_COUNTS,
        TOPIC_STATUS_COUNT,
        CATEGORY_COUNT,
        CONVERSION_COUNT,
    )
}

NODES: Mapping[str, Entity] = {name: entity for name, entity in ENTITIES.items() if entity.prefix}
"""Entities that a global id can name."""
