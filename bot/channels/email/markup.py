"""HTML mail as lines of text that remember what the markup said: quoted, history, attribution, signature.

One pass over the tags with a stack, so time is linear and depth is no danger; nothing is rendered, fetched or kept
of scripts, styles and hidden elements. What the lines mean for a reply is judged in `reply`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape

from bot.channels.email import structure
from bot.channels.email.items import Items
from bot.channels.email.wordlist import words

HTML_LETTERS_MAX = 4_000_000
TAG_LETTERS_MAX = 20_000
SHORT_LETTERS = 300
# Letters that no screen shows; newsletters fill their previews with them. (A joiner matters in Persian: it stays.)
UNSEEN = dict.fromkeys(map(ord, "\u00ad\u034f\u200b\u2060\ufeff"))
# A tag without "<" or ">" in its attributes; or the start of anything else that begins with "<".
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:_-]*)([^<>]*)>|<")
ATTRIBUTE = re.compile(
    r"""(?:^|[\s"'/])([^\s=>"'/]{1,60})\s{0,20}=\s{0,20}(?:"([^"]*)"|'([^']*)'|([^\s>"']{1,2000}))"""
)
BLANKS = re.compile(r"[ \t\r\n\f]+")
# Elements that stand on lines of their own, and those of them that keep a blank line around them.
BLOCKS = frozenset(
    words("""
    address|article|aside|blockquote|body|br|center|dd|details|dir|div|dl|dt|fieldset|figcaption|
    figure|footer|form|h1|h2|h3|h4|h5|h6|header|hr|li|main|nav|ol|p|pre|section|summary|
    table|tbody|tfoot|thead|tr|ul
""")
)
PARAGRAPHS = frozenset(["blockquote", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "ol", "p", "pre", "table", "ul"])
# Elements whose attributes may carry a meaning for us; they are kept on a stack. An inline one never closes a block.
INLINE = frozenset({"span"})
TRACKED = frozenset(
    ["div", "blockquote", "table", "tr", "td", "section", "article", "pre", "ul", "ol", "center", "fieldset", "span"]
)
SKIPPED = frozenset({"script", "style", "title", "template", "noframes", "object", "applet", "svg", "math", "select"})
END_OF_SKIPPED = {name: re.compile(f"</{name}", re.IGNORECASE) for name in SKIPPED}
KNOWN = BLOCKS | TRACKED | SKIPPED | {"th"}


@dataclass(slots=True)
class Line:
    """One line of the text. depth: levels of quoting around it; mark: one of structure's, or ""."""

    text: str
    depth: int = 0
    mark: str = ""


# An open element, and what held before it: its name; depth, mark, and whether it was hidden.
_Open = tuple[str, int, str, bool]


@dataclass(slots=True)
class _Page:
    """The lines so far, and what holds for the text that comes next."""

    lines: list[Line] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    depth: int = 0
    mark: str = ""
    is_hidden: bool = False
    # What was put in front of a list's item of which no letter was seen yet.
    marker: str = ""
    stack: list[_Open] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=dict)
    preformatted: int = 0
    items: Items = field(default_factory=Items)
    # Elements to be skipped whose end is nowhere; looked for once.
    endless: set[str] = field(default_factory=set)

    def text(self, letters: str) -> None:
        if self.is_hidden:
            return
        if "&" in letters:
            letters = unescape(letters)
        if not letters.isascii():
            letters = letters.translate(UNSEEN)
        if not self.preformatted:
            self.words.append(letters)
            return
        if "\r" in letters:
            letters = letters.replace("\r\n", "\n").replace("\r", "\n")
        first, *rest = letters.split("\n")
        self.words.append(first)
        for line in rest:
            self.break_line()
            self.words.append(line)

    def break_line(self, *, is_forced: bool = True) -> None:
        """End the line; an empty one is kept only if forced."""
        text = ""
        if self.words:
            text = self.words[0] if len(self.words) == 1 else "".join(self.words)
            self.words.clear()
            if not self.preformatted:
                text = text.strip(" ")
                if len(text) > 1:
                    text = BLANKS.sub(" ", text).strip(" ")
            if text:
                text = text.replace("\xa0", " ").rstrip()
                # Blanks that do not break, alone between two lines, are an empty line.
                is_forced = is_forced or (not text and bool(self.lines and self.lines[-1].text))
        if text or is_forced:
            self.lines.append(Line(text, self.depth, self.mark))

    def blank_line(self) -> None:
        if self.words:
            self.break_line(is_forced=False)
        if self.lines and self.lines[-1].text:
            self.lines.append(Line("", self.depth, self.mark))

    def open(self, name: str, attributes: str) -> None:
        effect = effect_of(name, attributes) if attributes or name == "blockquote" else ""
        if effect in structure.BEGINNINGS:
            self.begin_history(effect)
        if name not in self.places:
            self.places[name] = []
        self.places[name].append(len(self.stack))
        self.stack.append((name, self.depth, self.mark, self.is_hidden))
        if name == "pre":
            self.preformatted += 1
        elif name == "ol":
            self.items.open(len(self.stack) - 1, attributes)
        if not effect:
            return
        if effect == structure.QUOTE:
            self.depth += 1
        elif effect == structure.HIDDEN:
            self.is_hidden = True
        elif effect == structure.MAYBE:
            self.depth += 1
            self.mark = effect
        elif effect not in structure.BEGINNINGS:
            self.mark = effect

    def close(self, name: str) -> None:
        places = self.places.get(name)
        if not places or (name in INLINE and self.stack[-1][0] != name):
            return
        size = places[-1]
        while len(self.stack) > size:
            opened, self.depth, self.mark, self.is_hidden = self.stack.pop()
            self.places[opened].pop()
            if opened == "pre":
                self.preformatted -= 1

    def has_marker_alone(self) -> bool:
        return "".join(self.words).strip() == self.marker.strip()

    def begin_history(self, mark: str = structure.HISTORY) -> None:
        """From here on everything is an older mail, whatever is closed behind it."""
        self.break_line(is_forced=False)
        self.lines.append(Line("", self.depth, mark))


def lines(html: str) -> list[Line]:
    """The text of an HTML document, line by line. Letters past HTML_LETTERS_MAX are not read."""
    html = html[:HTML_LETTERS_MAX]
    page = _Page()
    at, end = 0, html.rfind(">") + 1
    while at < end:
        match = TAG.search(html, at, end)
        if match is None:
            break
        start = match.start()
        if start > at:
            page.text(html[at:start])
        name = match[2]
        if name is None:
            at = _odd(page, html, start, end)
            continue
        at = match.end()
        attributes = match[3]
        if '"' in attributes and attributes.count('"') % 2:
            at = _tag_end(html, match.end(2), end)
            attributes = html[match.end(2) : at - 1]
        name = name.lower()
        if name in KNOWN:
            at = _tag(page, html, (name, attributes, bool(match[1])), at=at, end=end)
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


def _tag(page: _Page, html: str, tag: tuple[str, str, bool], *, at: int, end: int) -> int:
    """Follow one tag: its name, its attributes, whether it closes. Returns where the text goes on."""
    name, attributes, is_end = tag
    if name == "br":
        page.break_line()
        if attributes and effect_of(name, attributes) == structure.SIGNATURE:
            page.mark = structure.SIGNATURE  # of Apple, to the end of the element around it
    elif name in ("td", "th"):
        page.words.append(" ")
    elif name in BLOCKS:
        if page.places.get("p"):
            page.close("p")  # a hidden one, which ends where another block begins
        if page.marker and not is_end and name in ("p", "div") and page.has_marker_alone():
            pass  # the item's own paragraph
        elif name in PARAGRAPHS:
            page.blank_line()
        elif page.words:
            page.break_line(is_forced=False)
        page.marker = ""
        if name == "li" and not is_end:
            page.marker = page.items.next(page.places)
            page.words.append(page.marker)
        elif name == "hr" and attributes and (effect := effect_of(name, attributes)):
            if effect == structure.HISTORY:
                page.begin_history()
            elif effect == structure.SIGNATURE:
                page.mark = effect  # of Foxmail, to the end of the element around it
    elif name in SKIPPED and not is_end and not attributes.endswith("/"):
        found = END_OF_SKIPPED[name].search(html, at) if name not in page.endless else None
        if found is not None:
            return found.start()
        page.endless.add(name)
        return len(html) if name in ("script", "style") else at
    if name == "p" and not is_end and attributes and effect_of(name, attributes) == structure.HIDDEN:
        page.open(name, attributes)
    elif name in TRACKED:
        if is_end:
            page.close(name)
        else:
            page.open(name, attributes)
    return at


def _odd(page: _Page, html: str, start: int, end: int) -> int:
    """A comment, a doctype, a processing instruction, a tag with "<" in it, or a "<" that is none of them."""
    if html.startswith("<!--", start):
        close = html.find("-->", start + 4, end)
        return close + 3 if close >= 0 else html.find(">", start, end) + 1 or end
    following = html[start + 1 : start + 2]
    if following in ("!", "?", "/"):
        return html.find(">", start, end) + 1 or end
    if following.isalpha():
        close = html.find(">", start, min(end, start + TAG_LETTERS_MAX))
        tag = html[start + 1 : close] if close >= 0 else ""
        # `<a title="a < b">` is a tag, "if a <b and" is text.
        if "=" in tag.partition("<")[0]:
            return _tag_end(html, start + 1, end)
    page.text("<")
    return start + 1


def _tag_end(html: str, at: int, end: int) -> int:
    """The place behind the ">" that ends the tag; one inside quotes does not count."""
    first = html.find(">", at, end)
    stop = min(end, at + TAG_LETTERS_MAX)
    close = first
    for _ in range(20):
        if not 0 <= close < stop:
            return first + 1
        if html.count('"', at, close) % 2 == 0:
            return close + 1
        close = html.find(">", close + 1, stop)
    return first + 1


def effect_of(name: str, attributes: str) -> str:
    """What an element with these attributes, as they stand in the tag, says of its text."""
    return _known_effect(name, attributes) if len(attributes) <= SHORT_LETTERS else _effect(name, attributes)


@lru_cache(maxsize=2048)
def _known_effect(name: str, attributes: str) -> str:
    """Mail repeats the same few attributes thousands of times."""
    return _effect(name, attributes)


def _effect(name: str, attributes: str) -> str:
    found = {
        match[1].lower(): unescape(match[2] or match[3] or match[4] or "")
        for match in ATTRIBUTE.finditer(attributes[:TAG_LETTERS_MAX])
    }
    return structure.effect(name, found)
