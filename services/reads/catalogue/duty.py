from services.reads import visibility
from services.reads.catalogue.common import enum_column, node_id_column
from services.reads.catalogue.shape import Column, Entity, Many, NodeOf, One, Order
from services.reads.catalogue.topics import instant
from services.reads.text import Form


def points(sql: str, *, nullable: bool = False) -> Column:
    """Return the column of points, which are numeric: as a number without needless zeros."""
    return Column(f"{sql}::float8", Form.PLAIN, nullable)


DUTY_SCHEME = Entity(
    name="DutyScheme",
    source="duty_scheme",
    prefix="dutyscheme",
    fields={
        "id": node_id_column("dutyscheme"),
        "committee": One("Committee", on="{t}.id = {p}.committee_id"),
        "name": Column("{t}.name"),
        "version": Column("{t}.version", Form.PLAIN),
        "first_year": Column("{t}.first_year", Form.PLAIN),
        "last_year": Column("{t}.last_year", Form.PLAIN, nullable=True),
        "cap": points("{t}.cap", nullable=True),
        "rules": Many("DutyRule", where="{t}.scheme_id = {p}.id", order="{t}.act"),
        "grades": Many("DutyGrade", where="{t}.scheme_id = {p}.id", order="{t}.threshold DESC"),
        "published_at": instant("{t}.published_at"),
    },
)

DUTY_RULE = Entity(
    name="DutyRule",
    source="duty_rule",
    fields={
        "act": enum_column("{t}.act"),
        "points": points("{t}.points"),
        "cap": points("{t}.cap", nullable=True),
    },
)

DUTY_GRADE = Entity(
    name="DutyGrade",
    source="duty_grade",
    fields={"name": Column("{t}.name"), "from_": points("{t}.threshold")},
)

DUTY_ASSESSMENT = Entity(
    name="DutyAssessment",
    source="duty_assessment",
    fields={
        "member": One("Member", on="{t}.id = {p}.member_id"),
        "year": Column("{t}.year", Form.PLAIN),
        "scheme": Column("{scheme}.name"),
        "scheme_version": Column("{scheme}.version", Form.PLAIN),
        "points": points("{t}.points"),
        "grade": Column("{t}.grade", nullable=True),
        "assessed_at": instant("{t}.assessed_at"),
        "records": Many("DutyRecord", where="{t}.assessment_id = {p}.id", order="{t}.acted_on, {t}.id"),
    },
    joins={"scheme": "JOIN duty_scheme AS {scheme} ON {scheme}.id = {t}.scheme_id"},
    visible=visibility.DUTY,
)

DUTY_RECORD = Entity(
    name="DutyRecord",
    source="duty_record",
    prefix="dutyrecord",
    fields={
        "id": node_id_column("dutyrecord"),
        "member": One("Member", on="{t}.id = {p}.member_id"),
        "act": Column("{t}.act", Form.LITERAL),
        "on": Column("{t}.acted_on", Form.LITERAL),
        "points": points("{t}.points"),
        "rule": Column("{scheme}.name || ' v' || {scheme}.version || ': ' || {t}.act"),
        "source": NodeOf(
            "CASE {t}.act WHEN 'ATTENDED' THEN 'session' WHEN 'OPINION' THEN 'opinion' "
            "WHEN 'ACTIVITY' THEN 'activity' ELSE 'conversion' END",
            "coalesce({t}.session_id, {t}.opinion_id, {t}.conversion_id, {t}.activity_id)",
        ),
    },
    joins={
        "assessment": "JOIN duty_assessment AS {assessment} ON {assessment}.id = {t}.assessment_id",
        "scheme": "JOIN duty_scheme AS {scheme} ON {scheme}.id = {assessment}.scheme_id",
    },
    visible=visibility.DUTY,
    orders={"on": Order("{t}.acted_on", "date")},
    default_order=(("on", False),),
)
