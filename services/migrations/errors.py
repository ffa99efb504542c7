LAST_REPLACED = "0025"
"""The revision whose schema is the baseline's."""
WITH_REPLACED = "c661464"
"""A commit that has the replaced revisions."""


class ReplacedRevision(Exception):
    """A database at a revision that the baseline replaced, from where no migration leads on."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            f"The database is at revision {revision}, of before the first release: check out commit {WITH_REPLACED}, "
            f"run `shangliang migrate` there, which brings it to {LAST_REPLACED}, then run it here again."
        )
        self.revision = revision


class SchemaUnfit(Exception):
    """A database without a schema, or with one of another revision than the code works on."""

    def __init__(self, found: str, head: str, *, newer: bool) -> None:
        if newer:
            told = (
                f"The database's schema is at revision {found}, newer than {head}, which this version works on, and "
                f"does not serve it: run the version that made it, or `shangliang migrate {head}` there."
            )
        elif found:
            told = f"The database's schema is at revision {found}, older than {head}: run `shangliang migrate`."
        else:
            told = "The database has no schema yet: run `shangliang migrate`."
        super().__init__(told)
        self.found = found
        self.standing = "too new" if newer else "too old" if found else "missing"
        """How the schema stands to the code, in a word or two."""


class LocksNotGiven(Exception):
    """Something holds what a migration has to lock."""

    def __init__(self, lock_s: float, tries: int) -> None:
        super().__init__(
            f"A lock that the migration needs was not given within {lock_s:g} s, in {tries} tries: end what holds it, "
            "or set SHANGLIANG_MIGRATION_LOCK_S or SHANGLIANG_MIGRATION_TRIES higher."
        )
