from enum import StrEnum


class DivisionLevel(StrEnum):
    """Level of an administrative division."""

    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"
    TOWNSHIP = "TOWNSHIP"
    VILLAGE = "VILLAGE"


class DivisionKind(StrEnum):
    """Whether a row of the division table is a division, or a zone that only stands at a division's level."""

    ADMINISTRATIVE = "ADMINISTRATIVE"
    DEVELOPMENT_ZONE = "DEVELOPMENT_ZONE"
