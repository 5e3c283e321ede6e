"""Files of a ticket: a signature's logo is folded away, and everything that came can be had again."""

from __future__ import annotations

import base64
import random
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

from bot.blobs import open_blobs
from bot.channels.email.reading import MailReader
from bot.channels.email.translate import Envelope, translate
from bot.messages import InboundMessage, Trust
from tests.desk import Desk
from tests.stories.cast import Cast

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SCREENSHOT = PNG + b"x" * 100_000
BODY = "<p>{words}</p><p><img src='cid:shot@acme'></p><p>Kind regards,</p><p>Anna</p><p><img src='cid:logo@acme'></p>"


def a_mail(desk: Desk, words: str, *, subject: str, shot: bytes = SCREENSHOT) -> InboundMessage:
    """A mail of Anna's with a screenshot among its words and a logo below her name."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Anna <anna@acme.example>", subject
    mail["Message-ID"] = f"<{len(words)}.{len(shot)}@acme.example>"
    html = EmailMessage()
    html.set_content(BODY.format(words=words), subtype="html")
    html.add_related(shot, "image", "png", cid="<shot@acme>", filename="shot.png", disposition="inline")
    html.add_related(PNG, "image", "png", cid="<logo@acme>", filename="logo.png", disposition="inline")
    mail.set_content(words)
    mail.make_alternative()
    mail.attach(html)
    return proven(desk, mail.as_bytes())


def proven(desk: Desk, raw: bytes) -> InboundMessage:
    message = translate(raw, received_at=desk.now, envelope=Envelope("anna@acme.example"))
    return replace(message, trust=Trust.PROVEN)


async def test_logo_is_folded_and_the_screenshot_is_named(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.stage.receive(a_mail(desk, "The label printer shows this:", subject="Label printer"))
    await desk.do(cast.tom, "claim 1")
    shown = (await desk.do(cast.tom, "show 1")).text
    assert "[shot.png, 1 signature image folded]" in shown and "logo.png" not in shown


async def test_every_file_and_the_mail_itself_can_be_had(desk: Desk) -> None:
    cast = Cast(desk)
    message = a_mail(desk, "The label printer shows this:", subject="Label printer")
    await desk.stage.receive(message)
    refused = await desk.do(cast.kim, "files 1")
    assert not refused.is_ok
    await desk.do(cast.tom, "claim 1")
    listed = (await desk.do(cast.tom, "files 1")).text
    assert "1. shot.png (image/png, 100 kB)" in listed
    assert "2. logo.png (image/png, 70 bytes, signature image)" in listed and "mail 1. “Label printer”" in listed
    for command, content in (("files 1 2", PNG), ("files 1 1", SCREENSHOT), ("files 1 mail", message.raw)):
        assert (await desk.do(cast.tom, command)).is_ok
        await desk.settle()
        assert desk.sent_to(cast.tom)[-1].files[0].content == content
    missing = await desk.do(cast.tom, "files 1 7")
    assert not missing.is_ok and "`files 1`" in missing.text


async def test_file_that_never_passed_through_the_desks_memory_can_be_had(desk: Desk, tmp_path: Path) -> None:
    cast = Cast(desk)
    shot = PNG + random.Random(1).randbytes(400_000)
    raw = a_mail(desk, "The label printer shows this:", subject="Label printer", shot=shot).raw
    reader = MailReader(desk.stage.clock, staging=open_blobs(desk.store, tmp_path / "blobs"))
    message = replace(await reader.read(raw), trust=Trust.PROVEN)
    await reader.stop()
    assert (message.attachments[0].content is None) == (desk.store.dialect == "sqlite")
    await desk.stage.receive(message)
    await desk.do(cast.tom, "claim 1")
    assert "1. shot.png (image/png, 400 kB)" in (await desk.do(cast.tom, "files 1")).text
    await desk.do(cast.tom, "files 1 1")
    await desk.settle()
    assert desk.sent_to(cast.tom)[-1].files[0].content == shot


async def test_image_that_the_domain_sent_before_is_folded_wherever_it_stands(desk: Desk) -> None:
    cast = Cast(desk)
    banner = SCREENSHOT + b"banner"
    await desk.stage.receive(a_mail(desk, "First.", subject="One", shot=banner))
    await desk.stage.receive(a_mail(desk, "Second, with the same banner.", subject="Two", shot=banner))
    for number in (1, 2):
        await desk.do(cast.tom, f"claim {number}")
    assert "[shot.png, 1 signature image folded]" in (await desk.do(cast.tom, "show 1")).text
    assert "[2 signature images folded]" in (await desk.do(cast.tom, "show 2")).text


async def test_message_on_a_ticket_names_no_logo(desk: Desk) -> None:
    cast = Cast(desk)
    await desk.stage.receive(a_mail(desk, "The label printer shows this:", subject="Label printer"))
    await desk.do(cast.tom, "claim 1")
    more = a_mail(desk, "And now this.", subject="Re: [#1] Label printer", shot=SCREENSHOT + b"2")
    told_before = desk.posts["email"].last_to(cast.anna.email, 1)
    assert told_before is not None
    await desk.stage.receive(replace(more, references=(desk.posts["email"].ref_of(told_before).message_id,)))
    (told,) = desk.told(cast.tom, "message_added")
    assert "shot.png" in told.body and "logo.png" not in told.body
