"""Which charset bytes are in that no header names, or names wrongly: told from the bytes alone.

Scripts of two bytes by where their bytes lie, Cyrillic, Greek, Hebrew, Arabic and Thai by how often which letter
comes, Latin by letters that no word of Western Europe holds. A look at the first LOOK_BYTES_MAX bytes; "" where
nothing is clear, for a wrong guess reads worse than Windows-1252. Never raises.
"""

from __future__ import annotations

import re

LOOK_BYTES_MAX = 8192
HIGH_BYTES_MIN = 4
# Letters by how often their languages write them, the commonest first.
FREQUENT = {
    "cyrillic": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґџјњљћђўѓќѕ",
    "greek": "ατοιενσηρπκυλμςόδίάγώέύήχθβφωξζψϊϋΐΰ",
    "hebrew": "יוהלתרמאבשנעדקחכםפזסטגןצץףך",
    "arabic": "اليمنترويبدعةسفكقأحجشطصخهىذزضإءثغئؤظآ",
    "thai": "านรกอเงมยลวดทสตะปบคหแจพชขใไโผถศซธณฟภษญ่้ิีัืูุำ์็ึๆฯ",
}
ALPHABETS = (
    ("cyrillic", ("cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "mac-cyrillic")),
    ("greek", ("cp1253", "iso8859-7")),
    ("hebrew", ("cp1255", "iso8859-8")),
    ("arabic", ("cp1256", "iso8859-6")),
    ("thai", ("cp874",)),
)
WEIGHTS = {
    name: {letter: 1.2 - order / len(letters) for order, letter in enumerate(letters)}
    for name, letters in FREQUENT.items()
}
SCORE_MIN = 0.35
# By these GB 2312 and EUC-KR are told apart, whose bytes lie in the same places.
COMMON_CHINESE = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去"
    "法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点"
    "正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿"
    "原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德"
    "资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交"
    "规万取拉格望觉术领共确传师观清今切院让识候带导争运请尽快坏邮件您谢贵如需单票订货账附收发送退"
)
COMMON_KOREAN = frozenset(
    "이다는을를에의가고하지니로은도한서시나요안것들그사수있어해기인대자일전주정아보부스면만여과라으게리장구상조제원신동경와드세용"
    "합입습까녕님메제목공연관비무문의번호화내유계방감업명소치성국선위교실발민없했었되러"
)
JIS_ESCAPE, KOREAN_ESCAPE = re.compile(rb"\x1b\$[@B]|\x1b\([IJ]"), b"\x1b$)C"
HZ_RUN = re.compile(rb"~\{(?:[\x21-\x7d][\x21-\x7e]){1,200}~\}")
LETTER = re.compile(rb"[A-Za-z\x80-\xff]")
# Where Latin letters and others stand side by side: words of no other alphabet do.
MIXED_WORD = re.compile(rb"[A-Za-z](?=[\x80-\xff])|[\x80-\xff](?=[A-Za-z])")
PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
# Letters of Windows-1252 that stand inside words only where the word is Czech, Polish or Turkish.
CENTRAL_SIGNS = re.compile(rb"(?<=[a-z\xe0-\xff])[\xb9\xb3\xbf\xbe\xb6\xbc\xbb\x9d](?=[a-z\xe0-\xff])|\x9f(?=[a-z])")
ISO_CENTRAL = re.compile(rb"[\xb1\xb6\xb9\xbb\xbc\xbe](?=[a-z\xe0-\xff])|(?<=[a-z\xe0-\xff])[\xb1\xb6]")
# The same for a text that says it is Western, wherever such signs stand together; those that punctuation may bring
# between two words count only beside others.
SIGNS_IN_WORD = re.compile(rb"(?<=[a-z\xe0-\xff])[\xb9\xb3\xbf\xbe\xb6\xbc\xb1\x9f\x9d]{1,3}(?=[a-z\xe0-\xff])")
PUNCTUATION = frozenset(b"\xbf")
POLISH_LETTERS = re.compile(rb"(?<=[a-z])[\xea\xf3\x9c\xb6\xe6\xf1]")
WINDOWS_IN_WORD = re.compile(rb"(?<=[a-z\xe0-\xff])[\x9a\x9c-\x9f]|[\x8a\x8c-\x8f\x9a\x9c-\x9f](?=[a-z])")
IN_WORD = re.compile(rb"(?<=[A-Za-z])[\x80-\x9f]+(?=[a-z])")
COUNTED = (
    b"\xea\xf8\xec\xf5\xe9\xe1\xfe\xfd\xe7\xe3\xfc\xe6\xef\xf9\x9a\x9e"  # Czech, Hungarian, Turkish …
    b"\xf0\xeb\xe0\xe8\xe2\xee\xfb\xe5\xe4\xf6"  # … and the languages of the Baltic and the Balkans
)
CARONS = frozenset(b"\x8a\x8e\x9a\x9e")
DOS_LETTERS, MAC_LETTERS = (
    frozenset(b"\x81\x82\x84\x85\x87\x8a\x8b\x94"),
    frozenset(b"\x88\x8a\x8d\x8e\x8f\x90\x99\x9a\x9f"),
)


def guess(content: bytes) -> str:
    """The codec of bytes that are not UTF-8; "" where it cannot be told."""
    look = content[:LOOK_BYTES_MAX]
    if look.isascii():
        return _escaped(look)
    high = sum(byte > 0x7F for byte in look)
    if high < HIGH_BYTES_MIN:
        return ""
    # Markup is Latin in every language.
    letters = len(LETTER.findall(re.sub(rb"<[^<>]{0,500}>|https?://\S{1,500}", b"", look))) or 1
    if high / letters >= 0.35:
        return _two_bytes(look) or ("" if len(MIXED_WORD.findall(look)) * 4 > high else _alphabet(look))
    return _latin(look)


def _escaped(look: bytes) -> str:
    if KOREAN_ESCAPE in look:
        return "iso2022_kr"
    if JIS_ESCAPE.search(look):
        return "iso2022_jp_ext"
    return "hz" if HZ_RUN.search(look) else ""


def _two_bytes(look: bytes) -> str:
    """Shift-JIS, EUC-JP, EUC-KR, GB 2312 or Big 5, by where the first and the second bytes lie."""
    if _is_sound(look, "cp932") and _share(look, "cp932", "ぁ", "ヺ") > 0.2 and _share(look, "cp932", "｡", "ﾟ") < 0.2:
        return "cp932"
    if _is_sound(look, "euc_jp") and _share(look, "euc_jp", "ぁ", "ヺ") > 0.2:
        return "euc_jp"
    pairs = PAIR.findall(look)
    covered = 2 * len(pairs) / sum(byte > 0x7F for byte in look)
    if not pairs or covered < 0.9:
        return ""
    firsts = [pair[0] for pair in pairs]
    is_korean = sum(0xB0 <= byte <= 0xC8 for byte in firsts) > 0.8 * len(pairs)
    if is_korean and _is_sound(look, "cp949") and not _is_rather_chinese(look):
        return "cp949"
    is_gb = all(pair[1] >= 0xA1 for pair in pairs)
    if is_gb and _is_sound(look, "gb18030") and sum(0xA1 <= byte <= 0xD7 for byte in firsts) > 0.75 * len(pairs):
        return "gb18030"
    if not is_gb and _is_sound(look, "cp950") and sum(0xA1 <= byte <= 0xC6 for byte in firsts) > 0.8 * len(pairs):
        return "cp950"
    return ""


def _is_rather_chinese(look: bytes) -> bool:
    """Whether the common signs of Chinese stand in it, and more of them than of Korean's common syllables."""
    if not _is_sound(look, "gb18030"):
        return False
    chinese = sum(letter in COMMON_CHINESE for letter in look.decode("gb18030", "ignore"))
    return chinese > sum(letter in COMMON_KOREAN for letter in look.decode("cp949", "ignore"))


def _is_sound(look: bytes, codec: str) -> bool:
    """Whether the bytes are text in that codec, but for a last letter that the look cut in two."""
    for end in (len(look), len(look) - 1):
        try:
            look[:end].decode(codec)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _share(look: bytes, codec: str, first: str, last: str) -> float:
    wide = [letter for letter in look.decode(codec, "ignore") if letter > "\x7f"]
    return sum(first <= letter <= last for letter in wide) / len(wide) if wide else 0.0


def _alphabet(look: bytes) -> str:
    scores = [(_score(look, codec, WEIGHTS[script]), codec) for script, codecs in ALPHABETS for codec in codecs]
    # Of equal ones the first in the table, which is the more common.
    best = max(scores, key=lambda scored: scored[0])
    return best[1] if best[0] >= SCORE_MIN else ""


def _score(look: bytes, codec: str, weights: dict[str, float]) -> float:
    """How much the letters are those of the script: 1 for the commonest, nothing for signs, less for odd capitals."""
    total, count, before = 0.0, 0, " "
    for letter in look.decode(codec, "replace"):
        if letter > "\x7f":
            count += 1
            weight = weights.get(letter)
            if weight is not None:
                total += weight
            elif letter.isalpha():
                # A capital inside a word means that large and small are swapped, as KOI8 and Windows-1251 do.
                total += -0.5 if before.isalpha() else 0.5 * weights.get(letter.lower(), 0.0)
            elif letter not in "«»–—…№„“”’\xa0،؟؛":
                total -= 1.0
        before = letter
    return total / count if count else 0.0


def _latin(look: bytes) -> str:
    """Central European, Turkish, DOS or Macintosh letters among Latin ones; "" for Western Europe."""
    inside = b"".join(IN_WORD.findall(look))
    high = sum(byte > 0x7F for byte in look)
    counts = {byte: look.count(byte) for byte in COUNTED}
    if _is_balkan(counts) and set(inside) <= CARONS:
        return "cp1250"
    if len(inside) >= 2 and 3 * len(inside) >= high:
        dos, mac = sum(byte in DOS_LETTERS for byte in inside), sum(byte in MAC_LETTERS for byte in inside)
        if max(dos, mac) * 3 >= len(inside) * 2 and dos != mac:
            return "cp850" if dos > mac else "mac-roman"
    is_czech = counts[0xF8] > 0 and any(counts[byte] for byte in b"\xec\xef\xf9\x9a\x9e")
    is_hungarian = counts[0xF5] and counts[0xE9] + counts[0xE1] >= 3 and not counts[0xE3] + counts[0xE7]
    is_turkish = counts[0xFE] and counts[0xFD] >= 2 and counts[0xFC] + counts[0xE7] and not counts[0xE6]
    if is_turkish:
        return "cp1254"
    if _is_baltic(counts):
        return "cp1257"
    is_marked = len(CENTRAL_SIGNS.findall(look)) >= 2
    if is_czech or (is_hungarian and not counts[0xEA]) or is_marked:
        # The same byte is "š" in the one and "ą" in the other, which alone stands beside a Polish "ę" and "ł".
        is_polish = b"\xb9" in look and b"\xb1" not in look and counts[0xEA] and b"\xb3" in look
        is_windows = is_polish or WINDOWS_IN_WORD.search(look) or not ISO_CENTRAL.search(look)
        return "cp1250" if is_windows else "iso8859-2"
    return ""


def _is_baltic(counts: dict[int, int]) -> bool:
    """Lithuanian or Latvian: an eth beside letters of French, and no acute "e", without which French is not written."""
    if counts[0xE9] or counts[0xE3] or counts[0xF6]:
        return False
    is_lithuanian = counts[0xF0] and counts[0xEB] + counts[0xE0] + counts[0xE8] >= 2
    is_latvian = counts[0xE2] >= 3 and counts[0xEE] + counts[0xE7] + counts[0xFB] and counts[0xF0] + counts[0xEC]
    return bool(is_lithuanian or is_latvian)


def _is_balkan(counts: dict[int, int]) -> bool:
    """Croatian, Bosnian, Slovene: carons that Windows-1252 has, too, beside letters that have none there."""
    is_western = any(counts[byte] for byte in b"\xe9\xe0\xea\xe7\xfb\xe5\xf8\xe4\xf6")
    return not is_western and counts[0x9A] + counts[0x9E] >= 2 and counts[0xE8] + counts[0xE6] >= 1


def central(content: bytes) -> str:
    """The codec of a text that says it is Western (Latin-1, Windows-1252), and is Polish or Czech beyond doubt; or "".

    Wants what no Western text has: for Polish, small figures and fractions inside words, again and again and of two
    kinds, beside others of its letters; for Czech, Danish, Italian and Balkan letters in one text. Slovak, Hungarian
    and Romanian differ by letters that other languages have, too, and are read as they are labelled.
    """
    if b"\xb3" not in content and not (b"\xf8" in content and b"\xec" in content):
        return ""
    look = content[:LOOK_BYTES_MAX]
    signs = b"".join(SIGNS_IN_WORD.findall(look))
    kinds = set(signs)
    high = sum(byte > 0x7F for byte in look)
    is_polish = len(signs) >= 3 and len(kinds) >= 2 and bool(kinds - PUNCTUATION) and len(signs) * 5 >= high
    is_polish = is_polish and len(POLISH_LETTERS.findall(look)) >= 2
    counts = {byte: look.count(byte) for byte in b"\xf8\xec\xe8\x9a\x9e"}
    if not is_polish and (counts[0xF8] < 2 or counts[0xEC] < 2 or not counts[0xE8] or not counts[0x9A] + counts[0x9E]):
        return ""
    is_iso = kinds & frozenset(b"\xb1\xb6") and not WINDOWS_IN_WORD.search(look)
    return "iso8859-2" if is_iso else "cp1250"
