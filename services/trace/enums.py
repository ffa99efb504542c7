from services.core.actor import Role
from services.core.choices import Choice
from services.trace.rules import SYSTEM


class ActorRole(Choice):
    """留痕角色: in which role somebody did what stands in a trace."""

    _ignore_ = ["role"]  # noqa: RUF012 -- Enum's own way to have a loop in its body
    for role in Role:
        vars()[role.name] = role.value, role.label, role.english
    vars()[SYSTEM] = SYSTEM, "系统", "System", "Nobody did it: the platform by itself."
