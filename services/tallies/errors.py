from services.core.codes import Code
from services.core.errors import ConstraintRefusal
from services.core.words import Words

COUNTED_AT_ONCE = ConstraintRefusal(
    Code.CONFLICT, Words("The same place was counted at the same time; try again.", "同一地方同时在统计，请重试。")
)

CONSTRAINTS = dict.fromkeys(("pk_tally", "pk_resolution_tally", "pk_due_tally", "pk_platform_tally"), COUNTED_AT_ONCE)
