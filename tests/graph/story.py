"""The verbs as documents, and a topic's story told with them."""

from typing import Any

from tests.graph.api import Api, Client

ERRORS = "errors { code message path }"
PROPOSE = f"""mutation ($input: ProposeTopicInput!) {{ proposeTopic(input: $input) {{
  topic {{ id number status version platform {{ id }} involvements {{ role }} }} {ERRORS} }} }}"""
RAISE = f"""mutation ($input: RaiseMatterInput!) {{ raiseMatter(input: $input) {{ matter {{
  id title description nature raisedBy status version category acceptedAt answer answeredAt overdue
  platform {{ id }} topic {{ id }} }} {ERRORS} }} }}"""
ACCEPT = f"""mutation ($input: AcceptMatterInput!) {{ acceptMatter(input: $input) {{
  matter {{ status version }} {ERRORS} }} }}"""
ANSWER = f"""mutation ($input: AnswerMatterInput!) {{ answerMatter(input: $input) {{
  matter {{ status version answer }} {ERRORS} }} }}"""
DECLINE = f"""mutation ($input: DeclineMatterInput!) {{ declineMatter(input: $input) {{
  matter {{ status version answer }} {ERRORS} }} }}"""
LIST_MATTER = f"""mutation ($input: ListMatterInput!) {{ listMatter(input: $input) {{
  matter {{ status version topic {{ id version matters {{ id }} }} }} {ERRORS} }} }}"""
INVOLVE = f"""mutation ($input: InvolveDepartmentInput!) {{ involveDepartment(input: $input) {{
  topic {{ version involvements {{ role department {{ code }} }} }} {ERRORS} }} }}"""
RELEASE = f"""mutation ($input: ReleaseDepartmentInput!) {{ releaseDepartment(input: $input) {{
  topic {{ involvements {{ role department {{ code }} }} }} {ERRORS} }} }}"""
LIST = f"mutation ($input: ListTopicInput!) {{ listTopic(input: $input) {{ topic {{ status version }} {ERRORS} }} }}"
WITHDRAW = (
    f"mutation ($input: WithdrawTopicInput!) {{ withdrawTopic(input: $input) {{ topic {{ status }} {ERRORS} }} }}"
)
SCHEDULE = f"""mutation ($input: ScheduleSessionInput!) {{ scheduleSession(input: $input) {{
  session {{ id status scheduledAt form topics {{ id status scheduledAt }} }} {ERRORS} }} }}"""
RESCHEDULE = f"""mutation ($input: RescheduleSessionInput!) {{ rescheduleSession(input: $input) {{
  session {{ status scheduledAt venue topics {{ status scheduledAt }} }} {ERRORS} }} }}"""
CANCEL = f"""mutation ($input: CancelSessionInput!) {{ cancelSession(input: $input) {{
  session {{ status topics {{ status scheduledAt }} }} {ERRORS} }} }}"""
RECORD = f"""mutation ($input: RecordSessionInput!) {{ recordSession(input: $input) {{
  session {{ status headcount minutes topics {{ status }}
    attendances {{ nodes {{ role name department {{ code }} }} }} }}
  {ERRORS} }} }}"""
OUTCOME = f"""mutation ($input: RecordOutcomeInput!) {{ recordOutcome(input: $input) {{
  outcome {{ id agreement topic {{ status }} session {{ id }} }} {ERRORS} }} }}"""
ASSIGN = f"""mutation ($input: AssignCommitmentInput!) {{ assignCommitment(input: $input) {{
  commitment {{ status dueOn department {{ code }} outcome {{ topic {{ status }} }} }} {ERRORS} }} }}"""
RESOLVE = f"""mutation ($input: ResolveTopicInput!) {{ resolveTopic(input: $input) {{
  topic {{ status resolution version evidence {{ url sha256 note }} }} {ERRORS} }} }}"""
REOPEN = f"""mutation ($input: ReopenTopicInput!) {{ reopenTopic(input: $input) {{
  topic {{ status resolvedAt resolution }} {ERRORS} }} }}"""
REGISTER = f"""mutation ($input: RegisterDepartmentInput!) {{ registerDepartment(input: $input) {{
  department {{ code name kind division {{ name }} channel {{ enabled pending }} }} {ERRORS} }} }}"""


class Acts:
    """The acts of a topic at Tuwo's platform, each with what it needs."""

    def __init__(self, api: Client) -> None:
        self.api = api
        self.platform = ""
        self.topic = ""
        self.session = ""

    async def begin(self) -> dict[str, Any]:
        query = '{ platforms(filter: {within: "140521201", tier: [SUB]}, first: 1) { nodes { id } } }'
        self.platform = (await self.api.data(query))["platforms"]["nodes"][0]["id"]
        values = {"platform": self.platform, "title": "林地承包", "kind": "MICRO", "category": "RURAL_REVITALIZATION"}
        topic: dict[str, Any] = (await self.api.act(PROPOSE, input=values))["topic"]
        self.topic = topic["id"]
        return topic

    async def involve(self, department: str, role: str) -> dict[str, Any]:
        values = {"topic": self.topic, "department": department, "role": role}
        found: dict[str, Any] = await self.api.act(INVOLVE, input=values)
        return found

    async def list_(self) -> None:
        await self.api.act(LIST, input={"topic": self.topic})

    async def schedule(self, at: str = "2097-05-01T09:00:00+08:00") -> dict[str, Any]:
        values = {"platform": self.platform, "topics": [self.topic], "scheduledAt": at, "venue": "土沃乡协商议事室"}
        session: dict[str, Any] = (await self.api.act(SCHEDULE, input=values))["session"]
        self.session = session["id"]
        return session


class Story(Acts):
    """The same in the application of the tests."""

    api: Api

    def __init__(self, api: Api) -> None:
        super().__init__(api)
