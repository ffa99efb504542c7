import pytest

from services.departments.enums import DepartmentKind
from services.seeds.subjects import STRIDE, SUBJECTS, Setting, SubjectBook
from services.seeds.works import Work
from services.topics.enums import Category


@pytest.mark.parametrize(
    ("setting", "missing"),
    [
        (Setting.COUNTY, set()),
        (Setting.URBAN, {Category.RURAL_REVITALIZATION}),
        (Setting.RURAL, {Category.OLD_NEIGHBOURHOODS}),
    ],
)
def test_subjects_cover_the_categories(setting: Setting, missing: set[Category]) -> None:
    assert set(Category) - {subject.category for subject in SUBJECTS[setting]} == missing


@pytest.mark.parametrize("setting", Setting)
def test_book_takes_every_subject_before_it_takes_one_again(setting: Setting) -> None:
    book, subjects = SubjectBook(DepartmentKind), SUBJECTS[setting]

    first = [book.next_subject(140106005010, setting) for _ in subjects]
    second = [book.next_subject(140106005010, setting) for _ in subjects]

    assert sorted(subject.text for subject in first) == sorted(subject.text for subject in subjects)
    assert len(subjects) < STRIDE
    assert [subject.text for subject in second] == [f"{subject.text}（第2轮）" for subject in first]


def test_book_keeps_places_apart() -> None:
    alone, among_others = SubjectBook(DepartmentKind), SubjectBook(DepartmentKind)

    for village in range(140106005001, 140106005009):
        among_others.next_subject(village, Setting.URBAN)

    expected = [alone.next_subject(140106005010, Setting.URBAN) for _ in range(5)]
    assert [among_others.next_subject(140106005010, Setting.URBAN) for _ in range(5)] == expected


def test_book_leaves_out_what_no_department_of_the_county_does() -> None:
    book = SubjectBook(set(DepartmentKind) - {DepartmentKind.AGRICULTURE})

    leads = {subject.lead for subjects in book.subjects.values() for subject in subjects}

    assert DepartmentKind.AGRICULTURE not in leads
    assert {DepartmentKind.WATER, DepartmentKind.POWER, DepartmentKind.COURT} < leads


LEADS = {
    "纠纷": DepartmentKind.COURT,
    "供电": DepartmentKind.POWER,
    "农网": DepartmentKind.POWER,
    "电网": DepartmentKind.POWER,
    "彩礼": DepartmentKind.CIVIL_AFFAIRS,
    "红白": DepartmentKind.CIVIL_AFFAIRS,
    "供水": DepartmentKind.WATER,
    "饮水": DepartmentKind.WATER,
    "燃气": DepartmentKind.GAS,
    "供热": DepartmentKind.HEATING,
    "造林": DepartmentKind.FORESTRY,
    "客运": DepartmentKind.TRANSPORT,
    "文化": DepartmentKind.CULTURE_TOURISM,
}
ALL = [subject for subjects in SUBJECTS.values() for subject in subjects]


def test_subjects_are_led_by_those_whose_business_they_are() -> None:
    named = [(word, subject) for word in LEADS for subject in ALL if word in subject.text]

    assert [subject for word, subject in named if subject.lead is not LEADS[word]] == []
    assert {word for word, _ in named} == set(LEADS)


def test_courts_lead_disputes_about_law_alone() -> None:
    assert {
        subject.text for subject in ALL if subject.lead is DepartmentKind.COURT and "合同纠纷" not in subject.text
    } == set()


def test_building_is_reported_of_what_is_built() -> None:
    built = [subject.text for subject in ALL if subject.work is Work.BUILDING]
    others = ("保护", "治理", "打通", "创建", "安排", "升级", "一体化", "更新", "更换")
    words = ("建设", "改造", "硬化", "拓宽", "修建", "设置", "增设", "增补", "增容", "安装", "加装", "规划", "提升")

    assert [text for text in built if not any(word in text for word in (*words, *others))] == []
    assert not any(word in "".join(built) for word in ("彩礼", "调解", "规约", "服务点", "就业"))
