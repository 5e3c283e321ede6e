"""Mail with attachments in the form of Sun's Mail Tool, older than MIME: parts behind lines of ten dashes.

Each part has a header of its own whose fields begin with X-Sun-: its type, name, charset and encoding.
"""

from __future__ import annotations

from bot.channels.email.headers import Fields

TYPE = "x-sun-attachment"
# The first two dashes of the line are those of any delimiter.
BOUNDARY = "-" * 8
KINDS = {
    "text": "text/plain",
    "default": "text/plain",
    "html": "text/html",
    "postscript": "application/postscript",
    "audio": "audio/basic",
    "mail": "message/rfc822",
    "gif": "image/gif",
    "jpeg": "image/jpeg",
    "tiff": "image/tiff",
}


def type_of(fields: Fields) -> tuple[str, dict[str, str]] | None:
    """The content type and parameters of such a part; None where it is none."""
    kind = fields.word("x-sun-data-type")
    if not kind:
        return None
    content_type = KINDS.get(kind.removesuffix("-file").removesuffix("-image"), "application/octet-stream")
    params = {}
    if charset := fields.word("x-sun-charset"):
        params["charset"] = charset
    name = fields.text("x-sun-data-name")
    # The text of the mail itself bears its type as its name.
    if name and name.lower() != kind:
        params["name"] = name
    return content_type, params
