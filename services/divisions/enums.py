from enum import StrEnum


class DivisionLevel(StrEnum):
    """Level of a division: 省, 市, 县(区), 街道(乡镇), 社区(村)."""

    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"
    TOWNSHIP = "TOWNSHIP"
    VILLAGE = "VILLAGE"


class DivisionKind(StrEnum):
    """行政区, 开发区: whether a row of the division table is a division, or a zone that only stands at the level of
    counties: it has no committee and is counted among none.
    """

    ADMINISTRATIVE = "ADMINISTRATIVE"
    DEVELOPMENT_ZONE = "DEVELOPMENT_ZONE"
