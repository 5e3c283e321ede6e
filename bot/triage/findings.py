"""What is said to be wrong: which thing, in which state, for whom, how badly.

A state ("down", "keeps crashing") looks for its thing ("server", "search box") in its sentence, else in the one before.
"Cannot" with a verb ("we can't log in") is a state as well. What is denied, supposed, asked about, past or mended since
is kept apart, with the words that say so, for an expert would not act on it either.
Refuses to weigh anything: that is for the rule table.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.triage.clauses import CLAUSE, PHRASE, after, before, segment
from bot.triage.finding import Finding, Wide
from bot.triage.lexicon import STATES, THINGS, VERBS, Hit, Phrases
from bot.triage.reading import Reading, Sentence, Span
from bot.triage.reality import Doubt, mendings_in
from bot.triage.scope import UNSTATED, Scope
from bot.triage.symptoms import symptoms_in
from bot.triage.things import thing_before, thing_of

VERB_REACH, OBJECT_REACH, BARE_REACH, PRONOUN_REACH, NONE_REACH = 9, 6, 3, 4, 3
LIST_REACH, MENDING_REACH, BRACKET_REACH = 10, 4, 12
# A message that tells of more is a log. "It" is looked for in this many sentences before, and in the subject.
FINDINGS_MAX, PRIOR_MAX = 12, 3

_NO_SUBJECT = frozenset({"i", "we", "people", "everyone", "nobody", "several", "some", "one", "cause"})
# "Has email", "make calls": what cannot be done names its own thing.
_OBJECTS = frozenset({"email", "emails", "mail", "mails", "internet", "network", "wifi", "call", "calls"})
_CLOSING = frozenset({"bracket", "particle"})
_HEADINGS = frozenset({"outage", "down"})
_NOT_PLAIN = frozenset({"request", "praise", "future"})


def findings_in(reading: Reading) -> tuple[Finding, ...]:
    """Everything said to be wrong, in the order of the text; what is unreal too, marked as such."""
    found: list[Finding] = []
    for sentence in reading.sentences:
        here = _in_sentence(sentence, reading.sentences) if _may_tell(sentence) else []
        found += here
        if found and sentence.touches("resolved", "works_fine"):
            for mended in mendings_in(sentence):
                _mend(found, sentence, mended)
        if len(found) >= FINDINGS_MAX:
            break
    if not found:
        return symptoms_in(reading)
    if found[0].sentence.number == 0 and len(found) > 1:
        _judge_heading(found[0], found[1:])
    wide = Wide(reading, found)
    for finding in found:
        finding.widened(wide)
    return tuple(found)


def _judge_heading(heading: Finding, told: Sequence[Finding]) -> None:
    """A heading such as "Outage in May" is as unreal as all that the text below it tells, and "Missing emails" is as
    narrow: "some emails end up in junk"."""
    hit = heading.hit
    is_heading = hit.state == "danger" or (hit.state in _HEADINGS and "event_noun" in hit.kinds)
    if is_heading and heading.doubt is None:
        doubts = [finding.doubt for finding in told]
        if all(doubt is not None and doubt.reason != "mended" for doubt in doubts):
            heading.doubted(doubts[0])
    if hit.state not in _HEADINGS and heading.own_scope is UNSTATED:
        narrow = [finding.own_scope for finding in told if _is_same(heading, finding.thing_word)]
        if narrow and all(scope.name in ("one", "some") for scope in narrow):
            heading.narrowed(narrow[0])


def _is_same(finding: Finding, thing_word: str) -> bool:
    """ "Mail down", and then "mails are coming in again"."""
    return finding.thing_word.rstrip("s") == thing_word.rstrip("s")


def _may_tell(sentence: Sentence) -> bool:
    if sentence.touches(*STATES):
        return True
    return sentence.touches(*VERBS, "functions", "collapses") and sentence.touches(
        "cannot", "nobody", "neither", "negation", "particle"
    )


def _in_sentence(sentence: Sentence, sentences: Sequence[Sentence]) -> list[Finding]:
    found: list[Finding] = []
    known: dict[int, Hit | None] = {}
    may_deny = sentence.touches("cannot", "nobody", "neither", "negation")
    may_close = not _CLOSING.isdisjoint(sentence.hits.places)
    for n, hit in enumerate(sentence.hits):
        if len(found) >= FINDINGS_MAX:
            break
        if may_close and not _CLOSING.isdisjoint(hit.kinds):
            bracketed = _bracketed(sentence, n, known)
            if bracketed is not None:
                found.append(bracketed)
                continue
        if hit.state:
            thing = thing_of(sentence, n, known)
            known[n] = thing
            if _is_about_it(sentence, n, thing):
                found.append(_finding(sentence, n, hit.state, thing, sentences=sentences))
            continue
        if not may_deny:
            continue
        finding = _unable(sentence, n, sentences) if hit.verb else None
        if finding is None and "functions" in hit.kinds:
            finding = _none_works(sentence, n)
        if finding is not None:
            found.append(finding)
    hints = [finding for finding in found if finding.state == "hint"]
    if hints and any(finding.doubt is not None and finding.doubt.reason == "denied" for finding in found):
        # "We have no problem with it any more" hints at nothing.
        return [finding for finding in found if finding not in hints]
    return found


def _thing_before(sentence: Sentence, sentences: Sequence[Sentence]) -> Hit | None:
    """What "it" is: the thing named last in the sentences just before, or in the subject."""
    number = sentence.number
    for earlier in (*reversed(sentences[max(0, number - PRIOR_MAX) : number]), *sentences[: min(number, 1)]):
        named = _thing_named(earlier.hits) if earlier.touches(*THINGS) else None
        if named is not None:
            return named
    return None


def _thing_named(hits: Sequence[Hit]) -> Hit | None:
    return next((hit for hit in reversed(hits) if hit.thing and hit.thing != "everything"), None)


def _is_about_it(sentence: Sentence, index: int, thing: Hit | None) -> bool:
    """Not so of "sales are down", and of "full" or "missing" without a thing in the sentence."""
    hits = sentence.hits
    if hits[index].state == "hint":
        # "The printer hums since Monday" tells; "since Monday" in a wish, a question or praise does not.
        is_plain = not sentence.is_question and all(_NOT_PLAIN.isdisjoint(hit.kinds) for hit in hits)
        return is_plain and thing is not None and "measure" not in thing.kinds
    if thing is not None:
        return "measure" not in thing.kinds
    if "thing_only" not in hits[index].kinds:
        return True
    return any("pronoun" in hit.kinds for _, hit in before(hits, index, PRONOUN_REACH, CLAUSE))


def _finding(
    sentence: Sentence,
    index: int,
    state: str,
    thing: Hit | None,
    *,
    sentences: Sequence[Sentence],
    verb: Hit | None = None,
) -> Finding:
    hit = sentence.hits[index]
    # "I'm not receiving emails": what lies to the right is not what fails, so look for who says it.
    is_act = verb is not None or (hit.is_negative and (thing is None or thing.start >= hit.end))
    near = thing
    if near is None and (verb is None or _OBJECTS.isdisjoint(verb.phrase.split())):
        near = _thing_named(sentence.hits[:index]) or _thing_before(sentence, sentences)
    return Finding(sentence, index, state, about=thing, near=near, is_act=is_act, verb=verb)


def _unable(sentence: Sentence, index: int, sentences: Sequence[Sentence]) -> Finding | None:
    """ "We can't log in", "nobody can work", "wir können nicht drucken": somebody is unable to do something."""
    hits = sentence.hits
    verb = hits[index]
    denial = _denial_of(hits, index)
    if denial is None:
        return None
    if sentence.words[verb.start - 1] == "to" and any("makes" in hit.kinds for hit in hits[denial:index]):
        # "I can't get the scanner to work": the scanner is broken; I am not idle.
        return _finding(sentence, denial, "broken", thing_of(sentence, index, {}), sentences=sentences)
    thing = _object(sentence, index, denial)
    subject = _subject(hits, denial)
    if subject is not None:
        return _finding(sentence, denial, "faulty", subject, sentences=sentences)
    if verb.verb == "machine_verb":
        return None
    is_nearly = any("nearly" in hit.kinds for _, hit in before(hits, denial, 1, CLAUSE))
    state = "crawling" if is_nearly else "cannot-" + verb.verb.removesuffix("_verb")
    return _finding(sentence, denial, state, thing, sentences=sentences, verb=verb)


def _none_works(sentence: Sentence, index: int) -> Finding | None:
    """ "No printer works", "neither the website nor email works"."""
    thing: Hit | None = None
    for _, hit in before(sentence.hits, index, LIST_REACH, CLAUSE):
        if "neither" in hit.kinds and thing is not None and thing.start - hit.end <= NONE_REACH:
            finding = _finding(sentence, index, "broken", thing, sentences=())
            scope = Scope("everyone", Span(sentence, hit.start, hit.end)) if "nobody" in hit.kinds else None
            finding.said(min(hit.start, thing.start), sentence.hits[index].end, scope)
            finding.doubted(None)
            return finding
        if hit.thing:
            thing = hit
    return _works_none(sentence, index)


def _works_none(sentence: Sentence, index: int) -> Finding | None:
    """ "Läuft kein Rechner mehr", "no llega ningún correo"."""
    none: Hit | None = None
    for _, hit in after(sentence.hits, index, LIST_REACH, CLAUSE):
        if hit.state and hit.state != "hint" and "event_noun" not in hit.kinds:
            return None
        if "neither" in hit.kinds:
            none = hit
        elif hit.thing and none is not None and hit.start - none.end <= NONE_REACH:
            finding = _finding(sentence, index, "broken", hit, sentences=())
            scope = Scope("everyone", Span(sentence, none.start, none.end)) if "nobody" in none.kinds else None
            finding.said(sentence.hits[index].start, hit.end, scope)
            return finding
    return None


def _bracketed(sentence: Sentence, index: int, known: dict[int, Hit | None]) -> Finding | None:
    """ "Geht in der ganzen Firma das Internet nicht mehr", "stürzt ständig ab": a German verb and the "nicht" or the
    particle at the end hold all else between them."""
    opening, state = ("functions", "broken") if "bracket" in sentence.hits[index].kinds else ("collapses", "unstable")
    for _, hit in before(sentence.hits, index, BRACKET_REACH, CLAUSE):
        if hit.state and hit.state != "hint" and "on_off" not in hit.kinds:
            return None
        if opening in hit.kinds:
            thing = thing_before(sentence, index, known)
            if thing is None or "measure" in thing.kinds:
                return None
            known[index] = thing
            return _finding(sentence, index, state, thing, sentences=())
    return None


def _denial_of(hits: Sequence[Hit], index: int) -> int | None:
    """The "can't" of a verb, or the "can … not" or "nobody can" that says the same."""
    negation: int | None = None
    can: int | None = None
    for n, hit in before(hits, index, VERB_REACH, CLAUSE):
        if "cannot" in hit.kinds:
            return n
        if "can" in hit.kinds:
            if negation is not None:
                return n
            can = n
        elif "nobody" in hit.kinds and (can is not None or hits[index].start - hit.end <= BARE_REACH):
            return n
        elif "negation" in hit.kinds:
            negation = n
    return None


def _object(sentence: Sentence, index: int, denial: int) -> Hit | None:
    hits = sentence.hits
    for _, hit in after(hits, index, OBJECT_REACH, PHRASE):
        if hit.thing:
            return hit
        if hit.state:
            break
    return next((hit for hit in hits[denial + 1 : index] if hit.thing), None)


def _subject(hits: Phrases, denial: int) -> Hit | None:
    """The thing that cannot, in "Outlook can't connect to the server"; None where a person cannot."""
    first, _ = segment(hits, denial)
    thing: Hit | None = None
    is_persons = False
    for hit in hits[first:denial]:
        if not hit.kinds.isdisjoint(_NO_SUBJECT):
            thing, is_persons = None, True
        elif hit.thing:
            thing = hit
        elif "link" in hit.kinds and is_persons:
            # "I am locked out of my computer and can't": I cannot.
            thing = None
    return thing if thing is not None and hits[denial].start - thing.end <= 2 else None


def _mend(found: Sequence[Finding], sentence: Sentence, index: int) -> None:
    """What was told before the words that say it works again no longer counts."""
    mending = sentence.hits[index]
    thing = thing_of(sentence, index, {})
    if thing is not None and thing.start > mending.end:
        thing = None
    near = [hit for _, hit in before(sentence.hits, index, MENDING_REACH, CLAUSE)]
    # "The rest is fine", "it's fine on my computer": elsewhere.
    is_elsewhere = any("of" in hit.kinds for _, hit in after(sentence.hits, index, 0, CLAUSE))
    if is_elsewhere or any("rest" in hit.kinds for hit in near):
        return
    if "resolved" not in mending.kinds and thing not in near and not any("pronoun" in hit.kinds for hit in near):
        return
    span = Span(sentence, mending.start if thing is None else min(thing.start, mending.start), mending.end)
    for finding in found:
        is_before = finding.sentence is not sentence or finding.span.start < mending.start
        is_meant = (
            thing is None or thing.thing == "everything" or not finding.thing_word or _is_same(finding, thing.phrase)
        )
        if is_before and is_meant and finding.doubt is None:
            finding.doubted(Doubt("mended", span))
