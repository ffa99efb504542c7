"""Personal data in texts: what is found, and what looks like it and is not."""

import time

import pytest

from services.core.personal import MOST, Finding, PersonalData, find_personal_data

TELEPHONE, IDENTITY = PersonalData.TELEPHONE_NUMBER, PersonalData.IDENTITY_NUMBER
CARD, EMAIL = PersonalData.BANK_CARD_NUMBER, PersonalData.EMAIL_ADDRESS


@pytest.mark.parametrize(
    ("text", "kind", "snippet"),
    [
        ("电话13812345678", TELEPHONE, "138******78"),
        ("１３８１２３４５６７８。", TELEPHONE, "138******78"),
        ("请致电 138 1234 5678", TELEPHONE, "138********78"),
        ("138-1234-5678", TELEPHONE, "138********78"),
        ("138－1234　5678", TELEPHONE, "138********78"),
        ("1 3 8 1 2 3 4 5 6 7 8", TELEPHONE, "1 3**************** 8"),
        ("+86 138 1234 5678", TELEPHONE, "+86************78"),
        ("tel13812345678", TELEPHONE, "138******78"),
        ("٠١٣ ١٣٨١٢٣٤٥٦٧٨", TELEPHONE, "138******78"),
        ("0356-7028123", TELEPHONE, "035*******23"),
        ("(0356)7028123", TELEPHONE, "(03********23"),
        ("010 6234 5678", TELEPHONE, "010********78"),
        ("0351-7654321转8001", TELEPHONE, "035*******21"),
        ("身份证11010519491231002X", IDENTITY, "110*************2X"),
        ("ID 110105 19491231 002x", IDENTITY, "110***************2x"),
        ("１１０１０５１９４９１２３１００２Ｘ", IDENTITY, "110*************2X"),
        ("旧证110105491231002", IDENTITY, "110**********02"),
        ("卡号4111 1111 1111 1111", CARD, "411**************11"),
        ("6222021234567890128", CARD, "622**************28"),
        ("邮箱 zhang.san@example.org 收", EMAIL, "z********@example.org"),
        ("zhang＠example．org", EMAIL, "z****@example.org"),
    ],
)
def test_found_however_it_is_written(text: str, kind: PersonalData, snippet: str) -> None:
    assert find_personal_data(text) == [Finding(kind, snippet)]


@pytest.mark.parametrize(
    "text",
    [
        *("议题T140521-2023-0018", "T140521-2013-13999", "140521000000", "140521201001", "P140521-09"),
        *("投资13800000000元", "13812345678.50", "共 13912345678 万元", "￥13812345678", "3,138,123,456"),
        *("2023-11-01 15:00-17:00", "20231115153012345", "2023年11月1日", "2021-03-01 2023-11-30 18"),
        *("15 20 30 45 60 7", "12345", "95588", "400-810-8888", "110、119、120", "018-12345678", "0.356702812"),
        *("110105194912310021", "110105194913310029", "990105194912310021", "110105491331002"),
        *("4111111111111112", "https://example.org/a/4111111111111111.jpg", "1234567890123452"),
        *("91140521MA0H12345X", "zhang@example", "@example.org", "a@b", "文@号.中"),
    ],
)
def test_what_looks_like_it_is_not_found(text: str) -> None:
    assert find_personal_data(text) == []


def test_several_are_told_in_their_order_and_no_more_than_that() -> None:
    found = find_personal_data("zhang@example.org 0356-7028123,13812345678 11010519491231002X")
    assert [one.kind for one in found] == [EMAIL, TELEPHONE, TELEPHONE, IDENTITY]
    assert len(find_personal_data("13812345678," * 100)) == MOST


@pytest.mark.parametrize("text", ["1", "1 ", "a@", "a.", "138 ", "0351-", "6 ", "13812345678 ", "110105194912310021 "])
def test_hostile_texts_take_no_long_time(text: str) -> None:
    began = time.process_time()
    find_personal_data((text * 50_000)[:50_000])
    assert time.process_time() - began < 1
