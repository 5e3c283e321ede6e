"""What a person adds below the own signature: a postscript, or a paragraph that begins as an afterthought does.

"One more thing: …", "Übrigens …", "Por cierto, …": no signature and no footer goes on so. What is cut with one
keeps such a paragraph. Tables only, lower case.
"""

from __future__ import annotations

import re

from bot.channels.email.rows import Row
from bot.channels.email.wordlist import Starts, words

POSTSCRIPT = re.compile(r"(?:p\.?\s?p?\.?\s?s\.?\s?[:.\-–) ]|(?:edit|update|nachtrag|addendum)\s?:)", re.IGNORECASE)
OPENINGS = Starts(
    words("""
    one more thing|one last thing|one more question|one other thing|oh, and |oh and |oh, one |by the way|btw|also: |
    i forgot|forgot to |sorry, forgot|sorry, i forgot|sorry - forgot|almost forgot|just saw |just noticed |
    just remembered |another thing|another question|correction:|and one more |ah, and |
    ach ja|ach so|ach, und |noch etwas|noch was|noch eine frage|eine frage noch|übrigens|nachtrag|hab ich vergessen|
    habe ich vergessen|hatte ich vergessen|hab vergessen|vergessen:|korrektur:|ergänzung:|gerade gesehen|und noch |
    au fait|j'oubliais|j’oubliais|j'ai oublié|j’ai oublié|j'allais oublier|j’allais oublier|à propos|autre chose|
    une autre question|encore une |une dernière chose|correction :|ajout :|
    por cierto|se me olvid|olvidé |otra cosa|una cosa más|otra pregunta|p.d.|p.d:|p. d.|pd:|pd. |
    dimenticavo|a proposito|un'altra cosa|un’altra cosa|altra cosa|un'ultima cosa|ho dimenticato|
    trouwens|nog iets|nog een vraag|vergeten:|overigens|a propósito|já agora|esqueci|outra coisa|mais uma coisa|
    förresten|en sak till|glömde |jag glömde|en fråga till|for resten|i øvrigt|en ting til|glemte |jeg glemte|
    forresten|przy okazji|zapomniał|jeszcze jedno|jeszcze jedna|mimochodem|ještě jedn|zapomněl|muuten|ai niin|
    unohdin|egyébként|még valami|elfelejtettem|u.i.|ui.|кстати|забыл|еще вопрос|ещё вопрос|еще одно|ещё одно|з.ы.|
    до речі|забув|ще одне|между другото|bu arada|unuttum|追伸|另外|对了|忘了说
""")
)


def begins(row: Row) -> bool:
    """Whether a row begins such a paragraph."""
    return POSTSCRIPT.match(row.bare) is not None or OPENINGS.match(row.plain)
