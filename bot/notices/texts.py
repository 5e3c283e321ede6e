"""Every sentence that the desk writes to people by itself, in one place, and beside it in other languages.

A sentence is looked up by its key and filled with named values; values may quote strangers and are never interpreted.
Its other languages stand in `catalogues`, by the English sentence; one that a catalogue lacks reads in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from bot.notices.catalogues import translated
from bot.notices.texts_of_appointments import APPOINTMENTS
from bot.notices.texts_of_chat import CHAT
from bot.notices.texts_of_mail import MAIL
from bot.notices.texts_of_money import MONEY
from bot.notices.texts_of_paper import PAPER
from bot.notices.texts_of_words import WORDS
from bot.sentences import SENTENCES

ENGLISH: Mapping[str, str] = {
    **WORDS,
    **MONEY,
    **MAIL,
    **APPOINTMENTS,
    **SENTENCES,
    **PAPER,
    **CHAT,
    # ---- words that others are made of
    "priority": "{priority} ({label})",
    "because": "{priority} ({label}), because: {why}",
    "your time": "{at} (your time)",
    "quote": "{name} wrote:",
    "files": "With: {files}",
    "no subject": "(no subject)",
    # ---- to the person who asked
    "received": "Thank you, we have your message. It is ticket #{id}, {priority}.",
    "received by": "A person answers you by {at}.",
    "received lead": "{name}, your consultant, is asked first.",
    "received ladder": "It goes to our consultants who know about it.",
    "received closed": "We are closed now and open again {at}.",
    "received on hold": "Before any work is billed, an approver at your company is asked.",
    "received direct": "If it cannot wait, call {number}.",
    "received more": "To add something, just answer this message.",
    "stranger": "Thank you, your message has arrived. It is ticket #{id}.",
    "stranger link": "If we know your email address, tell us who you are: link you@your-company",
    "stranger next": "We do not know this address yet, so a person looks at it first. You will hear from us.",
    "widened passed": "{lead} cannot take ticket #{id} this time, so other consultants are asked now.",
    "widened lapsed": "Ticket #{id} was not taken up in time, so more consultants are asked now.",
    "widened released": "Ticket #{id} is being handed over: other consultants are asked now.",
    "widened by": "A person still answers you by {at}.",
    "claimed": "{name} has taken your ticket #{id} and works on it.",
    "claimed by": "You hear from {name} by {at}.",
    "replied": "{text}\n\n{name}",
    "resolved": "{name} has resolved your ticket #{id}.",
    "resolved reopen": "If it is not solved, just answer this message: that opens it again.",
    "closed": "Your ticket #{id} is closed.",
    "closed reason": "Reason: {reason}",
    "closed again": "If you need us again, just answer this message.",
    "reopened requester": "Your ticket #{id} is open again.",
    "priority up": "Your ticket #{id} is now {priority}.",
    "priority was": "It was {was}.",
    "priority why": "The reason: {reason}",
    "priority price": "Work that starts from now on is priced by it; what was done before keeps its price.",
    "priority unpriced": "We answer faster; the price stays as it was.",
    "priority by": "A person answers you by {at}.",
    "price confirmed": "From now on, work on your ticket #{id} is priced as {priority}. What was done before keeps its "
    "price.",
    # ---- money, to contacts
    "nothing to pay": "nothing to pay",
    "urgent": "Your ticket #{id} is urgent, and we are closed until {opens}. You choose:",
    "urgent now": "- now: we take it up at once. Urgent work in closed time costs from {price} a quarter of an hour, "
    "and your contact counts as the first of them.",
    "urgent later": "- later: we work on it from {opens}, as an ordinary ticket, without that charge.",
    "urgent how": "To choose, answer with one line: now {id}, or later {id}",
    "next opening": "the next opening",
    "urgent consent": "Your company has no agreement for chargeable work yet. Nothing is billed, and no work begins "
    "before that time, unless an approver chooses now: that is the agreement.",
    "urgent grace": "If you choose nothing within {minutes} minutes and one of us takes it up, it counts as now.",
    "urgent label now": "Now, from {price}",
    "urgent label later": "Later, {opens}",
    "contact billed": "Your urgent contact about ticket #{id} in closed time is billed: one quarter at P1, {cost}.",
    "contact dispute": "If that is not right, just answer this message and a manager looks at it.",
    "waived": "A charge on your ticket #{id} was taken back: {cost}.",
    "waived reason": "Reason: {reason}",
    "credit out": "The credit of {client} has run out during work on ticket #{id}. What was begun is finished, at "
    "most one hour at the price per use.",
    "credit choice": "How shall we go on?",
    "credit 12": "- 12 hours: {price_12}",
    "credit 40": "- 40 hours: {price_40}",
    "credit use": "- per use: each quarter of an hour at the listed price",
    "credit stop": "- stop: no further work until you tell us",
    "credit urgent": "Urgent work (P1) goes on meanwhile, up to your cap.",
    "credit how": "To choose, answer with one line: buy 12, buy 40, buy per-use, or buy stop",
    "credit wanted": "{name} of {client} would like to buy the {tier} credit.",
    "credit wanted next": "When it is paid, or to let them use it before: grant {code} {tier}",
    "agreement": "Work on ticket #{id} would be charged, and your company has agreed to no chargeable work yet. The "
    "work waits for your yes.",
    "agreement price": "It is urgent and we are closed: that costs from {price} a quarter of an hour.",
    "agreement how": "To agree, answer with one line: accept {id}. Your words are kept as the agreement.",
    "credit new": "New credit of {client} can be used from now on. Left in all: {left}.",
    "credit low": "{client} has {left} left.",
    "lapse soon": "{left} of the credit of {client} lapses {at}.",
    # ---- people
    "approval": "{name} wrote to us from your company's address and opened ticket #{id}. We do not know {name} yet.",
    "approval unproven": "A mail in {name}'s name opened ticket #{id}. Nothing in it proves that it is from {name}.",
    "approval next": "The ticket runs as usual. Until an approver says yes, nothing on it is billed.",
    "approval how": "To say yes, answer with one line: accept {id}",
    "link code": "Your code is {code}",
    "link how": "Type it where you asked for it: link {code}. It works once, for {minutes} minutes. If you did "
    "not ask, ignore this message.",
    "lead proposed": "{client} has named you as its lead consultant: you would be asked first about each new ticket.",
    "lead proposed next": "Please say yes or no. Until then nothing changes.",
    "lead confirmed": "{name} is now your lead consultant and is asked first about each new ticket.",
    "lead declined": "{name} cannot be your lead consultant. Name another one by member number: lead NUMBER.",
    "lead ended": "You are no longer the lead consultant of {client}.",
    "introduced by": "{name} introduces {assistant} to you.",
    "introduced": "{assistant} assists {manager} and may answer you when {manager} is not there.",
    "membership": "{name} ({address}) asks to become a consultant. Stated expertise: {expertise}.",
    "membership next": "Once you have validated it: membership invite {id} as NUMBER",
    "invited": "Welcome. You are a consultant of this desk, member number {number}.",
    "invited next": "Write help to see what you can do here.",
    # ---- to consultants
    "offered lead": "Yours until {until}.",
    "offered ladder": "Offered to you until {until}; who claims first has it.",
    "offered client": "Client: {client}",
    "offered subject": "Subject: {subject}",
    "offered expertise": "Expertise: {expertise}",
    "offered priority": "Priority: {priority}",
    "offered respond": "A person has to answer by {at}.",
    "offered how": "To take it: claim {id}. If it is outside your field: pass {id}, and others are asked at once.",
    "hold lapsed": "Your hold on ticket #{id} ended without an answer, so others are asked now. You may still claim "
    "it.",
    "message added": "{name} added to ticket #{id}:",
    "watched": "You watch ticket #{id}. This was said on it:",
    "watched unread": "You watch ticket #{id}, and something was said on it. Who claims it reads what.",
    "watched how": "To hear no more of it: unwatch {id}",
    "reopened": "Ticket #{id} is open again.",
    "released by": "A manager has put your ticket #{id} on offer again.",
    # ---- to managers
    "asked again": "Nobody has claimed ticket #{id} for {waited}.",
    "asked again how": "Claim it, or give it to somebody: offer {id} to NUMBER",
    "unverified": "A message from somebody we do not know opened ticket #{id}, {priority}.",
    "unverified again": "Ticket #{id} is still from somebody we do not know.",
    "unverified from": "From: {sender}",
    "unverified how": 'If this is a person of a client: contact add CODE "NAME" {address} takes the ticket on. If not: '
    "close {id}",
    "chased": "The requester of ticket #{id} has asked {chasers} times within a day, before our promise ended.",
    "chased next": "It is answered as P1 from now on. Its price is still {priced}; it changes only if you confirm it, "
    "and the client is told.",
    "promise missed": "Nobody answered ticket #{id} by {at}, as we had promised.",
    "promise claimed": "{name} has claimed it.",
    "quarantined": "A message on {channel} could not be read and is kept as number {id} (error {error}).",
    "quarantined why": "What happened: {reason}",
    "quarantined next": "Nothing is lost. After the fault is mended: requeue {id}",
    "dead": "A message to {to} on {channel} ({kind}) could not be delivered and is given up.",
    "dead ticket": "It belongs to ticket #{id}.",
    "dead why": "What happened: {reason}",
    "step failed": "A due step failed {failures} times ({what}); it is tried again later.",
    "step failed ticket": "A due step of ticket #{id} failed {failures} times ({what}); it is tried again later.",
    "clock jump": "The clock jumped ahead by {jump}. Lapses and charges stand still until a manager confirms the time.",
    "breaker": "The desk wrote more than {limit} messages by itself within an hour, so it stopped. Nothing is lost:"
    " what it holds goes out when the hour has calmed down. Words typed by a person still go out.",
    "breaker next": "Look for a loop: the metrics and the tickets of the last hour show who is written to.",
    "clock how": "If the time is right: confirm clock",
    "channel gone": "{name} can no longer be reached on {channel}. Notices go to their next channel.",
    "channel closed": "The conversation {name} on {channel} is closed to the desk. Open it again or name another.",
    "channel tickets": "Tickets answered there: {numbers}.",
    "channel tickets more": "Tickets answered there: {numbers} and {count} more.",
    "channel tickets next": "What is said on them goes to each person's next channel.",
    "channel asks": (
        "A mailbox holds mail from before the desk came. How far back shall the desk go? Write go_back in its [[imap]]"
        " table of config/holdline.toml and start the desk again: none, all, 30d or a day such as 2024-02-05."
        " What it goes back to is kept on closed tickets, and nobody is told. Until then it reads only what is new."
    ),
    "channel cut off": "The desk was cut off from {channel}. What waits goes to the next channel of each person.",
    "place moved": "The desk's own conversation on {channel} has a new number. Cards and notices go there already.",
    "place moved how": "Write it into the settings before the next start: {new} instead of {old}.",
    # ---- titles
    "title quarantined": "Message {id} is in quarantine",
    "title dead": "A message could not be delivered",
    "title step failed": "A due step failed",
    "title link": "Your code",
    "title lead": "Lead of {client}",
    "title credit": "Credit of {client}",
    "title membership": "Request to join",
    "title welcome": "Welcome",
    "title introduced": "{assistant} assists {manager}",
    "title channel": "Trouble on {channel}",
    "title moved": "The desk's conversation moved",
    "title breaker": "The desk stopped writing by itself",
    "title clock": "The clock jumped",
    "title answer": "Answer",
    # ---- buttons
    "button claim": "Claim",
    "button pass": "Pass",
    "button why": "Why",
    "button show": "Show",
    "button accept": "Yes",
    "button agree": "I agree",
    "button grant": "Grant {tier}",
    "button reopen": "Reopen",
    "button resolve": "Resolve",
    "button reply": "Reply",
    "button log": "Log time",
    "button book": "Book",
    "button priority": "Priority",
    "button wait": "Wait for client",
    "button release": "Release",
    "button close": "Close",
    "button requeue": "Read again",
    "button confirm price": "Confirm the price",
    "button lead yes": "Yes",
    "button lead no": "No",
    "button buy 12": "12 hours",
    "button buy 40": "40 hours",
    "button per use": "Per use",
    "button stop": "Stop",
    "button clock": "The time is right",
    # ---- cards
    "card client": "Client",
    "card priority": "Priority",
    "card expertise": "Expertise",
    "card lead": "Lead",
    "card respond": "Respond by",
    "card balance": "Balance left",
    "card opened": "Opened",
    "card nobody": "nobody yet",
    "card unknown": "unknown sender",
    "status unverified": "Unknown sender: a manager looks at it",
    "status held": "Held for {lead} until {until}",
    "status offered": "On offer: {step}",
    "status claimed": "Claimed by {name}",
    "status waiting": "{name} waits for the client",
    "status resolved": "Resolved by {name}",
    "status closed": "Closed",
    "step 0": "nobody asked yet",
    "step": "step {step}, next {until}",
}


@lru_cache(maxsize=4096)
def text_of(language: str, key: str) -> str:
    """The sentence of that key in the language, else in English. A key that is none is a fault of ours."""
    return translated(language, ENGLISH[key])
