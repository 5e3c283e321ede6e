"""The link in a digest that ends it for one address: a page with a button, and the one click of RFC 8058.

Looking at the link changes nothing: mail programs and virus scanners follow every link. Only a POST ends digests, and
the token in the link is all the proof it needs; nothing else can be done with it.
"""

from __future__ import annotations

import html
from collections.abc import Awaitable, Callable

from bot.errors import TemporaryError
from bot.web.app import HTML, Receive, Scope, Send, respond

EndDigests = Callable[[str], Awaitable[bool]]
_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>{title}</title><h1>{title}</h1>{body}</html>\n"
)
_FORM = (
    "<p>No more digests come to this address. Everything else does.</p>"
    "<form method=post><button>End them</button></form>"
)


class DigestEnd:
    """Answers below DIGEST_PATH. end: ends digests by a token; False where the token is none of ours.

    knows: whether the desk signed a token, told without a database: whoever finds the path could keep it busy.
    """

    def __init__(self, end: EndDigests, knows: Callable[[str], bool]) -> None:
        self._end, self._knows = end, knows

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        token = scope["path"].rpartition("/")[2]
        if scope["method"] in ("GET", "HEAD"):
            await respond(send, 200, _page("End digests", _FORM), HTML, scope=scope)
        elif scope["method"] != "POST":
            await respond(send, 405, b"only GET and POST\n", headers=[(b"allow", b"GET, HEAD, POST")])
        else:
            await self._post(token, send)

    async def _post(self, token: str, send: Send) -> None:
        try:
            is_done = self._knows(token) and await self._end(token)
        except TemporaryError:
            await respond(send, 503, b"please try again\n", headers=[(b"retry-after", b"60")])
            return
        if is_done:
            body = "<p>No more digests come to this address. Write <b>digest on</b> to the desk to get them again.</p>"
            await respond(send, 200, _page("Digests are ended", body), HTML)
        else:
            await respond(send, 404, _page("This link is not known", "<p>Use the one in a newer digest.</p>"), HTML)


def _page(title: str, body: str) -> bytes:
    return _PAGE.format(title=html.escape(title), body=body).encode()
