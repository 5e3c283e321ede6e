"""Strangers who call themselves what one of our consultants, or the desk itself, is called.

Anybody can write any name before their address, and mail programs show the name alone. Such a name is shown with the
address behind it wherever the desk tells of the message, and the ticket's history says so.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from functools import lru_cache

from bot.messages import EMAIL
from bot.people import Actor
from bot.queries import people as queries
from bot.scene import Scene

WORDS_MIN = 2
# Letters of other alphabets that look like Latin ones.
LOOKALIKES = str.maketrans("авекмнорстухіјѕԁԛԝɑοαερυνιτκ013", "abekmhopctyxijsdqwaoaepuvitkole")


def marked(scene: Scene, actor: Actor, name: str) -> Actor:
    """The author, under a name that gives the likeness away."""
    if likeness(scene, actor, name):
        return replace(actor, name=f"{name} ({actor.address}, nobody of this desk)")
    return actor


def likeness(scene: Scene, actor: Actor, name: str) -> str:
    """Whose name the author of a mail bears without being that person; "" for nobody's. name: as the mail gives it."""
    is_known = actor.is_proven and (actor.contact_id is not None or actor.consultant_id is not None)
    if actor.channel != EMAIL or is_known or actor.consultant_id is not None:
        return ""
    letters = folded(name)
    if len(letters) < WORDS_MIN:
        return ""
    names = (row.name for row in scene.tx.all(queries.CONSULTANTS) if row.status == "active")
    return next((known for known in names if folded(known) == letters), "")


@lru_cache(maxsize=1_000)
def folded(name: str) -> tuple[str, ...]:
    """The words of a name, for comparing: any order, no accents, look-alike letters of other alphabets as Latin."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(LOOKALIKES)
    words = "".join(letter if letter.isalpha() else " " for letter in letters).split()
    return tuple(sorted(word for word in words if len(word) > 1))
