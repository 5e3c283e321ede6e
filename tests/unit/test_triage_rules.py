"""config/triage.toml is the policy: what changes in it changes verdicts, and what is wrong in it is named."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.errors import ConfigError
from bot.triage.cases import default_table
from bot.triage.rules import DEFAULT_FILE, RuleTable, load
from bot.triage.signals import Circumstances

TEXT = DEFAULT_FILE.read_text(encoding="utf-8")


def loaded(tmp_path: Path, text: str) -> RuleTable:
    file = tmp_path / "triage.toml"
    file.write_text(text, encoding="utf-8")
    return load(file)


def faults(tmp_path: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text)
    return str(caught.value)


def replaced(old: str, new: str) -> str:
    assert TEXT.count(old) == 1, f"{old!r} stands {TEXT.count(old)} times in the file"
    return TEXT.replace(old, new)


def test_every_rule_names_its_source() -> None:
    assert all("mission" in rule.source for rule in default_table().rules)


def test_a_new_rule_above_the_others_wins(tmp_path: Path) -> None:
    rule = '[[rule]]\nname = "pizza"\npriority = "P1"\nall = ["pizza"]\nbecause = "pizza first"\nsource = "a test"\n\n'
    table = loaded(tmp_path, rule + TEXT + '\n[words.pizza]\nen = ["pizza", "deep/thin crust"]\n')
    verdict = table.judge("", "Please order a thin crust.", Circumstances())
    assert (verdict.priority, verdict.rule, verdict.why) == ("P1", "pizza", ('pizza first: "thin crust"',))


def test_another_priority_of_a_rule_is_another_verdict(tmp_path: Path) -> None:
    table = loaded(tmp_path, replaced('name = "bench-work"\npriority = "P3"', 'name = "bench-work"\npriority = "P2"'))
    verdict = table.judge("", "I will drop it off at your workshop.", Circumstances())
    assert (verdict.priority, verdict.rule) == ("P2", "bench-work")


def test_a_rule_that_is_gone_no_longer_decides(tmp_path: Path) -> None:
    begin = TEXT.index('[[rule]]\nname = "travel"')
    without = TEXT[:begin] + TEXT[TEXT.index("[[rule]]", begin + 1) :]
    text = "Please make the trip to the warehouse."
    assert default_table().judge("", text, Circumstances()).rule == "travel"
    assert loaded(tmp_path, without).judge("", text, Circumstances()).rule != "travel"


def test_a_word_added_to_a_list_is_found(tmp_path: Path) -> None:
    text = "The server is kerplunk."
    assert default_table().judge("", text, Circumstances()).priority == "P4"
    table = loaded(tmp_path, TEXT.replace("[words.down]\nen = [", '[words.down]\nen = ["kerplunk", ', 1))
    assert table.judge("", text, Circumstances()).priority == "P1"


def test_figures_of_the_table_are_read(tmp_path: Path) -> None:
    table = loaded(tmp_path, replaced("chasers_min = 3", "chasers_min = 5"))
    assert table.chasers_min == 5
    assert table.judge("", "any news?", Circumstances(chasers=4)).priority == "P4"
    assert table.judge("", "any news?", Circumstances(chasers=5)).priority == "P1"


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    text = (
        TEXT.replace('priority = "P1"', 'priority = "P0"', 1)
        .replace('state = ["danger"]', 'state = ["dangerous"]', 1)
        .replace('all = ["travel"]', 'all = ["travels"]', 1)
        .replace("chasers_min = 3", "chasers_min = -3", 1)
        .replace("[words.cannot]", "[words.can_not]", 1)
        .replace("\n[persistence]", "\nunknown_key = 1\n[persistence]", 1)
    )
    told = faults(tmp_path, "extra = 1\n" + text)
    for part in ("P0", "dangerous", "travels", "chasers_min", "words.cannot", "unknown_key", "extra"):
        assert part in told


FAULTS = [
    ("", "rule: is missing"),
    ("rule = 3", "no list of rules"),
    ("[[rule]]\nnmae = 'x'", "nmae"),
    ("[words]\ndown = ['x']", "no table of lists"),
    ("words = [", "Write a readable TOML file"),
]


@pytest.mark.parametrize(("text", "told"), FAULTS)
def test_a_broken_file_is_refused(tmp_path: Path, text: str, told: str) -> None:
    assert told in faults(tmp_path, text)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        load(tmp_path / "nowhere.toml")


def test_a_table_without_a_last_resort_is_refused(tmp_path: Path) -> None:
    last = TEXT.index('[[rule]]\nname = "service-usable"')
    until = TEXT.index("\n# ----", last)
    assert "let the last rule" in faults(tmp_path, TEXT[:last] + TEXT[until:]).lower()


def test_rules_of_one_name_are_refused(tmp_path: Path) -> None:
    assert "is there twice" in faults(tmp_path, TEXT.replace('name = "travel"', 'name = "on-site"', 1))


def test_the_file_is_plain_toml() -> None:
    assert {"rule", "words", "expertise"} <= tomllib.loads(TEXT).keys()
