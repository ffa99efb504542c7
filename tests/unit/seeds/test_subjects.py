import pytest

from services.seeds.subjects import SUBJECTS, Setting, SubjectBook
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
    book, subjects = SubjectBook(), SUBJECTS[setting]

    first = [book.next_subject(140106005010, setting) for _ in subjects]
    second = [book.next_subject(140106005010, setting) for _ in subjects]

    assert sorted(first) == sorted(subjects)
    assert [subject.text for subject in second] == [f"{subject.text}（第2轮）" for subject in first]


def test_book_keeps_places_apart() -> None:
    alone, among_others = SubjectBook(), SubjectBook()

    for village in range(140106005001, 140106005009):
        among_others.next_subject(village, Setting.URBAN)

    expected = [alone.next_subject(140106005010, Setting.URBAN) for _ in range(5)]
    assert [among_others.next_subject(140106005010, Setting.URBAN) for _ in range(5)] == expected
