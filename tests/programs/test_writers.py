"""What people's own programs write when they answer a notice of the desk: quoted, signed and threaded as they do it."""

from __future__ import annotations

import os
import pty
import shutil
import stat
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.channels.email.inspect import report
from tests.programs.servers import need

ANNA, REPLY_TO, NAMED = "anna@acme.example", "support+r.1-2.k1.abcdef@desk.example", "<d.abc@desk.example>"
ANSWER = "It is the LP-20, the one in the hall."
NOTICE = f"""\
From: Holdline <support@desk.example>
To: Anna Kim <{ANNA}>
Subject: [#1] Label printer
Date: Wed, 18 Nov 2026 10:00:00 +0000
Message-ID: {NAMED}
Reply-To: Holdline <{REPLY_TO}>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Which model is it?

> The label printer smokes.

Tom
"""
MUTT = """\
set realname="Anna Kim" from="{anna}" use_envelope_from=no hostname=acme.example
set sendmail="{folder}/catch" editor="{folder}/edit" signature="{folder}/signature"
set reply_to=yes fast_reply=yes include=yes copy=no quit=yes confirmappend=no record="" read_only=yes
set folder="{folder}" mbox_type=mbox move=no mark_old=no
"""
EDITOR = """\
#!/usr/bin/env python3
import pathlib, sys
path = pathlib.Path(sys.argv[-1])
above, mark, below = path.read_text().partition("\\n-- \\n")
path.write_text(above + "\\n{answer}\\n" + mark + below)
"""
PATIENCE_SECONDS = 60


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A person's folder: a mailbox with the notice, a signature, an editor, and where sent mail goes."""
    (tmp_path / "box").write_text(f"From support@desk.example Wed Nov 18 10:00:00 2026\n{NOTICE}\n")
    (tmp_path / "signature").write_text("Anna Kim\nAcme Ltd\n")
    for name, script in (("catch", f"#!/bin/sh\ncat > '{tmp_path}/sent'\n"), ("edit", EDITOR.format(answer=ANSWER))):
        (tmp_path / name).write_text(script)
        (tmp_path / name).chmod(stat.S_IRWXU)
    return tmp_path


def run(home: Path, command: list[str], said: str = "", **environ: str) -> None:
    """Run a program that asks nothing of a screen."""
    done = subprocess.run(
        command,
        input=said.encode(),
        cwd=home,
        env={**os.environ, "HOME": str(home), "LC_ALL": "C.UTF-8", **environ},
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert (home / "sent").exists(), (done.stdout + done.stderr).decode("utf-8", "replace")


def on_a_screen(home: Path, command: list[str]) -> None:
    """Run a program that wants a terminal, and is told all it has to do in its command."""
    ours, theirs = pty.openpty()
    shown: list[bytes] = []

    def watch() -> None:
        try:
            while letters := os.read(ours, 4096):
                shown.append(letters)
        except OSError:
            return  # the other end is closed

    process = subprocess.Popen(
        command,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=home,
        env={**os.environ, "HOME": str(home), "TERM": "xterm", "LC_ALL": "C.UTF-8"},
        start_new_session=True,
    )
    os.close(theirs)
    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    try:
        process.wait(PATIENCE_SECONDS)
    finally:
        process.kill()
        process.wait()
        watching.join(5)
        os.close(ours)
    assert (home / "sent").exists(), b"".join(shown)[-2000:].decode("utf-8", "replace")


def by_mutt(home: Path, program: str) -> None:
    need(program, program)
    (home / "rc").write_text(MUTT.format(anna=ANNA, folder=home))
    on_a_screen(home, [program, "-n", "-F", "rc", "-f", "box", "-e", "push <reply><send-message><quit>"])


def by_nail(home: Path, *settings: str) -> None:
    need("s-nail", "s-nail")
    chosen = [f"from=Anna Kim <{ANNA}>", "quote", f"mta={home}/catch", "sendwait", "hostname=acme.example", *settings]
    options = [word for setting in chosen for word in ("-S", setting)]
    run(home, ["s-nail", "-#", "-:/", "-R", *options, "-f", "box"], f"reply 1\n{ANSWER}\n~.\n")


def by_nmh(home: Path, *options: str) -> None:
    programs = next((folder for folder in ("/usr/bin/mh", "/usr/lib/mh/bin") if Path(folder, "repl").exists()), "")
    repl = shutil.which("repl", path=f"{programs}:{os.environ['PATH']}")
    if repl is None:
        pytest.skip("nmh is not here: apt-get install nmh")
    (home / "Mail" / "inbox").mkdir(parents=True)
    (home / "Mail" / "inbox" / "1").write_text(NOTICE)
    profile = home / "profile"
    profile.write_text(f"Path: {home}/Mail\nSignature: Anna Kim\nLocal-Mailbox: Anna Kim <{ANNA}>\n")
    answering = [repl, "1", "+inbox", "-noedit", "-nowhatnowproc", *options]
    subprocess.run(
        answering, cwd=home, env={**os.environ, "HOME": str(home), "MH": str(profile)}, stdin=subprocess.DEVNULL,
        timeout=PATIENCE_SECONDS, check=True,
    )  # fmt: skip
    draft = home / "Mail" / "draft"
    draft.write_text(f"{draft.read_text()}\n{ANSWER}\n\n-- \nAnna Kim\n")
    sending = [str(Path(repl).with_name("send")), "-mts", "sendmail/pipe", "-sendmail", f"{home}/catch", "-draft"]
    run(home, sending, MH=str(profile))


WRITERS: dict[str, Callable[[Path], None]] = {
    "mutt": lambda home: by_mutt(home, "mutt"),
    "neomutt": lambda home: by_mutt(home, "neomutt"),
    "s-nail": by_nail,
    "s-nail with marks": lambda home: by_nail(home, "indentprefix=> "),
    "s-nail with bars": lambda home: by_nail(home, "indentprefix= |"),
    "nmh": lambda home: by_nmh(home, "-filter", "mhl.reply"),
    "nmh in its own form": lambda home: by_nmh(home, "-format"),
}


@pytest.mark.parametrize("writer", list(WRITERS))
def test_answer_is_read_without_what_it_quotes(home: Path, writer: str) -> None:
    WRITERS[writer](home)
    told = report((home / "sent").read_bytes())
    assert told["text"] == ANSWER
    assert (told["sender"], told["subject"]) == (ANNA, "Re: [#1] Label printer")
    assert NAMED in told["references"]  # type: ignore[operator]
    assert told["automatic"] is None and told["attachments"] == [] and told["error"] is None
