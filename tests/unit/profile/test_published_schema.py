"""The schema that editors read agrees with what loading accepts and refuses."""

import json
from typing import Any

import jsonschema
import pytest

from msptool import yaml12
from msptool.profile import draft, schema
from msptool.profile.shape import Client


@pytest.fixture(scope="module")
def validator() -> Any:
    made = json.loads(schema.schema())
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made)


def _example() -> Any:
    text = draft.text(Client(code="ACME", name="Acme", languages=("en",)), "standard")
    return yaml12.load(text.encode(), file="client.yaml").data


def test_a_new_profile_is_valid(validator: Any) -> None:
    assert list(validator.iter_errors(_example())) == []


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("scope", "netwroks", []), ("audit", "pace", "furious"), ("client", "code", "acme"),
        ("monitor", "disk_percent", 101), ("backup", "proof_days", 0),
        ("backup", "repositories", {"a": {"path": "x", "password": "plain-text"}}),
    ],
)  # fmt: skip
def test_what_loading_refuses_the_schema_refuses(
    validator: Any, section: str, key: str, value: Any
) -> None:
    wrong = _example()
    wrong[section] = {**(wrong[section] or {}), key: value}
    assert list(validator.iter_errors(wrong)) != []
