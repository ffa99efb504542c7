from services.core.codes import Code
from services.core.errors import ConstraintRefusal, DomainError, InvalidInput
from services.core.words import Phrase, Words


class DutySchemeInvalid(InvalidInput):
    """A scheme that says nothing, or says it too finely."""

    code = Code.DUTY_SCHEME_INVALID
    words = Words(
        "Points are given to the hundredth and are not above {most:,}; {amount} came.",
        "分值精确到百分之一，不超过{most:,}；所给为{amount}。",
    )
    without_rules = Words("A scheme gives points for one act at least.", "办法至少要对一种履职行为计分。")

    def __init__(self, message: Phrase, field: str) -> None:
        super().__init__(message, path=(field,))


class NoSchemeInForce(DomainError):
    """The committee published no scheme for the year."""

    code = Code.NO_DUTY_SCHEME
    words = Words("{committee} has published no scheme for {year}.", "{committee}没有发布{year}年度的履职考核办法。")

    def __init__(self, committee: str, year: int) -> None:
        super().__init__(self.words(committee=committee, year=year), path=("year",))


class YearInFuture(DomainError):
    """A year is assessed from its beginning on."""

    code = Code.YEAR_IN_FUTURE
    words = Words("{year} has not begun; the present year is {present}.", "{year}年尚未开始，当前为{present}年。")

    def __init__(self, year: int, present: int) -> None:
        super().__init__(self.words(year=year, present=present), path=("year",))


CONSTRAINTS = {
    "uq_duty_scheme_committee_id_name_version": ConstraintRefusal(
        Code.CONFLICT,
        Words(
            "A version of the scheme was published at the same time; look and publish again.",
            "该办法同时发布了另一版，请查看后重新发布。",
        ),
        ("name",),
    ),
    "ck_duty_scheme_version_positive": ConstraintRefusal(
        Code.INVALID_STATE, Words("Versions count from 1.", "版本号从1起。")
    ),
    "ck_duty_scheme_first_year_range": ConstraintRefusal(
        Code.INVALID_INPUT,
        Words("A scheme is for years from 1949 to 9999.", "办法适用年度为1949至9999年。"),
        ("first_year",),
    ),
    "ck_duty_scheme_last_year_range": ConstraintRefusal(
        Code.INVALID_INPUT,
        Words("The last year is not before the first and not after 9999.", "终止年度不早于起始年度，不晚于9999年。"),
        ("last_year",),
    ),
    "uq_duty_rule_scheme_id_act": ConstraintRefusal(
        Code.ACT_TWICE, Words("A scheme has one rule for an act.", "一种履职行为只有一条计分规则。"), ("rules",)
    ),
    "ck_duty_rule_act": ConstraintRefusal(
        Code.INVALID_INPUT, Words("The act is not one of the list.", "不是所列的履职行为。"), ("rules",)
    ),
    "fk_duty_rule_scheme_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The scheme does not exist.", "履职考核办法不存在。")
    ),
    "uq_duty_grade_scheme_id_name": ConstraintRefusal(
        Code.GRADE_TWICE, Words("A scheme has a grade once.", "同一等次只列一次。"), ("grades",)
    ),
    "uq_duty_grade_scheme_id_threshold": ConstraintRefusal(
        Code.GRADE_TWICE,
        Words("Two grades do not begin at the same points.", "两个等次的起始分不能相同。"),
        ("grades",),
    ),
    "fk_duty_grade_scheme_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The scheme does not exist.", "履职考核办法不存在。")
    ),
    "uq_duty_assessment_current": ConstraintRefusal(
        Code.CONFLICT,
        Words(
            "The member's year was assessed at the same time; look and assess again.",
            "该委员本年度同时进行了考核，请查看后重新考核。",
        ),
    ),
    "ck_duty_assessment_points_not_negative": ConstraintRefusal(
        Code.INVALID_STATE, Words("A year comes to 0 points or more.", "年度得分不小于0。")
    ),
    "fk_duty_assessment_division_number": ConstraintRefusal(
        Code.NOT_FOUND, Words("The division does not exist.", "区划不存在。")
    ),
    "fk_duty_assessment_scheme_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The scheme does not exist.", "履职考核办法不存在。")
    ),
    "ck_duty_record_act": ConstraintRefusal(
        Code.INVALID_STATE, Words("The act is not one of the list.", "不是所列的履职行为。")
    ),
    "ck_duty_record_points_not_negative": ConstraintRefusal(
        Code.INVALID_STATE, Words("An act earns 0 points or more.", "履职行为得分不小于0。")
    ),
    "ck_duty_record_one_source": ConstraintRefusal(
        Code.INVALID_STATE, Words("A record has one source.", "履职记录只有一个来源。")
    ),
    "ck_duty_record_source_of_act": ConstraintRefusal(
        Code.INVALID_STATE, Words("A record's source shows its act.", "履职记录的来源须与行为相符。")
    ),
    "fk_duty_record_assessment_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The assessment does not exist.", "履职考核不存在。")
    ),
    "fk_duty_record_member_id": ConstraintRefusal(Code.NOT_FOUND, Words("The member does not exist.", "委员不存在。")),
    "fk_duty_record_division_number": ConstraintRefusal(
        Code.NOT_FOUND, Words("The division does not exist.", "区划不存在。")
    ),
    "fk_duty_record_session_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The session does not exist.", "议事会不存在。")
    ),
    "fk_duty_record_opinion_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The opinion does not exist.", "意见不存在。")
    ),
    "fk_duty_record_conversion_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The conversion does not exist.", "转化成果不存在。")
    ),
    "fk_duty_record_activity_id": ConstraintRefusal(
        Code.NOT_FOUND, Words("The activity does not exist.", "活动不存在。")
    ),
}
