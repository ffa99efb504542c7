from io import StringIO
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from events.contract.text import yaml_text

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])) | st.sampled_from(["no", "1e3", "~", ""])
SCALARS = st.none() | st.booleans() | st.integers(-(2**40), 2**40) | TEXTS
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner), max_leaves=12)


@given(st.dictionaries(TEXTS, VALUES, min_size=1))
def test_yaml_says_what_the_value_says(value: dict[str, Any]) -> None:
    assert YAML(typ="safe").load(StringIO(yaml_text(value))) == value
