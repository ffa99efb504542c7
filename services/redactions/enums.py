from services.core.choices import Choice

WITHHELD = "(已隐去)"
"""What the public reads where a text was taken away whole."""


class RedactedField(Choice):
    """What of a thing the public reads in other words, as its column is called.

    WHOLE is the thing itself, which it does not see.
    """

    WHOLE = "WHOLE", "全部", "Whole"
    TITLE = "TITLE", "标题", "Title"
    DESCRIPTION = "DESCRIPTION", "情况说明", "Description"
    TEXT = "TEXT", "意见内容", "Text"
    COMMENT = "COMMENT", "回访留言", "Comment"
    SUMMARY = "SUMMARY", "内容", "Summary"
    RESOLUTION = "RESOLUTION", "办理结果", "Resolution"
    VENUE = "VENUE", "地点", "Venue"
    CONVENER = "CONVENER", "召集人", "Convener"
    MINUTES = "MINUTES", "会议记录", "Minutes"
    AGREEMENT = "AGREEMENT", "共识", "Agreement"
    TASK = "TASK", "事项", "Task"
    NOTE = "NOTE", "说明", "Note"
    URL = "URL", "地址", "Address"

    @classmethod
    def of(cls, column: str) -> "RedactedField":
        """Return what stands for a redactable column. Raises KeyError."""
        return cls[column.upper()]
