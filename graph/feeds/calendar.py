"""Sessions as an iCalendar object (RFC 5545, RFC 7986)."""

from datetime import datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard, vDuration

from graph.feeds.published import Found, Item
from services.core.clock import CHINA
from services.matters.enums import Category
from services.sessions.enums import SessionForm, SessionStatus

REFRESH = timedelta(hours=1)
"""How often it is worth being asked for."""
STATUSES = {
    SessionStatus.SCHEDULED: "CONFIRMED",
    SessionStatus.HELD: "CONFIRMED",
    SessionStatus.POSTPONED: "TENTATIVE",
    SessionStatus.CANCELLED: "CANCELLED",
}
MARKED = frozenset({SessionStatus.POSTPONED, SessionStatus.CANCELLED})
"""What a title says too: not every calendar shows a status."""


def calendar(found: Found, *, source: str, hall: str, stamp: datetime) -> bytes:
    """Return the calendar of a place's sessions.

    `source` is its own address, `hall` that of the front end, `stamp` when it is made.
    """
    made = Calendar()
    made.add("prodid", "-//Shangliang//Sessions//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("name", (name := f"{found.name}议事会"))
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", CHINA.key)
    made.add("source", source, {"VALUE": "URI"})
    made.add("refresh-interval", REFRESH, {"VALUE": "DURATION"})
    made.add("x-published-ttl", vDuration(REFRESH))
    made.add_component(china())
    for session in found.items:
        made.add_component(event(session, hall=hall, stamp=stamp))
    content: bytes = made.to_ical()
    return content


def event(session: Item, *, hall: str, stamp: datetime) -> Event:
    """Return a session as an event. It has no end: nobody says how long one takes."""
    status, topics = SessionStatus(session["status"]), session["topics"]
    title = "；".join(topic["title"] for topic in topics) or session["platform"]["name"]
    made = Event()
    made.add("uid", session["id"])
    made.add("dtstamp", stamp)
    made.add("dtstart", datetime.fromisoformat(session["heldAt"] or session["scheduledAt"]).astimezone(CHINA))
    made.add("summary", f"【{status.label}】{title}" if status in MARKED else title)
    made.add("description", description(session, hall=hall))
    made.add("location", session["venue"])
    made.add("status", STATUSES[status])
    made.add("sequence", max((topic["version"] for topic in topics), default=0))
    if topics:
        made.add("categories", list(dict.fromkeys(Category(topic["category"]).label for topic in topics)))
    made.add("transp", "TRANSPARENT")
    made.add("url", f"{hall}/sessions/{session['id']}")
    return made


def description(session: Item, *, hall: str) -> str:
    """Return what else is said of a session, a line each."""
    lines = [f"平台：{session['platform']['name']}", f"形式：{SessionForm(session['form']).label}"]
    if session["convener"] is not None:
        lines.append(f"召集：{session['convener']}")
    lines += [f"议题：{topic['title']} {hall}/topics/{topic['number']}" for topic in session["topics"]]
    return "\n".join(lines)


def china() -> Timezone:
    """Return China's time zone, as it has been since 1992."""
    offset, standard, zone = timedelta(hours=8), TimezoneStandard(), Timezone()
    standard.add("dtstart", datetime(1992, 1, 1))  # noqa: DTZ001 -- in its own time, as RFC 5545, 3.6.5, has it
    standard.add("tzoffsetfrom", offset)
    standard.add("tzoffsetto", offset)
    standard.add("tzname", "CST")
    zone.add("tzid", CHINA.key)
    zone.add_component(standard)
    return zone
