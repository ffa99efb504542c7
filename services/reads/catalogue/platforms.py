from services.reads.catalogue.common import enum_column, equals, node_id_column, one_of, within
from services.reads.catalogue.shape import Column, Embedded, Entity, Filter, Many, Named, One, Order, Paged, Switch
from services.reads.text import Form

SUBTREE = (
    "CROSS JOIN LATERAL (WITH RECURSIVE below AS (SELECT {t}.id UNION ALL "
    "SELECT child.id FROM below JOIN platform AS child ON child.parent_id = below.id) "
    "SELECT array_agg(below.id) AS ids FROM below) AS {subtree}"
)
"""The platform and all beneath it."""

BRAND = Entity(
    name="Brand",
    source="brand",
    prefix="brand",
    fields={
        "id": node_id_column("brand"),
        "name": Column("{t}.name"),
        "umbrella": Column("{t}.umbrella", nullable=True),
        "division": One("Division", on="{t}.number = {p}.division_number"),
        "launched_on": Column("{t}.launched_on", Form.LITERAL, nullable=True),
    },
)

PLATFORM = Entity(
    name="Platform",
    source="platform",
    prefix="platform",
    natural_key="code",
    fields={
        "id": node_id_column("platform"),
        "code": Column("{t}.code", Form.LITERAL),
        "name": Column("{t}.name"),
        "tier": enum_column("{t}.tier"),
        "kind": enum_column("{t}.kind"),
        "brand": One("Brand", on="{t}.id = {p}.brand_id", nullable=True),
        "division": One("Division", on="{t}.number = {p}.division_number"),
        "parent": One("Platform", on="{t}.id = {p}.parent_id", nullable=True),
        "ancestors": Many(
            "Platform",
            where="{t}.id IN (WITH RECURSIVE above AS (SELECT {p}.parent_id AS id UNION ALL "
            "SELECT upper.parent_id FROM above JOIN platform AS upper ON upper.id = above.id) SELECT id FROM above)",
            order="array_position(ARRAY['GENERAL', 'SUB', 'MICRO'], {t}.tier::text), {t}.code",
        ),
        "children": Many("Platform", where="{t}.parent_id = {p}.id", order="{t}.code"),
        "descendants": Paged(
            "Platform",
            where="{t}.id = ANY({p_subtree}.ids) AND {t}.id <> {p}.id",
            arguments={"tier": equals("{t}.tier")},
        ),
        "liaison_group": One("LiaisonGroup", on="{t}.id = {p}.liaison_group_id", nullable=True),
        "opened_on": Column("{t}.opened_on", Form.LITERAL, nullable=True),
        "closed_on": Column("{t}.closed_on", Form.LITERAL, nullable=True),
        "topics": Paged("Topic", where="{t}.platform_id = {p}.id", deep="{t}.platform_id = ANY({p_subtree}.ids)"),
        "sessions": Paged("Session", where="{t}.platform_id = {p}.id", deep="{t}.platform_id = ANY({p_subtree}.ids)"),
        "matters": Paged("Matter", where="{t}.platform_id = {p}.id", deep="{t}.platform_id = ANY({p_subtree}.ids)"),
        "plans": Many(
            "AnnualPlan",
            where="{t}.platform_id = {p}.id",
            order="{t}.year DESC, {t}.version DESC",
            arguments={"year": equals("{t}.year", "int")},
        ),
        "statistics": Embedded("PlatformStatistics", period=True),
    },
    joins={"subtree": SUBTREE},
    filters={
        "within": within(),
        "tier": one_of("{t}.tier"),
        "kind": one_of("{t}.kind"),
        "brand": Filter(
            "{t}.brand_id IN (SELECT id FROM brand WHERE name = {value})",
            {"value": ("text", None)},
            names=Named("Brand", "{t}.name = {value}"),
        ),
        "open": Switch("({t}.closed_on IS NULL OR {t}.closed_on > {today})", "{t}.closed_on <= {today}"),
    },
    orders={
        "code": Order("{t}.code", "text", unique=True),
        "name": Order("{t}.name", "text"),
        "opened_on": Order("{t}.opened_on", "date", nullable=True),
        "topic_count": Order(
            "(SELECT count(*) FROM topic AS counted WHERE counted.platform_id = {t}.id "
            "AND counted.listed_at IS NOT NULL)",
            "bigint",
        ),
    },
    default_order=(("code", False),),
)
