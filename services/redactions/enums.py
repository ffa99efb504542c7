from enum import StrEnum


class RedactedField(StrEnum):
    """What of a thing the public reads in other words; WHOLE is the thing itself, which it does not see."""

    WHOLE = "WHOLE"
    TITLE = "TITLE"
    DESCRIPTION = "DESCRIPTION"
    TEXT = "TEXT"
    COMMENT = "COMMENT"
    SUMMARY = "SUMMARY"
