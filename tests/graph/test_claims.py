"""Who may claim to be whom: every verb in which a caller names a person or a part, and every kind of caller."""

from typing import Any

import pytest

from services.core.actor import Role
from services.core.database import Database
from services.core.tokens import GrantClaim
from tests.graph.aftermath import CALLED, EVERYTHING, Aftermath
from tests.graph.api import Api, document
from tests.graph.test_mutations import rows
from tests.servers import as_owner

HERE, ELSEWHERE = "140521201", "140106"
GRANTS: dict[str, GrantClaim] = {
    "resident": GrantClaim(role=Role.RESIDENT, within=HERE),
    "member": GrantClaim(role=Role.MEMBER, within=HERE),
    "unlinked": GrantClaim(role=Role.MEMBER, within=HERE),
    "guest": GrantClaim(role=Role.MEMBER, within=HERE),
    "stranger": GrantClaim(role=Role.MEMBER, within=ELSEWHERE),
    "cadre": GrantClaim(role=Role.CADRE, within=HERE),
    "secretariat": GrantClaim(role=Role.SECRETARIAT, within="140521"),
    "forestry": GrantClaim(role=Role.DEPARTMENT, department="qinshui-forestry"),
}
"""By subject: `member` is a member of the county, `guest` and `stranger` are two of another one."""
STAFF = {"cadre", "secretariat"}
OPINION = {"session": "$session", "text": "公开结果"}
ANSWER = {"topic": "$topic", "score": 5, "confirmsFix": True}
MATTER = {"platform": "$platform", "title": "漏水", "description": "管道漏水", "category": "ROADS"}
CLAIMS: list[tuple[str, str, dict[str, Any], set[str]]] = [
    ("addOpinion", "opinion { id }", {**OPINION, "role": "MEMBER", "member": "$seat"}, {"member"}),
    ("addOpinion", "opinion { id }", {**OPINION, "role": "MEMBER", "member": "$other"}, set()),
    ("addOpinion", "opinion { id }", {**OPINION, "role": "MEMBER", "member": "$elsewhere"}, {"guest"}),
    ("addOpinion", "opinion { id }", {**OPINION, "role": "MEMBER"}, {"member", "guest", *STAFF}),
    ("addOpinion", "opinion { id }", {**OPINION, "role": "RESIDENT"}, STAFF),
    ("addOpinion", "opinion { id }", {**OPINION, "role": "CADRE"}, STAFF),
    ("recordFollowUp", "followUp { score }", {**ANSWER, "role": "RESIDENT", "channel": "ONLINE"}, {"resident"}),
    ("recordFollowUp", "followUp { score }", {**ANSWER, "role": "MEMBER", "channel": "ONLINE"}, set()),
    ("recordFollowUp", "followUp { score }", {**ANSWER, "role": "MEMBER", **CALLED}, STAFF),
    ("raiseMatter", "matter { id }", {**MATTER, "raisedBy": "RESIDENT"}, {"resident"}),
    ("raiseMatter", "matter { id }", {**MATTER, "raisedBy": "MEMBER"}, {"member", "unlinked", "guest"}),
    ("raiseMatter", "matter { id }", {**MATTER, "raisedBy": "CADRE"}, STAFF),
    ("raiseMatter", "matter { id }", {**MATTER, "raisedBy": "DEPARTMENT"}, {"forestry"}),
    ("raiseMatter", "matter { id }", {**MATTER, "raisedBy": "ENTERPRISE"}, set()),
    ("acceptCommitment", "commitment { id }", {"commitment": "$commitment"}, {"forestry", *STAFF}),
    (
        "convertOpinion",
        "conversion { id }",
        {"opinion": "$opinion", "kind": "PROPOSAL", "title": "提案", "author": "$seat"},
        STAFF,
    ),
    ("linkMember", "member { id }", {"member": "$other", "subject": "newcomer"}, {"secretariat"}),
    ("linkMember", "member { id }", {"member": "$other", "subject": "$caller"}, set()),
    ("grantRole", "grant { role }", {"subject": "newcomer", "role": "RESIDENT", "division": HERE}, {"secretariat"}),
    ("grantRole", "grant { role }", {"subject": "$caller", "role": "MEMBER", "division": HERE}, set()),
]
WRITTEN = f"""SELECT everything.*, (SELECT count(*) FROM matter), (SELECT count(*) FROM role_grant),
(SELECT count(*) FROM member WHERE subject IS NOT NULL) FROM ({EVERYTHING}) AS everything"""
REFUSED = {
    *("FORBIDDEN", "UNAUTHENTICATED", "MEMBER_NOT_LINKED", "NOT_OWN_MEMBER", "MEMBER_NOT_PRESENT", "PART_NOT_HELD"),
    *("NOT_OF_THE_PUBLIC", "OWN_LINK", "OWN_GRANT"),
}
MEMBERS = """{ here: division(code: "140521") { ...m } there: division(code: "140106") { ...m } }
fragment m on Division { committee { members(first: 3) { nodes { id } } } }"""


class Claims:
    """Who calls, and what stands for whom in their inputs."""

    def __init__(self, story: Aftermath) -> None:
        self.story = story
        self.people: dict[str, str] = {}

    async def link(self) -> None:
        """Let the members of another county be known."""
        found = await self.story.api.data(MEMBERS)
        here, there = ([one["id"] for one in found[place]["committee"]["members"]["nodes"]] for place in found)
        self.people = {"$seat": self.story.seat, "$other": here[1], "$elsewhere": there[0]}
        assert here[0] == self.story.seat
        elsewhere = self.story.api.as_(Role.SECRETARIAT, ELSEWHERE, subject="secretariat elsewhere")
        for member, subject in zip(there, ("guest", "stranger"), strict=False):
            await elsewhere.do("linkMember", "member { id }", member=member, subject=subject)

    def client(self, name: str) -> Api:
        return self.story.api.signed_in(name, GRANTS[name]) if name in GRANTS else self.story.api.anonymous()

    def values(self, given: dict[str, Any], caller: str) -> dict[str, Any]:
        people = {**self.people, "$caller": caller}
        filled = {name: people.get(value, value) if isinstance(value, str) else value for name, value in given.items()}
        return dict(self.story.filled(filled))


@pytest.mark.parametrize("claim", range(len(CLAIMS)), ids=[f"{number}-{one[0]}" for number, one in enumerate(CLAIMS)])
async def test_callers_are_only_who_they_are(agreed: Aftermath, writable_db: Database, claim: int) -> None:
    verb, thing, values, allowed = CLAIMS[claim]
    claims = Claims(agreed)
    await claims.link()
    before = await rows(writable_db, WRITTEN)
    refusals = {}
    for name in ("anonymous", *GRANTS):
        if name not in allowed:
            error = await claims.client(name).refusal(document(verb, thing), input=claims.values(values, name))
            refusals[name] = error["code"]
    assert set(refusals.values()) <= REFUSED, refusals
    assert refusals["anonymous"] == "UNAUTHENTICATED"
    assert await rows(writable_db, WRITTEN) == before
    for name in sorted(allowed):
        await claims.client(name).do(verb, thing, **claims.values(values, name))
        if verb in {"acceptCommitment", "convertOpinion", "linkMember", "grantRole"}:
            break  # it is done once


async def test_opinion_counts_for_the_member_who_gave_it(agreed: Aftermath, writable_db: Database) -> None:
    claims = Claims(agreed)
    await claims.link()
    for name in ("member", "guest", "cadre"):
        await claims.client(name).do(
            "addOpinion", "opinion { id }", **claims.values({**OPINION, "role": "MEMBER"}, name)
        )
    said = "SELECT 'member_' || member_id FROM opinion WHERE text = '公开结果' ORDER BY at"
    assert await rows(writable_db, said) == [(agreed.seat,), (claims.people["$elsewhere"],), (None,)]


async def test_staff_writes_down_what_a_member_said_who_came(aftermath: Aftermath) -> None:
    came = [{"role": "RESIDENT"}, {"role": "MEMBER", "member": aftermath.seat}]
    await aftermath.hold(attendances=came)
    values = {"session": aftermath.session, "role": "MEMBER", "text": "先勘界", "member": aftermath.seat}
    found = await aftermath.api.do("addOpinion", "opinion { member { id } }", **values)
    assert found == {"member": {"id": aftermath.seat}}


ATTENDED = [{"role": "RESIDENT"}]


@pytest.mark.parametrize(
    ("values", "code", "path"),
    [
        (
            {"opinions": [{"role": "MEMBER", "text": "x", "member": "$seat"}]},
            "MEMBER_NOT_PRESENT",
            ["opinions", "member"],
        ),
        (
            {"attendances": [*ATTENDED, {"role": "RESIDENT", "member": "$seat"}]},
            "AUTHOR_NOT_MEMBER",
            ["attendances", "role"],
        ),
        (
            {"attendances": [*ATTENDED, {"role": "RESIDENT", "department": "qinshui-forestry"}]},
            "GUEST_NOT_OF_DEPARTMENT",
            ["attendances", "role"],
        ),
    ],
)
async def test_nobody_is_recorded_in_a_part_that_is_not_theirs(
    aftermath: Aftermath, writable_db: Database, values: dict[str, Any], code: str, path: list[str]
) -> None:
    before = await rows(writable_db, EVERYTHING)
    held = {"session": aftermath.session, "attendances": ATTENDED, **aftermath.filled(values)}
    error = await aftermath.api.refusal(document("recordSession", "session { id }"), input=held)
    assert (error["code"], error["path"]) == (code, path)
    assert await rows(writable_db, EVERYTHING) == before


async def test_member_of_two_committees_says_as_which_they_speak(agreed: Aftermath) -> None:
    claims = Claims(agreed)
    await claims.link()
    elsewhere = agreed.api.as_(Role.SECRETARIAT, ELSEWHERE, subject="secretariat elsewhere")
    await elsewhere.do("linkMember", "member { id }", member=claims.people["$elsewhere"], subject="member")
    add, said = document("addOpinion", "opinion { member { id } }"), {**OPINION, "role": "MEMBER"}
    error = await agreed.member.refusal(add, input=claims.values(said, "member"))
    assert (error["code"], error["path"]) == ("MEMBER_UNCLEAR", ["member"])
    for seat in ("$seat", "$elsewhere"):
        found = await agreed.member.act(add, input=claims.values({**said, "member": seat}, "member"))
        assert found["opinion"] == {"member": {"id": claims.people[seat]}}


async def test_subject_is_one_member_of_a_committee(agreed: Aftermath) -> None:
    claims = Claims(agreed)
    await claims.link()
    values = {"member": claims.people["$other"], "subject": "member"}
    error = await agreed.api.refusal(document("linkMember", "member { id }"), input=values)
    assert (error["code"], error["path"]) == ("ALREADY_LINKED", ["subject"])


async def test_nobody_decides_on_their_own_document(agreed: Aftermath) -> None:
    values = {"opinion": agreed.opinion, "kind": "PROPOSAL", "title": "提案", "author": agreed.seat}
    conversion = (await agreed.api.do("convertOpinion", "conversion { id }", **values))["id"]
    own = agreed.api.as_(Role.SECRETARIAT, "140521", subject="member")
    file = document("fileConversion", "conversion { filed }")
    error = await own.refusal(file, input={"conversion": conversion, "filed": True})
    assert (error["code"], error["path"]) == ("OWN_DOCUMENT", ["conversion"])
    filed = await agreed.api.act(file, input={"conversion": conversion, "filed": True})
    assert filed["conversion"] == {"filed": True}


REPLY = """UPDATE delivery SET status = 'CONFIRMED', confirmed_at = now(), receipt = 'DECLINED', receipt_at = now(),
receipt_note = '内部意见', receipt_evidence_url = 'https://example.org/1'
FROM event WHERE event.id = event_id AND event.topic_id = '{}'"""
REPLIED = """query ($id: ID!) { topic(by: {id: $id}) { involvements { receipt { status note evidenceUrl } } } }"""


@pytest.mark.parametrize(
    ("name", "sees"),
    [
        *(("anonymous", False), ("resident", False), ("member", False), ("cadre", False), ("secretariat", True)),
        *(("forestry", True), ("court", False), ("auditor", True), ("operator", True), ("auditor elsewhere", False)),
    ],
)
async def test_what_a_department_replied_is_read_by_those_who_see_the_notice(
    agreed: Aftermath, writable_db: Database, name: str, *, sees: bool
) -> None:
    async with as_owner(writable_db) as tx:
        await (await tx.connection()).exec_driver_sql(REPLY.format(agreed.topic.removeprefix("topic_")))
    others = {
        "court": GrantClaim(role=Role.DEPARTMENT, department="qinshui-court"),
        "auditor": GrantClaim(role=Role.AUDITOR, within="14"),
        "operator": GrantClaim(role=Role.OPERATOR, within="140521"),
        "auditor elsewhere": GrantClaim(role=Role.AUDITOR, within=ELSEWHERE),
    }
    grants = {**GRANTS, **others}
    client = agreed.api.signed_in(name, grants[name]) if name in grants else agreed.api.anonymous()
    (part,) = (await client.data(REPLIED, id=agreed.topic))["topic"]["involvements"]
    said = ("内部意见", "https://example.org/1") if sees else (None, None)
    assert part["receipt"] == {"status": "DECLINED", "note": said[0], "evidenceUrl": said[1]}
