from services.divisions.models import Division
from services.members.models import Committee
from services.reads.catalogue.common import IN_SUBTREE, IN_WIDE_SUBTREE, equals, has_in_name, within
from services.reads.catalogue.shape import Embedded, Entity, Many, One, Paged, Series

UNTALLIED = "{t}.level IN ('TOWNSHIP', 'VILLAGE')"

DIVISION = Entity(
    model=Division,
    prefix="division",
    natural_key="code",
    fields={
        "ancestors": Many(
            "Division",
            where="{t}.code = ANY(ARRAY[left({p}.code, 2), left({p}.code, 4), left({p}.code, 6), left({p}.code, 9)]) "
            "AND {t}.code <> {p}.code",
            order="{t}.upper - {t}.number DESC",
        ),
        "children": Many("Division", order="{t}.number"),
        "descendants": Paged(
            "Division",
            where="{t}.number > {p}.number AND {t}.number < {p}.upper",
            arguments={"level": equals("{t}.level"), "kind": equals("{t}.kind")},
        ),
        "committee": One("Committee", on="{t}.division_number = {p}.number", nullable=True),
        "platforms": Paged("Platform", deep=IN_SUBTREE, wide=IN_WIDE_SUBTREE),
        "topics": Paged("Topic", where=IN_SUBTREE, wide=IN_WIDE_SUBTREE),
        "departments": Many("Department", order="{t}.code"),
        "brands": Many("Brand", order="{t}.launched_on, {t}.name"),
        "practice_centers": Many("PracticeCenter", order="{t}.opened_on, {t}.name"),
        "statistics": Embedded("DivisionStatistics", period=True, untallied=UNTALLIED),
        "statistics_over_time": Series("DivisionStatisticsUnit", untallied=UNTALLIED),
    },
    filters={"within": within("{t}.number"), "name": has_in_name()},
)

COMMITTEE = Entity(
    model=Committee,
    prefix="committee",
    fields={
        "liaison_groups": Many("LiaisonGroup", order="{t}.division_number, {t}.id"),
        "members": Paged("Member"),
        "duty_schemes": Many(
            "DutyScheme",
            order="{t}.published_at DESC, {t}.version DESC, {t}.id DESC",
        ),
    },
)
