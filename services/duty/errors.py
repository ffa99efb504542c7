from services.core.errors import ConstraintRefusal, DomainError, InvalidInput


class DutySchemeInvalid(InvalidInput):
    """A scheme that says nothing, or says it too finely."""

    code = "DUTY_SCHEME_INVALID"

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message, path=(field,))


class NoSchemeInForce(DomainError):
    """The committee published no scheme for the year."""

    code = "NO_DUTY_SCHEME"

    def __init__(self, committee: str, year: int) -> None:
        super().__init__(f"{committee} has published no scheme for {year}.", path=("year",))
        self.committee = committee
        self.year = year


class YearInFuture(DomainError):
    """A year is assessed from its beginning on."""

    code = "YEAR_IN_FUTURE"

    def __init__(self, year: int, present: int) -> None:
        super().__init__(f"{year} has not begun; the present year is {present}.", path=("year",))
        self.year = year
        self.present = present


CONSTRAINTS = {
    "uq_duty_scheme_committee_id_name_version": ConstraintRefusal(
        "CONFLICT", "A version of the scheme was published at the same time; look and publish again.", ("name",)
    ),
    "ck_duty_scheme_version_positive": ConstraintRefusal("INVALID_STATE", "Versions count from 1."),
    "ck_duty_scheme_first_year_range": ConstraintRefusal(
        "INVALID_INPUT", "A scheme is for years from 1949 to 9999.", ("first_year",)
    ),
    "ck_duty_scheme_last_year_range": ConstraintRefusal(
        "INVALID_INPUT", "The last year is not before the first and not after 9999.", ("last_year",)
    ),
    "uq_duty_rule_scheme_id_act": ConstraintRefusal("ACT_TWICE", "A scheme has one rule for an act.", ("rules",)),
    "ck_duty_rule_act": ConstraintRefusal("INVALID_INPUT", "The act is not one of the list.", ("rules",)),
    "fk_duty_rule_scheme_id": ConstraintRefusal("NOT_FOUND", "The scheme does not exist."),
    "uq_duty_grade_scheme_id_name": ConstraintRefusal("GRADE_TWICE", "A scheme has a grade once.", ("grades",)),
    "uq_duty_grade_scheme_id_threshold": ConstraintRefusal(
        "GRADE_TWICE", "Two grades do not begin at the same points.", ("grades",)
    ),
    "fk_duty_grade_scheme_id": ConstraintRefusal("NOT_FOUND", "The scheme does not exist."),
    "uq_duty_assessment_current": ConstraintRefusal(
        "CONFLICT", "The member's year was assessed at the same time; look and assess again."
    ),
    "ck_duty_assessment_points_not_negative": ConstraintRefusal("INVALID_STATE", "A year comes to 0 points or more."),
    "fk_duty_assessment_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist."),
    "fk_duty_assessment_scheme_id": ConstraintRefusal("NOT_FOUND", "The scheme does not exist."),
    "ck_duty_record_act": ConstraintRefusal("INVALID_STATE", "The act is not one of the list."),
    "ck_duty_record_points_not_negative": ConstraintRefusal("INVALID_STATE", "An act earns 0 points or more."),
    "ck_duty_record_one_source": ConstraintRefusal("INVALID_STATE", "A record has one source."),
    "ck_duty_record_source_of_act": ConstraintRefusal("INVALID_STATE", "A record's source shows its act."),
    "fk_duty_record_assessment_id": ConstraintRefusal("NOT_FOUND", "The assessment does not exist."),
    "fk_duty_record_member_id": ConstraintRefusal("NOT_FOUND", "The member does not exist."),
    "fk_duty_record_division_number": ConstraintRefusal("NOT_FOUND", "The division does not exist."),
    "fk_duty_record_session_id": ConstraintRefusal("NOT_FOUND", "The session does not exist."),
    "fk_duty_record_opinion_id": ConstraintRefusal("NOT_FOUND", "The opinion does not exist."),
    "fk_duty_record_conversion_id": ConstraintRefusal("NOT_FOUND", "The conversion does not exist."),
    "fk_duty_record_activity_id": ConstraintRefusal("NOT_FOUND", "The activity does not exist."),
}
