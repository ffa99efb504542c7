from services.core.choices import Choice


class SearchKind(Choice):
    """搜索范围: what search finds.

    A kind in small letters is the prefix of its global ids.
    """

    TOPIC = "TOPIC", "议题", "Topic"
    MATTER = "MATTER", "群众反映事项", "Matter"
    OUTCOME = "OUTCOME", "协商成果", "Outcome"
    PLATFORM = "PLATFORM", "协商平台", "Platform"
