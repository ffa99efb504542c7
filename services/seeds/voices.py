"""The matters behind told topics. What was wrong is told; the days, who said it and the words are filled in here."""

from collections.abc import Mapping
from typing import NamedTuple

from services.matters.enums import MatterNature, MatterStatus, ParticipantRole
from services.seeds import facts
from services.seeds.drafts import MatterDraft, TopicDraft
from services.seeds.timeline import at, later


class Voice(NamedTuple):
    """What was raised, by whom and how it weighed; it was taken up two days later."""

    raised_at: int
    raised_by: ParticipantRole
    nature: MatterNature
    title: str
    description: str


VOICES: Mapping[str, tuple[Voice, ...]] = {
    facts.JIDIAN_COMMUNITY: (
        Voice(
            *(at(2021, 10, 9, 9, 20), ParticipantRole.RESIDENT, MatterNature.WORRYING),
            "机电小区地下室管道漏水",
            "机电小区地下室管道漏水，地面积水，堆放的物品受潮。",
        ),
        Voice(
            *(at(2021, 10, 11, 16, 5), ParticipantRole.RESIDENT, MatterNature.TROUBLESOME),
            "机电小区下水管道堵塞",
            "机电小区下水管道堵塞，污水排不出去。",
        ),
        Voice(
            *(at(2021, 10, 14, 10, 40), ParticipantRole.CADRE, MatterNature.WORRYING),
            "机电小区多户反映漏水、堵塞",
            "社区走访时多户居民反映地下室漏水和下水堵塞，希望物业公司维修。",
        ),
    ),
    facts.QIAODONG_STREET: (
        Voice(
            *(at(2022, 11, 24, 15, 10), ParticipantRole.RESIDENT, MatterNature.TRIVIAL),
            "希望建社区食堂",
            "社区老年人做饭不便，希望就近有社区食堂。",
        ),
    ),
    facts.TANGPING_VILLAGE: (
        Voice(
            *(at(2023, 2, 6, 9, 15), ParticipantRole.RESIDENT, MatterNature.BLOCKING),
            "塘坪村果园地没有效益",
            "塘坪村果园多年没有效益，土地闲置，村民希望复垦复播。",
        ),
        Voice(
            *(at(2023, 2, 8, 11), ParticipantRole.CADRE, MatterNature.BLOCKING),
            "塘坪村无效果园地复垦复播需要协调",
            "清理果园、恢复耕种需要林业部门指导，请平台协调。",
        ),
    ),
}
"""By the division that the told topic is about; each has one."""


def told_matters(topic: TopicDraft, division_code: str) -> list[MatterDraft]:
    """Return what a told topic was made of, listed with it."""
    matters = []
    for voice in VOICES.get(division_code, ()):
        matter = MatterDraft(
            platform=topic.platform,
            title=voice.title,
            description=voice.description,
            nature=voice.nature,
            category=topic.category,
            raised_by=voice.raised_by,
            raised_at=voice.raised_at,
            told=True,
        )
        matter.accept(later(voice.raised_at, 2))
        matter.advance(MatterStatus.LISTED)
        matters.append(matter)
    return matters
