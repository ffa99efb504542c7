import gzip

import pytest

from services.divisions.enums import DivisionKind, DivisionLevel
from services.seeds.divisions import Place, is_inhabited, is_village, packed_table, read_divisions, short_name


def village(name: str) -> Place:
    return Place("140106005010", name, DivisionLevel.VILLAGE, "140106005", 140106005010, 140106005011)


def test_packed_table_has_no_name_and_no_time() -> None:
    assert packed_table()[:8] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00"
    assert gzip.decompress(packed_table()).count(b"\n") == 23_381


def test_divisions_are_ordered_from_above_to_below() -> None:
    divisions = read_divisions(packed_table())

    assert len(divisions.places) == 23_380
    assert divisions.places[0] == ("14", "山西省", "PROVINCE", "", 140000000000, 150000000000)
    assert [place.code for place in divisions.children["140106"]] == [
        *(f"14010600{number}" for number in range(1, 7)),
        "140106100",
    ]
    assert divisions.children["140106005"][9].row == (
        140106005010,
        140106005011,
        "140106005010",
        "并州东街四社区居委会",
        "VILLAGE",
        "ADMINISTRATIVE",
        140106005000,
    )


def test_zones_are_marked() -> None:
    zones = [place for place in read_divisions(packed_table()).places if place.kind is DivisionKind.DEVELOPMENT_ZONE]

    assert [(zone.code, zone.level) for zone in zones] == [
        (code, DivisionLevel.COUNTY) for code in ("140171", "140271", "140671", "140971")
    ]


@pytest.mark.parametrize(
    ("name", "short", "is_of_village"),
    [
        ("塘坪村委会", "塘坪村", True),
        ("崇串村村委员会", "崇串村", True),
        ("西刘屯村民委会", "西刘屯村", True),
        ("并州东街四社区居委会", "并州东街四社区", False),
        ("劲松社区居民委员会", "劲松社区", False),
        ("港道居委会", "港道社区", False),
        ("金沙滩林场虚拟生活区", "金沙滩林场虚拟生活区", False),
    ],
)
def test_short_name(name: str, short: str, is_of_village: bool) -> None:
    assert (short_name(village(name)), is_village(village(name))) == (short, is_of_village)


@pytest.mark.parametrize(
    ("name", "inhabited"),
    [("塘坪村委会", True), ("永济监狱虚拟社区", False), ("空港物流园区类似社区", False), ("新民集体资产社区", False)],
)
def test_rows_for_the_statistics_are_not_inhabited(name: str, inhabited: bool) -> None:
    assert is_inhabited(village(name)) is inhabited
