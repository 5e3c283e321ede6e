"""The rule table of config/triage.toml: an ordered list that reads like policy; the first rule that matches wins.

Refuses a file with any fault, and then names every one: unknown keys, priorities, word lists or signals, and a table
that would leave a message without a priority.
Source: mission, Priorities; Rules, "Which priority is how fast".
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from bot.errors import ConfigError, Fault
from bot.triage.deadlines import Promises
from bot.triage.finding import DEGREES
from bot.triage.lexicon import STATES, THINGS, VERBS, Lexicon
from bot.triage.matching import Pattern, Rule, RuleTable, Verdict
from bot.triage.priority import Priority
from bot.triage.routing import Vocabulary
from bot.triage.scope import SCOPES
from bot.triage.signals import FACTS, Marks

__all__ = ["DEFAULT_FILE", "Rule", "RuleTable", "Verdict", "load"]

# Beside the package in a checkout; the settings may name another.
DEFAULT_FILE = Path(__file__).resolve().parents[2] / "config" / "triage.toml"

# Lists that the reading of a message rests on: a file without one of them could not be used.
STRUCTURE = (
    *("filler", "idiom", "measure", "thing_only", "event_noun", "cannot", "can", "nobody", "neither", "functions"),
    *("bracket", "collapses", "particle"),
    *("works_fine", "pronoun", "rest", "makes", "i", "we", "our", "my", "people", "everyone", "several", "some"),
    *("place", "one", "affects", "praise", "benign", "foreign", "lacks", "courtesy", "mending", "repair"),
    *("announces", "titled", "tells"),
    *("strong", "weak", "nearly", "sometimes", "on_off", "negation", "if", "when", "future", "asks", "reason", "past"),
    *("past_time", "month", "since", "still", "thanks_for", "mended_by", "resolved", "dismissal", "pending"),
    *("turn", "cause", "link", "of"),
    *("determiner", "within", "in_time", "by", "start", "until", "day", "event", "urgent", "now", "before_opening"),
    *("later", "calm", "own_time", "not_work", "planned", "as_planned", "request", "signature", "boilerplate"),
)
_STATES = frozenset({*STATES, *(f"cannot-{verb.removesuffix('_verb')}" for verb in VERBS)})
_THINGS = frozenset({*THINGS, "unnamed"})
_VALUES = {"state": _STATES, "thing": _THINGS, "scope": SCOPES, "degree": DEGREES}
_RULE_KEYS = frozenset(field.name for field in fields(Rule))
_NUMBERS = {
    "persistence": ("chasers_min", "window_hours"),
    "promises": ("p1_minutes", "p2_business_minutes", "p3_business_minutes"),
}
_TEXTS = {"persistence": ("not_channels",), "direct": ("channels",), "matching": ("misspelt", "not_misspelt", "common")}
_SECTIONS = frozenset({"rule", "words", "expertise", *_NUMBERS, *_TEXTS})


def load(path: Path) -> RuleTable:
    """Read and compile the table.

    Raises ConfigError with every fault of the file at once.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError([Fault(str(path), "file", str(error), "Write a readable TOML file")]) from error
    faults = [Fault(str(path), key, problem, remedy) for key, problem, remedy in _faults(content)]
    if faults:
        raise ConfigError(faults)
    return _table(content)


def _table(content: Mapping[str, Any]) -> RuleTable:
    words = {name: [phrase for row in rows.values() for phrase in row] for name, rows in content["words"].items()}
    matching, persistence, promises = content["matching"], content["persistence"], content["promises"]
    rules = tuple(_rule(row) for row in content["rule"])
    structure = {name: words[name] for name in (*STRUCTURE, *STATES, *THINGS, *VERBS)}
    wanted = (name for rule in rules for name in (*rule.all, *rule.any, *rule.none))
    return RuleTable(
        rules=rules,
        marks=Marks.of(wanted, words, common=matching["common"]),
        lexicon=Lexicon(structure, **matching),
        vocabulary=Vocabulary(content["expertise"]),
        promises=Promises(**promises),
        chasers_min=persistence["chasers_min"],
        chaser_window_hours=persistence["window_hours"],
        chaser_not_channels=frozenset(persistence["not_channels"]),
        direct_channels=frozenset(content["direct"]["channels"]),
    )


def _rule(row: Mapping[str, Any]) -> Rule:
    finding = row.get("finding")
    pattern = None if finding is None else Pattern(**{key: frozenset(values) for key, values in finding.items()})
    lists = {key: tuple(row.get(key, ())) for key in ("all", "any", "none")}
    return Rule(row["name"], Priority(row["priority"]), row["because"], row["source"], pattern, **lists)


Complaint = tuple[str, str, str]


def _faults(content: Mapping[str, Any]) -> Iterator[Complaint]:
    for key in content.keys() - _SECTIONS:
        yield key, "is not known", f"Use one of {_join(_SECTIONS)}"
    for section in sorted(_SECTIONS - content.keys()):
        yield section, "is missing", f"Add [{section}]"
    yield from _faults_of_sections(content)
    words = content.get("words")
    lists = words if isinstance(words, Mapping) else {}
    yield from _faults_of_words(lists)
    rules = content.get("rule")
    if isinstance(rules, list) and rules:
        yield from _faults_of_rules(rules, frozenset(lists))
    elif "rule" in content:
        yield "rule", "is no list of rules", "Write [[rule]] once for each"


def _faults_of_sections(content: Mapping[str, Any]) -> Iterator[Complaint]:
    for section in sorted(_NUMBERS.keys() | _TEXTS.keys()):
        values = content.get(section, {})
        numbers, texts = _NUMBERS.get(section, ()), _TEXTS.get(section, ())
        if not isinstance(values, Mapping):
            yield section, "is no table", f"Write [{section}]"
            continue
        for key in sorted(values.keys() - {*numbers, *texts}):
            yield f"{section}.{key}", "is not known", f"Use {_join((*numbers, *texts))}"
        for key in numbers if section in content else ():
            if not _is_positive(values.get(key)):
                yield f"{section}.{key}", "is no number above 0", "Write a whole number"
        for key in texts if section in content else ():
            if not _is_texts(values.get(key)):
                yield f"{section}.{key}", "is no list of texts", 'Write ["…", "…"]'
    expertise = content.get("expertise", {})
    for name, texts in expertise.items() if isinstance(expertise, Mapping) else ():
        if not _is_texts(texts):
            yield f"expertise.{name}", "is no list of texts", 'Write ["…", "…"]'


def _faults_of_words(lists: Mapping[str, Any]) -> Iterator[Complaint]:
    for name in (*STRUCTURE, *STATES, *THINGS, *VERBS):
        if name not in lists:
            yield f"words.{name}", "is missing", f'Add [words.{name}] with en = ["…"]'
    for name, rows in lists.items():
        if not isinstance(rows, Mapping) or not all(_is_texts(texts) for texts in rows.values()):
            yield f"words.{name}", "is no table of lists", 'Write [words.…] with en = ["…"]'
        elif name in FACTS and name != "calm":
            yield f"words.{name}", "has the name of a fact", "Choose another name"


def _faults_of_rules(rules: Sequence[Any], lists: frozenset[str]) -> Iterator[Complaint]:
    names: set[str] = set()
    for number, row in enumerate(rules, start=1):
        if not isinstance(row, Mapping):
            yield f"rule {number}", "is no table", "Write [[rule]]"
            continue
        name = str(row.get("name", number))
        key = f"rule {name}"
        if name in names:
            yield key, "is there twice", "Give each rule a name of its own"
        names.add(name)
        yield from _faults_of_rule(key, row, lists)
        is_open = not any(row.get(part) for part in ("all", "any", "none")) and "finding" not in row
        if is_open != (number == len(rules)):
            problem = "has no condition and hides the rules after it" if is_open else "is the last and has a condition"
            yield key, problem, "Let the last rule, and it alone, have no condition"


def _faults_of_rule(key: str, row: Mapping[str, Any], lists: frozenset[str]) -> Iterator[Complaint]:
    for part in row.keys() - _RULE_KEYS:
        yield f"{key}.{part}", "is not known", f"Use {_join(_RULE_KEYS)}"
    for part in ("name", "because", "source"):
        if not isinstance(row.get(part), str) or not row[part]:
            yield f"{key}.{part}", "is missing", "Write a text"
    if row.get("priority") not in tuple(Priority):
        yield f"{key}.priority", f"{row.get('priority')!r} is no priority", "Write P1, P2, P3 or P4"
    for part in ("all", "any", "none"):
        names = row.get(part, [])
        if not _is_texts(names):
            yield f"{key}.{part}", "is no list of signals", 'Write ["…", "…"]'
            continue
        for name in names:
            if name not in lists and name not in FACTS:
                yield f"{key}.{part}", f"{name!r} is neither a word list nor a fact", f"Facts are {_join(FACTS)}"
    yield from _faults_of_finding(f"{key}.finding", row.get("finding", {}))


def _faults_of_finding(key: str, finding: object) -> Iterator[Complaint]:
    if not isinstance(finding, Mapping):
        yield key, "is no table", "Write { state = [...], thing = [...] }"
        return
    for part, values in finding.items():
        known = _VALUES.get(part.removeprefix("not_"))
        if known is None:
            yield f"{key}.{part}", "is not known", f"Use {_join(_VALUES)}, or not_ before one of them"
        elif not _is_texts(values):
            yield f"{key}.{part}", "is no list of texts", 'Write ["…", "…"]'
        else:
            for value in sorted(set(values) - known):
                yield f"{key}.{part}", f"{value!r} is not known", f"Use {_join(known)}"


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) and text.strip() for text in value)


def _is_positive(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _join(names: Mapping[str, object] | frozenset[str] | Sequence[str]) -> str:
    return ", ".join(sorted(names))
