"""What topics are about, by where they come up. Each is a noun phrase that follows the name of a place."""

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from services.departments.enums import DepartmentKind as Lead
from services.seeds.works import Work
from services.topics.enums import Category


class Setting(Enum):
    """Where a platform's topics come from."""

    COUNTY = "COUNTY"
    URBAN = "URBAN"
    RURAL = "RURAL"


class Subject(NamedTuple):
    """What a topic is about, whose business it is and what kind of work."""

    category: Category
    lead: Lead
    work: Work
    text: str


def _about(category: Category, lead: Lead, work: Work, *texts: str) -> tuple[Subject, ...]:
    return tuple(Subject(category, lead, work, text) for text in texts)


URBAN = (
    *_about(Category.OLD_NEIGHBOURHOODS, Lead.HOUSING, Work.BUILDING, "既有住宅加装电梯", "公共晾晒场地改造"),
    *_about(Category.OLD_NEIGHBOURHOODS, Lead.HOUSING, Work.REPAIR, "老旧小区屋面防水维修", "外墙保温层修补"),
    *_about(Category.OLD_NEIGHBOURHOODS, Lead.HOUSING, Work.RULES, "无物业小区引入管理"),
    *_about(Category.OLD_NEIGHBOURHOODS, Lead.PROPERTY_MANAGEMENT, Work.REPAIR, "楼道照明更换", "单元门禁改造"),
    *_about(Category.OLD_NEIGHBOURHOODS, Lead.PROPERTY_MANAGEMENT, Work.REPAIR, "化粪池维修", "小区围墙修缮"),
    *_about(Category.GREENING, Lead.URBAN_MANAGEMENT, Work.PLANTING, "小区绿地补种", "裸露地面绿化", "楼间花园改造"),
    *_about(Category.GREENING, Lead.URBAN_MANAGEMENT, Work.BUILDING, "口袋公园建设"),
    *_about(Category.GREENING, Lead.URBAN_MANAGEMENT, Work.SERVICE, "行道树修剪"),
    *_about(Category.SANITATION, Lead.URBAN_MANAGEMENT, Work.CLEANING, "背街小巷保洁", "餐饮油烟治理", "装修垃圾清运"),
    *_about(Category.SANITATION, Lead.URBAN_MANAGEMENT, Work.BUILDING, "公共厕所改造", "垃圾分类投放点设置"),
    *_about(Category.SANITATION, Lead.WATER, Work.CLEANING, "下水道清淤"),
    *_about(Category.PARKING, Lead.URBAN_MANAGEMENT, Work.BUILDING, "停车位规划", "电动自行车充电棚建设"),
    *_about(Category.PARKING, Lead.URBAN_MANAGEMENT, Work.RULES, "错时共享停车"),
    *_about(Category.PARKING, Lead.PUBLIC_SECURITY, Work.CLEANING, "消防通道违停治理", "学校周边停车整治"),
    *_about(Category.STREETS, Lead.URBAN_MANAGEMENT, Work.CLEANING, "占道经营整治", "店招牌匾规范", "流动摊点疏导"),
    *_about(Category.STREETS, Lead.URBAN_MANAGEMENT, Work.BUILDING, "文明绿色街巷创建", "街巷路灯增设"),
    *_about(Category.WATER_POWER, Lead.WATER, Work.BUILDING, "二次供水设施改造", "一户一表改造", "雨污分流改造"),
    *_about(Category.WATER_POWER, Lead.POWER, Work.BUILDING, "老旧供电线路更换", "小区配电设施增容"),
    *_about(Category.WATER_POWER, Lead.HEATING, Work.BUILDING, "供热管网改造"),
    *_about(Category.ROADS, Lead.HOUSING, Work.BUILDING, "社区道路拓宽", "断头路打通", "无障碍坡道建设"),
    *_about(Category.ROADS, Lead.HOUSING, Work.REPAIR, "人行道修复"),
    *_about(Category.ROADS, Lead.TRANSPORT, Work.SERVICE, "公交站点调整"),
    *_about(Category.SAFETY, Lead.PUBLIC_SECURITY, Work.CLEANING, "高空抛物防范", "电动自行车上楼治理"),
    *_about(Category.SAFETY, Lead.PUBLIC_SECURITY, Work.BUILDING, "视频监控增补"),
    *_about(Category.SAFETY, Lead.GAS, Work.CLEANING, "燃气管线安全排查"),
    *_about(Category.SAFETY, Lead.HOUSING, Work.REPAIR, "破损井盖更换", "消防设施更新"),
    *_about(Category.BUSINESS_ENVIRONMENT, Lead.URBAN_MANAGEMENT, Work.RULES, "沿街商户经营秩序维护"),
    *_about(Category.BUSINESS_ENVIRONMENT, Lead.OTHER, Work.SERVICE, "便民服务点布局", "个体工商户办证帮办"),
    *_about(Category.BUSINESS_ENVIRONMENT, Lead.COURT, Work.RULES, "商铺租赁合同纠纷调解"),
    *_about(Category.CULTURE_TOURISM, Lead.CULTURE_TOURISM, Work.SERVICE, "文化活动室开放", "历史街区导览提升"),
    *_about(Category.CULTURE_TOURISM, Lead.CULTURE_TOURISM, Work.BUILDING, "健身器材更新"),
    *_about(Category.ECONOMY, Lead.URBAN_MANAGEMENT, Work.BUILDING, "便民市场改造"),
    *_about(Category.ECONOMY, Lead.URBAN_MANAGEMENT, Work.RULES, "夜间经济规范"),
    *_about(Category.ECONOMY, Lead.OTHER, Work.SERVICE, "社区商业网点代办服务"),
    *_about(Category.OTHER, Lead.CIVIL_AFFAIRS, Work.SERVICE, "日间照料中心运营", "养老助餐服务", "困难家庭探访"),
    *_about(Category.OTHER, Lead.PUBLIC_SECURITY, Work.RULES, "犬只文明饲养", "邻里噪声调解"),
)

RURAL = (
    *_about(Category.RURAL_REVITALIZATION, Lead.AGRICULTURE, Work.CULTIVATION, "特色种植推广", "庭院经济发展"),
    *_about(Category.RURAL_REVITALIZATION, Lead.AGRICULTURE, Work.BUILDING, "高标准农田建设", "农产品冷库建设"),
    *_about(Category.RURAL_REVITALIZATION, Lead.AGRICULTURE, Work.RULES, "闲置宅基地盘活", "村集体经济项目论证"),
    *_about(Category.RURAL_REVITALIZATION, Lead.AGRICULTURE, Work.RULES, "合作社分红办法修订", "农机合作社组建"),
    *_about(Category.RURAL_REVITALIZATION, Lead.WATER, Work.BUILDING, "果园灌溉设施建设"),
    *_about(Category.WATER_POWER, Lead.WATER, Work.BUILDING, "饮水安全工程提升", "蓄水池修建"),
    *_about(Category.WATER_POWER, Lead.WATER, Work.REPAIR, "机井维修"),
    *_about(Category.WATER_POWER, Lead.WATER, Work.CLEANING, "灌溉渠道清淤"),
    *_about(Category.WATER_POWER, Lead.POWER, Work.BUILDING, "农网线路改造", "村内变压器增容"),
    *_about(Category.ROADS, Lead.TRANSPORT, Work.BUILDING, "田间道路硬化", "进村道路拓宽", "村内巷道硬化"),
    *_about(Category.ROADS, Lead.TRANSPORT, Work.REPAIR, "桥涵维修"),
    *_about(Category.ROADS, Lead.TRANSPORT, Work.SERVICE, "农村客运班车开通"),
    *_about(Category.SANITATION, Lead.AGRICULTURE, Work.BUILDING, "户厕改造"),
    *_about(Category.SANITATION, Lead.AGRICULTURE, Work.CLEANING, "养殖粪污处理"),
    *_about(Category.SANITATION, Lead.URBAN_MANAGEMENT, Work.CLEANING, "生活垃圾清运"),
    *_about(Category.SANITATION, Lead.HOUSING, Work.BUILDING, "生活污水治理"),
    *_about(Category.SANITATION, Lead.WATER, Work.CLEANING, "河道垃圾清理"),
    *_about(Category.GREENING, Lead.FORESTRY, Work.PLANTING, "村庄绿化", "荒山造林", "护村林带补植"),
    *_about(Category.SAFETY, Lead.TRANSPORT, Work.BUILDING, "村口减速带设置"),
    *_about(Category.SAFETY, Lead.FORESTRY, Work.SERVICE, "森林防火巡护"),
    *_about(Category.SAFETY, Lead.HOUSING, Work.CLEANING, "危旧房屋排查"),
    *_about(Category.SAFETY, Lead.WATER, Work.CLEANING, "水库安全防护"),
    *_about(Category.CULTURE_TOURISM, Lead.CULTURE_TOURISM, Work.BUILDING, "文化广场建设", "古院落保护"),
    *_about(Category.CULTURE_TOURISM, Lead.CULTURE_TOURISM, Work.SERVICE, "乡村旅游线路开发", "农家书屋提升"),
    *_about(Category.ECONOMY, Lead.POWER, Work.RULES, "屋顶光伏并网服务"),
    *_about(Category.ECONOMY, Lead.AGRICULTURE, Work.SERVICE, "农产品电商服务", "农产品产销对接"),
    *_about(Category.BUSINESS_ENVIRONMENT, Lead.AGRICULTURE, Work.RULES, "土地流转合同规范"),
    *_about(Category.BUSINESS_ENVIRONMENT, Lead.COURT, Work.RULES, "土地租赁合同纠纷调解", "农资买卖合同纠纷调解"),
    *_about(Category.BUSINESS_ENVIRONMENT, Lead.OTHER, Work.SERVICE, "惠农事项村级代办"),
    *_about(Category.STREETS, Lead.HOUSING, Work.BUILDING, "主街路灯安装"),
    *_about(Category.STREETS, Lead.URBAN_MANAGEMENT, Work.CLEANING, "乱搭乱建整治"),
    *_about(Category.PARKING, Lead.TRANSPORT, Work.BUILDING, "村民停车场建设"),
    *_about(Category.OTHER, Lead.CIVIL_AFFAIRS, Work.RULES, "红白理事规约修订", "高额彩礼治理"),
    *_about(Category.OTHER, Lead.CIVIL_AFFAIRS, Work.SERVICE, "养老互助点建设", "留守老人探访"),
)

COUNTY = (
    *_about(Category.ECONOMY, Lead.OTHER, Work.SERVICE, "产业园区配套服务提升", "项目开工手续集中代办"),
    *_about(Category.ECONOMY, Lead.AGRICULTURE, Work.CULTIVATION, "特色农产品品牌建设"),
    *_about(Category.ECONOMY, Lead.TRANSPORT, Work.SERVICE, "商贸物流体系建设"),
    *_about(Category.BUSINESS_ENVIRONMENT, Lead.OTHER, Work.RULES, "涉企审批流程优化", "营商环境监督评议"),
    *_about(Category.BUSINESS_ENVIRONMENT, Lead.OTHER, Work.SERVICE, "惠企政策落实"),
    *_about(Category.BUSINESS_ENVIRONMENT, Lead.COURT, Work.RULES, "涉企合同纠纷多元化解"),
    *_about(Category.CULTURE_TOURISM, Lead.CULTURE_TOURISM, Work.RULES, "文旅融合发展", "非物质文化遗产传承"),
    *_about(Category.CULTURE_TOURISM, Lead.CULTURE_TOURISM, Work.REPAIR, "红色文化资源保护利用", "古建筑保护利用"),
    *_about(Category.CULTURE_TOURISM, Lead.TRANSPORT, Work.BUILDING, "旅游公路服务设施建设"),
    *_about(Category.OLD_NEIGHBOURHOODS, Lead.HOUSING, Work.BUILDING, "老旧小区改造项目安排"),
    *_about(Category.OLD_NEIGHBOURHOODS, Lead.HOUSING, Work.RULES, "物业服务质量提升", "既有住宅加装电梯政策落实"),
    *_about(Category.GREENING, Lead.URBAN_MANAGEMENT, Work.RULES, "公园绿地布局"),
    *_about(Category.GREENING, Lead.FORESTRY, Work.PLANTING, "荒山绿化"),
    *_about(Category.GREENING, Lead.WATER, Work.PLANTING, "河道沿线生态修复"),
    *_about(Category.SANITATION, Lead.URBAN_MANAGEMENT, Work.CLEANING, "城乡环境卫生一体化"),
    *_about(Category.SANITATION, Lead.URBAN_MANAGEMENT, Work.RULES, "生活垃圾分类体系建设", "公共厕所布局"),
    *_about(Category.PARKING, Lead.URBAN_MANAGEMENT, Work.BUILDING, "公共停车场规划建设"),
    *_about(Category.PARKING, Lead.PUBLIC_SECURITY, Work.CLEANING, "医院周边停车治理"),
    *_about(Category.STREETS, Lead.URBAN_MANAGEMENT, Work.BUILDING, "背街小巷改造", "市政设施规范设置"),
    *_about(Category.RURAL_REVITALIZATION, Lead.AGRICULTURE, Work.CULTIVATION, "撂荒耕地治理", "农业社会化服务"),
    *_about(Category.RURAL_REVITALIZATION, Lead.AGRICULTURE, Work.CLEANING, "农村人居环境整治", "乡村振兴示范带建设"),
    *_about(Category.WATER_POWER, Lead.WATER, Work.BUILDING, "城乡供水一体化"),
    *_about(Category.WATER_POWER, Lead.HEATING, Work.SERVICE, "集中供热保障"),
    *_about(Category.WATER_POWER, Lead.POWER, Work.BUILDING, "农村电网升级", "充电设施配套电网建设"),
    *_about(Category.ROADS, Lead.PUBLIC_SECURITY, Work.CLEANING, "交通拥堵治理"),
    *_about(Category.ROADS, Lead.TRANSPORT, Work.SERVICE, "农村公路养护", "客货邮融合线路开通"),
    *_about(Category.SAFETY, Lead.PUBLIC_SECURITY, Work.CLEANING, "校园周边安全整治"),
    *_about(Category.SAFETY, Lead.HOUSING, Work.CLEANING, "自建房安全整治"),
    *_about(Category.OTHER, Lead.CIVIL_AFFAIRS, Work.SERVICE, "居家养老服务发展", "困境儿童关爱服务", "殡葬服务规范"),
)

SUBJECTS = {Setting.COUNTY: COUNTY, Setting.URBAN: URBAN, Setting.RURAL: RURAL}

STRIDE = 101
"""Steps through a list of subjects, so that neighbours in it are not neighbours in time. A prime above the lengths
of the lists: it leaves no subject out."""


class SubjectBook:
    """What each place of a county has talked about, so that it takes up every subject before it takes one again.

    What would be the business of a department that the county has not got does not come up.
    """

    def __init__(self, departments: Iterable[Lead]) -> None:
        present = frozenset(departments)
        self.subjects = {
            setting: tuple(subject for subject in subjects if subject.lead in present)
            for setting, subjects in SUBJECTS.items()
        }
        self._taken: dict[int, int] = {}

    def next_subject(self, division_number: int, setting: Setting) -> Subject:
        """Return the next subject of a place. Once all were taken they come again, as a second round."""
        taken = self._taken.get(division_number, 0)
        self._taken[division_number] = taken + 1
        subjects = self.subjects[setting]
        subject = subjects[(division_number // 1000 * 7 + division_number % 1000 * 3 + taken * STRIDE) % len(subjects)]
        round_number = taken // len(subjects) + 1
        return subject if round_number == 1 else subject._replace(text=f"{subject.text}（第{round_number}轮）")
