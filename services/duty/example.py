import json
from decimal import Decimal
from importlib.resources import files
from typing import Any

from services.duty.enums import DutyAct
from services.duty.rules import Grade, Rule, Scheme

FILE = "example-scheme.json"


def example_scheme() -> Scheme:
    """Return the scheme that comes with the package: made up, to begin one's own from."""
    read: dict[str, Any] = json.loads(files(__package__).joinpath(FILE).read_text("utf-8"), parse_float=Decimal)
    return Scheme(
        name=read["name"],
        first_year=read["first_year"],
        cap=Decimal(read["cap"]),
        rules=tuple(
            Rule(DutyAct(rule["act"]), Decimal(rule["points"]), Decimal(rule["cap"]) if "cap" in rule else None)
            for rule in read["rules"]
        ),
        grades=tuple(Grade(grade["name"], Decimal(grade["threshold"])) for grade in read["grades"]),
    )
