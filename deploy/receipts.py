"""The hours within which departments are expected to answer, held against the events that there are."""

from difflib import get_close_matches

from events.contract.messages import event_types
from services.core.settings import Settings
from services.core.variables import WrongVariables
from services.notices.rules import ANY_TYPE, NOT_REMINDED_OF


def require_event_types(settings: Settings) -> None:
    """Require that each type with hours of its own is one that departments are reminded of. Raises WrongVariables."""
    known = {ANY_TYPE, *(one.name for one in event_types())} - NOT_REMINDED_OF
    for name in settings.receipt_hours.keys() - known:
        near = get_close_matches(name, known, n=1) or [f"{', '.join(sorted(known - {ANY_TYPE}))} or {ANY_TYPE}"]
        raise WrongVariables(
            f"SHANGLIANG_RECEIPT_HOURS has hours for {name!r}, no type of event that departments are reminded of; "
            f"right is {near[0]}."
        )
