"""What follows a session, as documents and acts: opinions, commitments to their end, conversions, follow-ups."""

from typing import Any

from services.core.actor import Role
from tests.graph.api import Api
from tests.graph.story import ASSIGN, ERRORS, OUTCOME, Story

EVIDENCE = [{"url": "https://example.org/1.jpg", "sha256": "AB" * 32, "note": "界桩"}]
HELD = f"""mutation ($input: RecordSessionInput!) {{ recordSession(input: $input) {{
  session {{ opinions {{ id role text topic {{ id }} member {{ id }} session {{ id }} conversions {{ id }} }}
    topics {{ opinions {{ text }} }} }} {ERRORS} }} }}"""
ADD = f"""mutation ($input: AddOpinionInput!) {{ addOpinion(input: $input) {{
  opinion {{ id role text topic {{ id }} session {{ opinions {{ text }} }} }} {ERRORS} }} }}"""
ACCEPT, DECLINE, REPORT, COMPLETE, VERIFY, DISPUTE = (
    f"""mutation ($input: {verb[0].upper()}{verb[1:]}Input!) {{ {verb}(input: $input) {{
  commitment {{ status overdue progress {{ percent note }} evidence {{ url sha256 note }}
    verdicts {{ role fulfilled note }} }} {ERRORS} }} }}"""
    for verb in (
        *("acceptCommitment", "declineCommitment", "reportProgress", "completeCommitment"),
        *("verifyCommitment", "disputeCommitment"),
    )
)
CONVERT_OUTCOME, CONVERT_OPINION, FILE = (
    f"""mutation ($input: {verb[0].upper()}{verb[1:]}Input!) {{ {verb}(input: $input) {{
  conversion {{ id kind title submittedOn filed author {{ id }}
    source {{ __typename ... on Outcome {{ id topic {{ id }} }} ... on Opinion {{ id text }} }} }} {ERRORS} }} }}"""
    for verb in ("convertOutcome", "convertOpinion", "fileConversion")
)
FOLLOW_UP = f"""mutation ($input: RecordFollowUpInput!) {{ recordFollowUp(input: $input) {{
  followUp {{ role score confirmsFix comment channel recordedBy respondent }} {ERRORS} }} }}"""
FIXED = """query ($id: ID!) { topic(by: {id: $id}) {
  status resolvedAt confirmedFixedAt followUps { at score confirmsFix channel recordedBy respondent } } }"""
CALLED = {"channel": "TELEPHONE", "respondent": "3号楼张女士"}
MEMBERS = '{ division(code: "140521") { committee { members(first: 1) { nodes { id } } } } }'
EVERYTHING = """
SELECT (SELECT count(*) FROM event), (SELECT count(*) FROM delivery), (SELECT count(*) FROM trace_entry),
       (SELECT count(*) FROM opinion), (SELECT count(*) FROM progress), (SELECT count(*) FROM evidence),
       (SELECT count(*) FROM verdict), (SELECT count(*) FROM conversion), (SELECT count(*) FROM follow_up),
       (SELECT count(*) FROM conversion WHERE filed IS NULL), (SELECT count(*) FROM attendance),
       (SELECT md5(string_agg(status || id, ',' ORDER BY id)) FROM commitment),
       (SELECT md5(string_agg(status || id, ',' ORDER BY id)) FROM session),
       (SELECT md5(string_agg(status || version || id, ',' ORDER BY id)) FROM topic)
"""
NOBODY = "00000000-0000-7000-8000-000000000000"
RESIDENT = {"role": "RESIDENT", "name": "居民"}


class Aftermath(Story):
    """A topic's acts from its session on, and who else acts on it."""

    def __init__(self, api: Api) -> None:
        super().__init__(api)
        self.resident = api.as_(Role.RESIDENT, "140521201", subject="resident")
        self.member = api.as_(Role.MEMBER, "140521201", subject="member")
        self.department = api.as_(Role.DEPARTMENT, department="qinshui-forestry", subject="forestry")
        self.seat = ""
        self.outcome = ""
        self.commitment = ""
        self.opinion = ""
        self.conversion = ""

    async def link(self) -> None:
        """Let the member be one of the county's committee."""
        self.seat = (await self.api.data(MEMBERS))["division"]["committee"]["members"]["nodes"][0]["id"]
        await self.api.do("linkMember", "member { id }", member=self.seat, subject="member")

    async def hold(self, **values: Any) -> Any:
        return await self.api.act(HELD, input={"session": self.session, "attendances": [RESIDENT], **values})

    async def agree(self) -> None:
        values = {"topic": self.topic, "session": self.session, "agreement": "补植"}
        self.outcome = (await self.api.act(OUTCOME, input=values))["outcome"]["id"]

    async def assign(self) -> None:
        asked = ASSIGN.replace("commitment {", "commitment { id")
        values = {"outcome": self.outcome, "department": "qinshui-forestry", "task": "补植林木", "dueOn": "2199-01-31"}
        self.commitment = (await self.api.act(asked, input=values))["commitment"]["id"]

    def left_open(self, reason: str = "等雨季") -> dict[str, Any]:
        """Return what resolveTopic takes where the commitment is open."""
        return {"openCommitments": [{"commitment": self.commitment, "reason": reason}]}

    async def do(self, who: Api, mutation: str, **values: Any) -> dict[str, Any]:
        """Act on the commitment and return it."""
        found: dict[str, Any] = (await who.act(mutation, input={"commitment": self.commitment, **values}))["commitment"]
        return found

    def filled(self, values: Any) -> Any:
        """Return an input with what stands for the story's own things filled in."""
        if isinstance(values, dict):
            return {name: self.filled(value) for name, value in values.items()}
        if isinstance(values, list):
            return [self.filled(value) for value in values]
        return getattr(self, values[1:]) if isinstance(values, str) and values.startswith("$") else values
