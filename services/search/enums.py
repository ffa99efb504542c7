from enum import StrEnum


class SearchKind(StrEnum):
    """What search finds: 议题, 群众反映事项, 协商成果, 协商平台.

    A kind in small letters is the prefix of its global ids.
    """

    TOPIC = "TOPIC"
    MATTER = "MATTER"
    OUTCOME = "OUTCOME"
    PLATFORM = "PLATFORM"
