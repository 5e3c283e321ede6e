"""What a thing does or does not do, told by somebody who asks for nothing else: "the CSV import skips a column".

Only for a message in which nothing is said to be wrong in words that are known. Refuses questions, wishes and praise.
"""

from __future__ import annotations

from bot.triage.finding import Finding
from bot.triage.lexicon import THINGS, Hit
from bot.triage.reading import Reading, Sentence, Span, is_channels_own
from bot.triage.scope import UNSTATED

VERB_LENGTH_MIN, LACK_REACH, REPORT_LENGTH_MIN = 4, 3, 5

_NO_REPORT = (
    "planned",
    "future",
    "if",
    "thanks_for",
    "resolved",
    "works_fine",
    "own_time",
    "measure",
    "dismissal",
    "announces",
)
_MENDING = frozenset({"mending", "courtesy", "repair"})
_NO_SYMPTOM = frozenset({"benign", "comma", "turn", "link", "i", "we", "people", "future", "asks"})


def symptoms_in(reading: Reading) -> tuple[Finding, ...]:
    """ "The CSV import skips the last column": what a thing does, told by somebody who asks for nothing else.

    Only for a message in which nothing is said to be wrong in words that are known.
    """
    for sentence in reading.sentences:
        is_wish = sentence.is_question or sentence.touches("request", "praise")
        if is_wish and _MENDING.isdisjoint(sentence.hits.places):
            return ()
    for sentence in reading.sentences:
        if not sentence.is_question and sentence.touches(*THINGS):
            for hit in sentence.hits:
                if hit.thing and hit.thing != "everything" and _has_symptom(sentence, hit):
                    return (_hint(sentence, hit),)
    return ()


def report_in(reading: Reading) -> Span | None:
    """The thing that a message is about which wishes, asks, announces and praises nothing: why else was it sent?

    "Thanks!", "could you advise?" and "please look into it" are no wishes for anything new.
    """
    told: Span | None = None
    for sentence in reading.sentences:
        if is_channels_own(reading.text[sentence.begin : sentence.end].strip()):
            continue
        if sentence.touches(*_NO_REPORT) and not sentence.hits.places.keys().isdisjoint(_NO_REPORT):
            return None
        is_wish = _asks(sentence) or sentence.touches("request", "praise")
        if is_wish and "repair" not in sentence.hits.places:
            if sentence.touches(*THINGS) or _MENDING.isdisjoint(sentence.hits.places):
                return None
        # "The projector has a green tint, can you have a look" tells and wishes.
        elif told is None and (not is_wish or "comma" in sentence.hits.places):
            told = _thing_told(sentence)
    return told


def _asks(sentence: Sentence) -> bool:
    """With or without a question mark: "is my laptop still under warranty"."""
    hits = sentence.hits
    if sentence.is_question:
        return True
    # "A" asks in "a-t-il", but is an article in most sentences that it begins.
    return bool(hits and hits[0].start == 0 and "asks" in hits[0].kinds and "determiner" not in hits[0].kinds)


def _thing_told(sentence: Sentence) -> Span | None:
    if len(sentence.words) < REPORT_LENGTH_MIN or not sentence.touches(*THINGS):
        return None
    things = (hit for hit in sentence.hits if hit.thing and hit.thing != "everything")
    return next((Span(sentence, hit.start, hit.end) for hit in things), None)


def _hint(sentence: Sentence, thing: Hit) -> Finding:
    finding = Finding(sentence, sentence.hits.index(thing), "hint", about=thing, near=thing, is_act=False)
    finding.said(thing.start, thing.end + 1, UNSTATED)
    finding.doubted(None)
    return finding


def _has_symptom(sentence: Sentence, thing: Hit) -> bool:
    return _does_something(sentence, thing) or _does_not(sentence, thing)


def _does_not(sentence: Sentence, thing: Hit) -> bool:
    """Whether the thing is told not to do something, in "the printer won't staple", by a verb that is in no list."""
    if not sentence.touches("lacks") or sentence.touches("measure"):
        return False
    hits, words = sentence.hits, sentence.words
    lack = next((hits[n] for n in hits.of("lacks") if hits[n].start >= thing.end), None)
    if lack is None or lack.start - thing.end > LACK_REACH:
        return False
    if any(not _NO_SYMPTOM.isdisjoint(hit.kinds) for hit in hits if thing.end <= hit.start <= lack.end):
        return False
    # In German the verb stands before: "das Formular verschickt keine Antwort".
    place = thing.end if "bracket" in lack.kinds or lack.phrase.startswith("kein") else lack.end
    return place < len(words) and place != lack.start and words[place].isalpha()


def _does_something(sentence: Sentence, thing: Hit) -> bool:
    """Whether a verb in the third person follows at once, one that is in no list."""
    words = sentence.words
    verb = words[thing.end] if thing.end < len(words) else ""
    if len(verb) < VERB_LENGTH_MIN or not verb.isalpha() or not verb.endswith("s") or verb.endswith("ss"):
        return False
    # "The printer says" tells; any other verb that is in a list has its meaning there.
    known = sentence.hits.at(thing.end)
    if known is not None and "tells" not in known.kinds:
        return False
    # "Carpeta Contratos": elsewhere an s is a plural.
    return not sentence.touches("measure", "foreign")
