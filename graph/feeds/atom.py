"""Topics and outcomes as an Atom feed (RFC 4287)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from graph.feeds.published import Item, News
from services.core.clock import CHINA, china_midnight
from services.core.ids import node_uuid
from services.matters.enums import Category

ATOM = "http://www.w3.org/2005/Atom"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
NEVER = datetime(2021, 3, 1, tzinfo=CHINA)
"""When a feed without entries was changed last: before anybody consulted."""
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document has (XML 1.0, 2.2)."""

register_namespace("", ATOM)


@dataclass(frozen=True, slots=True)
class Entry:
    """A topic or an outcome as readers have it."""

    id: str
    title: str
    published: datetime
    updated: datetime
    link: str
    author: str
    category: str
    text: str | None


def feed(news: News, *, source: str, hall: str) -> bytes:
    """Return the feed of a place's topics and outcomes, the latest first.

    `source` is its own address, `hall` that of the front end.
    """
    outcomes = {outcome["id"]: outcome for outcome in news.outcomes}  # one of a joint session stands there once
    entries = [*(of_topic(topic, hall) for topic in news.items), *(of_outcome(one, hall) for one in outcomes.values())]
    entries.sort(key=lambda entry: (entry.updated, entry.id), reverse=True)
    root = Element(f"{{{ATOM}}}feed", {LANGUAGE: "zh-CN"})
    _text(root, "id", source)
    _text(root, "title", f"{news.name}议题与成果")
    _text(root, "updated", max((entry.updated for entry in entries), default=NEVER).isoformat())
    _element(root, "link", {"rel": "self", "type": "application/atom+xml", "href": source})
    _element(root, "link", {"rel": "alternate", "type": "text/html", "href": f"{hall}/"})
    for entry in entries:
        _add(root, entry)
    content: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def of_topic(topic: Item, hall: str) -> Entry:
    """Return a topic's entry, changed when it was resolved."""
    listed = datetime.fromisoformat(topic["listedAt"]).astimezone(CHINA)
    resolved = topic["resolvedAt"] and datetime.fromisoformat(topic["resolvedAt"]).astimezone(CHINA)
    return Entry(
        id=node_uuid("topic", topic["id"]).urn,
        title=f"{'办结' if resolved else '议题'}：{topic['title']}",
        published=listed,
        updated=resolved or listed,
        link=f"{hall}/topics/{topic['number']}",
        author=topic["platform"]["name"],
        category=topic["category"],
        text=topic["resolution"] or topic["summary"],
    )


def of_outcome(outcome: Item, hall: str) -> Entry:
    """Return an outcome's entry, of the day on which it was reached."""
    topic, reached = outcome["topic"], china_midnight(date.fromisoformat(outcome["reachedOn"]))
    return Entry(
        id=node_uuid("outcome", outcome["id"]).urn,
        title=f"成果：{topic['title']}",
        published=reached,
        updated=reached,
        link=f"{hall}/topics/{topic['number']}",
        author=topic["platform"]["name"],
        category=topic["category"],
        text=outcome["agreement"],
    )


def _add(root: Element, entry: Entry) -> None:
    element = _element(root, "entry", {})
    _text(element, "id", entry.id)
    _text(element, "title", entry.title)
    _text(element, "published", entry.published.isoformat())
    _text(element, "updated", entry.updated.isoformat())
    _element(element, "link", {"rel": "alternate", "type": "text/html", "href": entry.link})
    _text(_element(element, "author", {}), "name", entry.author)
    _element(element, "category", {"term": entry.category, "label": Category(entry.category).label})
    if entry.text is not None:
        _text(element, "content", entry.text)


def _element(parent: Element, name: str, attributes: Mapping[str, str]) -> Element:
    return SubElement(parent, f"{{{ATOM}}}{name}", dict(attributes))


def _text(parent: Element, name: str, text: str) -> None:
    _element(parent, name, {}).text = NOT_IN_XML.sub("", text)
