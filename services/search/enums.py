from enum import StrEnum


class SearchKind(StrEnum):
    """What search finds; a kind in small letters is the prefix of its global ids."""

    TOPIC = "TOPIC"
    MATTER = "MATTER"
    OUTCOME = "OUTCOME"
    PLATFORM = "PLATFORM"
