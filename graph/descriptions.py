"""What of the schema is not described where it is declared: by its type, by the field that it means, or by its name.

What has a description keeps it. A field or an argument of a described type is told as that type; the id of a thing as
the thing; what a filter, an order or an input has in common with the thing that it is about, as there. What is left, of
plain values mostly, stands below by its name, or as `Type.name` where the name alone does not say it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_specified_scalar_type,
)

NAMES: Mapping[str, str] = {
    "Activity.kind": "活动种类: what kind of activity it is, as 协商议事 or 委员进中心.",
    "AnnualPlan.approvedAt": "批准时间: when it was approved.",
    "AnnualPlan.submittedAt": "送审时间: when it was submitted.",
    "CommitmentCounts.verified": "已核实: those that were found done.",
    "DutyRecord.on": "日期: the day of the act.",
    "Notice.type": "事件类型: of what it tells, as `topic.scheduled`.",
    "NoticeFilter.type": "事件类型: the type of its event.",
    "PlatformCounts.general": "总平台: how many general platforms.",
    "PlatformCounts.micro": "微平台: how many micro platforms.",
    "PlatformCounts.sub": "分平台: how many sub-platforms.",
    "PlatformFilter.open": "开放: whether it is not closed.",
    "Statistics.outcomes": "协商成果: how many outcomes were reached.",
    "Statistics.sessionsHeld": "召开场次: how many sessions were held.",
    "TopicChange.type": "事件类型: what happened, as `topic.scheduled`.",
    "TopicCounts.key": "重点协商议题: how many key topics.",
    "TopicCounts.micro": "微课题: how many micro topics.",
    "acceptedAt": "受理时间: when it was taken up.",
    "after": "在此之后: the items after this cursor; of a subscription, what came after this event id.",
    "and": "同时满足: all of these hold.",
    "answeredAt": "答复时间: when it was answered or declined.",
    "asOf": "历史时点: an instant that is past, to read as of.",
    "assessedAt": "考核时间: when it was assessed.",
    "at": "时间: when it was.",
    "attempts": "发送次数: how often it was sent.",
    "before": "在此之前: the items before this cursor.",
    "by": "查找依据: what it is looked up by.",
    "closedOn": "撤销日期: the day on which it closed; null while it is open.",
    "code": "代码: by which it is known; it never changes.",
    "confirmedAt": "送达时间: when the broker took it.",
    "confirmsFix": "确认解决: whether they find it fixed.",
    "count": "数量: how many.",
    "cursor": "游标: where the item stands in the list; opaque.",
    "deep": "包含下级: with all beneath it.",
    "due": "办结期限: the last day of it.",
    "dueOn": "办结期限: the last day on which it is to be done.",
    "enabled": "启用: whether the channel is in use.",
    "endCursor": "末项游标: the cursor of the page's last item.",
    "errors": "拒绝: why it was refused; empty where it was done.",
    "eventId": "事件编号: the global id of its event.",
    "filed": "立案: whether a case is opened on it.",
    "filter": "筛选: keeps what it says.",
    "first": "前几项: so many items from the beginning, or after `after`; 0 to 100.",
    "firstYear": "起始年度: the first year that it is for.",
    "from": "起始: from this one on.",
    "grantedAt": "授权时间: when it was given.",
    "grantedBy": "授权人: who gave it.",
    "hasNextPage": "有下一页: whether items follow.",
    "hasPreviousPage": "有上一页: whether items come before.",
    "headcount": "参与人数: how many came.",
    "heldAt": "召开时间: when it was held; null before.",
    "heldOn": "开展日期: the day on which it took place.",
    "id": "编号: its global id.",
    "ids": "编号: the global ids of things, at most 100.",
    "input": "输入: what the verb takes.",
    "last": "后几项: so many items from the end, or before `before`; 0 to 100.",
    "lastError": "最近错误: why it was last not sent.",
    "launchedOn": "推出日期: the day on which it was launched.",
    "listedAt": "立项时间: when it was taken onto the agenda.",
    "message": "提示内容: what is to be looked at, in the reader's language.",
    "name": "名称: what it is called.",
    "nodes": "条目: the items of the page.",
    "not": "不满足: this does not hold.",
    "number": "编号: by which people know it, as T140521-2023-0018.",
    "occurred": "发生时间: when its event happened.",
    "occurredAt": "发生时间: when its event happened.",
    "openedOn": "设立日期: the day on which it opened.",
    "or": "满足其一: at least one of these holds.",
    "orderBy": "排序: by what, the most important first; at most 10.",
    "parent": "上级: what stands directly above it; null at the top.",
    "pausedUntil": "暂停至: nothing is sent before this instant.",
    "percent": "完成比例: how far it has come, in percent.",
    "points": "分值: what the act earns.",
    "proposed": "提出时间: when it was proposed.",
    "proposedAt": "提出时间: when it was proposed.",
    "publishedAt": "发布时间: when it was published.",
    "raised": "反映时间: when it was raised.",
    "raisedAt": "反映时间: when it was raised.",
    "reachedOn": "达成日期: the day on which it was reached.",
    "replayedAt": "重发时间: when it was last sent again.",
    "resolved": "办结时间: when it was resolved.",
    "resolvedAt": "办结时间: when it was resolved.",
    "revokedBy": "撤销人: who took it back.",
    "scheduled": "安排时间: when it is scheduled for.",
    "scheduledAt": "安排时间: when it is scheduled for.",
    "scheme": "考核办法: the name of the scheme.",
    "schemeVersion": "办法版本: the version of the scheme.",
    "sessionCount": "场次: how many sessions took it.",
    "sha256": "SHA-256: the digest of the document.",
    "since": "确定时间: since when.",
    "skippedAt": "跳过时间: when it was skipped.",
    "startCursor": "首项游标: the cursor of the page's first item.",
    "subject": "账号: the `sub` of a token.",
    "submittedOn": "提交日期: the day on which it was handed in.",
    "text": "搜索词: the words to look for.",
    "topicCount": "议题数: how many topics it has.",
    "total": "合计: all of them.",
    "totalCount": "总数: how many items the whole list has; counted only where it is selected.",
    "umbrella": "所属品牌: the brand of which it is a local form.",
    "within": "所在区划: the division that it lies in.",
    "year": "年度: the calendar year.",
}
"""What a name means, where nothing else says it."""
CALLED = {"center": "PracticeCenter", "grant": "RoleGrant", "plan": "AnnualPlan"}
"""Types that inputs call otherwise."""
END = re.compile(r"(?<=\.) (?<!e\.g\. )")
"""Where a sentence ends."""
ABOUT = ("Filter", "Order", "Key", "Input")
"""How inputs end that are about a thing."""


def describe(schema: GraphQLSchema) -> frozenset[str]:
    """Describe every field, argument and input field that is not yet; return the names by which that was done."""
    found = [_described(schema, *member) for member in _members(schema)]
    return frozenset(key for key in found if key is not None)


def _described(schema: GraphQLSchema, holder: GraphQLNamedType, name: str, silent: Any) -> str | None:  # noqa: ANN401 -- a field or an argument
    """Describe one; return its key in NAMES where that says it."""
    if silent.description:
        return None
    twin = _twin(schema, holder, name)
    for key in (f"{holder.name}.{name}", name):
        if key in NAMES and (key != name or twin is None):
            silent.description = NAMES[key]
            return key
    if twin is not None and twin.description:
        silent.description = twin.description
        return None
    declared = get_named_type(silent.type)
    named = _named(schema, name) if is_specified_scalar_type(declared) else declared
    if named is not None and named.description:
        silent.description = sentence(named.description)
    return None


def _members(schema: GraphQLSchema) -> Iterator[tuple[GraphQLNamedType, str, Any]]:
    """Yield what has a name in a type: fields, then their arguments, then input fields; inputs after all else."""
    types = [type_ for name, type_ in schema.type_map.items() if not name.startswith("__")]
    for type_ in types:
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in type_.fields.items():
                yield type_, name, field
                yield from ((type_, argument, one) for argument, one in field.args.items())
    for type_ in types:
        if isinstance(type_, GraphQLInputObjectType):
            yield from ((type_, name, field) for name, field in type_.fields.items())


def _twin(schema: GraphQLSchema, holder: GraphQLNamedType, name: str) -> Any:  # noqa: ANN401 -- a field
    """Return the field of the thing that a filter, an order or a key is about, of the same name; None for no such."""
    if isinstance(holder, GraphQLInputObjectType):
        for end in ABOUT:
            about = schema.type_map.get(holder.name.removesuffix(end)) if holder.name.endswith(end) else None
            if isinstance(about, GraphQLObjectType) and name in about.fields:
                return about.fields[name]
    return None


def _named(schema: GraphQLSchema, name: str) -> GraphQLNamedType | None:
    """Return the type of the things that an input or an argument names by an id or a code, and is called as."""
    return schema.type_map.get(CALLED.get(name, name[:1].upper() + name[1:]))


def sentence(description: str) -> str:
    """Return the first sentence of a type's description, which says what the type is."""
    return END.split(description, maxsplit=1)[0]
