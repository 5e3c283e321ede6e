"""Names of attachments: as the mail gives them, made safe to show and to save, or found where it gives none.

A name is never a path, holds no control characters and nothing that turns the direction of writing (which would show
"exe.txt" for "txt.exe"), and is never longer than a file system takes.
"""

from __future__ import annotations

import re
import unicodedata

from bot.channels.email.headers import Fields
from bot.channels.email.mime import Part
from bot.channels.email.words import decode_words

NAME_BYTES_MAX = 200
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
BLANKS = re.compile(r"[\t\r\n\f\v]+ ?")
# What a part is called that has no name, by its type; anything else is "attachment.bin".
DEFAULTS = {
    "application/pdf": "attachment.pdf",
    "application/pgp-encrypted": "version.asc",
    "application/pgp-keys": "key.asc",
    "application/pgp-signature": "signature.asc",
    "application/pkcs7-mime": "smime.p7m",
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-signature": "smime.p7s",
    "application/ms-tnef": "winmail.dat",
    "application/json": "attachment.json",
    "application/zip": "attachment.zip",
    "message/delivery-status": "delivery-status.txt",
    "message/disposition-notification": "disposition-notification.txt",
    "message/feedback-report": "feedback-report.txt",
    "text/calendar": "invite.ics",
    "text/csv": "attachment.csv",
    "text/html": "attachment.html",
    "text/plain": "attachment.txt",
    "text/rfc822-headers": "headers.txt",
    "text/vcard": "contact.vcf",
    "text/x-vcard": "contact.vcf",
    "image/jpeg": "image.jpg",
    "image/svg+xml": "image.svg",
}


def given(part: Part) -> str:
    """The name the mail gives a part, decoded and safe; "" where it gives none."""
    name = part.disposition_params.get("filename") or part.params.get("name") or part.params.get("filename") or ""
    if not name:
        name = part.disposition_params.get("name", "")
    if not name and part.disposition in ("attachment", "inline"):
        name = part.fields.text("content-description") if "." in part.fields.word("content-description")[-5:] else ""
    return safe(name) if name else ""


def found(content_type: str, inner: Fields | None = None) -> str:
    """A name for a part that has none. inner: the header of the mail inside, for an attached mail."""
    if content_type in ("message/rfc822", "message/global"):
        subject = inner.text("subject") if inner is not None else ""
        return safe(f"{subject[:100]}.eml") if subject else "message.eml"
    if content_type in DEFAULTS:
        return DEFAULTS[content_type]
    kind, _, subtype = content_type.partition("/")
    if kind in ("image", "audio", "video") and subtype.removeprefix("x-").isalnum():
        return f"{kind}.{subtype.removeprefix('x-')}"
    return "attachment.bin"


def safe(name: str) -> str:
    """The last step of a path, without control and direction characters, at most NAME_BYTES_MAX bytes."""
    name = decode_words(name) if "=?" in name else name
    name = name.replace("\\", "/").rstrip("/ ").rpartition("/")[2]
    if not name.isascii() or not name.isprintable():
        name = name.replace("\t", " ")
        name = "".join(letter for letter in name if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    name = BLANKS.sub(" ", name).strip(" ")
    if name.strip(".") == "":
        return ""
    if RESERVED.match(name):
        name = f"_{name}"
    return _shortened(name)


def _shortened(name: str) -> str:
    if len(name.encode("utf-8", "replace")) <= NAME_BYTES_MAX:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 12:
        stem, dot, ending = name, "", ""
    room = NAME_BYTES_MAX - len((dot + ending).encode("utf-8", "replace"))
    return stem.encode("utf-8", "replace")[:room].decode("utf-8", "ignore").rstrip() + dot + ending
