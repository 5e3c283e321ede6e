"""Worked bills as JSON: every known answer exactly, and a sentence for whatever cannot be read."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ledger.cases import answer

BILLS = json.loads((Path(__file__).parent.parent / "data" / "bills.json").read_text("utf-8"))
CLIENT: dict[str, Any] = {
    "timezone": "America/New_York",
    "hours": "Mon-Fri 09:00-17:00",
    "holidays": ["2026-11-26"],
    "plan": "per-use",
    "rounding": "day",
    "grants": [],
}
ITEM: dict[str, Any] = {
    "ticket": 1,
    "priority": "P4",
    "kind": "remote",
    "start": "2026-11-18T10:00:00-05:00",
    "minutes": 15,
    "asked": False,
    "booked": False,
    "billable": True,
}
GRANT: dict[str, Any] = {"id": "a", "tier": "12h", "units": 96, "lapses_on": None, "bought_on": "2026-01-05"}


def bill(*work: dict[str, Any], **client: Any) -> dict[str, Any]:
    return {"op": "bill", "client": CLIENT | client, "work": [ITEM | item for item in work]}


@pytest.mark.parametrize("case", BILLS, ids=[case["story"] for case in BILLS])
def test_every_worked_bill_is_reproduced_to_the_unit_and_the_cent(case: dict[str, Any]) -> None:
    assert answer(case["case"]) == case["answer"]
    assert answer(case) == case["answer"]  # with its story around it
    assert json.loads(json.dumps(answer(case["case"]))) == case["answer"]


def test_another_operation_is_named_as_unsupported() -> None:
    assert answer({"op": "triage"}) == {"unsupported": "triage"}
    assert answer({}) == {"unsupported": None}


def test_defaults_are_the_cautious_ones() -> None:
    # No answer to "was it asked for?" means own choice: 20:00 by night is the ordinary row.
    item = {"ticket": 7, "priority": "P4", "kind": "remote", "start": "2026-11-18T20:00:00-05:00", "minutes": 15}
    case = {"op": "bill", "client": {"timezone": "America/New_York", "hours": "Mon-Fri 09:00-17:00"}, "work": [item]}
    assert answer(case) == {
        "items": [{"units": 2, "day_quarters": {"P4": 1}, "draws": [], "due_cents": 2000}],
        "left": {},
    }


BAD_CLIENTS = [
    ("timezone", "Mars/Base"),
    ("timezone", None),
    ("timezone", 5),
    ("hours", "9 to 5"),
    ("hours", []),
    ("holidays", ["2026-11-31"]),
    ("holidays", "2026-11-26"),
    ("plan", "gold"),
    ("plan", ["flat"]),
    ("rounding", "week"),
    ("grants", {}),
    ("grants", [3]),
]


@pytest.mark.parametrize(("key", "value"), BAD_CLIENTS)
def test_a_bad_field_of_the_client_is_named(key: str, value: object) -> None:
    assert answer(bill({}, **{key: value}))["error"].startswith(f"client.{key}")  # type: ignore[attr-defined]


@pytest.mark.parametrize("plan", ["none", "subscription"])
def test_without_plan_or_agreement_nothing_is_billed_and_the_remedy_is_told(plan: str) -> None:
    error = answer(bill({}, plan=plan))["error"]
    assert "no consent" in str(error) and "accepts chargeable work" in str(error)


BAD_ITEMS = [
    ("ticket", None),
    ("ticket", [1]),
    ("priority", "P5"),
    ("priority", None),
    ("kind", "gardening"),
    ("kind", 4),
    ("start", "2026-11-18T10:00:00"),
    ("start", "yesterday"),
    ("start", "9999-12-31T23:59:00+00:00"),
    ("start", "0001-01-01T00:00:00+14:00"),
    ("minutes", -1),
    ("minutes", 1.5),
    ("minutes", "15"),
    ("minutes", True),
    ("minutes", 10**12),
    ("asked", "yes"),
    ("booked", 1),
    ("billable", "no"),
    ("contact", "yes"),
]


@pytest.mark.parametrize(("key", "value"), BAD_ITEMS)
def test_a_bad_field_of_an_item_is_named_with_its_place(key: str, value: object) -> None:
    assert answer(bill({}, {key: value}))["error"].startswith(f"work[1].{key}")  # type: ignore[attr-defined]


BAD_GRANTS = [
    ("id", None),
    ("units", -1),
    ("units", "96"),
    ("tier", 12),
    ("lapses_on", "soon"),
    ("bought_on", "2026-02-30"),
]


@pytest.mark.parametrize(("key", "value"), BAD_GRANTS)
def test_a_bad_field_of_a_grant_is_named(key: str, value: object) -> None:
    error = answer(bill({}, grants=[GRANT | {key: value}]))["error"]
    assert str(error).startswith(f"client.grants[0].{key}")


def test_two_grants_of_one_id_are_refused() -> None:
    assert "client.grants[1].id" in str(answer(bill({}, grants=[GRANT, GRANT]))["error"])


@pytest.mark.parametrize("case", [None, [], "bill", 7, {"work": 1}, {"op": "bill"}, {"op": "bill", "client": {}}])
def test_what_is_no_case_is_answered_all_the_same(case: Any) -> None:
    assert set(answer(case)) == {"error"}


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(BILLS), st.randoms(use_true_random=False), JSON_VALUES)
@settings(deadline=None, max_examples=300)
def test_no_value_in_any_field_breaks_it(known: dict[str, Any], chance: Any, value: Any) -> None:
    case = copy.deepcopy(known["case"])
    places = [case, case["client"], *case["client"]["grants"], *case["work"]]
    place = chance.choice(places)
    place[chance.choice(sorted(place))] = value
    assert set(answer(case)) in ({"items", "left"}, {"error"}, {"unsupported"})
