"""A ticket's lawful life: who may claim, what ends a hold, what silence never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot import tickets
from bot.errors import NotAllowed, UserError
from bot.escalation import Candidate, Ladder, Rung, next_step
from bot.tickets import OPEN, TAKEN, AlreadyClaimed, Change, Claimer, NotOffered, State, StillHeld, Ticket, WrongState
from bot.triage.priority import Priority
from tests.builders import NOW, a_ticket

LEAD, ROSA, SAM, MANAGER = 7, 8, 9, 1
SOON = NOW + timedelta(minutes=5)
HELD = a_ticket()
OFFERED = a_ticket(state=State.OFFERED, step=1, hold_until_at=None)
CLAIMED = a_ticket(
    state=State.CLAIMED, claimant_id=ROSA, claimed_at=NOW, hold_until_at=None, step_at=None, promise_at=NOW
)
RESOLVED = replace(CLAIMED, state=State.RESOLVED, resolved_at=NOW, close_at=NOW + timedelta(days=7), promise_at=None)
CLOSED = replace(RESOLVED, state=State.CLOSED, closed_at=NOW, close_at=None)
STRANGE = a_ticket(
    state=State.UNVERIFIED,
    client_id=None,
    contact_id=None,
    lead_id=None,
    hold_until_at=None,
    step_at=None,
    remind_at=NOW,
)


def a_claimer(consultant_id: int, **facts: bool) -> Claimer:
    return Claimer(consultant_id, **facts)


def claim(ticket: Ticket, claimer: Claimer, *, is_anyone_asked: bool = False, now: datetime = SOON) -> Change:
    return tickets.claim(ticket, claimer, is_anyone_asked=is_anyone_asked, now=now)


def kinds(change: Change) -> list[str]:
    return [event.kind for event in change.events]


# ---------------------------------------------------------------- who may claim


@pytest.mark.parametrize(
    ("ticket", "claimer", "is_anyone_asked", "reason"),
    [
        (HELD, a_claimer(LEAD), False, "lead"),
        (HELD, a_claimer(MANAGER, is_client_manager=True), False, "override"),
        (OFFERED, a_claimer(ROSA, was_offered=True), False, "was offered it"),
        (OFFERED, a_claimer(LEAD), False, "lead"),  # the lead too, after a lapse
        (OFFERED, a_claimer(SAM), True, "any active consultant"),
        (STRANGE, a_claimer(MANAGER, is_desk_manager=True), False, "unverified"),
    ],
)
def test_who_may_claim(ticket: Ticket, claimer: Claimer, is_anyone_asked: bool, reason: str) -> None:
    change = claim(ticket, claimer, is_anyone_asked=is_anyone_asked)
    assert (change.ticket.state, change.ticket.claimant_id) == (State.CLAIMED, claimer.consultant_id)
    assert change.ticket.claimed_at == SOON
    assert (change.ticket.hold_until_at, change.ticket.step_at, change.ticket.remind_at) == (None, None, None)
    assert kinds(change) == ["claimed"] and reason in change.events[0].reason


@pytest.mark.parametrize(
    ("ticket", "claimer", "is_anyone_asked", "refusal"),
    [
        (HELD, a_claimer(ROSA), False, StillHeld),
        (HELD, a_claimer(ROSA, was_offered=True), False, StillHeld),
        (HELD, a_claimer(ROSA, is_desk_manager=True), False, StillHeld),  # not this client's
        (OFFERED, a_claimer(SAM), False, NotOffered),
        (OFFERED, a_claimer(LEAD, is_away=True), True, NotAllowed),
        (OFFERED, a_claimer(LEAD, is_active=False), True, NotAllowed),
        (STRANGE, a_claimer(ROSA), True, NotAllowed),
        (RESOLVED, a_claimer(LEAD), True, WrongState),
        (CLOSED, a_claimer(LEAD), True, WrongState),
    ],
)
def test_who_may_not_claim(ticket: Ticket, claimer: Claimer, is_anyone_asked: bool, refusal: type[UserError]) -> None:
    with pytest.raises(refusal) as refused:
        claim(ticket, claimer, is_anyone_asked=is_anyone_asked)
    assert str(refused.value).endswith(".")


def test_second_claim_is_told_who_won_and_when() -> None:
    won = claim(OFFERED, a_claimer(ROSA, was_offered=True)).ticket
    with pytest.raises(AlreadyClaimed) as lost:
        claim(won, a_claimer(SAM, was_offered=True), now=SOON + timedelta(seconds=1))
    assert (lost.value.ticket_id, lost.value.claimant_id, lost.value.claimed_at) == (42, ROSA, SOON)


def test_winner_who_claims_again_changes_nothing() -> None:
    won = claim(OFFERED, a_claimer(ROSA, was_offered=True)).ticket
    assert claim(won, a_claimer(ROSA)) == Change(won, ())


# ---------------------------------------------------------------- pass, release, offer, the ladder


def test_pass_makes_the_next_rung_due_at_once() -> None:
    change = tickets.pass_(HELD, LEAD, "outside my field", now=SOON)
    assert change.ticket.step_at == SOON
    climbed = tickets.climb(change.ticket, 1, "best-three", audience=(ROSA,), until_at=SOON + timedelta(minutes=30))
    # Passed is not lapsed: the digest counts holds lapsed by lead.
    assert kinds(climbed) == ["escalated", "offered"]


def test_only_the_lead_passes_on_a_hold() -> None:
    with pytest.raises(NotAllowed):
        tickets.pass_(HELD, ROSA, "", now=SOON)
    with pytest.raises(WrongState):
        tickets.pass_(CLAIMED, ROSA, "", now=SOON)


def test_hold_that_ran_out_is_recorded_for_the_lead() -> None:
    climbed = tickets.climb(HELD, 1, "best-three", audience=(ROSA, SAM), until_at=SOON)
    assert kinds(climbed) == ["hold lapsed", "escalated", "offered", "offered"]
    assert climbed.events[0].consultant_id == LEAD
    assert (climbed.ticket.state, climbed.ticket.step, climbed.ticket.step_at) == (State.OFFERED, 1, SOON)


def test_release_goes_back_to_the_ladder_at_once() -> None:
    released = tickets.release(CLAIMED, ROSA, "ill", by_manager=False, now=SOON).ticket
    assert (released.state, released.claimant_id, released.step_at) == (State.OFFERED, None, SOON)
    with pytest.raises(NotAllowed):
        tickets.release(CLAIMED, SAM, "", by_manager=False, now=SOON)
    assert tickets.release(CLAIMED, MANAGER, "", by_manager=True, now=SOON).events[0].consultant_id == ROSA
    with pytest.raises(WrongState):
        tickets.release(OFFERED, ROSA, "", by_manager=True, now=SOON)


def test_manager_offers_a_ticket_to_one() -> None:
    offered = tickets.offer(HELD, SAM, SOON)
    assert (offered.ticket.state, offered.ticket.step_at) == (State.OFFERED, SOON)
    assert offered.events[0].consultant_id == SAM
    with pytest.raises(WrongState, match="release 42"):
        tickets.offer(CLAIMED, SAM, SOON)


# ---------------------------------------------------------------- priority


def test_raised_priority_ends_the_hold_earlier_never_later() -> None:
    def raised(hold_until_at: datetime) -> Ticket:
        change = tickets.set_priority(
            HELD, Priority.P1, rule="r", why=("w",), respond_by=SOON, hold_until_at=hold_until_at
        )
        assert kinds(change) == ["priority raised"]
        return change.ticket

    assert HELD.hold_until_at is not None
    sooner = NOW + timedelta(minutes=30)
    assert (raised(sooner).hold_until_at, raised(sooner).step_at) == (sooner, sooner)
    later = HELD.hold_until_at + timedelta(minutes=30)
    assert raised(later).hold_until_at == HELD.hold_until_at


@pytest.mark.parametrize(
    ("priority", "rung_minutes", "left"),
    [
        (Priority.P1, 5, 5),  # raised: the rung ends as a P1 rung that begins now
        (Priority.P1, 500, 120),  # never later than it would have ended
        (Priority.P4, 5, 120),  # lowered: it stays
    ],
)
def test_raised_priority_ends_the_rung_earlier_never_later(priority: Priority, rung_minutes: int, left: int) -> None:
    change = tickets.set_priority(
        OFFERED,
        priority,
        rule="r",
        why=(),
        respond_by=SOON,
        hold_until_at=None,
        rung_until_at=NOW + timedelta(minutes=rung_minutes),
    )
    assert change.ticket.step_at == NOW + timedelta(minutes=left)


def test_raised_priority_promises_sooner_never_later() -> None:
    change = tickets.set_priority(HELD, Priority.P1, rule="r", why=(), respond_by=SOON, hold_until_at=None)
    assert (change.ticket.respond_by, change.ticket.promise_at) == (SOON, SOON)
    late = NOW + timedelta(days=9)
    change = tickets.set_priority(HELD, Priority.P1, rule="r", why=(), respond_by=late, hold_until_at=None)
    assert change.ticket.respond_by == HELD.respond_by


def test_chasers_change_the_price_only_once_confirmed() -> None:
    chased = tickets.set_priority(
        HELD, Priority.P1, rule="persistence", why=(), respond_by=SOON, hold_until_at=None, is_priced=False
    ).ticket
    assert (chased.priority, chased.priced_priority) == (Priority.P1, Priority.P2)
    confirmed = tickets.confirm_price(chased, reason="by Sam")
    assert confirmed.ticket.priced_priority == Priority.P1 and kinds(confirmed) == ["price confirmed"]
    assert tickets.confirm_price(confirmed.ticket, reason="again").events == ()


# ---------------------------------------------------------------- answer, wait, resolve, reopen, close


def test_first_answer_keeps_the_promise_and_the_second_changes_nothing() -> None:
    answered = tickets.answer(CLAIMED, ROSA, now=SOON)
    assert (answered.ticket.promise_at, answered.ticket.responded_at) == (None, SOON)
    assert tickets.answer(answered.ticket, ROSA, now=SOON + timedelta(hours=1)).events == ()


def test_missed_promise_is_said_once() -> None:
    missed = tickets.miss_promise(CLAIMED)
    assert missed.ticket.promise_at is None and missed.events[0].consultant_id == ROSA


def test_requesters_message_ends_waiting_and_reopens_what_was_resolved() -> None:
    waiting = tickets.wait(CLAIMED, "password").ticket
    assert waiting.state is State.WAITING
    assert tickets.hear(waiting, now=SOON, reopen_days=14).ticket.state is State.CLAIMED
    again = tickets.hear(RESOLVED, now=SOON, reopen_days=14).ticket
    assert (again.state, again.claimant_id, again.close_at) == (State.CLAIMED, ROSA, None)
    assert tickets.hear(CLAIMED, now=SOON, reopen_days=14).events == ()


def test_resolving_needs_the_claimant_or_a_manager() -> None:
    resolved = tickets.resolve(CLAIMED, ROSA, note="done", by_manager=False, close_days=7, now=SOON).ticket
    assert (resolved.state, resolved.close_at, resolved.promise_at) == (State.RESOLVED, SOON + timedelta(days=7), None)
    assert tickets.resolve(CLAIMED, MANAGER, note="", by_manager=True, close_days=7, now=SOON).events
    with pytest.raises(NotAllowed):
        tickets.resolve(CLAIMED, SAM, note="", by_manager=False, close_days=7, now=SOON)
    with pytest.raises(WrongState, match="claim 42"):
        tickets.resolve(OFFERED, SAM, note="", by_manager=True, close_days=7, now=SOON)
    again = tickets.resolve(resolved, ROSA, note="", by_manager=False, close_days=7, now=SOON)
    assert again.events == ()


@pytest.mark.parametrize(
    ("days", "may"),
    [(0, True), (14, True), (14.01, False)],  # the window is 14 days from the end
)
def test_reopening_has_a_window(days: float, may: bool) -> None:
    later = NOW + timedelta(days=days)
    for ended in (RESOLVED, CLOSED):
        assert tickets.may_reopen(ended, now=later, reopen_days=14) is may
        if may:
            assert tickets.reopen(ended, "again", now=later, reopen_days=14).ticket.state is State.CLAIMED
        else:
            with pytest.raises(WrongState, match="new message"):
                tickets.reopen(ended, "again", now=later, reopen_days=14)


def test_reopened_ticket_has_a_new_promise() -> None:
    answered = replace(RESOLVED, responded_at=NOW)
    for change in (
        tickets.reopen(answered, "again", now=SOON, reopen_days=14, respond_by=SOON + timedelta(hours=4)),
        tickets.hear(answered, now=SOON, reopen_days=14, respond_by=SOON + timedelta(hours=4)),
    ):
        assert change.ticket.promise_at == change.ticket.respond_by == SOON + timedelta(hours=4)
        assert kinds(tickets.answer(change.ticket, ROSA, now=SOON)) == ["responded"]


def test_ticket_of_an_unknown_sender_never_reaches_the_ladder_by_itself() -> None:
    taken = replace(STRANGE, state=State.CLAIMED, claimant_id=MANAGER, claimed_at=NOW, remind_at=None)
    ended = tickets.close(STRANGE, "", now=NOW).ticket
    for change in (
        tickets.release(taken, MANAGER, "", by_manager=True, now=SOON),
        tickets.reopen(ended, "wrote again", now=SOON, reopen_days=14),
    ):
        assert (change.ticket.state, change.ticket.step_at, change.ticket.remind_at) == (State.UNVERIFIED, None, SOON)


def test_known_sender_puts_the_ticket_on_offer_unless_a_manager_has_moved_it() -> None:
    adopted = tickets.adopt(STRANGE, 1, 2, LEAD, respond_by=SOON).ticket
    assert (adopted.state, adopted.client_id, adopted.contact_id, adopted.remind_at) == (State.OFFERED, 1, 2, None)
    taken = replace(STRANGE, state=State.CLAIMED, claimant_id=MANAGER, claimed_at=NOW, remind_at=None)
    kept = tickets.adopt(taken, 1, 2, LEAD, respond_by=SOON).ticket
    assert (kept.state, kept.client_id, kept.claimant_id) == (State.CLAIMED, 1, MANAGER)


def test_closed_ticket_waits_for_nothing() -> None:
    for ticket in (HELD, OFFERED, CLAIMED, STRANGE, RESOLVED):
        closed = tickets.close(ticket, "", now=SOON).ticket
        assert closed.state is State.CLOSED
        assert not any((closed.step_at, closed.promise_at, closed.close_at, closed.remind_at, closed.hold_until_at))
    assert tickets.close(CLOSED, "", now=SOON).events == ()


# ---------------------------------------------------------------- any sequence of decisions

LADDER = Ladder(
    tuple(Rung(name, name, dict.fromkeys(Priority, 10)) for name in ("best-three", "expertise", "everyone", "manager"))
)
PEOPLE = (LEAD, ROSA, SAM, MANAGER)


class LifeOfATicket(RuleBasedStateMachine):
    """One ticket under any order of claims, passes, lapses, releases, answers, priorities and ends."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.ticket = HELD
        self.offered: set[int] = {LEAD}
        self.passed: set[int] = set()

    @initialize(is_strange=st.booleans())
    def open(self, is_strange: bool) -> None:
        self.ticket = STRANGE if is_strange else HELD

    def keep(self, change: Change) -> None:
        for event in change.events:
            if event.kind == "offered" and event.consultant_id is not None:
                self.offered.add(event.consultant_id)
            if event.kind == "passed" and event.consultant_id is not None:
                self.passed.add(event.consultant_id)
        assert (change.ticket == self.ticket) or change.events, "nothing changes without an event"
        assert change.ticket.version == self.ticket.version, "the version is the room's"
        self.ticket = change.ticket

    def attempt(self, transition: object, *arguments: object, **named: object) -> None:
        before = self.ticket
        try:
            change = transition(self.ticket, *arguments, **named)  # type: ignore[operator]
        except UserError as refusal:
            assert len(str(refusal)) > 10
            assert self.ticket is before
        else:
            self.keep(change)

    @rule(minutes=st.integers(0, 300))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        while self.ticket.step_at is not None and self.ticket.step_at <= self.now:
            self.climb()

    def climb(self) -> None:
        candidates = [
            Candidate(person, int(person != SAM), person == MANAGER, person != MANAGER, person in self.passed)
            for person in PEOPLE
        ]
        step = next_step(
            LADDER,
            self.ticket.step,
            candidates,
            priority=self.ticket.priority,
            asked=frozenset(self.offered) if self.ticket.step else frozenset(),
            now=self.now,
        )
        assert step.audience, "somebody is always asked"
        self.keep(tickets.climb(self.ticket, step.number, step.rung, audience=step.audience, until_at=step.until_at))

    @rule(person=st.sampled_from(PEOPLE), is_away=st.booleans())
    def claim(self, person: int, is_away: bool) -> None:
        claimer = Claimer(
            person,
            was_offered=person in self.offered,
            is_client_manager=person == MANAGER,
            is_desk_manager=person == MANAGER,
            is_away=is_away,
        )
        had = self.ticket.claimant_id if self.ticket.state in TAKEN else None
        self.attempt(tickets.claim, claimer, is_anyone_asked=LADDER.is_anyone_asked(self.ticket.step), now=self.now)
        assert had is None or self.ticket.claimant_id == had, "a claim is never taken from its winner"

    @rule(person=st.sampled_from(PEOPLE))
    def pass_on(self, person: int) -> None:
        was_held = self.ticket.state is State.HELD
        self.attempt(tickets.pass_, person, "", now=self.now)
        if was_held and self.ticket.step_at == self.now:
            self.climb()

    @rule(person=st.sampled_from(PEOPLE))
    def release(self, person: int) -> None:
        self.attempt(tickets.release, person, "", by_manager=person == MANAGER, now=self.now)

    @rule(person=st.sampled_from(PEOPLE))
    def offer(self, person: int) -> None:
        self.attempt(tickets.offer, person, self.now + timedelta(hours=1))

    @rule(priority=st.sampled_from(Priority), is_priced=st.booleans(), minutes=st.integers(1, 600))
    def set_priority(self, priority: Priority, is_priced: bool, minutes: int) -> None:
        if self.ticket.state not in OPEN:
            return
        before, until = self.ticket, self.now + timedelta(minutes=minutes)
        self.attempt(
            tickets.set_priority,
            priority,
            rule="r",
            why=("w",),
            respond_by=until,
            hold_until_at=until if before.hold_until_at else None,
            is_priced=is_priced,
        )
        if before.hold_until_at is not None:
            assert self.ticket.hold_until_at is not None and self.ticket.hold_until_at <= before.hold_until_at

    @rule(person=st.sampled_from(PEOPLE))
    def answer(self, person: int) -> None:
        self.attempt(tickets.answer, person, now=self.now)

    @rule()
    def wait(self) -> None:
        self.attempt(tickets.wait, "")

    @rule(person=st.sampled_from(PEOPLE))
    def resolve(self, person: int) -> None:
        self.attempt(tickets.resolve, person, note="", by_manager=person == MANAGER, close_days=7, now=self.now)

    @precondition(lambda self: self.ticket.state is not State.CLOSED)
    @rule()
    def hear(self) -> None:
        self.attempt(tickets.hear, now=self.now, reopen_days=14)

    @rule()
    def reopen(self) -> None:
        self.attempt(tickets.reopen, "", now=self.now, reopen_days=14)

    @rule()
    def close(self) -> None:
        self.attempt(tickets.close, "", now=self.now)

    @invariant()
    def no_open_ticket_is_silent(self) -> None:
        if self.ticket.state in (State.HELD, State.OFFERED):
            assert self.ticket.step_at is not None
        if self.ticket.state is State.UNVERIFIED:
            assert self.ticket.remind_at is not None

    @invariant()
    def taken_means_one_claimant(self) -> None:
        if self.ticket.state in TAKEN:
            assert self.ticket.claimant_id is not None and self.ticket.claimed_at is not None
            assert self.ticket.step_at is None
        elif self.ticket.state in OPEN:
            assert self.ticket.claimant_id is None

    @invariant()
    def hold_is_only_in_held(self) -> None:
        if self.ticket.state is not State.HELD:
            assert self.ticket.hold_until_at is None

    @invariant()
    def ended_is_not_promised(self) -> None:
        if self.ticket.state not in OPEN:
            assert self.ticket.promise_at is None and self.ticket.step_at is None


TestLifeOfATicket = LifeOfATicket.TestCase
TestLifeOfATicket.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
