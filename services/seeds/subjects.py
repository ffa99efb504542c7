"""What topics are about, by where they come up. Each is a noun phrase that follows the name of a place."""

from collections.abc import Mapping
from enum import Enum
from typing import NamedTuple

from services.topics.enums import Category


class Setting(Enum):
    """Where a platform's topics come from."""

    COUNTY = "COUNTY"
    URBAN = "URBAN"
    RURAL = "RURAL"


class Subject(NamedTuple):
    """What a topic is about."""

    category: Category
    text: str


URBAN = {
    Category.OLD_NEIGHBOURHOODS: (
        *("老旧小区屋面防水维修", "楼道照明更换", "单元门禁改造", "既有住宅加装电梯", "外墙保温层修补"),
        *("弱电线路规整", "小区围墙修缮", "无物业小区引入管理", "公共晾晒场地改造", "化粪池维修"),
    ),
    Category.GREENING: ("口袋公园建设", "小区绿地补种", "行道树修剪", "裸露地面绿化", "楼间花园改造"),
    Category.SANITATION: (
        *("垃圾分类投放点设置", "背街小巷保洁", "公共厕所改造", "餐饮油烟治理", "装修垃圾清运", "下水道清淤"),
    ),
    Category.PARKING: (
        *("停车位规划", "错时共享停车", "电动自行车充电棚建设", "消防通道违停治理", "学校周边停车整治"),
    ),
    Category.STREETS: (*("文明绿色街巷创建", "街巷路灯增设", "占道经营整治", "店招牌匾规范", "流动摊点疏导"),),
    Category.WATER_POWER: (*("二次供水设施改造", "老旧供电线路更换", "一户一表改造", "雨污分流改造", "供热管网改造"),),
    Category.ROADS: ("社区道路拓宽", "人行道修复", "断头路打通", "无障碍坡道建设", "公交站点调整"),
    Category.SAFETY: (
        *("高空抛物防范", "消防设施更新", "燃气管线安全排查", "电动自行车上楼治理", "破损井盖更换", "视频监控增补"),
    ),
    Category.BUSINESS_ENVIRONMENT: ("沿街商户经营秩序维护", "便民服务点布局", "小微企业用工对接"),
    Category.CULTURE_TOURISM: ("文化活动室开放", "历史街区导览提升", "健身器材更新"),
    Category.ECONOMY: ("商业网点布局", "便民市场改造", "夜间经济规范"),
    Category.OTHER: ("日间照料中心运营", "课后托管服务", "邻里噪声调解", "犬只文明饲养", "养老助餐服务"),
}

RURAL = {
    Category.RURAL_REVITALIZATION: (
        *("闲置宅基地盘活", "高标准农田建设", "特色种植推广", "村集体经济项目论证", "农产品冷库建设"),
        *("合作社分红办法修订", "庭院经济发展", "果园灌溉设施建设", "农机合作社组建"),
    ),
    Category.WATER_POWER: ("饮水安全工程提升", "机井维修", "灌溉渠道清淤", "农网线路改造", "蓄水池修建"),
    Category.ROADS: ("田间道路硬化", "进村道路拓宽", "村内巷道硬化", "农村客运班车开通", "桥涵维修"),
    Category.SANITATION: ("户厕改造", "生活垃圾清运", "生活污水治理", "河道垃圾清理", "养殖粪污处理"),
    Category.GREENING: ("村庄绿化", "荒山造林", "护村林带补植"),
    Category.SAFETY: (*("地质灾害隐患点排查", "村口减速带设置", "森林防火巡护", "危旧房屋排查", "水库安全防护"),),
    Category.CULTURE_TOURISM: ("文化广场建设", "古院落保护", "乡村旅游线路开发", "农家书屋提升"),
    Category.ECONOMY: ("光伏收益分配", "劳务输出对接", "农产品电商服务"),
    Category.BUSINESS_ENVIRONMENT: ("涉农贷款服务", "土地流转合同规范"),
    Category.STREETS: ("主街路灯安装", "乱搭乱建整治"),
    Category.PARKING: ("村民停车场建设",),
    Category.OTHER: (*("红白理事规约修订", "养老互助点建设", "卫生室用药保障", "高额彩礼治理", "学生接送服务"),),
}

COUNTY = {
    Category.ECONOMY: (
        *("产业园区配套服务提升", "特色农产品品牌建设", "商贸物流体系建设", "消费市场培育", "专业镇建设"),
    ),
    Category.BUSINESS_ENVIRONMENT: (
        *("涉企审批流程优化", "惠企政策落实", "中小企业融资服务", "营商环境监督评议", "项目用地保障"),
    ),
    Category.CULTURE_TOURISM: (
        *("文旅融合发展", "红色文化资源保护利用", "古建筑保护利用", "旅游公路服务设施建设", "非物质文化遗产传承"),
    ),
    Category.OLD_NEIGHBOURHOODS: ("老旧小区改造项目安排", "物业服务质量提升", "既有住宅加装电梯政策落实"),
    Category.GREENING: ("公园绿地布局", "河道沿线生态修复", "荒山绿化"),
    Category.SANITATION: ("生活垃圾分类体系建设", "城乡环境卫生一体化", "公共厕所布局"),
    Category.PARKING: ("公共停车场规划建设", "医院周边停车治理"),
    Category.STREETS: ("背街小巷改造", "市政设施规范设置"),
    Category.RURAL_REVITALIZATION: (*("乡村振兴示范带建设", "撂荒耕地治理", "农村人居环境整治", "农业社会化服务"),),
    Category.WATER_POWER: ("城乡供水一体化", "集中供热保障", "农村电网升级"),
    Category.ROADS: ("交通拥堵治理", "农村公路养护", "客货邮融合线路开通"),
    Category.SAFETY: ("校园周边安全整治", "食品安全监管", "自建房安全整治"),
    Category.OTHER: (
        *("普惠托育服务体系建设", "县级医院服务能力提升", "居家养老服务发展", "职业教育发展", "义务教育均衡发展"),
    ),
}


def _listed(subjects: Mapping[Category, tuple[str, ...]]) -> tuple[Subject, ...]:
    return tuple(Subject(category, text) for category, texts in subjects.items() for text in texts)


SUBJECTS = {Setting.COUNTY: _listed(COUNTY), Setting.URBAN: _listed(URBAN), Setting.RURAL: _listed(RURAL)}

STRIDE = 101
"""Steps through a list of subjects, so that neighbours in it are not neighbours in time. A prime above the lengths
of the lists: it leaves no subject out."""


class SubjectBook:
    """What each place has talked about, so that it takes up every subject before it takes one again."""

    def __init__(self) -> None:
        self._taken: dict[int, int] = {}

    def next_subject(self, division_number: int, setting: Setting) -> Subject:
        """Return the next subject of a place. Once all were taken they come again, as a second round."""
        taken = self._taken.get(division_number, 0)
        self._taken[division_number] = taken + 1
        subjects = SUBJECTS[setting]
        subject = subjects[(division_number // 1000 * 7 + division_number % 1000 * 3 + taken * STRIDE) % len(subjects)]
        round_number = taken // len(subjects) + 1
        return subject if round_number == 1 else Subject(subject.category, f"{subject.text}（第{round_number}轮）")
