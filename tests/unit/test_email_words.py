"""Header text: encoded words, raw 8-bit headers, broken words; and charsets that are wrong, missing or mixed."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.email.charsets import codec_name, decode, newlines
from bot.channels.email.words import base64_bytes, decode_words, readable


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("=?utf-8?Q?caf=C3=A9?=", "café"),
        ("=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?= au lait", "café au lait"),  # a letter cut in two
        ("=?utf-8?b?RHI=?= =?utf-8?b?dWNrZXI=?=", "Drucker"),  # blanks between two words vanish
        ("a =?utf-8?q?b?= c", "a b c"),  # blanks beside other text stay
        ("=?utf-8?q?a?==?utf-8?q?b?=", "ab"),
        ("=?iso-8859-1?q?=e9?= =?utf-8?q?=C3=A9?=", "éé"),
        ("=?utf-8*en?q?hi?=", "hi"),  # RFC 2231 language
        ("=?utf-8?Q?what?=20now?=", "what? now"),  # a question mark that should have been encoded
        ("=?iso-8859-1?Q?Der Dr=FCcker?=", "Der Drücker"),  # blanks that should have been encoded
        ("=?UTF-8?B?SGVsbG8", "Hello"),  # the end was cut off
        ("=?UTF-8?B?SGVsbG8=?", "Hello"),
        ("=?utf-8?q??= x", "x"),
        ("=?x", "=?x"),
        ("1 =? 2 ?= 3", "1 =? 2 ?= 3"),
        ("=?nonsense?q?caf=C3=A9?=", "café"),
        ('"=?utf-8?q?J=C3=B6rg?=" <a@b>', '"Jörg" <a@b>'),
    ],
)
def test_encoded_words_are_read(raw: str, text: str) -> None:
    assert decode_words(raw).strip() == text


def test_header_is_one_line_without_control_characters() -> None:
    assert readable(b"The printer\r\n on floor 3\n\tburns\x07") == "The printer on floor 3 burns"


@pytest.mark.parametrize(
    ("content", "charset", "text"),
    [
        ("café".encode(), "utf-8", "café"),
        ("café".encode(), "us-ascii", "café"),
        ("café".encode(), "iso-8859-1", "café"),  # good UTF-8 outweighs a Latin label
        ("café".encode("latin-1"), "utf-8", "café"),
        ("café".encode("latin-1"), "", "café"),
        (b"\x93quoted\x94", "iso-8859-1", "“quoted”"),
        (b"\x81\x8d caf\xe9", "cp1252", "\x81\x8d café"),
        ("打印机".encode("gb18030"), "gb2312", "打印机"),
        ("①".encode("cp932"), "shift_jis", "①"),
        ("프린터".encode("cp949"), "ks_c_5601-1987", "프린터"),
        ("プリンター".encode("iso2022_jp"), "", "プリンター"),
        ("Café".encode("utf-16"), "utf-16", "Café"),
        (b"\xef\xbb\xbfcaf\xc3\xa9", "", "café"),
        ("Привет".encode("koi8-r"), "koi8-r", "Привет"),
        ("sound ✓ and broken ".encode() + b"\xe9", "utf-8", "sound ✓ and broken é"),
        (b"abc", "base64", "abc"),  # a name of a Python codec, and of no charset
        (b"caf\xe9", "unicode_escape", "café"),
        (b"abc", "../../etc/passwd", "abc"),
    ],
)
def test_text_is_what_the_bytes_most_probably_mean(content: bytes, charset: str, text: str) -> None:
    assert decode(content, charset) == text


def test_charset_of_the_body_helps_a_raw_header() -> None:
    assert decode("Принтер".encode("cp1251"), hint="windows-1251") == "Принтер"


def test_no_codec_that_is_no_charset_is_used() -> None:
    assert [codec_name(name) for name in ("rot13", "zlib", "idna", "punycode", "undefined", "no-such", "")] == [""] * 7


@given(
    st.binary(max_size=200), st.sampled_from(["", "utf-8", "utf-7", "hz", "gb2312", "iso-2022-jp", "utf-16", "big5"])
)
def test_decoding_never_fails_and_gives_whole_letters(content: bytes, charset: str) -> None:
    decode(content, charset).encode("utf-8")


@given(st.text(alphabet="=?qQbB-utf8 ax\t_", max_size=80))
def test_words_of_any_shape_are_read_without_a_fault(text: str) -> None:
    decode_words(text).encode("utf-8")


@given(st.binary(max_size=100))
def test_base64_survives_lost_padding_and_junk(content: bytes) -> None:
    encoded = base64.b64encode(content)
    assert base64_bytes(encoded.rstrip(b"=")) == content
    assert base64_bytes(b"\r\n".join(encoded[at : at + 5] + b"*" for at in range(0, len(encoded), 5))) == content


def test_two_base64_texts_in_one_part_are_both_read() -> None:
    assert base64_bytes(b"SGk=\nSG8=") == b"HiHo"


def test_every_kind_of_line_end_is_one() -> None:
    assert newlines("\ufeffa\r\nb\rc\nd\r\r\ne\0") == "a\nb\nc\nd\ne"
