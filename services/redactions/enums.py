from enum import StrEnum

WITHHELD = "(已隐去)"
"""What the public reads where a text was taken away whole."""


class RedactedField(StrEnum):
    """What of a thing the public reads in other words, as its column is called.

    WHOLE is the thing itself, which it does not see.
    """

    WHOLE = "WHOLE"
    TITLE = "TITLE"
    DESCRIPTION = "DESCRIPTION"
    TEXT = "TEXT"
    COMMENT = "COMMENT"
    SUMMARY = "SUMMARY"
    RESOLUTION = "RESOLUTION"
    VENUE = "VENUE"
    CONVENER = "CONVENER"
    MINUTES = "MINUTES"
    AGREEMENT = "AGREEMENT"
    TASK = "TASK"
    NOTE = "NOTE"
    URL = "URL"

    @classmethod
    def of(cls, column: str) -> "RedactedField":
        """Return what stands for a redactable column. Raises KeyError."""
        return cls[column.upper()]
