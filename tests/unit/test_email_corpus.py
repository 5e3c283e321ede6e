"""Every mail of tests/data/mail is read as its .json says: written by hand, in the shapes of real programs.

A .json names only the fields that its mail is about.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.channels.email.inspect import report

CORPUS = Path(__file__).parent.parent / "data" / "mail"
MAILS = sorted(CORPUS.glob("*.eml"))


def test_corpus_is_there() -> None:
    assert len(MAILS) >= 300


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_mail_is_read_as_its_json_says(mail: Path) -> None:
    expected = json.loads(mail.with_suffix(".json").read_text(encoding="utf-8"))
    answer = report(mail.read_bytes())
    assert {key: answer[key] for key in expected} == expected
    assert answer["error"] is None


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_answer_is_json_and_lines_end_alike(mail: Path) -> None:
    raw = mail.read_bytes()
    answer = report(raw)
    assert json.loads(json.dumps(answer)) == answer
    if b"\r" not in raw and b"base64" not in raw.lower():
        assert report(raw.replace(b"\n", b"\r\n"))["text"] == answer["text"]
