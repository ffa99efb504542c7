"""What the trace calls each act. A summary says no more of people than everybody may read."""

import re
from collections.abc import Mapping
from datetime import datetime
from string import Formatter

from services.core.clock import CHINA
from services.redactions.enums import WITHHELD

ACTS: Mapping[str, str] = {
    "matter.raised": "反映事项:{title}",
    "matter.accepted": "受理反映事项",
    "matter.answered": "答复反映事项",
    "matter.declined": "反映事项不予受理",
    "matter.listed": "反映事项列入议题",
    "matter.redacted": "更换反映事项的公开内容(原因:{reason})",
    "matter.hidden": "反映事项不再公开(原因:{reason})",
    "matter.shown": "反映事项恢复公开(原因:{reason})",
    "matter.returned": "议题撤回,反映事项退回",
    "topic.planned": "列入{year}年度协商计划({platform},第{version}版)",
    "topic.unplanned": "移出{year}年度协商计划({platform},第{version}版)",
    "plan.approved": "{year}年度协商计划({platform},第{version}版)获批准:{approving_body}",
    "topic.involved": "确定责任单位:{department}({part})",
    "topic.moved": "议事会改址:{venue}",
    "topic.postponed": "议事会延期,时间另定",
    "commitment.left_open": "落实事项未完成,议题先行办结({department}):{reason}",
    "topic.redacted": "更换议题的公开内容(原因:{reason})",
    "session.redacted": "更换议事会的公开内容(原因:{reason})",
    "outcome.redacted": "更换协商成果的公开内容(原因:{reason})",
    "commitment.redacted": "更换落实事项的公开内容(原因:{reason})",
    "progress.redacted": "更换落实进展的公开内容(原因:{reason})",
    "verdict.redacted": "更换核实意见的公开内容(原因:{reason})",
    "evidence.redacted": "更换佐证材料的公开内容(原因:{reason})",
    "conversion.redacted": "更换转化成果的公开内容(原因:{reason})",
    "trace.redacted": "更换留痕摘要的公开内容(原因:{reason})",
    "opinion.redacted": "更换意见的公开内容(原因:{reason})",
    "followup.redacted": "更换回访留言的公开内容(原因:{reason})",
    "conversion.filed": "转化成果予以立案",
    "conversion.turned_down": "转化成果不予立案",
    "trace.erased": "依申请删除个人信息(原因:{reason})",
    "reply.received": "{department}已收到通知",
    "reply.accepted": "{department}已受理",
    "reply.declined": "{department}不予受理",
    "reply.progress": "{department}报告进展",
    "reply.completed": "{department}报告办理完毕",
}
"""The summary of each act that is not told as the event of its name; `TopicEvent.trace` has that of others."""

ERASED = "trace.erased"
"""The act that names, as its evidence, the entries of its chain that had words erased."""

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
CORRECTIONS = "corrections"
"""The place of what was put right."""
SUMMARY_MOST = 500
"""Characters of a summary, as its table has it."""
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
    """Return the summary of one of ACTS. Raises KeyError for an act or a fact that is missing."""
    return filled(ACTS[act], facts)


def filled(summary: str, facts: Mapping[str, object]) -> str:
    """Return a summary with the facts in its places, instants in China's time. Raises KeyError for a missing fact."""
    return summary.format_map({name: _shown(name, value) for name, value in facts.items()})


def retold(template: str, summary: str, words: Mapping[str, str]) -> str | None:
    """Return a summary that a template made, with other words in the places of columns.

    Corrections of such a column are withheld whole, and so is a summary that the template did not make. None where the
    template has no such place.
    """
    names = places_of(template)
    places = [name for name in names if name in words or name == CORRECTIONS]
    if not places:
        return None
    pieces = Formatter().parse(template)
    pattern = "".join(re.escape(literal) + (f"(?P<{name}>.*?)" if name else "") for literal, name, _, _ in pieces)
    found = re.fullmatch(pattern, summary, re.DOTALL)
    if found is None:
        return WITHHELD
    parts = found.groupdict()
    told = dict(parts)
    for name in places:
        if name != CORRECTIONS:
            told[name] = words[name]
        elif any(f"{COLUMNS[column]} " in parts[name] for column in words.keys() & COLUMNS.keys()):
            told[name] = WITHHELD
    return _cut(template.format_map(told), SUMMARY_MOST)


def places_of(template: str) -> list[str]:
    """Return the names of a template's places."""
    return [name for _, name, _, _ in Formatter().parse(template) if name]


def _shown(name: str, value: object) -> str:
    """Return a fact as people read it."""
    if value is None or isinstance(value, bool):
        return {None: "无", True: "是", False: "否"}[value]
    if isinstance(value, datetime):
        return value.astimezone(CHINA).replace(tzinfo=None).isoformat(" ", "minutes")
    return WORDS.get(name, {}).get(str(value), str(value).strip())
