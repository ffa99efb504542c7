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
