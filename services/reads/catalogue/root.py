"""Where every query starts: the fields of the Query type, and who is asking."""

from services.reads.catalogue.common import enum_column, equals, found_by_id
from services.reads.catalogue.search import HITS
from services.reads.catalogue.shape import AnyNode, Column, Embedded, Entity, Many, NodeOf, One, Paged

QUERY = Entity(
    name="Query",
    lists=True,
    fields={
        "node": AnyNode("id"),
        "nodes": AnyNode("ids", most=100),
        "entities": AnyNode("representations", most=1_000),
        "division": One("Division", nullable=True, arguments={"code": equals("{t}.code")}),
        "platform": One(
            "Platform", nullable=True, arguments={"by": {"id": found_by_id("platform"), "code": equals("{t}.code")}}
        ),
        "topic": One(
            "Topic", nullable=True, arguments={"by": {"id": found_by_id("topic"), "number": equals("{t}.number")}}
        ),
        "department": One("Department", nullable=True, arguments={"code": equals("{t}.code")}),
        "notices": Paged("Notice"),
        "plans": Paged("AnnualPlan"),
        "grants": Paged("RoleGrant"),
        "search": HITS,
        "viewer": Embedded("Viewer"),
    },
)

VIEWER = Entity(
    name="Viewer",
    fields={
        "subject": Column("{subject}", nullable=True),
        "grants": Many(
            "Grant",
            source="(SELECT * FROM unnest({grant_roles}, {grant_divisions}, {grant_departments}) "
            "WITH ORDINALITY AS held(role, division_code, department_code, position))",
            order="{t}.position",
        ),
        "matters": Paged("Matter", where="{t}.subject = {subject}"),
        "member": NodeOf(
            "'member'",
            "(SELECT (array_agg(own.id))[1] FROM {table_member} AS own WHERE own.subject = {subject} "
            "HAVING count(*) = 1)",
        ),
        "members": Many("Member", where="{t}.subject = {subject}", order="{t}.division_number, {t}.id"),
    },
)

GRANT = Entity(
    name="Grant",
    fields={
        "role": enum_column("{t}.role"),
        "division": One("Division", on="{t}.code = {p}.division_code", nullable=True),
        "department": One("Department", on="{t}.code = {p}.department_code", nullable=True),
    },
)
