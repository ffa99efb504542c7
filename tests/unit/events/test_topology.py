from events.topology import definitions
from services.notices.channels import Channel


def test_definitions_give_each_department_its_queues_and_nothing_else() -> None:
    document = definitions([Channel("court", "法院"), Channel("forestry", "林业局")])
    assert [queue["name"] for queue in document["queues"]] == [
        "shangliang.replies.inbox",
        "shangliang.rejected.inbox",
        "agency.court.inbox",
        "agency.court.dead",
        "agency.forestry.inbox",
        "agency.forestry.dead",
    ]
    assert {(one["source"], one["destination"], one["routing_key"]) for one in document["bindings"]} == {
        ("shangliang.replies", "shangliang.replies.inbox", "#"),
        ("shangliang.rejected", "shangliang.rejected.inbox", "#"),
        ("shangliang.events", "agency.court.inbox", "court.#"),
        ("shangliang.dead", "agency.court.dead", "court.#"),
        ("shangliang.events", "agency.forestry.inbox", "forestry.#"),
        ("shangliang.dead", "agency.forestry.dead", "forestry.#"),
    }
    assert {(one["name"], one["type"], one["durable"], one["internal"]) for one in document["exchanges"]} == {
        ("shangliang.events", "topic", True, False),
        ("shangliang.replies", "topic", True, False),
        ("shangliang.dead", "topic", True, True),
        ("shangliang.rejected", "topic", True, False),
    }


def test_inboxes_have_quorum_one_consumer_and_all_else_by_policy() -> None:
    document = definitions([Channel("court", "法院")])
    arguments = {queue["name"]: queue["arguments"] for queue in document["queues"]}
    assert arguments["agency.court.inbox"] == {"x-queue-type": "quorum", "x-single-active-consumer": True}
    bounded = {"overflow": "reject-publish", "max-length": 100_000}
    dead_letters = {**bounded, "dead-letter-strategy": "at-least-once"}
    assert {one["pattern"]: one["definition"] for one in document["policies"]} == {
        r"^agency\..*\.inbox$": {**dead_letters, "dead-letter-exchange": "shangliang.dead", "delivery-limit": 20},
        r"^agency\..*\.dead$": {**bounded, "delivery-limit": 1_000_000},
        r"^shangliang\.replies\.inbox$": {
            **dead_letters,
            "dead-letter-exchange": "shangliang.rejected",
            "delivery-limit": 100,
        },
        r"^shangliang\.rejected\.inbox$": {**bounded, "delivery-limit": 1_000_000},
    }
