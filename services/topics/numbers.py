"""Topics' numbers after a restore of the database: none that may have been given before is given again."""

from datetime import datetime

from sqlalchemy import String, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY

from services.core.act import Act
from services.core.clock import china_day
from services.core.scope import county_code

STEP = 10_000
"""How many numbers of a county and a year are passed over, beside one for each second since the moment."""

DIVISIONS = text("SELECT number FROM division")
PASS_OVER = text("""
INSERT INTO topic_number (county_code, year, last)
SELECT county_code, year, CAST(:step AS integer)
FROM unnest(:counties) AS county_code,
    generate_series(CAST(:from_year AS integer), CAST(:until_year AS integer)) AS year
ORDER BY county_code, year
ON CONFLICT ON CONSTRAINT pk_topic_number DO UPDATE SET last = topic_number.last + excluded.last
""").bindparams(bindparam("counties", type_=ARRAY(String)))


async def pass_over_numbers(act: Act, *, restored_to: datetime, step: int = STEP) -> int:
    """Every county goes on with its topics' numbers above those that it may have given since the moment.

    That holds for each year since then, also where the rows know of no topic yet. Returns how many numbers each passed
    over.
    """
    passed = step + int((act.now() - restored_to).total_seconds())
    counties = {county_code(row.number) for row in await act.tx.run(DIVISIONS)}
    values = {
        "step": passed,
        "counties": sorted(counties),
        "from_year": china_day(restored_to).year,
        "until_year": act.today().year,
    }
    await act.tx.run(PASS_OVER, values)
    return passed
