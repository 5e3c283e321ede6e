"""HTML mail as lines of text that remember what the markup said: quoted, history, attribution, signature.

One pass over the tags with a stack, so time is linear and depth is no danger; nothing is rendered, fetched or kept
of scripts, styles and hidden elements. What the lines mean for a reply is judged in `reply`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape

from bot.channels.email import structure

HTML_LETTERS_MAX = 4_000_000
TAG_LETTERS_MAX = 20_000
TAG_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:_-]*)")
ATTRIBUTE = re.compile(r"""([^\s=>"'/]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+))""")
BLANKS = re.compile(r"[ \t\r\n\f]+")
# Elements that stand on lines of their own, and those of them that keep a blank line around them.
BLOCKS = frozenset(
    "address article aside blockquote body center dd details dir div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody tfoot thead tr ul".split()
)
PARAGRAPHS = frozenset("blockquote dl h1 h2 h3 h4 h5 h6 ol p pre table ul".split())
# Elements whose attributes may carry a meaning for us, and so are kept on the stack. The inline ones never close a block.
INLINE = frozenset({"span", "font", "a", "b", "i", "em", "strong"})
TRACKED = frozenset("div blockquote table tr td section article pre ul ol center fieldset span".split())
SKIPPED = frozenset({"script", "style", "title", "template", "noframes", "object", "applet", "svg", "math", "select"})
END_OF_SKIPPED = {name: re.compile(f"</{name}", re.IGNORECASE) for name in SKIPPED}


@dataclass(slots=True)
class Line:
    """One line of the text. depth: levels of quoting around it; mark: one of structure's, or ""."""

    text: str
    depth: int = 0
    mark: str = ""


@dataclass(slots=True)
class _Open:
    """An open element, and what held before it."""

    name: str
    effect: str
    was: tuple[int, str, bool]


@dataclass(slots=True)
class _Page:
    """The lines so far, and what holds for the text that comes next."""

    lines: list[Line] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    depth: int = 0
    mark: str = ""
    is_hidden: bool = False
    stack: list[_Open] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=dict)
    preformatted: int = 0

    def text(self, letters: str) -> None:
        if self.is_hidden:
            return
        if "&" in letters:
            letters = unescape(letters)
        if self.preformatted:
            first, *rest = letters.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            self.words.append(first)
            for line in rest:
                self.break_line()
                self.words.append(line)
        else:
            self.words.append(letters)

    def break_line(self, *, is_forced: bool = True) -> None:
        """End the line; an empty one is kept only if forced."""
        text = "".join(self.words)
        self.words.clear()
        if not self.preformatted:
            text = BLANKS.sub(" ", text).strip(" ")
        text = text.replace("\xa0", " ").rstrip()
        if text or is_forced:
            self.lines.append(Line(text, self.depth, self.mark))

    def blank_line(self) -> None:
        self.break_line(is_forced=False)
        if self.lines and self.lines[-1].text:
            self.lines.append(Line("", self.depth, self.mark))

    def open(self, name: str, tag: str) -> None:
        effect = structure.effect(name, _attributes(tag)) if "=" in tag or name == "blockquote" else ""
        if effect == structure.HISTORY:
            # From here on everything is an older mail, whatever is closed behind it.
            self.break_line(is_forced=False)
            self.lines.append(Line("", self.depth, structure.HISTORY))
            effect = ""
        self.places.setdefault(name, []).append(len(self.stack))
        self.stack.append(_Open(name, effect, (self.depth, self.mark, self.is_hidden)))
        if name == "pre":
            self.preformatted += 1
        if effect == structure.QUOTE:
            self.depth += 1
        elif effect == structure.HIDDEN:
            self.is_hidden = True
        elif effect:
            self.mark = effect

    def close(self, name: str) -> None:
        places = self.places.get(name)
        if not places or (name in INLINE and self.stack[-1].name != name):
            return
        size = places[-1]
        while len(self.stack) > size:
            element = self.stack.pop()
            self.places[element.name].pop()
            self.depth, self.mark, self.is_hidden = element.was
            if element.name == "pre":
                self.preformatted -= 1


def lines(html: str) -> list[Line]:
    """The text of an HTML document, line by line. Letters past HTML_LETTERS_MAX are not read."""
    html = html[:HTML_LETTERS_MAX]
    page = _Page()
    at, end = 0, html.rfind(">") + 1
    while at < end:
        start = html.find("<", at, end)
        if start < 0:
            break
        if start > at:
            page.text(html[at:start])
        at = _tag(page, html, start, end)
    if at < len(html):
        page.text(html[at:])
    page.break_line(is_forced=False)
    return page.lines


def join(found: Iterable[Line]) -> str:
    """Lines as one text: at most one blank line in a row, none at the ends."""
    out: list[str] = []
    for line in found:
        if line.text or (out and out[-1]):
            out.append(line.text)
    return "\n".join(out).strip("\n")


def _tag(page: _Page, html: str, start: int, end: int) -> int:
    """Read the tag at `start`; returns where the text goes on."""
    match = TAG_NAME.match(html, start + 1, end)
    if match is None:
        return _declaration(page, html, start, end)
    close = _tag_end(html, match.end(), end)
    name = match[1].lower()
    is_end = html[start + 1] == "/"
    if name in SKIPPED and not is_end:
        found = END_OF_SKIPPED[name].search(html, close)
        return found.start() if found else (close if name == "title" else end)
    if name == "br":
        page.break_line()
    elif name in ("td", "th"):
        page.words.append(" \t" if is_end else "")
        page.words.append(" ")
    elif name in BLOCKS:
        _block(page, name, is_end=is_end)
    if name in TRACKED or name == "td":
        if is_end:
            page.close(name)
        else:
            page.open(name, html[match.end() : close])
    if name == "hr" and structure.effect(name, _attributes(html[match.end() : close])) == structure.HISTORY:
        page.lines.append(Line("", page.depth, structure.HISTORY))
    return close


def _block(page: _Page, name: str, *, is_end: bool) -> None:
    if name in PARAGRAPHS:
        page.blank_line()
    else:
        page.break_line(is_forced=False)
    if name == "li" and not is_end:
        page.words.append("* ")


def _declaration(page: _Page, html: str, start: int, end: int) -> int:
    """A comment, a doctype, a processing instruction, or a "<" that is none of them."""
    following = html[start + 1 : start + 2]
    if html.startswith("<!--", start):
        close = html.find("-->", start + 4, end)
        return close + 3 if close >= 0 else html.find(">", start, end) + 1 or end
    if following in ("!", "?", "/"):
        return html.find(">", start, end) + 1 or end
    page.text("<")
    return start + 1


def _tag_end(html: str, at: int, end: int) -> int:
    """The place behind the ">" that ends the tag; one inside quotes does not count."""
    close = html.find(">", at, end)
    stop = min(end, at + TAG_LETTERS_MAX)
    while 0 <= close < stop and html.count('"', at, close) % 2:
        close = html.find(">", close + 1, stop)
    if close < 0 or close >= stop:
        close = html.find(">", at, end)
    return close + 1


def _attributes(tag: str) -> dict[str, str]:
    return {
        match[1].lower(): unescape(match[2] or match[3] or match[4] or "")
        for match in ATTRIBUTE.finditer(tag[:TAG_LETTERS_MAX])
    }
