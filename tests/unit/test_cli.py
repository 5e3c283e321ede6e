"""The command line as people and scripts meet it: whole processes, exit codes, what stands on which stream."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot import __version__
from bot.channels.console.listener import ConsoleListener
from bot.channels.console.sender import ConsoleSender, Sessions
from bot.cli.app import COMMANDS
from bot.cli.help_page import source
from bot.cli.help_text import HELP
from bot.cli.show import role_table, table
from bot.clock import SystemClock
from bot.messages import Handle, Notice, Outgoing
from bot.settings import load, roles
from tests.unit.test_console import RecordingDesk

ROOT = Path(__file__).parents[2]
BILLS = json.loads((ROOT / "tests/data/bills.json").read_text(encoding="utf-8"))


def environ(home: Path, **variables: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "PYTHONPATH": str(ROOT), "HOLDLINE_HOME": str(home), "PYTHONUTF8": "1", **variables}


def holdline(*args: str, home: Path, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *args],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environ(home, **variables),
        cwd=home,
        timeout=60,
        check=False,
    )


def processor_seconds() -> float:
    """What the processes that ended have used: other tests run on the same cores, so the clock would tell of them."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def test_help_page_is_the_one_that_typer_would_make() -> None:
    written = (ROOT / "bot/cli/help_text.py").read_text(encoding="utf-8")
    assert written == source(), "run: python -m bot.cli.help_page"
    assert all(f"  {command} " in HELP for command in COMMANDS)


def test_help_is_there_at_once(tmp_path: Path) -> None:
    seconds = []
    for _ in range(5):
        begun = processor_seconds()
        shown = holdline("--help", home=tmp_path)
        seconds.append(processor_seconds() - begun)
        assert (shown.returncode, shown.stdout) == (0, HELP)
    assert min(seconds) <= 0.15


def test_nothing_asked_is_answered_with_help(tmp_path: Path) -> None:
    assert holdline(home=tmp_path).stdout == HELP


def test_version_is_shown_with_and_without_typer(tmp_path: Path) -> None:
    assert holdline("--version", home=tmp_path).stdout == f"holdline {__version__}\n"
    assert holdline("--version", "check", home=tmp_path).stdout == f"holdline {__version__}\n"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, tmp_path: Path) -> None:
    shown = holdline(command, "--help", home=tmp_path)
    assert shown.returncode == 0
    assert f"Usage: holdline {command}" in shown.stdout
    assert "completion" not in shown.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_knows_the_commands(shell: str, tmp_path: Path) -> None:
    script = holdline("--show-completion", shell, home=tmp_path, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert (script.returncode, "holdline" in script.stdout) == (0, True)


def test_bash_completes_a_command(tmp_path: Path) -> None:
    shown = holdline(home=tmp_path, _HOLDLINE_COMPLETE="complete_bash", COMP_WORDS="holdline re", COMP_CWORD="1")
    assert shown.stdout.split() == ["rehearse", "requeue", "restore"]


def test_a_slip_is_told_the_nearest_command(tmp_path: Path) -> None:
    told = holdline("restor", home=tmp_path)
    assert told.returncode == 2
    assert "Did you mean 'restore'" in told.stderr


def test_faults_of_the_settings_are_sentences_on_standard_error(tmp_path: Path) -> None:
    told = holdline("run", home=tmp_path, HOLDLINE_SMTP_PORT="banana", LOG_LEVEL="loud")
    assert told.returncode == 2
    assert "HOLDLINE_SMTP_PORT: 'banana' is not a whole number" in told.stderr
    assert "LOG_LEVEL" in told.stderr
    assert "Traceback" not in told.stderr
    assert told.stdout == ""


def test_an_unknown_role_is_told_the_nearest(tmp_path: Path) -> None:
    told = holdline("run", "mial", home=tmp_path)
    assert (told.returncode, told.stderr) == (2, "holdline: There is no role mial. Did you mean mail?\n")


def test_check_tells_every_fault_and_otherwise_the_roles(tmp_path: Path) -> None:
    good = holdline("check", home=tmp_path)
    assert (good.returncode, good.stderr) == (0, "")
    assert "No fault found." in good.stdout
    assert "set TELEGRAM_BOT_TOKEN" in " ".join(good.stdout.split())
    # Whatever is wrong in one file, the others are read too.
    shutil.copytree(ROOT / "config", tmp_path / "config")
    for name in ("triage.toml", "escalation.toml", "rates.toml"):
        with (tmp_path / "config" / name).open("a") as file:
            file.write("\nspeed = 1\n")
    bad = holdline("check", home=tmp_path, PORT="x", HOLDLINE_DESK_ZONE="Mars", HOLDLINE_DESK_HOURS="Mon-Fri 9-25")
    assert bad.returncode == 2
    for named in ("PORT", "HOLDLINE_DESK_ZONE", "HOLDLINE_DESK_HOURS", "triage.toml", "escalation.toml", "rates.toml"):
        assert f"{named}: " in bad.stdout, named
    assert f"{bad.stdout.count('✗')} faults found" in bad.stdout


def test_worked_bills_are_reproduced_over_one_process(tmp_path: Path) -> None:
    lines = "".join(json.dumps(one["case"]) + "\n" for one in BILLS)
    answers = [json.loads(line) for line in holdline("inspect", "bill", home=tmp_path, stdin=lines).stdout.splitlines()]
    assert answers == [one["answer"] for one in BILLS]


def test_a_line_that_is_no_case_is_answered_and_the_next_one_taken(tmp_path: Path) -> None:
    lines = [
        "{",
        "[]",
        "",
        "null",
        "[" * 100_000,
        '{"op": "dance"}',
        "\udcff",
        '{"op": "bill"}',
        json.dumps(BILLS[0]["case"]),
    ]
    text = "\n".join(lines).encode("utf-8", "surrogateescape")
    done = subprocess.run(
        [sys.executable, "-m", "bot", "inspect", "bill"],
        input=text,
        capture_output=True,
        env=environ(tmp_path),
        cwd=tmp_path,
        timeout=60,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [next(iter(answer)) for answer in answers] == [
        "error",
        "error",
        "error",
        "error",
        "unsupported",
        "error",
        "error",
        "items",
    ]


@pytest.mark.parametrize("kind", ["bill", "triage"])
def test_every_answer_is_json_even_where_the_line_holds_no_json_number(kind: str, tmp_path: Path) -> None:
    lines = ["NaN", "-Infinity", "1e999", "[-1e999]"]
    done = subprocess.run(
        [sys.executable, "-m", "bot", "inspect", kind],
        input="".join(f'{{"op": {number}}}\n' for number in lines).encode(),
        capture_output=True,
        env=environ(tmp_path),
        cwd=tmp_path,
        timeout=60,
        check=True,
    )
    answers = done.stdout.decode().splitlines()
    assert len(answers) == len(lines)
    for number, text in zip(lines, answers, strict=True):
        error = json.loads(text, parse_constant=pytest.fail)["error"]
        assert error.startswith("this line is not JSON") and number.strip("[]") in error


@pytest.mark.parametrize("command", ["bill", "triage", "mail -"])
def test_a_closed_input_is_told_in_a_sentence(command: str, tmp_path: Path) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$0" -m bot inspect {command} <&-', sys.executable],
        capture_output=True,
        env=environ(tmp_path),
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert b"standard input is closed" in done.stderr and b"Traceback" not in done.stderr


@pytest.mark.parametrize("kind", ["bill", "triage"])
def test_each_line_is_answered_at_once(kind: str, tmp_path: Path) -> None:
    case = {"bill": BILLS[0]["case"], "triage": {"op": "triage", "subject": "Server down", "body": "Nothing works"}}
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "inspect", kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environ(tmp_path),
        cwd=tmp_path,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for _ in range(3):
            process.stdin.write(json.dumps(case[kind]).encode() + b"\n")
            process.stdin.flush()
            # The process still waits for its next line: without a flush this would wait for ever.
            assert json.loads(process.stdout.readline())
        process.stdin.close()
        assert process.wait(10) == 0


@pytest.mark.parametrize("kind", ["bill", "triage"])
def test_inspections_start_fast_and_load_no_database(kind: str, tmp_path: Path) -> None:
    code = (
        "import sys; from bot.__main__ import main; code = main(sys.argv[1:]);"
        "print(sorted({'typer', 'pydantic', 'sqlite3', 'structlog', 'asyncio', 'psycopg'} & set(sys.modules)), code)"
    )
    seconds = []
    for _ in range(5):
        begun = processor_seconds()
        done = subprocess.run(
            [sys.executable, "-c", code, "inspect", kind],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=environ(tmp_path),
            check=True,
        )
        seconds.append(processor_seconds() - begun)
        assert done.stdout == "[] 0\n"
    assert min(seconds) <= 0.4
    assert list(tmp_path.iterdir()) == []


def test_mails_are_reported_by_name_and_a_missing_one_with_its_error(tmp_path: Path) -> None:
    mail = b"From: Anna <anna@acme-dental.example>\r\nSubject: Fire\r\nMessage-ID: <1@x>\r\n\r\nIt burns\r\n"
    (tmp_path / "one.eml").write_bytes(mail)
    done = holdline("inspect", "mail", "-", home=tmp_path, stdin="one.eml\nnone.eml\n\n./one.eml\n")
    one, none, again = [json.loads(line) for line in done.stdout.splitlines()]
    assert (one["subject"], one["text"], one["error"]) == ("Fire", "It burns", None)
    assert "No such file" in none["error"]
    assert none.keys() == one.keys()
    assert again == one
    assert json.loads(holdline("inspect", "mail", "one.eml", home=tmp_path).stdout) == one


def test_a_closed_pager_is_no_fault(tmp_path: Path) -> None:
    bot = f"{sys.executable} -m bot"
    line = f"yes '{{}}' | head -20000 | {bot} inspect bill | head -1; {bot} -h | head -1"
    done = subprocess.run(
        ["bash", "-c", line],
        capture_output=True,
        text=True,
        env=environ(tmp_path),
        cwd=tmp_path,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""


async def a_process(*args: str, home: Path, stdin: str = "") -> tuple[int | None, str, str]:
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "bot", *args],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environ(home),
        cwd=home,
    )
    out, err = await asyncio.wait_for(process.communicate(stdin.encode()), 60)
    return process.returncode, out.decode(), err.decode()


async def test_say_and_do_reach_the_desk_that_runs_beside(tmp_path: Path) -> None:
    desk = RecordingDesk()
    listener = ConsoleListener(desk, SystemClock(), load({}, home=tmp_path).folders.console_socket, Sessions())
    await listener.start()
    try:
        said = await a_process("say", "Fire", "--from", "anna", "--subject", "Help", "--key", "k1", home=tmp_path)
        assert said == (0, "Ticket 42 opened.\n", "")
        piped = await a_process("say", "-", "--from", "anna", "--json", home=tmp_path, stdin="Two\nlines\n")
        assert json.loads(piped[1])["outcome"] == "opened"
        assert await a_process("do", "claim", "42", "--as", "tom", home=tmp_path) == (0, "done: claim 42\n", "")
        assert await a_process("requeue", "5", home=tmp_path) == (0, "Message 5: opened.\n", "")
        code, _, told = await a_process("requeue", "404", home=tmp_path)
        assert (code, told) == (2, "holdline: There is no message 404 in quarantine.\n")
        code, _, told = await a_process("restore", __file__, home=tmp_path)
        assert (code, told) == (2, "holdline: A desk runs on this folder. Stop it first.\n")
    finally:
        await listener.stop()
    first = desk.messages[0]
    assert (first.key, first.subject, first.text) == ("k1", "Help", "Fire")
    assert desk.messages[1].text == "Two\nlines"
    assert desk.orders[0].sender.address == "tom"


async def test_console_session_gives_commands_and_sees_notices(tmp_path: Path) -> None:
    sessions, settings = Sessions(), load({}, home=tmp_path)
    listener = ConsoleListener(RecordingDesk(), SystemClock(), settings.folders.console_socket, sessions)
    await listener.start()
    process = await asyncio.create_subprocess_exec(
        *[sys.executable, "-m", "bot", "console", "--as", "Tom"],
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=environ(tmp_path, PYTHONUNBUFFERED="1"),
        cwd=tmp_path,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert b"You are tom" in await asyncio.wait_for(process.stdout.readline(), 20)
    process.stdin.write(b"queue\nsay hello\n")
    answers = [await asyncio.wait_for(process.stdout.readline(), 20) for _ in range(2)]
    assert answers == [b"done: queue\n", b"opened: ticket 42\n"]
    sender = ConsoleSender(settings.folders.console_log, SystemClock(), sessions)
    await sender.send(Outgoing(1, "k", Handle("console", "tom"), Notice("offer", "Ticket 42 is offered to you", "")))
    assert "Ticket 42 is offered" in (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
    process.stdin.write_eof()
    assert await asyncio.wait_for(process.wait(), 20) == 0
    await listener.stop()


def test_console_without_a_desk_says_how_to_start_one(tmp_path: Path) -> None:
    told = holdline("console", "--as", "tom", home=tmp_path)
    assert (told.returncode, told.stderr) == (2, "holdline: No desk runs here. Start it with `holdline run`.\n")


def test_role_table_wraps_and_loses_nothing(tmp_path: Path) -> None:
    statuses = roles(load({}, home=tmp_path))
    shown = role_table(statuses, width=80)
    assert max(len(line) for line in shown.splitlines()) <= 80
    words: set[str] = {
        word for line in statuses for word in (line.why + " " + line.to_turn_on).split() if len(word) < 20
    }
    assert words <= set(shown.split())


def test_table_of_nothing_is_its_heads() -> None:
    assert table(("a", "b", "c"), []) == "a  b  c"


async def test_an_empty_checkout_finds_the_example_desk(tmp_path: Path) -> None:
    said = await a_process("say", "The printer is down", "--from", "bob", home=tmp_path)
    assert said[:2] == (0, "Ticket 1 opened.\n") and "example desk" in said[2]
    told = await a_process("do", "queue", "--as", "zork", home=tmp_path)
    assert told[0] == 1 and "Known are: anna, bob, ines" in told[2]
    assert "ACME (held" in (await a_process("do", "queue", "--as", "maria", home=tmp_path))[1]


def test_the_installed_script_gives_the_exit_code() -> None:
    text = (ROOT / "requirements" / "install").read_text()
    assert "sys.exit(main())" in text


def test_statement_of_a_month_is_asked_for_as_in_a_chat(tmp_path: Path) -> None:
    seeded = holdline("do", "client list", "--as", "maria", home=tmp_path)
    assert seeded.returncode == 0, seeded.stderr
    shown = holdline("statement", "ACME", "2026-02", home=tmp_path)
    assert (shown.returncode, shown.stdout.splitlines()[0]) == (0, "Acme Dental (ACME), 2026-02-01 to 2026-02-28")
    told = holdline("statement", "ACME", "2026-13", home=tmp_path)
    assert told.returncode == 2 and "'2026-13' is no month" in told.stderr
    told = holdline("statement", "ACME", "2026-02", "--from", "2026-02-03", home=tmp_path)
    assert told.returncode == 2 and "not both" in told.stderr
