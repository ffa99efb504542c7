import pytest

from services.migrations.tables import metadata
from services.seeds.load import COLUMNS

BESIDE = {"search_document": {"edition", "published", "terms"}}
"""Columns that are made by another way."""


@pytest.mark.parametrize("table", COLUMNS)
def test_columns_are_the_table_s_and_leave_out_none_that_is_needed(table: str) -> None:
    columns = {column.name: column for column in metadata.tables[table].columns}
    needed = {name for name, column in columns.items() if not column.nullable and column.server_default is None}

    assert needed - BESIDE.get(table, set()) <= set(COLUMNS[table]) <= set(columns)


def test_tables_stand_after_those_that_they_refer_to() -> None:
    order = list(COLUMNS)
    references = {
        (order.index(key.column.table.name), order.index(table))
        for table in COLUMNS
        for key in metadata.tables[table].foreign_keys
        if key.column.table.name != table
    }

    assert all(target < source for target, source in references)
    assert len(references) > 20
