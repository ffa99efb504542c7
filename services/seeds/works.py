"""Kinds of work that topics ask for, and what is written while each is done."""

from enum import Enum
from typing import NamedTuple


class Words(NamedTuple):
    """What departments report of a kind of work, what proves it and what is said when it is over."""

    begun: str
    under_way: str
    done: str
    evidence: str
    resolution: str
    redone: str


class Work(Enum):
    """What has to be done about a topic."""

    BUILDING = Words(
        *("已完成现场勘查和方案设计", "施工过半，按计划推进", "已完工，申请验收", "完工照片和验收单"),
        *("{}已完工，居民代表现场查看后表示满意。", "已返工整改，申请复验"),
    )
    """Something is built or rebuilt."""
    REPAIR = Words(
        *("已上门查看，确定维修方案", "正在维修，部分已恢复使用", "维修完成，请查看", "维修前后照片"),
        *("{}已完成，居民代表现场查看后表示满意。", "已重新维修，请查看"),
    )
    PLANTING = Words(
        *("已选定地块和树种", "已栽植一半以上，落实浇水管护", "栽植完成，交付管护", "栽植前后照片"),
        *("{}已完成，居民代表现场查看后表示满意。", "已补植，请查看"),
    )
    CLEANING = Words(
        *("已摸清情况，列出问题清单", "清单上的问题整改过半", "整改完成，已落实日常巡查", "整改前后照片"),
        *("{}取得实效，居民代表现场查看后表示满意。", "已再次整改，请查看"),
    )
    """A nuisance or danger is found out and put an end to."""
    SERVICE = Words(
        *("已确定服务内容和办法", "服务已试行，正在收集意见", "服务正常开展，请体验评价", "服务记录和现场照片"),
        *("{}已落实，居民代表体验后表示满意。", "已按意见改进服务，请体验评价"),
    )
    RULES = Words(
        *("已听取各方意见，形成初稿", "初稿已公示，正在修改", "办法已公布实行", "公布的办法和公示照片"),
        *("{}已落实，居民代表听取情况介绍后表示满意。", "已修改办法并再次公布"),
    )
    """Something is settled by a plan, a rule or an agreement."""
    CULTIVATION = Words(
        *("已实地调查，确定实施方案", "已在部分地块实施", "已全部实施，请查看", "现场照片和登记表"),
        *("{}已落实，村民代表现场查看后表示满意。", "已补做，请查看"),
    )
    """Land is tilled, or what grows on it is brought on."""
