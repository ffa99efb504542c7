from services.core.errors import DomainError


class DatabaseNotEmpty(DomainError):
    """The database holds other data than this seed would write, and the seed writes into empty tables only."""

    code = "DATABASE_NOT_EMPTY"

    def __init__(self, tables: tuple[str, ...]) -> None:
        super().__init__(
            f"The tables {', '.join(tables)} hold other data than this seed (edition and scale) writes; "
            "seed an empty database."
        )
        self.tables = tables
