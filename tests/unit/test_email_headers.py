"""Header blocks, parameters, message ids, addresses: as the RFCs allow them and as they really come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.email.addresses import ADDRESSES_MAX, Address, parse
from bot.channels.email.filenames import safe
from bot.channels.email.headers import Unreadable, read_block, split_value
from bot.channels.email.ids import message_ids, own_id


def block(raw: bytes) -> tuple[list[tuple[str, bytes]], bytes]:
    fields, at = read_block(raw, 0, len(raw))
    return fields.pairs, raw[at:]


@pytest.mark.parametrize(
    ("raw", "pairs", "body"),
    [
        (b"A: b\r\n c\r\nD : e\r\n\r\nbody", [("a", b"b\r\n c"), ("d", b"e")], b"body"),
        (b"From x y\nA: b\nno field", [("a", b"b")], b"no field"),  # the empty line is missing
        (b"A: b\nwrapped\nTo: x\n\nbody", [("a", b"b\n wrapped"), ("to", b"x")], b"body"),  # a line that lost its blank
        (b"A: b\r\rbody", [("a", b"b")], b"body"),  # CR alone
        (b"no header at all\n\nx", [], b"no header at all\n\nx"),
        (b"A: b\n \nTo: c\n\nx", [("a", b"b"), ("to", b"c")], b"x"),  # a blank line of blanks, and the header goes on
        (b"A: b\n--bound\n", [("a", b"b")], b"--bound\n"),
        (b"A: b\0c\n\n", [("a", b"bc")], b""),
    ],
)
def test_fields_are_found_in_sound_and_broken_blocks(raw: bytes, pairs: list[tuple[str, bytes]], body: bytes) -> None:
    assert block(raw) == (pairs, body)


@pytest.mark.parametrize(
    "raw", [b"A: b\n" * 10_002, b"A: b\n" + b" c\n" * 60_000, b"A: " + b"x" * 2_000_000 + b"\nB: c\n"]
)
def test_block_past_the_caps_is_refused(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        block(raw)


@pytest.mark.parametrize(
    ("value", "head", "params"),
    [
        (b'text/plain; charset="utf-8"; format=flowed', "text/plain", {"charset": "utf-8", "format": "flowed"}),
        (b"text/plain charset=utf-8", "text/plain", {"charset": "utf-8"}),
        (b"TEXT/Plain; Charset=us-ascii (Plain text)", "text/plain", {"charset": "us-ascii"}),
        (b'multipart/mixed; boundary="a;b"', "multipart/mixed", {"boundary": "a;b"}),
        (b"multipart/mixed;\r\n\tboundary=----=_Next", "multipart/mixed", {"boundary": "----=_Next"}),
        (b'attachment; filename="a\\"b.txt"; size=12', "attachment", {"filename": 'a"b.txt', "size": "12"}),
        (b'attachment; filename="C:\\dir\\foo.txt"', "attachment", {"filename": "C:\\dir\\foo.txt"}),
        (b"attachment; filename=foo bar.txt", "attachment", {"filename": "foo bar.txt"}),
        (b"attachment; filename*=iso-8859-1'en'%A3%20rates", "attachment", {"filename": "£ rates"}),
        (b"x; name*0*=UTF-8''%e2%82%ac; name*1=\" foo\"; name*2*=%20x", "x", {"name": "€ foo x"}),
        (b"x; name*1=b; name*0=a", "x", {"name": "ab"}),
        (b"x; name=plain; name*=utf-8''r%C3%A9al", "x", {"name": "réal"}),
        (b'attachment; filename="=?utf-8?q?J=C3=B6rg.pdf?="', "attachment", {"filename": "Jörg.pdf"}),
        (b"attachment; filename=\xe9t\xe9.txt", "attachment", {"filename": "été.txt"}),
        (b"attachment; filename=a.txt; filename=b.txt", "attachment", {"filename": "a.txt"}),
        (b"text/plain; (a comment) charset=utf-8;", "text/plain", {"charset": "utf-8"}),
        (b"", "", {}),
    ],
)
def test_parameters_are_read(value: bytes, head: str, params: dict[str, str]) -> None:
    assert split_value(value) == (head, params)


def test_message_ids_are_read_from_any_field() -> None:
    assert message_ids(b"<a@b>\r\n <c@\r\n d> (x)") == ["<a@b>", "<c@d>"]
    assert message_ids(b'Your message of "Mon" <a@b>') == ["<a@b>"]
    assert message_ids(b"a@b c@d") == ["<a@b>", "<c@d>"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"Ann Client <ann@Client.EXAMPLE>", [Address("Ann Client", "ann@client.example")]),
        (b'"Client, Ann" <a@x>, b@y', [Address("Client, Ann", "a@x"), Address("", "b@y")]),
        (b"a@x (Ann (the) Client)", [Address("Ann (the) Client", "a@x")]),
        (b'Group: a@b, "C, D" <c@d>;, e@f', [Address("", "a@b"), Address("C, D", "c@d"), Address("", "e@f")]),
        (b"undisclosed-recipients:;", []),
        (b'"ann client"@x.example', [Address("", '"ann client"@x.example')]),
        (b'<"a>b"@x>', [Address("", '"a>b"@x')]),
        (b"<@a,@b:ann@x>", [Address("", "ann@x")]),
        (b"=?utf-8?Q?Doe,_John?= <j@x>", [Address("Doe, John", "j@x")]),
        (b"=?utf-8?B?Sm9obiA8am9obkB4LmNvbT4=?=", [Address("John", "john@x.com")]),
        (b"MAILER-DAEMON (Mail Delivery System)", [Address("Mail Delivery System", "MAILER-DAEMON")]),
        (b'"ann@evil" <ann@x>', [Address("ann@evil", "ann@x")]),
        (b"ann@x <ann@y>", [Address("ann@x", "ann@y")]),
        (b"John <john@x.com, b@c", [Address("John", "john@x.com"), Address("", "b@c")]),
        (b"Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>", [Address("Pete", "pete@silly.test")]),
        (b"john @ x . com", [Address("", "john@x.com")]),
        (b"John Smith john@x.com", [Address("John Smith", "john@x.com")]),
        (b"mailto:a@b", [Address("", "a@b")]),
        (b"a@b; c@d", [Address("", "a@b"), Address("", "c@d")]),
        (b"J\xf6rg <j@x>", [Address("Jörg", "j@x")]),
        (b"user@[192.0.2.1]", [Address("", "user@[192.0.2.1]")]),
        (b"", []),
    ],
)
def test_addresses_are_read(value: bytes, expected: list[Address]) -> None:
    assert parse(value) == expected


@given(st.text(alphabet='"<>(),;:@\\ a.=?\0é', max_size=60))
def test_addresses_of_any_shape_are_read_without_a_fault(text: str) -> None:
    for address in parse(text.encode()):
        assert "\n" not in address.name and "\0" not in address.name


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\evil.exe", "evil.exe"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\r\nb\0c.txt", "abc.txt"),
        ("..", ""),
        ("con.txt", "_con.txt"),
        ("dir/", "dir"),
        ("  two  blanks\r\n folded.pdf ", "two  blanks folded.pdf"),
    ],
)
def test_names_of_files_are_made_safe(name: str, expected: str) -> None:
    assert safe(name) == expected


def test_long_name_keeps_its_ending() -> None:
    shortened = safe("ä" * 400 + ".pdf")
    assert shortened.endswith("ä.pdf") and len(shortened.encode()) <= 200


IDS = [
    (b"<a@b>", "<a@b>"),
    (b"abc123", "<abc123>"),
    (b"a@b>", "<a@b>"),
    (b"=?utf-8?q?=3Ca=40b=3E?=", "<a@b>"),
    (b"two words", ""),
    (b"", ""),
]


@pytest.mark.parametrize(("value", "own"), IDS)
def test_id_of_a_mail_is_read_with_or_without_its_brackets(value: bytes, own: str) -> None:
    assert own_id(value) == own


@pytest.mark.parametrize("piece", [b"(", b"(a", b"<(", b'"(', b"=?utf-8?q?a?=@"])
def test_brackets_left_open_cost_no_more_than_their_letters(piece: bytes) -> None:
    assert len(parse(piece * (100_000 // len(piece)))) <= ADDRESSES_MAX
