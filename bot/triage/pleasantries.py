"""Words that ask for nothing: thanks, a greeting, a thumb up. What is none of these is never guessed to be one.

A message counts only where every word of it is known here, in five languages, and nothing in it is a question: a
ticket too many costs a minute, one too few a client.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from bot.triage.folding import fold
from bot.triage.reading import is_channels_own

WORDS_MAX, LETTERS_MAX = 12, 120
_WORD = re.compile(r"[^\W_]+")
_QUESTION = frozenset("?？؟¿")
_THANKS = """
    thanks thank thankyou thx tks tnx ty appreciated danke dankeschon dank merci gracias agradezco agradecido agradecida
    obrigado obrigada obg valeu agradeco
"""
# What greets, or says that all is well.
_GREETINGS = """
    hi hello hey hallo hoi moin servus bonjour bonsoir salut coucou hola buenas ola oi good guten buenos bom boa gute
    morning afternoon evening day night morgen tag abend mittag dias tardes noches noite tarde dia journee soiree
    bye goodbye tschuss ciao adios adeus au revoir cheers welcome a to
    all everybody everyone team folks zusammen alle allen tous todos todas equipo equipe
    ok okay oki k fine great perfect super prima toll klasse wunderbar wonderful excellent awesome cool nice lovely
    parfait genial top bien perfecto estupendo excelente perfeito otimo legal gut alles klar passt
"""
# What stands beside thanks, and alone may be a cry for help.
_BESIDE = """
    so very much many lot lots ton for your the quick fast kind help support reply answer really you again
    vielen besten schonen schon schone herzlichen lieben sehr fur die der das ihre deine eure schnelle hilfe antwort
    dir ihnen euch beaucoup mille pour votre ton aide rapide reponse vous toi muchas mil muchisimas por la su tu ayuda
    rapida respuesta muito muita pela sua ajuda resposta s y e et und and de
"""
THANKS, GREETINGS, BESIDE = (frozenset(words.split()) for words in (_THANKS, _GREETINGS, _BESIDE))
_THUMBS = frozenset("👍🙏👌❤🙌")
# Stickers and thrown dice carry no words; a picture, a place or somebody's card may be what is meant.
_TOYS = ("[sticker", "[dice")


def asks_nothing(text: str) -> bool:
    """Is this nothing but politeness? Words alone are looked at: files beside them are the caller's to see."""
    words = _words(text)
    return words is not None and (is_thanks(text) or all(word in GREETINGS for word in words))


def is_thanks(text: str, names: Iterable[str] = ()) -> bool:
    """Is this nothing but thanks? names: of those who may be thanked, any of whose words may stand in it."""
    words = _words(text)
    if words is None:
        return False
    thanked = {word for name in names for word in _WORD.findall(fold(unicodedata.normalize("NFC", name)))}
    known = THANKS | GREETINGS | BESIDE | thanked
    says_so = any(word in THANKS for word in words) or any(sign in text for sign in _THUMBS)
    return says_so and all(word in known for word in words)


def _words(text: str) -> list[str] | None:
    """The folded words of a short text; None for one that is long, asks, or holds what is neither word nor ornament."""
    text = unicodedata.normalize("NFC", text.strip())
    if not text or len(text) > LETTERS_MAX or not _QUESTION.isdisjoint(text):
        return None
    if is_channels_own(text):
        return [] if text.startswith(_TOYS) else None
    words = _WORD.findall(fold(text))
    if len(words) > WORDS_MAX or not (words or any(unicodedata.category(sign) == "So" for sign in text)):
        return None
    return words
