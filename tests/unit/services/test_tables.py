import pytest
from sqlmodel import SQLModel

from services.core.tables import TableModel
from services.migrations.tables import metadata
from services.topics.models import TopicNumber


def tables(base: type[TableModel]) -> list[type[TableModel]]:
    """Return a base's tables, and those of the bases beneath it."""
    return [table for model in base.__subclasses__() for table in (tables(model) or [model])]


MODELS = tables(TableModel)


def test_every_model_has_the_base() -> None:
    assert SQLModel.__subclasses__() == [TableModel]
    assert {str(model.__tablename__) for model in MODELS} <= metadata.tables.keys()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_row_is_not_made_without_a_required_field(model: type[TableModel]) -> None:
    with pytest.raises(TypeError) as refused:
        model()
    missing = sorted(name for name, field in model.model_fields.items() if field.is_required())
    assert str(refused.value) == f"{model.__name__} misses {', '.join(missing)}."


def test_row_is_made_with_all_its_required_fields() -> None:
    row = TopicNumber(county_code="140521", year=2026, last=1)
    assert row.model_dump() == {"county_code": "140521", "year": 2026, "last": 1}
    with pytest.raises(TypeError, match=r"^TopicNumber misses last, year\.$"):
        TopicNumber(county_code="140521")  # type: ignore[call-arg]
