"""Calendars and feeds: whole small documents, and what holds for all of them."""

from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import icalendar
import pytest

from graph.feeds.published import MOST_SESSIONS
from graph.schema import Schema
from services.core.actor import Role
from services.core.database import Database
from services.core.tokens import LocalIssuer
from tests.clock import SetClock
from tests.graph.api import Api
from tests.graph.conftest import application

HALL = "https://talk.example.org/hall"
PLATFORM = "P140521-201-TEST"
CALENDAR, FEED = f"/calendar/platforms/{PLATFORM}.ics", f"/feed/platforms/{PLATFORM}.atom"
ATOM = "{http://www.w3.org/2005/Atom}"
SEEDED = datetime(2024, 6, 30, 16, tzinfo=UTC)
"""When the province's last day has passed."""


class Scene:
    """A platform of its own, with what happens there."""

    def __init__(self, api: Api, clock: SetClock) -> None:
        self.api = api
        self.clock = clock
        self.platform = ""

    def at(self, text: str) -> None:
        self.clock.time = datetime.fromisoformat(f"{text}+08:00")

    async def open(self) -> None:
        self.at("2026-03-01T09:00")
        given = {
            "code": PLATFORM,
            "name": "土沃乡试点平台",
            "tier": "MICRO",
            "kind": "VILLAGE",
            "division": "140521201",
        }
        parent = await self.api.data('{ platforms(filter: {within: "140521201", tier: [SUB]}) { nodes { id } } }')
        above = parent["platforms"]["nodes"][0]["id"]
        self.platform = (await self.api.do("openPlatform", "platform { id }", **given, parent=above))["id"]

    async def topic(self, title: str, **more: Any) -> dict[str, Any]:
        values = {"platform": self.platform, "title": title, "kind": "MICRO", "category": "WATER_POWER", **more}
        topic: dict[str, Any] = await self.api.do("proposeTopic", "topic { id number }", **values)
        return topic

    async def listed(self, title: str, **more: Any) -> dict[str, Any]:
        topic = await self.topic(title, **more)
        await self.api.do("listTopic", "topic { id }", topic=topic["id"])
        return topic

    async def session(self, at: str, *topics: dict[str, Any], **more: Any) -> str:
        agenda = [topic["id"] for topic in topics]
        values = {"platform": self.platform, "topics": agenda, "scheduledAt": f"{at}:00+08:00", "venue": "议事室,二楼"}
        return str(
            (await self.api.do("scheduleSession", "session { id }", **{**values, "form": "COUNCIL_HALL", **more}))["id"]
        )

    async def version(self, topic: dict[str, Any]) -> int:
        asked = "query ($id: ID!) { topic(by: {id: $id}) { version } }"
        return int((await self.api.data(asked, id=topic["id"]))["topic"]["version"])


@pytest.fixture
async def scene(schema: Schema, writable_db: Database, issuer: LocalIssuer) -> Scene:
    clock = SetClock()
    app = application(schema, writable_db, issuer, clock=clock, public_url=f"{HALL}/")
    scene = Scene(Api(app, issuer).as_(Role.SECRETARIAT, "140521"), clock)
    await scene.open()
    return scene


@pytest.fixture(scope="module")
def province(schema: Schema, seeded_db: Database, issuer: LocalIssuer) -> Api:
    """An anonymous client on the day after the province's last."""
    return Api(application(schema, seeded_db, issuer, clock=SetClock(SEEDED), public_url=HALL), issuer)


def unfolded(text: str) -> list[str]:
    """Return the lines of an iCalendar object."""
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


HEAD = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Shangliang//Sessions//ZH",
    "METHOD:PUBLISH",
    "NAME:土沃乡试点平台议事会",
    "X-WR-CALNAME:土沃乡试点平台议事会",
    "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    f"SOURCE;VALUE=URI:{HALL}{CALENDAR}",
    "X-PUBLISHED-TTL:PT1H",
    "X-WR-TIMEZONE:Asia/Shanghai",
    "BEGIN:VTIMEZONE",
    "TZID:Asia/Shanghai",
    "BEGIN:STANDARD",
    "DTSTART:19920101T000000",
    "TZNAME:CST",
    "TZOFFSETFROM:+0800",
    "TZOFFSETTO:+0800",
    "END:STANDARD",
    "END:VTIMEZONE",
]


async def test_calendar_tells_what_becomes_of_sessions(scene: Scene) -> None:
    scene.at("2026-03-02T09:00")
    pond, road = await scene.listed("水塘清淤"), await scene.listed("村道;拓宽", category="ROADS")
    held = await scene.session("2026-03-10T09:00", pond, convener="联络组", form="ON_SITE")
    joint = await scene.session("2026-04-10T09:00", pond, road)
    postponed = await scene.session("2026-04-20T14:30", road)
    cancelled = await scene.session("2026-05-20T14:30", road)
    scene.at("2026-03-10T12:00")
    record = {"session": held, "heldAt": "2026-03-10T09:05:00+08:00", "headcount": 9, "minutes": "同意清淤。"}
    await scene.api.do("recordSession", "session { id }", **record)
    await scene.api.do("rescheduleSession", "session { id }", session=postponed, postpone=True)
    await scene.api.do("cancelSession", "session { id }", session=cancelled, reason="合并召开")
    scene.at("2026-03-10T13:00")
    response = await scene.api.anonymous().http.get(CALENDAR)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/calendar; charset=utf-8")

    def event(start: str, session: str, title: str, status: str, sequence: int, *about: str, of: str) -> list[str]:
        description = "\\n".join(["平台：土沃乡试点平台", *about])
        return [
            "BEGIN:VEVENT",
            f"SUMMARY:{title}",
            f"DTSTART;TZID=Asia/Shanghai:{start}",
            "DTSTAMP:20260310T050000Z",
            f"UID:{session}",
            f"SEQUENCE:{sequence}",
            f"CATEGORIES:{of}",
            f"DESCRIPTION:{description}",
            "LOCATION:议事室\\,二楼",
            f"STATUS:{status}",
            "TRANSP:TRANSPARENT",
            f"URL:{HALL}/sessions/{session}",
            "END:VEVENT",
        ]

    of_road, of_pond = await scene.version(road), await scene.version(pond)
    hall, both = "形式：议事厅", max(of_road, of_pond)
    ponds = f"议题：水塘清淤 {HALL}/topics/{pond['number']}"
    roads = f"议题：村道\\;拓宽 {HALL}/topics/{road['number']}"
    on_site = ("形式：现场", "召集：联络组", ponds)
    title = "村道\\;拓宽"
    assert unfolded(response.text) == [
        *HEAD,
        *event("20260520T143000", cancelled, f"【已取消】{title}", "CANCELLED", of_road, hall, roads, of="道路"),
        *event("20260420T143000", postponed, f"【已延期】{title}", "TENTATIVE", of_road, hall, roads, of="道路"),
        *event("20260410T090000", joint, f"水塘清淤；{title}", "CONFIRMED", both, hall, ponds, roads, of="水电,道路"),
        *event("20260310T090500", held, "水塘清淤", "CONFIRMED", of_pond, *on_site, of="水电"),
        "END:VCALENDAR",
    ]
    read = icalendar.Calendar.from_ical(response.content)
    assert [str(one["uid"]) for one in read.walk("VEVENT")] == [cancelled, postponed, joint, held]
    assert read.events[-1].start == datetime(2026, 3, 10, 1, 5, tzinfo=UTC)


async def test_changes_of_a_session_count_its_sequence_up(scene: Scene) -> None:
    scene.at("2026-03-02T09:00")
    session = await scene.session("2026-04-20T14:30", await scene.listed("水塘清淤"))
    found = []
    for change in ({"scheduledAt": "2026-04-21T14:30:00+08:00"}, {"venue": "祠堂"}, {"postpone": True}):
        found.append(await only_event(scene))
        await scene.api.do("rescheduleSession", "session { id }", session=session, **change)
    await scene.api.do("cancelSession", "session { id }", session=session, reason="合并召开")
    found.append(await only_event(scene))
    assert {str(one["uid"]) for one in found} == {session}
    sequences = [one.sequence for one in found]
    assert sequences == sorted(set(sequences))
    assert [str(one["status"]) for one in found] == ["CONFIRMED", "CONFIRMED", "CONFIRMED", "CANCELLED"]


async def only_event(scene: Scene) -> icalendar.Event:
    read = icalendar.Calendar.from_ical((await scene.api.http.get(CALENDAR)).content)
    (event,) = read.events
    return event


async def test_feed_tells_of_topics_and_outcomes(scene: Scene) -> None:
    scene.at("2026-03-02T09:00")
    pond = await scene.listed("水塘<清淤>&", summary="淤了\ufffe多年。")
    scene.at("2026-03-03T09:00")
    road = await scene.listed("村道拓宽", category="ROADS")
    await scene.topic("还没有公开")
    session = await scene.session("2026-03-10T09:00", pond)
    scene.at("2026-03-10T12:00")
    await scene.api.do("recordSession", "session { id }", session=session, headcount=9, minutes="同意。")
    agreed = {"topic": pond["id"], "session": session, "agreement": "乡里清淤。"}
    outcome = await scene.api.do("recordOutcome", "outcome { id }", **agreed)
    scene.at("2026-04-01T10:30")
    done = {"topic": pond["id"], "summary": "清淤完工。", "evidence": [{"url": "https://example.org/1.jpg"}]}
    await scene.api.do("resolveTopic", "topic { id }", **done)
    response = await scene.api.anonymous().http.get(FEED)
    assert (response.status_code, response.headers["content-type"]) == (200, "application/atom+xml; charset=utf-8")

    def entry(id_: str, title: str, published: str, updated: str, topic: Any, category: str, text: str | None) -> str:
        content = "" if text is None else f"<content>{text}</content>"
        return (
            f"<entry><id>urn:uuid:{id_.rpartition('_')[2]}</id><title>{title}</title><published>{published}:00+08:00"
            f"</published><updated>{updated}:00+08:00</updated>"
            f'<link rel="alternate" type="text/html" href="{HALL}/topics/{topic["number"]}" />'
            f"<author><name>土沃乡试点平台</name></author><category {category} />{content}</entry>"
        )

    water, roads = 'term="WATER_POWER" label="水电"', 'term="ROADS" label="道路"'
    title = "水塘&lt;清淤&gt;&amp;"
    assert response.text == (
        "<?xml version='1.0' encoding='utf-8'?>\n"
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">'
        f"<id>{HALL}{FEED}</id><title>土沃乡试点平台议题与成果</title><updated>2026-04-01T10:30:00+08:00</updated>"
        f'<link rel="self" type="application/atom+xml" href="{HALL}{FEED}" />'
        f'<link rel="alternate" type="text/html" href="{HALL}/" />'
        + entry(pond["id"], f"办结：{title}", "2026-03-02T09:00", "2026-04-01T10:30", pond, water, "清淤完工。")
        + entry(outcome["id"], f"成果：{title}", "2026-03-10T00:00", "2026-03-10T00:00", pond, water, "乡里清淤。")
        + entry(road["id"], "议题：村道拓宽", "2026-03-03T09:00", "2026-03-03T09:00", road, roads, None)
        + "</feed>"
    )


async def test_feed_goes_by_when_topics_were_published(scene: Scene) -> None:
    scene.at("2026-03-02T09:00")
    topic = await scene.topic("水塘清淤")
    scene.at("2027-05-01T09:00")
    await scene.api.do("listTopic", "topic { id }", topic=topic["id"])
    for day, titles in (("2027-05-02", ["议题：水塘清淤"]), ("2028-05-02", [])):
        scene.at(f"{day}T09:00")
        root = ET.fromstring((await scene.api.anonymous().http.get(FEED)).content)  # noqa: S314 -- our own
        assert [entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry")] == titles


async def test_place_without_anything_has_empty_documents(scene: Scene) -> None:
    http = scene.api.anonymous().http
    assert unfolded((await http.get(CALENDAR)).text) == [*HEAD, "END:VCALENDAR"]
    root = ET.fromstring((await http.get(FEED)).content)  # noqa: S314 -- our own
    assert root.findall(f"{ATOM}entry") == []
    assert root.findtext(f"{ATOM}updated") == "2021-03-01T00:00:00+08:00"


@pytest.mark.parametrize("path", [CALENDAR, FEED])
async def test_what_a_client_has_is_not_sent_again(scene: Scene, path: str) -> None:
    scene.at("2026-03-02T09:00")
    topic = await scene.listed("水塘清淤")
    await scene.session("2026-04-20T14:30", topic)
    http = scene.api.anonymous().http
    first = await http.get(path)
    assert first.headers["cache-control"] == "public, max-age=300"
    assert first.headers["vary"] == "Accept-Encoding"
    assert first.headers["last-modified"] == "Mon, 02 Mar 2026 01:00:00 GMT"
    scene.at("2026-03-02T10:00")
    for condition in (
        {"If-None-Match": first.headers["etag"]},
        {"If-None-Match": f'"other", {first.headers["etag"]}', "If-Modified-Since": "Mon, 02 Mar 2020 01:00:00 GMT"},
        {"If-Modified-Since": first.headers["last-modified"]},
    ):
        again = await http.get(path, headers=condition)
        assert (again.status_code, again.content) == (304, b"")
        assert (again.headers["etag"], again.headers["last-modified"]) == (
            first.headers["etag"],
            first.headers["last-modified"],
        )
    await scene.session("2026-05-20T14:30", await scene.listed("村道拓宽"))
    changed = await http.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (changed.status_code, changed.headers["last-modified"]) == (200, "Mon, 02 Mar 2026 02:00:00 GMT")
    assert changed.headers["etag"] != first.headers["etag"]
    assert (await http.get(path, headers={"If-None-Match": '"other"'})).status_code == 200
    assert (await http.head(path)).content == b""


@pytest.mark.parametrize("form", ["/calendar/{}.ics", "/feed/{}.atom"])
@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("divisions/999999", "No division 999999 exists."),
        ("divisions/somewhere", "No division somewhere exists."),
        ("platforms/P1", "No platform P1 exists."),
        ("departments/qinshui-nothing", "No department qinshui-nothing exists."),
        (
            "rivers/1",
            "There is nothing at {}: it is one of divisions, platforms, departments.",
        ),
    ],
)
async def test_unknown_place_is_not_found(province: Api, form: str, place: str, said: str) -> None:
    path = form.format(place)
    response = await province.http.get(path)
    assert response.status_code == 404
    assert response.json() == {"errors": [{"message": said.format(path), "extensions": {"code": "NOT_FOUND"}}]}
    assert (await province.http.post(path)).status_code == 405


@pytest.mark.parametrize("place", ["divisions/14", "divisions/140106", "departments/qinshui-court"])
async def test_documents_of_the_province_are_bounded_and_whole(province: Api, place: str) -> None:
    read = icalendar.Calendar.from_ical((await province.http.get(f"/calendar/{place}.ics")).content)
    starts = [event.start for event in read.events]
    assert 0 < len(starts) <= MOST_SESSIONS
    assert starts[-1] >= datetime(2023, 6, 30, 16, tzinfo=UTC)
    assert len({str(event["uid"]) for event in read.events}) == len(starts)
    if place == "divisions/14":
        assert len(starts) == MOST_SESSIONS
    root = ET.fromstring((await province.http.get(f"/feed/{place}.atom")).content)  # noqa: S314 -- our own
    ids = [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
    updated = [str(entry.findtext(f"{ATOM}updated")) for entry in root.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids)) > 0
    assert updated == sorted(updated, reverse=True)
    assert root.findtext(f"{ATOM}updated") == updated[0]


async def test_code_may_be_written_with_zeros(province: Api) -> None:
    short = await province.http.get("/calendar/divisions/140106.ics")
    long = await province.http.get("/calendar/divisions/140106000000.ics")
    assert long.headers["etag"] == short.headers["etag"]


@pytest.mark.parametrize("path", ["/calendar/divisions/140521.ics", "/feed/divisions/140521.atom"])
async def test_everybody_gets_what_anybody_may_see(province: Api, path: str) -> None:
    auditor = await province.as_(Role.AUDITOR, "14").http.get(path)
    anybody = await province.http.get(path)
    assert auditor.headers["etag"] == anybody.headers["etag"]
    assert auditor.content == anybody.content
