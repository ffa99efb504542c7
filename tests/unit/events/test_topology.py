from events.topology import definitions
from services.core.limits import AgencyLimits
from services.notices.channels import Channel


def test_definitions_give_each_department_its_queues_and_nothing_else() -> None:
    document = definitions([Channel("court", "法院"), Channel("forestry", "林业局")], AgencyLimits())
    assert [queue["name"] for queue in document["queues"]] == [
        "shangliang.replies.inbox",
        "shangliang.rejected.inbox",
        "agency.court.inbox",
        "agency.court.dead",
        "agency.court.replies",
        "agency.court.parked",
        "agency.forestry.inbox",
        "agency.forestry.dead",
        "agency.forestry.replies",
        "agency.forestry.parked",
    ]
    assert {(one["source"], one["destination"], one["routing_key"]) for one in document["bindings"]} == {
        ("shangliang.strays", "shangliang.replies.inbox", "#"),
        ("shangliang.rejected", "shangliang.rejected.inbox", "#"),
        ("shangliang.events", "agency.court.inbox", "court.#"),
        ("shangliang.dead", "agency.court.dead", "court.#"),
        ("shangliang.replies", "agency.court.replies", "court.#"),
        ("shangliang.parked", "agency.court.parked", "court.#"),
        ("shangliang.events", "agency.forestry.inbox", "forestry.#"),
        ("shangliang.dead", "agency.forestry.dead", "forestry.#"),
        ("shangliang.replies", "agency.forestry.replies", "forestry.#"),
        ("shangliang.parked", "agency.forestry.parked", "forestry.#"),
    }
    assert {(one["name"], one["type"], one["durable"], one["internal"]) for one in document["exchanges"]} == {
        ("shangliang.events", "topic", True, False),
        ("shangliang.replies", "topic", True, False),
        ("shangliang.strays", "topic", True, True),
        ("shangliang.dead", "topic", True, True),
        ("shangliang.parked", "topic", True, False),
        ("shangliang.rejected", "topic", True, False),
    }


def test_inboxes_have_quorum_one_consumer_and_all_else_by_policy() -> None:
    document = definitions([Channel("court", "法院")], AgencyLimits())
    arguments = {queue["name"]: queue["arguments"] for queue in document["queues"]}
    assert arguments["agency.court.inbox"] == {"x-queue-type": "quorum", "x-single-active-consumer": True}
    surely = {"dead-letter-strategy": "at-least-once"}
    given_up = {**surely, "dead-letter-exchange": "shangliang.dead", "delivery-limit": 20}
    refused = {**surely, "dead-letter-exchange": "shangliang.rejected", "delivery-limit": 100}
    kept = {"delivery-limit": 1_000_000}
    assert {one["pattern"]: one["definition"] for one in document["policies"]} == {
        r"^agency\..*\.inbox$": {**full(100_000, 256), **given_up},
        r"^agency\..*\.dead$": {**full(100_000, 256), **kept},
        r"^agency\..*\.replies$": {**full(10_000, 16), **refused},
        r"^agency\..*\.parked$": {**full(1_000, 16), **kept},
        r"^shangliang\.replies\.inbox$": {**full(100_000, 256), **refused},
        r"^shangliang\.rejected\.inbox$": {**full(100_000, 256), **kept},
        r"^shangliang\.replies$": {"alternate-exchange": "shangliang.strays"},
    }


def test_bounds_of_queues_are_settings() -> None:
    names = ("events", "event_bytes", "replies", "reply_bytes", "rejected", "rejected_bytes", "parked", "parked_bytes")
    limits = AgencyLimits.model_validate({name: 1_000_000 + place for place, name in enumerate(names)})
    bounds = {
        one["name"]: (one["definition"].get("max-length", 0), one["definition"].get("max-length-bytes", 0))
        for one in definitions([], limits)["policies"]
    }
    events, replies, rejected, parked = [(1_000_000 + place, 1_000_001 + place) for place in range(0, 8, 2)]
    assert bounds == {
        "agency-inbox": events, "agency-dead": events, "agency-replies": replies, "agency-parked": parked,
        "replies": rejected, "rejected": rejected, "strays": (0, 0),
    }  # fmt: skip


def full(messages: int, mebibytes: int) -> dict[str, object]:
    return {"overflow": "reject-publish", "max-length": messages, "max-length-bytes": mebibytes * 2**20}
