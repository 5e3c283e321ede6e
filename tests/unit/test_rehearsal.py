"""A rehearsal plays the real desk, prints the same each time, and follows every change of its file or the rules."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot import migrate
from bot.books import buy_credit
from bot.errors import ConfigError, UserError
from bot.importing.door import import_file
from bot.rehearsal import rehearse
from bot.rehearsal.script import read_script
from bot.settings import Settings, load
from bot.store import Query, open_store
from tests.desk import WEDNESDAY

TICKET = Query("SELECT id, state FROM ticket ORDER BY id LIMIT 1")
ROOT = Path(__file__).parents[2]
PRINTER = {"say": "The label printer prints blank pages.", "from": "anna@acme-dental.example", "subject": "Printer"}
DAY: list[dict[str, Any]] = [
    {"remark": "A morning"},
    {"at": "2026-11-18T09:40:00-05:00", **PRINTER},
    {"at": "2026-11-18T10:14:00-05:00", "do": "claim 1", "as": "C-103"},
    {"advance": "1m", "do": "claim 1", "as": "ines@network.example"},
    {"advance": "5m", "say": "It is the one in room 3.", "from": "anna@acme-dental.example", "ticket": 1},
    {"advance": "10m", "do": "log 1 20m", "as": "raj"},
]


def a_file(folder: Path, lines: list[dict[str, Any]]) -> Path:
    path = folder / "day.jsonl"
    path.write_text("# a day\n\n" + "\n".join(json.dumps(line) for line in lines))
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load({}, home=tmp_path, config_folder=ROOT / "config")


@pytest.fixture
def play(tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]) -> Any:
    """Plays lines and returns the transcript."""

    def played(lines: list[dict[str, Any]], chosen: Settings = settings, *, keep: bool = False) -> str:
        rehearse(chosen, a_file(tmp_path, lines), keep=keep)
        return capsys.readouterr().out

    return played


def test_transcript_tells_who_wrote_what_was_decided_and_who_was_told(play: Any) -> None:
    told = play(DAY)
    for line in (
        "── A morning",
        "Wednesday 18 November 2026, America/New_York",
        "Anna Kim writes by email: Printer",
        "#1 triaged P3 by partially-impaired",
        "#1 offered (Tom Becker) until 10:10 EST: first right of the lead",
        "→ Tom Becker by console: [#1] Printer",
        "10:10  #1 hold lapsed (Tom Becker)",
        "10:14  Raj Patel by console: claim 1",
        "✗ Raj Patel claimed ticket 1 first, at 16:14 CET.",
        "#1 joined: email",
        "✓ 20 min → 2 quarters at P3 (remote) = 6 units from the 12-hour credit ($45.00); 11.25 h left at P4",
        "2026-11-18 20 min remote, Raj Patel: 6 units (6 from the 12-hour credit)",
        "ACME Acme Dental: 90 units of credit left, $0.00 due; books sound",
        "The desk on Wednesday 18 November 2026.",
    ):
        assert line in told, line


def test_same_file_prints_the_same_bytes(play: Any) -> None:
    assert play(DAY) == play(DAY)


def test_changed_time_changes_what_follows(play: Any) -> None:
    earlier = [{**line, "at": line["at"].replace("10:14", "10:05")} if "at" in line else line for line in DAY]
    told = play(earlier)
    assert "✗ Ticket 1 is held for the client's lead." in told
    assert "Raj Patel claimed ticket 1 first" not in told


def test_changed_rule_changes_what_follows(play: Any, tmp_path: Path) -> None:
    config = tmp_path / "config"
    shutil.copytree(ROOT / "config", config)
    people = (config / "example-desk.toml").read_text().replace("hold_minutes = 30 ", "hold_minutes = 60 ")
    (config / "example-desk.toml").write_text(people)
    rates = (config / "triage.toml").read_text()
    (config / "triage.toml").write_text(
        rates.replace('name = "partially-impaired"\npriority = "P3"', 'name = "partially-impaired"\npriority = "P2"')
    )
    told = play(DAY, load({}, home=tmp_path, config_folder=config))
    assert "#1 triaged P2 by partially-impaired" in told
    assert "#1 offered (Tom Becker) until 10:40 EST" in told


def test_people_of_another_file_play_instead(play: Any, tmp_path: Path) -> None:
    (tmp_path / "people.toml").write_text(
        '[[consultant]]\nmember_number = "Z-1"\nname = "Zoe Zander"\nrole = "manager"\nconsole = "zoe"\n'
        '[[client]]\ncode = "SOLO"\nname = "Solo"\nmanager = "Z-1"\nplan = "per-use"\n'
        '[[client.contact]]\nname = "Sol"\nconsole = "sol"\n'
    )
    told = play([{"at": "2026-11-18T15:00:00Z", "import": "people.toml"}, {"say": "Our server is down", "from": "sol"}])
    assert "Sol writes by console" in told and "→ Zoe Zander by console" in told
    assert "Acme" not in told


def test_stranger_and_forged_mail_are_played_as_what_they_are(play: Any) -> None:
    told = play(
        [
            {
                "at": "2026-11-18T10:00:00-05:00",
                "say": "The server is down",
                "from": "x@y.example",
                "trust": "unproven",
            },
            {"do": "link anna@acme-dental.example", "as": "71", "channel": "telegram"},
        ]
    )
    assert "(unproven) writes by email" in told
    assert "→ Maria Rossi by email: [#1] The server is down" in told
    assert "Your code is" in told


def test_expectation_that_fails_is_named_with_its_line(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [*DAY[:3], {"expect": "Ticket 1 is yours"}, {"expect": "Ticket 2 is yours"}]
    assert rehearse(settings, a_file(tmp_path, lines), keep=False) == 1
    assert "day.jsonl, line 7: “Ticket 2 is yours” did not happen" in capsys.readouterr().err


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    path = tmp_path / "day.jsonl"
    path.write_text(
        "\n".join(
            [
                '{"at": "yesterday"}',
                "not json",
                "[1]",
                '{"at": "2026-11-18T10:00:00-05:00", "say": "x", "do": "y"}',
                '{"at": "2026-11-18T09:00:00-05:00"}',
                '{"say": "", "from": "anna"}',
                '{"say": "x", "from": "anna", "colour": "red"}',
                '{"advance": "soon"}',
                '{"do": "claim 1", "as": "tom", "ticket": "1"}',
            ]
        )
    )
    with pytest.raises(ConfigError) as wrong:
        read_script(path, zone="UTC")
    told = str(wrong.value)
    for number in range(1, 10):
        assert f"line {number}" in told, number
    assert "runs backwards" in told


def test_file_without_a_time_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no line says what time it is"):
        read_script(a_file(tmp_path, [{"do": "queue", "as": "maria"}]), zone="UTC")


def test_answer_to_what_was_never_told_is_refused(play: Any) -> None:
    with pytest.raises(ConfigError, match="line 3: ticket"):
        play([{"at": "2026-11-18T10:00:00Z", "say": "Yes", "from": "anna@acme-dental.example", "ticket": 9}])


# ---------------------------------------------------------------- what it leaves behind


def test_nothing_is_left_behind(play: Any, settings: Settings, tmp_path: Path) -> None:
    play(DAY)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["day.jsonl"]
    assert not settings.folders.var.exists()


def test_kept_database_can_be_looked_around_in(play: Any, settings: Settings, tmp_path: Path, fresh_url: str) -> None:
    kept = load({"DATABASE_URL": fresh_url}, home=tmp_path, config_folder=ROOT / "config")
    told = play(DAY, kept, keep=True)
    assert told == play(DAY), "the same on every database"
    store = open_store(fresh_url)
    try:
        row = store.read_sync(lambda tx: tx.one(TICKET))
        assert (row.id, row.state) == (1, "claimed")
    finally:
        store.close_sync()
    with pytest.raises(UserError, match="has tickets"):
        play(DAY, kept, keep=True)


def test_people_of_a_real_desk_are_not_overwritten(play: Any, tmp_path: Path, fresh_url: str) -> None:
    kept = load({"DATABASE_URL": fresh_url}, home=tmp_path, config_folder=ROOT / "config")
    file = tmp_path / "people.csv"
    file.write_text("member_number,name\nX-9,Xenia\n")
    store = open_store(fresh_url)
    try:
        import_file(
            store, file, now=WEDNESDAY, is_applied=True, buy_credit=buy_credit, digest_time=kept.desk.digest_time
        )
    finally:
        store.close_sync()
    with pytest.raises(UserError, match="people of its own"):
        play(DAY, kept, keep=True)


def test_kept_database_is_at_the_newest_revision(play: Any, settings: Settings) -> None:
    play(DAY[:2], keep=True)
    store = open_store(settings.database_url)
    try:
        assert migrate.current(store) == migrate.head()
    finally:
        store.close_sync()


def test_tour_of_the_readme_holds_what_it_expects(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert rehearse(settings, ROOT / "examples" / "day.jsonl", keep=False) == 0
    told = capsys.readouterr().out
    assert "with desk.png" in told and "books sound" in told
    assert "9 units from the 12-hour credit ($67.50) + 1 unit per use ($10.00)" in told
