"""Answers that a person writes in a colour into the older mail below, and says so above: "my answers in red".

Only what is announced is looked for, and only in the colour that is named: older mail may be coloured, too. Links are
in no colour of a person's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.channels.email import markup
from bot.channels.email.pieces import Piece
from bot.channels.email.wordlist import words

ANNOUNCED_LETTERS_MAX, HTML_LETTERS_MAX = 1500, 400_000
# The words of each colour, as they stand behind "in" and its like.
COLOURS = {
    "red": words(
        "in red|in rot|en rouge|en rojo|in rosso|in rood|in het rood|em vermelho|i rött|med rött|i rødt|med rødt"
    ),
    "blue": words("in blue|in blau|en bleu|en azul|in blu|in blauw|in het blauw|em azul|i blått|med blått|med blåt"),
    "green": words(
        "in green|in grün|en vert|en verde|in verde|in groen|in het groen|em verde|i grönt|med grønt|i grønt"
    ),
    "purple": words("in purple|in lila|in violett|en violet|en morado|in viola|in paars|em roxo"),
    "orange": words("in orange|en orange|en naranja|in arancione|in oranje|em laranja"),
}
COLOURS["red"] += words("na czerwono|červeně|красным|kırmızı|赤字|赤で|红色|紅色|빨간색")
COLOURS["blue"] += words("na niebiesko|modře|синим|mavi |青字|青で|蓝色|藍色|파란색")
COLOURS["green"] += words("na zielono|zeleně|зеленым|зелёным|yeşil|绿色|綠色|녹색")
ANY_COLOUR = words(
    "in colour|in color|different colour|different color|in farbe|farbig|en couleur|en color|a colori|in kleur"
)
# Without a colour's name; blue is that of links and of whole mails from Outlook.
INLINE = words("""
    inline|in-line|in line|answers below|comments below|replies below|answers in the text|answered below|
    antworten unten|antworten im text|kommentare im text|réponses ci-dessous|dans le texte|respuestas abajo|
    risposte sotto|antwoorden hieronder|svar nedan|svar nedenfor
""")
LAST_WORDS = frozenset(phrase.split()[-1] for phrase in (*sum(COLOURS.values(), ()), *ANY_COLOUR, *INLINE))
POINTS = dict.fromkeys(map(ord, ".,:;!?()\"'"), " ")
NAMES = {
    **dict.fromkeys(("red", "crimson", "firebrick", "darkred", "orangered", "tomato"), "red"),
    **dict.fromkeys(("blue", "royalblue", "dodgerblue", "mediumblue", "steelblue", "darkblue", "navy"), "blue"),
    **dict.fromkeys(("green", "limegreen", "forestgreen", "seagreen", "darkgreen", "lime"), "green"),
    **dict.fromkeys(("purple", "magenta", "fuchsia", "violet", "darkviolet", "indigo"), "purple"),
    **dict.fromkeys(("orange", "darkorange"), "orange"),
}
TAG = re.compile(r"<(/?)(span|font|p|div|a)\b([^<>]{0,2000})>", re.IGNORECASE)
COLOUR = re.compile(
    r"""(?:^|[;"'\s])color\s{0,3}[:=]\s{0,3}["']?\s{0,3}(?:\#([0-9a-f]{6}|[0-9a-f]{3})\b"""
    r"""|rgba?\(\s{0,3}(\d{1,3})[\s,]{1,4}(\d{1,3})[\s,]{1,4}(\d{1,3})|([a-z]{3,20})\b)""",
    re.IGNORECASE,
)
BEGIN, END = "\ue0c0", "\ue0c1"


def answers(written: str, pieces: Sequence[Piece]) -> str:
    """What stands in the announced colour and not in what is written above; "" where nothing is announced or found."""
    coloured = [piece.html for piece in pieces if "color" in piece.html and len(piece.html) <= HTML_LETTERS_MAX]
    if not coloured or len(written) > ANNOUNCED_LETTERS_MAX or not (wanted := _announced(written.lower())):
        return ""
    found: list[str] = []
    for html in coloured:
        found += _stretches(markup.lines(_marked(html, wanted)), written)
    return "\n\n".join(found)


def _announced(text: str) -> frozenset[str]:
    """The colours that a text, in lower case, says answers are in."""
    # Nearly every text: none of the words is in it with which a phrase ends.
    if text.isascii() and LAST_WORDS.isdisjoint(text.translate(POINTS).split()):
        return frozenset()
    named = frozenset(colour for colour, phrases in COLOURS.items() if any(map(text.__contains__, phrases)))
    if named:
        return named
    if any(map(text.__contains__, ANY_COLOUR)):
        return frozenset(COLOURS)
    return frozenset(COLOURS) - {"blue"} if any(map(text.__contains__, INLINE)) else frozenset()


def _marked(html: str, wanted: frozenset[str]) -> str:
    """The HTML with BEGIN and END around what its elements show in one of these colours."""
    out: list[str] = []
    stack: list[tuple[str, bool]] = []
    is_open: dict[str, int] = {}
    at, is_coloured = 0, False
    for match in TAG.finditer(html):
        name = match[2].lower()
        if not match[1]:
            stack.append((name, is_coloured))
            is_open[name] = is_open.get(name, 0) + 1
            colour = _colour(match[3])
            now = False if name == "a" else (colour in wanted if colour is not None else is_coloured)
        elif is_open.get(name):
            now = is_coloured
            while stack:
                opened, now = stack.pop()
                is_open[opened] -= 1
                if opened == name:
                    break
        else:
            continue
        out.append(html[at : match.start()])
        if is_coloured and not now:
            out.append(END)
        out.append(match[0])
        if now and not is_coloured:
            out.append(BEGIN)
        at, is_coloured = match.end(), now
    return "".join([*out, html[at:]])


def _colour(attributes: str) -> str | None:
    """The name of the colour that an element gives its text, "" for any other, None where it gives none."""
    match = COLOUR.search(attributes) if "olor" in attributes or "OLOR" in attributes else None
    if match is None:
        return None
    digits, red, green, blue, name = match.groups()
    if name is not None:
        return NAMES.get(name.lower(), "")
    if digits is None:
        return _hue(int(red), int(green), int(blue))
    wide = digits if len(digits) == 6 else "".join(digit * 2 for digit in digits)
    return _hue(int(wide[:2], 16), int(wide[2:4], 16), int(wide[4:], 16))


def _hue(red: int, green: int, blue: int) -> str:
    """The colour by its parts, 0 to 255; greys and the dark blue of Outlook's own answers are none."""
    if red >= 150 and green <= 90 and blue <= 110:
        return "red"
    if red >= 200 and 90 < green <= 190 and blue <= 100:
        return "orange"
    if blue >= 140 and blue - red >= 60 and blue - green >= 30:
        return "blue"
    if green >= 100 and green - red >= 50 and green - blue >= 30:
        return "green"
    return "purple" if red >= 90 and blue >= 110 and green <= 90 else ""


def _stretches(lines: Sequence[markup.Line], written: str) -> list[str]:
    """The coloured text, lines that follow one another as one; nothing that is written above."""
    stretches: list[list[str]] = []
    is_inside, goes_on = False, False
    for line in lines:
        coloured: list[str] = []
        plain: list[str] = []
        for at, piece in enumerate(re.split(f"[{BEGIN}{END}]", line.text)):
            if at:
                is_inside = not is_inside
            (coloured if is_inside else plain).append(piece)
        text = " ".join("".join(coloured).split())
        if text and text not in written:
            if not goes_on:
                stretches.append([])
            stretches[-1].append(text)
            goes_on = not "".join(plain).strip()
        elif line.text.strip(BEGIN + END + " "):
            goes_on = False
    return ["\n".join(stretch) for stretch in stretches]
