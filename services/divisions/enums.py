from services.core.choices import Choice


class DivisionLevel(Choice):
    """区划级别: level of a division."""

    PROVINCE = "PROVINCE", "省", "Province"
    CITY = "CITY", "市", "City"
    COUNTY = "COUNTY", "县（市、区）", "County", "Districts and county-level cities too."
    TOWNSHIP = "TOWNSHIP", "街道（乡镇）", "Street or town"
    VILLAGE = "VILLAGE", "社区（村）", "Community or village"


class DivisionKind(Choice):
    """区划性质: whether a row of the division table is a division, or a zone that only stands at the level of
    counties: it has no committee and is counted among none.
    """

    ADMINISTRATIVE = "ADMINISTRATIVE", "行政区", "Administrative division"
    DEVELOPMENT_ZONE = (
        "DEVELOPMENT_ZONE",
        "开发区",
        "Development zone",
        "It stands beside counties and is none.",
    )
