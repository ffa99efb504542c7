from enum import StrEnum


class DivisionLevel(StrEnum):
    """Level of an administrative division."""

    PROVINCE = "PROVINCE"
    CITY = "CITY"
    COUNTY = "COUNTY"
    TOWNSHIP = "TOWNSHIP"
    VILLAGE = "VILLAGE"
