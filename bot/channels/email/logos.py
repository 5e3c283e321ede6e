"""Small images outside of what the person wrote: the logos and icons of signatures and of quoted mail.

An image is looked for where its mail shows it. One that stands among the person's words, a large one, and one that
the mail does not show are files like any other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.channels.email import markup, reply
from bot.channels.email.pictures import size_of
from bot.channels.email.pieces import Piece
from bot.messages import Attachment

LOGO_BYTES_MAX = 64 * 1024
LOGO_PIXELS_MAX = 200_000
IMAGE = re.compile(
    r"<img\b[^<>]{0,4000}?\bsrc\s{0,9}=\s{0,9}[\"']?cid:([^\"'<>\s]{1,300})[^<>]{0,4000}>", re.IGNORECASE
)


def folded(
    attachments: Sequence[Attachment], pieces: Sequence[Piece], *, is_forward: bool, author: str
) -> tuple[Attachment, ...]:
    """The attachments, the logos among them marked. is_forward, author: as for `reply.written`."""
    small = {file.content_id.lower() for file in attachments if _is_small(file)}
    if not small or is_forward:
        return tuple(attachments)
    elsewhere: set[str] = set()
    for piece in pieces:
        if "cid:" in piece.html.lower():
            elsewhere |= _outside_of_words(piece.html, small, author)
    return tuple(
        replace(file, is_folded=True) if _is_small(file) and file.content_id.lower() in elsewhere else file
        for file in attachments
    )


def _is_small(file: Attachment) -> bool:
    if not (file.content_id and file.is_inline and file.content_type.startswith("image/") and file.content):
        return False
    if len(file.content) > LOGO_BYTES_MAX:
        return False
    size = size_of(file.content)
    return size is None or size[0] * size[1] <= LOGO_PIXELS_MAX


def _outside_of_words(html: str, wanted: set[str], author: str) -> set[str]:
    """Those images that a text shows, and not where the person's words are: a word stands in for each."""
    shown: list[str] = []

    def stand_in(image: re.Match[str]) -> str:
        shown.append(image[1].lower())
        return f" imagenumber{len(shown)}x "

    cut = reply.cut_lines(markup.lines(IMAGE.sub(stand_in, html)), author=author)
    kept = {cid for number, cid in enumerate(shown, start=1) if f"imagenumber{number}x" in cut.text}
    return {cid for cid in shown if cid in wanted and cid not in kept}
