"""The inventory of personal data in docs/privacy.md names what the tables have."""

import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Boolean, Date, DateTime, Enum, Integer, Numeric, Uuid
from sqlalchemy import Column as StoredColumn

from services.migrations.tables import metadata

PAGE = (Path(__file__).parents[3] / "docs" / "privacy.md").read_text(encoding="utf-8")
OTHER = PAGE.split("## Other texts")[1].split("## ")[0]
INVENTORY = re.findall(r"(?m)^\| `(\w+\.\w+)` \| (.+?) \| (.+?) \| (.+?) \|$", PAGE)
WITHOUT_WORDS = (Boolean, Date, DateTime, Enum, Integer, Numeric, Uuid)


def test_inventory_has_every_column_of_words_and_of_people_and_no_other() -> None:
    listed = [field for field, *_ in INVENTORY] + re.findall(r"`(\w+\.\w+)`", OTHER)
    assert sorted(listed) == sorted(columns())


def test_inventory_is_in_the_order_of_the_tables() -> None:
    tables = [field.split(".")[0] for field, *_ in INVENTORY]
    assert tables == sorted(tables)


def test_histories_have_no_column_that_their_tables_do_not_have() -> None:
    for name, table in metadata.tables.items():
        if name.endswith("_history"):
            present = metadata.tables[name.removesuffix("_history")]
            assert set(table.columns.keys()) - set(present.columns.keys()) == {"replaced_at"}


def columns() -> Iterator[str]:
    """Yield each column that can hold words or that refers to a member; former versions have the same ones."""
    for table in metadata.tables.values():
        if not table.name.endswith("_history"):
            for column in table.columns:
                if not isinstance(column.type, WITHOUT_WORDS) or of_member(column):
                    yield f"{table.name}.{column.name}"


def of_member(column: "StoredColumn[object]") -> bool:
    return any(key.column.table.name == "member" for key in column.foreign_keys)
