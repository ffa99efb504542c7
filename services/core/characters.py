"""Characters by what a reader sees of them, as regular expressions have them within brackets.

The notation is read by Python's regular expressions and by PostgreSQL's.
"""

WHITE_SPACE = r"\u0009-\u000D\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
"""White_Space of Unicode (PropList.txt)."""
IGNORABLE = (
    r"\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164"
    r"\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFF8\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0000-\U000E0FFF"
)
"""Default_Ignorable_Code_Point of Unicode (DerivedCoreProperties.txt): what shows nothing of its own."""
