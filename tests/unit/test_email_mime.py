"""The tree of parts and what is in them: sound, broken and hostile structures; TNEF, S/MIME, uuencode."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.email import body, rtf, smime, tnef
from bot.channels.email.headers import Unreadable
from bot.channels.email.mime import DEPTH_MAX, PARTS_MAX, Part, parse, prepared
from bot.channels.email.textfiles import split_uuencoded
from bot.channels.email.transfer import unflowed


def tree(part: Part) -> object:
    """A tree as nested lists of types."""
    return [part.content_type, *map(tree, part.children)] if part.children else part.content_type


def mail(boundary: bytes, *parts: bytes) -> bytes:
    head = b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\n\n'
    return head + b"".join(b"--" + boundary + b"\n" + part + b"\n" for part in parts) + b"--" + boundary + b"--\n"


PLAIN = b"Content-Type: text/plain\n\nhello"
NESTED = mail(b"b", PLAIN, b'Content-Type: multipart/alternative; boundary="c"\n\n--c\n' + PLAIN + b"\n--c--", PLAIN)
NESTED_TREE = ["multipart/mixed", "text/plain", ["multipart/alternative", "text/plain"], "text/plain"]


@pytest.mark.parametrize(
    "raw",
    [
        NESTED,
        NESTED.replace(b"\n", b"\r\n"),
        NESTED.replace(b"\n", b"\r"),
        NESTED.replace(b"--c--\n", b""),  # the inner end is missing
        NESTED.replace(b"--b--\n", b""),  # the outer end is missing
        NESTED.replace(b"--b--", b"--b-- \t"),
        NESTED.replace(b'"c"', b'"zz"'),  # the inner boundary is misspelt
        NESTED.replace(b'; boundary="c"', b""),
        NESTED.replace(b'"c"', b'"b"').replace(b"--c", b"--b"),  # both have the same boundary
    ],
)
def test_tree_is_found_in_sound_and_broken_mails(raw: bytes) -> None:
    assert tree(parse(prepared(raw))) == NESTED_TREE


def test_mail_inside_mail_is_a_leaf() -> None:
    raw = mail(b"b", b"Content-Type: message/rfc822\n\n" + mail(b"c", PLAIN))
    assert tree(parse(raw)) == ["multipart/mixed", "message/rfc822"]


def test_too_many_parts_are_refused() -> None:
    parse(mail(b"b", *[b"\n"] * (PARTS_MAX - 1)))
    with pytest.raises(Unreadable, match="10,000 parts"):
        parse(mail(b"b", *[b"\n"] * (PARTS_MAX + 1)))


def test_too_deep_nesting_is_refused() -> None:
    def nested(depth: int) -> bytes:
        return b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(depth))

    parse(nested(DEPTH_MAX))
    with pytest.raises(Unreadable, match="100 levels"):
        parse(nested(DEPTH_MAX + 2))


def test_alternatives_nest_and_files_are_kept() -> None:
    inner = mail(b"c", b"Content-Type: text/html\n\n<p>one</p>", b"Content-Type: image/png; name=a.png\n\nx")
    raw = mail(b"b", PLAIN, inner).replace(b"multipart/mixed", b"multipart/alternative", 1)
    read = body.read(raw, parse(raw))
    assert read.text() == "hello"
    assert [piece.html.strip() for piece in read.pieces] == ["<p>one</p>"]
    assert [file.filename for file in read.attachments] == ["a.png"]


def test_file_without_a_name_gets_one_and_says_so() -> None:
    raw = mail(
        b"b", PLAIN, b"Content-Type: image/png\n\nx", b"Content-Type: message/rfc822\n\nSubject: Toner: now\n\ny"
    )
    read = body.read(raw, parse(raw))
    assert [file.filename for file in read.attachments] == ["image.png", "Toner: now.eml"]
    assert read.named == [False, False]


def test_flowed_text_is_joined_and_quotes_stay_apart() -> None:
    assert (
        unflowed("one \ntwo\n > no\n> a \n> b\n>> c\n-- \nme", is_delsp=False) == "one two\n> no\n> a b\n>> c\n-- \nme"
    )


def test_uuencoded_file_in_a_text_is_taken_out() -> None:
    text, files = split_uuencoded("before\nbegin 644 note.txt\n%2&5L;&\\\n`\nend\nafter\n")
    assert (text, [(file.filename, file.content) for file in files]) == ("before\nafter\n", [("note.txt", b"Hello")])


def test_sentence_with_begin_is_no_file() -> None:
    text = "We begin 644 things\nbegin 644 people\nand so on\n"
    assert split_uuencoded(text) == (text, [])


# --- TNEF, put together here as MS-OXTNEF says


def attribute(level: int, name: int, content: bytes) -> bytes:
    return struct.pack("<BII", level, name, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)


def prop(kind: int, name: int, content: bytes) -> bytes:
    return struct.pack("<HHII", kind, name, 1, len(content)) + content + b"\0" * (-len(content) % 4)


def winmail(*attributes: bytes) -> bytes:
    return tnef.SIGNATURE + b"\1\0" + b"".join(attributes)


FILE = (
    attribute(2, 0x00069002, b"\0" * 14),
    attribute(2, 0x00018010, b"REPORT~1.PDF\0"),
    attribute(2, 0x0006800F, b"content"),
    attribute(2, 0x00069005, struct.pack("<I", 1) + prop(0x1F, 0x3707, "Bericht für März.pdf\0".encode("utf-16-le"))),
)
TEXT = attribute(1, 0x00069003, struct.pack("<I", 1) + prop(0x1E, 0x1000, b"The printer burns.\0"))


def test_winmail_is_unpacked() -> None:
    parcel = tnef.unpack(winmail(TEXT, *FILE))
    assert parcel is not None and parcel.text == "The printer burns."
    assert [(file.name, file.content) for file in parcel.files] == [("Bericht für März.pdf", b"content")]


def test_forged_counts_in_a_winmail_end_at_its_end() -> None:
    forged = attribute(1, 0x00069003, struct.pack("<I", 0xFFFFFFFF) + prop(0x1E, 0x1000, b"text"))
    many = attribute(1, 0x00069003, struct.pack("<IHHI", 1, 0x101E, 0x1000, 0xFFFFFFFF))
    assert tnef.unpack(winmail(forged, many)) is not None
    assert tnef.unpack(b"no tnef") is None


@pytest.mark.parametrize("cut", range(0, 200, 7))
def test_torn_winmail_gives_what_it_can(cut: int) -> None:
    whole = winmail(TEXT, *FILE)
    assert tnef.unpack(whole[: max(4, len(whole) - cut)]) is not None


def test_winmail_stands_for_its_files_and_its_text_only_where_there_is_no_other() -> None:
    part = b'Content-Type: application/ms-tnef; name="winmail.dat"\nContent-Transfer-Encoding: binary\n\n'
    alone = mail(b"b", part + winmail(TEXT, *FILE))
    beside = mail(b"b", PLAIN, part + winmail(TEXT, *FILE))
    for raw, text in ((alone, "The printer burns."), (beside, "hello")):
        read = body.read(raw, parse(raw))
        assert read.text() == text
        assert [file.filename for file in read.attachments] == ["Bericht für März.pdf"]


# The two examples of MS-OXRTFCP.
SPEC = (
    ("2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0",
     b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"),
    ("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0", b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"),
)  # fmt: skip


@pytest.mark.parametrize(("packed", "plain"), SPEC)
def test_compressed_rtf_is_unpacked(packed: str, plain: bytes) -> None:
    assert rtf.unpack(bytes.fromhex(packed)) == plain


WRAPPED = (
    rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}{\f1\fswiss\fcharset204 Arial;}}"
    rb"{\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 caf\'e9 \u8364? {\f1 \'cf\'f0}\htmlrtf \par}\htmlrtf0 {\*\htmltag72 </p>}}"
)
RICH = (
    (rb"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0 A;}}{\*\generator x;}\uc1 Hi\par \b there\b0  \'cf\u-10179?\u-8704?\par}",
     ("Hi\nthere П\U0001f600", "")),
    (WRAPPED, ("", "<p>café € Пр</p>")),
    (b"no rtf", ("", "")),
)  # fmt: skip


@pytest.mark.parametrize(("content", "texts"), RICH)
def test_rtf_gives_its_text_or_the_html_in_it(content: bytes, texts: tuple[str, str]) -> None:
    assert rtf.texts(content) == texts


def test_winmail_with_rich_text_alone_is_read() -> None:
    rich = prop(0x102, 0x1009, bytes(8) + b"MELA" + bytes(4) + WRAPPED)
    parcel = tnef.unpack(winmail(attribute(1, 0x00069003, struct.pack("<I", 1) + rich)))
    assert parcel is not None
    parcel.read_rich()
    assert (parcel.text, parcel.html) == ("", "<p>café € Пр</p>")


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None)
def test_rtf_of_any_bytes_is_read_without_a_fault(content: bytes) -> None:
    assert len(rtf.unpack(bytes(8) + b"LZFu" + bytes(4) + content)) <= rtf.RTF_BYTES_MAX + 200
    rtf.texts(b"{\\rtf1 " + content)


# --- S/MIME; real signatures are in the corpus


def der(tag: int, *content: bytes) -> bytes:
    joined = b"".join(content)
    size = len(joined)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return bytes([tag]) + length + joined


def compressed(content: bytes) -> bytes:
    data = der(0x06, bytes.fromhex("2a864886f70d010701"))
    inner = der(0x30, data, der(0xA0, der(0x04, zlib.compress(content))))
    zlib_id = der(0x30, der(0x06, bytes.fromhex("2a864886f70d0109100308")))
    return der(0x30, der(0x06, smime.COMPRESSED), der(0xA0, der(0x30, der(0x02, b"\0"), zlib_id, inner)))


def test_compressed_mail_is_opened() -> None:
    assert smime.content(compressed(b"Content-Type: text/plain\n\nhello")) == b"Content-Type: text/plain\n\nhello"


def test_compressed_mail_does_not_unfold_without_end() -> None:
    opened = smime.content(compressed(b"\0" * 40_000_000))
    assert opened is not None and len(opened) <= smime.PLAIN_BYTES_MAX


NOTHING_SIGNED = der(0x30, der(0x06, smime.SIGNED), der(0xA0, der(0x30, der(0x02, b"\1"))))


@pytest.mark.parametrize(
    "junk",
    [
        *(b"", b"0", b"0\x80", b"0\x84\xff\xff\xff\xff", b"0\x80" * 500, compressed(b"x")[:-9], b"\x1f" * 50),
        *(NOTHING_SIGNED, compressed(b"x").replace(smime.COMPRESSED, smime.SIGNED + b"\x09\x09")),
    ],
)
def test_junk_instead_of_a_signature_is_left_closed(junk: bytes) -> None:
    assert smime.content(junk) is None
