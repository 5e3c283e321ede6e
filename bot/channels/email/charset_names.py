"""Charsets by the names that mail gives them, and the codec that reads what such mail really holds.

Names of registries, of Windows, of DOS, of old programs, misspelt ones, and bare numbers of code pages. What names
nothing gives "", and the bytes are asked instead.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# Names that mail uses, and the codec that reads what such mail really holds: mostly the superset that the sending
# program uses under the smaller name.
ALIASES = {
    "ansi_x3.4-1968": "ascii",
    "ascii": "ascii",
    "us-ascii": "ascii",
    "iso-8859-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso_8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-8-e": "iso8859-8",
    "iso-8859-6-i": "iso8859-6",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "windows-31j": "cp932",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "ms_kanji": "cp932",
    "x-euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "gb2312": "gb18030",
    "x-gbk": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "euc-cn": "gb18030",
    "cp936": "gb18030",
    "big5": "cp950",
    "x-x-big5": "cp950",
    "big5-hkscs": "big5hkscs",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "ksc5601": "cp949",
    "euc-kr": "cp949",
    "korean": "cp949",
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8mb4": "utf-8",
    "utf8mb4": "utf-8",
    "unicode": "utf-16",
    "ucs-2": "utf-16",
    "iso-10646-ucs-2": "utf-16",
    "koi8": "koi8-r",
    "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "ibm-1252": "cp1252",
    "ansi": "cp1252",
    "x-ansi": "cp1252",
    "ms-ansi": "cp1252",
    "latin-9": "iso8859-15",
    "latin9": "iso8859-15",
    "latin0": "iso8859-15",
    "latin-0": "iso8859-15",
    "iso-latin-1": "cp1252",
    "isolatin1": "cp1252",
    "iso88591": "cp1252",
    "latin-2": "iso8859-2",
    "isolatin2": "iso8859-2",
    "turkish": "cp1254",
    "logical": "iso8859-8",
    "visual": "iso8859-8",
    "iso-8859-8-l": "iso8859-8",
    "ecma-cyrillic": "iso8859-5",
    "koi-8-r": "koi8-r",
    "koi8-ru": "koi8-u",
    "mac": "mac-roman",
    "macroman": "mac-roman",
    "mac-ce": "mac-latin2",
    "mac-centraleurroman": "mac-latin2",
    "mac-ukrainian": "mac-cyrillic",
    "tis620": "cp874",
    "cp943c": "cp932",
    "shift-jisx0213": "cp932",
    "eucjp-ms": "euc_jp",
    "eucjp-win": "euc_jp",
    "gb-2312": "gb18030",
    "gb2312-80": "gb18030",
    "gb18030-2000": "gb18030",
    "csgb2312": "gb18030",
    "cn-gb": "gb18030",
    "big5-eten": "cp950",
    "cn-big5": "cp950",
    "zh-tw": "cp950",
    "zh-cn": "gb18030",
    "ks-c-5601": "cp949",
    "ks-c-5601-1989": "cp949",
    "iso-ir-149": "cp949",
    "iso-2022-jp-1": "iso2022_jp_ext",
    "unicode-2-0-utf-7": "utf-7",
    "utf": "utf-8",
    "utf-8n": "utf-8",
    "unicodefffe": "utf-16-be",
    "ucs-2be": "utf-16-be",
    "ucs-2le": "utf-16-le",
    "ucs-4": "utf-32-be",
    "iso-10646-ucs-4": "utf-32-be",
}
NAMES_OF_NOTHING = frozenset(
    {
        "",
        "unknown",
        "unknown-8bit",
        "x-unknown",
        "default",
        "default_charset",
        "8bit",
        "x-user-defined",
        "binary",
        "none",
    }
)
TEXT_ONLY = frozenset({"base64", "hex", "quopri", "rot13", "uu", "bz2", "zlib", "idna", "punycode", "undefined"})
# "windows-1252", "win1252", "x-cp1252", "cp-1252", "ibm-850", "pc850", "dos-862": the number of a code page.
CODE_PAGE = re.compile(
    r"(?:x-)?(?:windows|win|cswindows|csibm|cp|ibm|dos|msdos|oem|pc|ms|ansi|ccsid)?[-_ ]?(?:cp)?[-_]?(\d{3,5})"
)
# The numbers that Windows gives to charsets that are none of its own.
WINDOWS_NUMBERS = {
    "708": "iso8859-6",
    "936": "gb18030",
    "943": "cp932",
    "1200": "utf-16-le",
    "1201": "utf-16-be",
    "10000": "mac-roman",
    "10006": "mac-greek",
    "10007": "mac-cyrillic",
    "10029": "mac-latin2",
    "10081": "mac-turkish",
    "20127": "ascii",
    "20866": "koi8-r",
    "20932": "euc_jp",
    "20936": "gb18030",
    "21866": "koi8-u",
    "28591": "cp1252",
    "38598": "iso8859-8",
    "50220": "iso2022_jp_ext",
    "50221": "iso2022_jp_ext",
    "50222": "iso2022_jp_ext",
    "50225": "iso2022_kr",
    "51932": "euc_jp",
    "51936": "gb18030",
    "51949": "cp949",
    "52936": "hz",
    "54936": "gb18030",
    "65000": "utf-7",
    "65001": "utf-8",
    **{str(28590 + number): f"iso8859-{number}" for number in (2, 3, 4, 5, 6, 7, 8, 13, 15)},
    "28599": "cp1254",
}


@lru_cache(maxsize=256)
def codec_name(charset: str) -> str:
    """The Python codec for a charset as mail names it; "" where it names none that exists."""
    name = charset.strip().strip("\"'").lower().removeprefix("charset=").partition("*")[0].strip()
    return _codec(name) or _codec(name.replace("_", "-").replace(" ", "-").strip(".,;:=-").removeprefix("x-"))


def _codec(name: str) -> str:
    if name in NAMES_OF_NOTHING:
        return ""
    if name in ALIASES:
        return ALIASES[name]
    page = CODE_PAGE.fullmatch(name)
    if page is not None:
        name = WINDOWS_NUMBERS.get(page[1]) or ALIASES.get(f"cp{page[1]}") or f"cp{page[1]}"
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError):
        return ""
    if found in TEXT_ONLY or not codecs.lookup(name)._is_text_encoding:
        return ""
    return ALIASES.get(found.replace("_", "-"), found)
