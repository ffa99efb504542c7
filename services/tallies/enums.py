from services.core.choices import Choice


class TimeUnit(Choice):
    """统计单位: by what a period is cut."""

    MONTH = "MONTH", "月", "Month"
    QUARTER = "QUARTER", "季度", "Quarter", "From January, April, July or October."
    YEAR = "YEAR", "年", "Year"
