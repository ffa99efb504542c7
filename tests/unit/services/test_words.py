"""What people read of refusals: both languages say each code, with the same facts, and everything that they name."""

import ast
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

import graph
import services
from graph.codes import filled, messages
from graph.limits.messages import MESSAGES
from graph.schema import build_schema
from services.core.actor import Role
from services.core.choices import Choice
from services.core.codes import Code
from services.core.errors import Forbidden, IllegalTransition, NotFound
from services.core.lifecycle import advance
from services.core.terms import ACTIONS, FIELDS, THINGS
from services.core.words import Language, Words
from services.matters import rules as matters
from services.migrations.tables import REFUSALS
from services.notices import rules as notices
from services.outcomes import rules as outcomes
from services.outcomes.errors import CommitmentsOpen
from services.plans import rules as plans
from services.reads.catalogue.entities import ENTITIES
from services.redactions.enums import RedactedField
from services.sessions import rules as sessions
from services.topics import rules as topics
from services.topics.enums import TopicStatus

SOURCES = [
    path
    for package in (services, graph)
    for path in sorted(Path(package.__path__[0]).rglob("*.py"))
    if "migrations/versions" not in str(path) and "seeds" not in path.parts
]
PLAIN = {"ReplyRefused", "AnchorsBroken", "SubjectBlocked", "DatabaseNotEmpty", "ArgumentRefused"}
"""Refusals in English alone: of departments' replies, of the command line, and what graphql-core says."""
CHINESE = range(0x4E00, 0xA000)


def is_chinese(text: str) -> bool:
    return any(ord(character) in CHINESE for character in text)


@pytest.fixture(autouse=True, scope="module")
def _all_refusals() -> None:
    """Load every kind of refusal, as the schema does."""
    build_schema()


@cache
def trees() -> list[tuple[Path, ast.Module]]:
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in SOURCES]


def test_message_is_told_in_both_languages_with_its_facts() -> None:
    status = TopicStatus.LISTED
    refused = IllegalTransition("topic", status, "resolve", (TopicStatus.IMPLEMENTING,))
    assert refused.message == ("A topic in state LISTED cannot resolve; this is possible from: IMPLEMENTING.")
    assert refused.told(Language.CHINESE) == "议题当前状态为“已立项”，不能办结；可在以下状态进行：落实中。"
    assert refused.parameters == {
        "thing": "topic", "state": "LISTED", "action": "resolve", "allowed": ["IMPLEMENTING"],
    }  # fmt: skip


def test_several_values_are_told_as_the_language_does() -> None:
    refused = Forbidden((Role.CADRE, Role.SECRETARIAT), "140106")
    assert refused.message == "This needs the role CADRE or SECRETARIAT over division 140106."
    assert refused.told(Language.CHINESE) == "此操作需要在区划140106具有干部或政协办公室角色。"
    assert refused.parameters == {"roles": ["CADRE", "SECRETARIAT"], "division": "140106"}
    opened = CommitmentsOpen({"commitment_1": "ASSIGNED", "commitment_2": "ACCEPTED"})
    assert opened.message.endswith("stays open: commitment_1 is ASSIGNED, commitment_2 is ACCEPTED.")
    assert opened.told(Language.CHINESE).endswith("原因：commitment_1（ASSIGNED）、commitment_2（ACCEPTED）。")


def test_facts_are_plain_values_of_json() -> None:
    words = Words("{at} {on} {much} {many} {what}", "{at}{on}{much}{many}{what}")
    inner = Words("{least} to {most:,}", "{least}至{most:,}")(least=1, most=2_000)
    at = datetime(2026, 5, 1, 1, 30, tzinfo=UTC)
    phrase = words(at=at, on=date(2026, 5, 1), much=Decimal("1.5"), many=(1, None), what=inner)
    assert phrase.told(Language.ENGLISH) == "2026-05-01 09:30:00+08:00 2026-05-01 1.5 1, None 1 to 2,000"
    assert phrase.told(Language.CHINESE) == "2026年5月1日09:30:002026年5月1日1.51、None1至2,000"
    assert phrase.parameters == {
        "at": "2026-05-01T01:30:00Z", "on": "2026-05-01", "much": 1.5, "many": [1, None], "least": 1, "most": 2_000,
    }  # fmt: skip


def test_languages_have_the_same_places() -> None:
    with pytest.raises(ValueError, match="other places"):
        Words("{a} and {b}", "{a}")


def test_fact_that_a_message_tells_has_to_be_given() -> None:
    with pytest.raises(TypeError, match="needs year"):
        Words("{year} is over.", "{year}年已过。")(month=5)


def test_every_message_is_chinese_in_chinese_alone() -> None:
    """Of all that stand in the sources, whoever raises them."""
    found = [
        (node.args[0], node.args[1])
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "Words" and len(node.args) == 2
    ]
    texts = [
        (str(a.value), str(b.value)) for a, b in found if isinstance(a, ast.Constant) and isinstance(b, ast.Constant)
    ]
    assert len(texts) > 250
    assert [english for english, chinese in texts if is_chinese(english) or not is_chinese(chinese)] == []


def test_every_code_is_said_in_both_languages() -> None:
    """By a message of its own, or by those of the refusals that have it, beside what is English alone."""
    told = messages()
    assert [code for code in Code if code not in told and code.description.endswith(").")] == []
    for code, several in told.items():
        assert several, code
        for words in several:
            assert not is_chinese(words.english), code
            assert is_chinese(words.chinese), code


def test_every_code_is_raised_somewhere() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES if path.name != "codes.py")
    limits = {f"LIMIT_{name.upper()}" for name in MESSAGES}
    assert {code for code in Code if f"Code.{code}" not in text} == limits


def test_no_message_is_for_nothing() -> None:
    """A constant of words, and a refusal, is named where it is raised too."""
    names, kinds, text = set(), set(), "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    for _, tree in trees():
        for node in tree.body:
            if isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("Words("):
                names.add(ast.unparse(node.targets[0]))
            if isinstance(node, ast.ClassDef) and any(
                isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == "words" for one in node.body
            ):
                kinds.add(node.name)
    words_in = text.replace("(", " ").replace(")", " ").replace(",", " ").replace(".", " ").replace("{", " ").split()
    assert [name for name in sorted(names | kinds) if words_in.count(name) < 2] == []


def test_refusals_give_the_facts_that_their_messages_tell() -> None:
    """Each class's messages have places for facts that it gives, and none besides."""
    wrong = []
    for path, tree in trees():
        for kind in (node for node in tree.body if isinstance(node, ast.ClassDef)):
            texts = [
                ast.literal_eval(one.value.args[0])
                for one in kind.body
                if isinstance(one, ast.Assign)
                and isinstance(one.value, ast.Call)
                and ast.unparse(one.value.func) == "Words"
            ]
            given = {
                keyword.arg
                for call in ast.walk(kind)
                if isinstance(call, ast.Call) and ast.unparse(call.func).lower().endswith("words")
                for keyword in call.keywords
            }
            places = {place for text in texts for place in Words(text, text).places}
            if texts and given and places - given:
                wrong.append((path.name, kind.name, places - given))
    assert wrong == []


def test_refusals_are_not_plain_text() -> None:
    """What the API tells is made of words; plain text is for the command line and for replies."""
    plain = []
    for path, tree in trees():
        for call in ast.walk(tree):
            name = ast.unparse(call.func).split(".")[-1] if isinstance(call, ast.Call) else ""
            told = call.args[0] if isinstance(call, ast.Call) and call.args else None
            if name in {"InvalidInput", "Unavailable", "InvalidToken"} and isinstance(
                told, ast.Constant | ast.JoinedStr
            ):
                plain.append(f"{path.parent.name}/{path.name}")
    assert plain == ["migrations/roles.py"]


def test_every_constraint_is_told_in_both_languages() -> None:
    for name, refusal in REFUSALS.items():
        said = refusal.words() if isinstance(refusal.words, Words) else refusal.words
        assert not is_chinese(said.told(Language.ENGLISH)), name
        assert is_chinese(said.told(Language.CHINESE)), name
        assert said.facts.get("thing", "topic") in THINGS, name


def test_every_action_of_a_lifecycle_is_told() -> None:
    every = {
        "matter": matters, "plan": plans, "topic": topics, "session": sessions, "commitment": outcomes,
        "notice": notices,
    }  # fmt: skip
    for thing, rules in every.items():
        for _, action in rules.LIFECYCLE:
            for state in {known for known, _ in rules.LIFECYCLE} | set(rules.LIFECYCLE.values()):
                if (state, action) not in rules.LIFECYCLE:
                    with pytest.raises(IllegalTransition) as refused:
                        advance(rules.LIFECYCLE, thing, state, action)
                    assert is_chinese(refused.value.told(Language.CHINESE))
                    assert isinstance(state, Choice)
            assert action in ACTIONS
    assert {action for rules in every.values() for _, action in rules.LIFECYCLE} == ACTIONS.keys()


def test_every_thing_that_may_be_missing_has_a_name() -> None:
    """Those that ids and arguments name, as the code calls them, and those of the calls."""
    kinds = {entity.prefix for entity in ENTITIES.values() if entity.prefix}
    kinds |= {name.lower() for name, entity in ENTITIES.items() if entity.prefix}
    for _, tree in trees():
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call):
                continue
            name = ast.unparse(call.func).split(".")[-1]
            first = call.args[0] if call.args else None
            if name == "NotFound" and isinstance(first, ast.Constant):
                kinds.add(str(first.value))
            kinds |= {
                str(keyword.value.value)
                for keyword in call.keywords
                if name == "row_by_id" and keyword.arg == "thing" and isinstance(keyword.value, ast.Constant)
            }
    assert sorted(kinds - THINGS.keys()) == []
    assert NotFound("topic", "topic_1").told(Language.CHINESE) == "议题topic_1不存在。"


def test_every_text_that_is_redacted_has_a_name() -> None:
    assert {field.lower() for field in RedactedField} - {"whole"} <= FIELDS.keys()


def test_page_of_the_api_lists_the_codes() -> None:
    page = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
    assert filled(page) == page, "run: make codes"
    assert [code for code in Code if f"\n| `{code}` | " not in page] == []
