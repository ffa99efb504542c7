"""The inventory of personal data in docs/privacy.md names what the tables have."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Boolean, Date, DateTime, Enum, Integer, Numeric, Uuid
from sqlalchemy import Column as StoredColumn

from services.migrations.tables import metadata
from services.privacy.erase import VERSIONED
from services.privacy.inventory import INVENTORY, OTHERS, Erased
from services.privacy.page import filled
from services.privacy.rows import AS_A_RESIDENT, NAMED, THEIRS

PAGE = (Path(__file__).parents[3] / "docs" / "privacy.md").read_text(encoding="utf-8")
WITHOUT_WORDS = (Boolean, Date, DateTime, Enum, Integer, Numeric, Uuid)


def test_inventory_has_every_column_of_words_and_of_people_and_no_other() -> None:
    assert sorted([*INVENTORY, *OTHERS]) == sorted(columns())


def test_page_is_made_from_the_inventory() -> None:
    assert filled(PAGE) == PAGE
    assert PAGE.count("| `") >= len(INVENTORY)
    assert all(f"`{name}`" in PAGE for name in OTHERS)


def test_inventory_is_in_the_order_of_the_tables() -> None:
    tables = [field.split(".")[0] for field in INVENTORY]
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


def test_whatever_is_erased_is_found_by_the_person_or_by_name() -> None:
    kinds: dict[Erased, set[str]] = {kind: set() for kind in Erased}
    for name, field in INVENTORY.items():
        kinds[field.erased].add(name.split(".")[0])
    assert kinds[Erased.PERSON] | kinds[Erased.WORDS] == AS_A_RESIDENT.keys()
    assert kinds[Erased.SAID] | kinds[Erased.NAME] <= set(NAMED.values())
    assert kinds[Erased.PERSON] | kinds[Erased.HOLDER] | kinds[Erased.MEMBER] | kinds[Erased.ROW] <= THEIRS.keys()
    versioned = {name.removesuffix("_history") for name in metadata.tables if name.endswith("_history")}
    assert set(VERSIONED) == versioned & (AS_A_RESIDENT.keys() | set(NAMED.values()))
