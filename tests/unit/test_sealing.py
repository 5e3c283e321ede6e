"""Secrets of others at rest: opened by the desk's own secret, for what they were sealed for, and by nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.sealing import Seal, SealBroken
from bot.settings import SigningKeys

OLD, NEW = SigningKeys({"aa": b"an old secret"}, "aa"), SigningKeys({"bb": b"a new secret"}, "bb")
BOTH = SigningKeys({**OLD.keys, **NEW.keys}, "bb")


@given(st.text(max_size=300), st.text(max_size=30))
def test_what_was_sealed_opens_again(words: str, purpose: str) -> None:
    sealed = Seal(OLD).close(purpose, words)
    assert Seal(OLD).open(purpose, sealed) == words
    assert Seal(BOTH).open(purpose, sealed) == words
    assert sealed.isascii() and (len(words) < 4 or words not in sealed)


def test_no_two_seals_are_alike() -> None:
    assert Seal(OLD).close("a token", "xoxb-1") != Seal(OLD).close("a token", "xoxb-1")


def test_changed_secret_seals_what_comes() -> None:
    assert Seal(NEW).open("a token", Seal(BOTH).close("a token", "xoxb-1")) == "xoxb-1"


def damaged(sealed: str) -> str:
    return sealed[:-6] + ("A" if sealed[-6] != "A" else "B") + sealed[-5:]


SEALED = Seal(OLD).close("a token", "xoxb-1")


@pytest.mark.parametrize(
    ("seal", "purpose", "sealed"),
    [
        (Seal(NEW), "a token", SEALED),
        (Seal(SigningKeys({"aa": b"another of the same id"}, "aa")), "a token", SEALED),
        (Seal(OLD), "another token", SEALED),  # moved to another row
        (Seal(OLD), "a token", damaged(SEALED)),
        (Seal(OLD), "a token", SEALED[:40]),
        (Seal(OLD), "a token", "xoxb-1"),  # planted in plain
        (Seal(OLD), "a token", "sealed1.aa."),
        (Seal(OLD), "a token", "sealed1.aa.é"),
        (Seal(OLD), "a token", "sealed9.aa.AAAA"),
    ],
    ids=range(9),
)
def test_anything_else_is_told_with_what_to_do(seal: Seal, purpose: str, sealed: str) -> None:
    with pytest.raises(SealBroken) as broken:
        seal.open(purpose, sealed)
    assert isinstance(broken.value, ConfigError)
    said = str(broken.value)
    assert "HOLDLINE_SECRET_KEY" in said and "var/secret.key" in said and "xoxb" not in said
