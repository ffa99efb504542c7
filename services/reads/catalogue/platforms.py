from services.platforms.models import Platform
from services.reads.catalogue.common import equals
from services.reads.catalogue.shape import Embedded, Entity, Filter, Many, Named, Order, Paged, Series, Switch

SUBTREE = (
    "CROSS JOIN LATERAL (WITH RECURSIVE below AS (SELECT {t}.id UNION ALL "
    "SELECT child.id FROM below JOIN {table_platform} AS child ON child.parent_id = below.id) "
    "SELECT array_agg(below.id) AS ids FROM below) AS {subtree}"
)
"""The platform and all beneath it."""

PLATFORM = Entity(
    model=Platform,
    prefix="platform",
    natural_key="code",
    fields={
        "ancestors": Many(
            "Platform",
            where="{t}.id IN (WITH RECURSIVE above AS (SELECT {p}.parent_id AS id UNION ALL "
            "SELECT upper.parent_id FROM above JOIN {table_platform} AS upper ON upper.id = above.id) "
            "SELECT id FROM above)",
            order="array_position(ARRAY['GENERAL', 'SUB', 'MICRO'], {t}.tier::text), {t}.code",
        ),
        "children": Many("Platform", order="{t}.code"),
        "descendants": Paged(
            "Platform",
            where="{t}.id = ANY({p_subtree}.ids) AND {t}.id <> {p}.id",
            arguments={"tier": equals("{t}.tier")},
        ),
        "topics": Paged("Topic", deep="{t}.platform_id = ANY({p_subtree}.ids)"),
        "sessions": Paged("Session", deep="{t}.platform_id = ANY({p_subtree}.ids)"),
        "matters": Paged("Matter", deep="{t}.platform_id = ANY({p_subtree}.ids)"),
        "plans": Many(
            "AnnualPlan",
            order="{t}.year DESC, {t}.version DESC",
            arguments={"year": equals("{t}.year", "int")},
        ),
        "statistics": Embedded("PlatformStatistics", period=True),
        "statistics_over_time": Series("PlatformStatisticsUnit"),
    },
    joins={"subtree": SUBTREE},
    filters={
        "brand": Filter(
            "{t}.brand_id IN (SELECT id FROM {table_brand} WHERE name = {value})",
            {"value": ("text", None)},
            names=Named("Brand", "{t}.name = {value}"),
        ),
        "open": Switch("({t}.closed_on IS NULL OR {t}.closed_on > {today})", "{t}.closed_on <= {today}"),
    },
    orders={
        "topic_count": Order(
            "(SELECT count(*) FROM {table_topic} AS counted WHERE counted.platform_id = {t}.id "
            "AND counted.listed_at IS NOT NULL)",
            "bigint",
        ),
    },
    default_order=(("code", False),),
)
