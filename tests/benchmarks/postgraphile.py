"""The five questions in the schema that PostGraphile makes of the tables, and its answers in this schema's form."""

from typing import Any

_INVOLVEMENTS = "involvementsByTopicId(condition: {until: null}, orderBy: [ROLE_RANK_ASC, SINCE_ASC, ROW_ID_ASC])"
_SESSIONS = "sessionTopicsByTopicId(first: 5, orderBy: SCHEDULED_AT_ASC)"
_TOPICS = "topicsByPlatformId(first: 30, orderBy: NUMBER_ASC, filter: {listedAt: {isNull: false}})"
_PLATFORMS = "platformsByDivisionNumber(first: 5, orderBy: CODE_ASC)"
_CHILDREN = "divisionsByParentNumber(orderBy: NUMBER_ASC)"

COUNTY = f"""
query County($code: String!) {{
  divisionByCode(code: $code) {{
    ...Place {_CHILDREN} {{ nodes {{ ...Place {_CHILDREN} {{ nodes {{ ...Place }} }} }} }}
  }}
}}
fragment Place on Division {{
  name level
  {_PLATFORMS} {{ nodes {{
    code name tier
    {_TOPICS} {{ nodes {{
      number title status
      {_SESSIONS} {{ nodes {{ sessionBySessionId {{ status scheduledAt }} }} }}
      {_INVOLVEMENTS} {{ nodes {{ role departmentByDepartmentId {{ name }} }} }}
    }} }}
  }} }}
}}
"""

TOPIC = f"""
query Topic($number: String!) {{
  topicByNumber(number: $number) {{
    rowId number title summary kind category status proposedAt
    {_SESSIONS} {{ nodes {{ sessionBySessionId {{ status scheduledAt venue }} }} }}
    {_INVOLVEMENTS} {{ nodes {{ role departmentByDepartmentId {{ code name }} }} }}
  }}
}}
"""

PROVINCE = f"""
query Province($code: String!) {{
  divisionByCode(code: $code) {{
    name
    {_CHILDREN} {{ nodes {{
      name {_CHILDREN} {{ nodes {{ name ...Agenda {_CHILDREN} {{ nodes {{ name ...Agenda }} }} }} }}
    }} }}
  }}
}}
fragment Agenda on Division {{
  {_PLATFORMS} {{ nodes {{ code name {_TOPICS} {{ nodes {{ number title status }} }} }} }}
}}
"""

PAGE = f"""
query Page($lower: BigInt!, $upper: BigInt!, $status: [String!], $first: Int!) {{
  allTopics(
    filter: {{
      divisionNumber: {{greaterThanOrEqualTo: $lower, lessThan: $upper}}
      status: {{in: $status}}
      listedAt: {{isNull: false}}
    }}
    orderBy: [PROPOSED_AT_DESC]
    first: $first
  ) {{
    nodes {{
      rowId number title kind category status proposedAt
      platformByPlatformId {{
        name
        divisionByDivisionNumber {{
          name
          divisionByParentNumber {{ name divisionByParentNumber {{ name divisionByParentNumber {{ name }} }} }}
        }}
      }}
      {_INVOLVEMENTS} {{ nodes {{ role departmentByDepartmentId {{ code name }} }} }}
    }}
  }}
}}
"""

ROLL_UP = f"""
query RollUp($code: String!) {{
  divisionByCode(code: $code) {{
    {_CHILDREN} {{ nodes {{
      name statistics {{ platforms topics keyTopics microTopics sessionsHeld attendances outcomes }}
    }} }}
  }}
}}
"""

_RENAMED = {
    "divisionByCode": "division",
    "divisionByDivisionNumber": "division",
    "divisionByParentNumber": "parent",
    "divisionsByParentNumber": "children",
    "departmentByDepartmentId": "department",
    "involvementsByTopicId": "involvements",
    "platformByPlatformId": "platform",
    "platformsByDivisionNumber": "platforms",
    "sessionTopicsByTopicId": "sessions",
    "topicByNumber": "topic",
    "topicsByPlatformId": "topics",
    "allTopics": "topics",
}
_PLAIN_LISTS = {"children", "involvements"}
"""Lists that this schema gives without pages."""


def renamed(value: Any) -> Any:
    """Return an answer, or a part of it, in this schema's form."""
    if isinstance(value, list):
        return [renamed(item) for item in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"sessionBySessionId"}:
        return renamed(value["sessionBySessionId"])
    found: dict[str, Any] = {}
    for key, content in value.items():
        name = str(_RENAMED.get(key, key))
        if name == "rowId":
            found["id"] = f"topic_{content}"
        else:
            found[name] = renamed(content["nodes"] if name in _PLAIN_LISTS else content)
    return found


def roll_up(answer: Any) -> Any:
    """Return a roll-up's answer in this schema's form; PostGraphile gives 64-bit numbers as strings."""
    found = renamed(answer)
    for city in found["data"]["division"]["children"]:
        counts = {name: int(count) for name, count in city["statistics"].items()}
        city["statistics"] = {
            "platforms": {"total": counts["platforms"]},
            "topics": {"total": counts["topics"], "key": counts["keyTopics"], "micro": counts["microTopics"]},
            "sessionsHeld": counts["sessionsHeld"],
            "attendances": counts["attendances"],
            "outcomes": counts["outcomes"],
        }
    return found
