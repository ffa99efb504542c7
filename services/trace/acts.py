"""What the trace calls each act. A summary says no more of people than everybody may read."""

from collections.abc import Mapping
from datetime import datetime

from services.core.clock import CHINA

ACTS: Mapping[str, str] = {
    "matter.raised": "反映事项:{title}",
    "matter.accepted": "受理反映事项",
    "matter.answered": "答复反映事项",
    "matter.declined": "反映事项不予受理",
    "matter.listed": "反映事项列入议题",
    "matter.returned": "议题撤回,反映事项退回",
    "topic.proposed": "提出议题:{title}",
    "topic.listed": "议题立项",
    "topic.planned": "列入{year}年度协商计划({platform},第{version}版)",
    "topic.unplanned": "移出{year}年度协商计划({platform},第{version}版)",
    "plan.approved": "{year}年度协商计划({platform},第{version}版)获批准:{approving_body}",
    "topic.involved": "确定责任单位:{department}({part})",
    "topic.released": "解除责任单位:{department}",
    "topic.withdrawn": "撤回议题",
    "topic.corrected": "更正议题:{corrections}",
    "topic.resolved": "议题办结",
    "topic.reopened": "重新办理议题",
    "topic.scheduled": "安排议事会:{session_at},{venue}",
    "topic.rescheduled": "议事会改期:{session_at},{venue}",
    "topic.moved": "议事会改址:{venue}",
    "topic.postponed": "议事会延期,时间另定",
    "topic.cancelled": "取消议事会:{session_at},{venue}",
    "session.held": "召开议事会:{held_at},{venue}",
    "session.minuted": "整理议事会记录",
    "session.corrected": "更正议事会记录:{corrections}",
    "opinion.added": "补充意见",
    "outcome.recorded": "达成协商成果",
    "outcome.corrected": "更正协商成果:{corrections}",
    "commitment.assigned": "交办落实事项:{department}",
    "commitment.accepted": "{department}受理落实事项",
    "commitment.declined": "{department}不受理落实事项",
    "commitment.progressed": "{department}报告落实进展",
    "commitment.completed": "{department}报告落实事项办结",
    "commitment.verified": "落实事项经核实完成:{department}",
    "commitment.disputed": "对落实事项提出异议:{department}",
    "commitment.withdrawn": "撤销落实事项:{department}",
    "commitment.left_open": "落实事项未完成,议题先行办结({department}):{reason}",
    "commitment.corrected": "更正落实事项({department}):{corrections}",
    "conversion.corrected": "更正成果转化:{corrections}",
    "conversion.submitted": "成果转化:{kind}",
    "conversion.filed": "转化成果予以立案",
    "conversion.turned_down": "转化成果不予立案",
    "followup.recorded": "回访({channel}):满意度{score}分",
    "reply.received": "{department}已收到通知",
    "reply.accepted": "{department}已受理",
    "reply.declined": "{department}不予受理",
    "reply.progress": "{department}报告进展",
    "reply.completed": "{department}报告办理完毕",
}
"""Act → summary, over facts of the act; instants are shown in China's time."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "part": {"LEAD": "主办", "SUPPORT": "协办", "INFORMED": "知会"},
    "kind": {"SUGGESTION": "建议", "PROPOSAL": "提案", "SOCIAL_OPINION_REPORT": "社情民意信息"},
    "channel": {
        "ONLINE": "本人填写",
        "TELEPHONE": "电话,工作人员代录",
        "VISIT": "上门,工作人员代录",
        "MEETING": "座谈,工作人员代录",
        "OTHER": "其他方式,工作人员代录",
    },
}
"""What the parts of departments, the kinds of conversions and the channels of answers are called."""


COLUMNS = {
    "title": "标题",
    "summary": "内容",
    "category": "类别",
    "held_at": "召开时间",
    "headcount": "参会人数",
    "headcount_is_lower_bound": "人数为下限",
    "venue": "地点",
    "minutes": "会议记录",
    "agreement": "共识",
    "reached_on": "达成日期",
    "task": "事项",
    "due_on": "办结期限",
    "submitted_on": "提交日期",
}
"""What the columns are called that can be put right."""
CORRECTIONS_MOST = 450
"""Characters that are told of corrections: with the rest of a summary they fit an entry."""


def corrections_of(changes: Mapping[str, tuple[object, object]], reason: str) -> str:
    """Return what was put right, from what to what and why; long texts are cut, each as little as possible."""
    told = ""
    for most in (200, 100, 50, 25):
        shown = [
            f"{COLUMNS[column]} {_cut(_shown(column, before), most)}→{_cut(_shown(column, after), most)}"
            for column, (before, after) in changes.items()
        ]
        told = f"{';'.join(shown)}(原因:{_cut(reason.strip(), most)})"
        if len(told) <= CORRECTIONS_MOST:
            return told
    return _cut(told, CORRECTIONS_MOST)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def summary_of(act: str, facts: Mapping[str, object]) -> str:
    """Return an act's summary. Raises KeyError for an act or a fact that is missing."""
    return ACTS[act].format_map({name: _shown(name, value) for name, value in facts.items()})


def _shown(name: str, value: object) -> str:
    """Return a fact as people read it."""
    if value is None or isinstance(value, bool):
        return {None: "无", True: "是", False: "否"}[value]
    if isinstance(value, datetime):
        return value.astimezone(CHINA).replace(tzinfo=None).isoformat(" ", "minutes")
    return WORDS.get(name, {}).get(str(value), str(value).strip())
