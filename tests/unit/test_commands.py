"""One grammar for every channel: what a line means, what is refused and with which words, what is no command."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import commands as c
from bot.commands import BadCommand, Span, WallTime, Work, parse
from bot.commands.about_me import Language
from bot.errors import UserError
from tests.yardstick import rods

# ---------------------------------------------------------------- one line, one meaning


@pytest.mark.parametrize(
    ("line", "command"),
    [
        # The same claim, as every channel writes it.
        ("claim 42", c.Claim(42)),
        ("/claim 42", c.Claim(42)),
        ("/ticket claim 42", c.Claim(42)),
        ("ticket claim 42", c.Claim(42)),
        ("  CLAIM   #42  ", c.Claim(42)),
        ("Claim T42.", c.Claim(42)),
        ("@holdline claim 42", c.Claim(42)),
        ("<@U012ABC> claim 42", c.Claim(42)),
        ("/claim@HoldlineBot 42", c.Claim(42)),
        ("take 42", c.Claim(42)),
        ("42 claim", c.Claim(42)),
        ("claim\u00a042", c.Claim(42)),
        ("\u200bclaim 42", c.Claim(42)),
        ("claim 42?", c.Claim(42)),
        # Letting go.
        ("pass 42", c.Pass(42)),
        ("pass 42 outside my field", c.Pass(42, "outside my field")),
        ("pass 42 -- outside my field", c.Pass(42, "outside my field")),
        ('pass 42 "outside my field"', c.Pass(42, "outside my field")),
        ("release 42: on holiday", c.Release(42, "on holiday")),
        ("wait 42 for the password", c.Wait(42, "for the password")),
        ("offer 42 to 1043", c.Offer(42, "1043")),
        ("offer 42 @maria", c.Offer(42, "maria")),
        ('offer 42 "Jo Diaz"', c.Offer(42, "Jo Diaz")),
        ("reopen 42 -- it is back", c.Reopen(42, "it is back")),
        ("close 42 no longer needed", c.Close(42, "no longer needed")),
        # Words.
        ("reply 42 We are on our way.", c.Reply(42, "We are on our way.")),
        ("reply 42: We come.\n\nAt two.", c.Reply(42, "We come.\n\nAt two.")),
        ("/reply 42\nWe come.\nAt two.", c.Reply(42, "We come.\nAt two.")),
        ('reply 42 the “new” one -- "twice"', c.Reply(42, 'the “new” one -- "twice"')),
        ("note 42 -- room 3", c.NoteOn(42, "room 3")),
        # Priority and choices.
        ("priority 42 p2", c.SetPriority(42, "P2")),
        ("priority 42 urgent -- all down", c.SetPriority(42, "P1", "all down")),
        ("prio 42 3", c.SetPriority(42, "P3")),
        ("confirm priority 42", c.ConfirmPrice(42)),
        ("now 42", c.Choose(42, is_now=True)),
        ("later #42", c.Choose(42, is_now=False)),
        ("accept 42", c.Accept(42, "accept 42")),
        ("Accept", c.Accept(None, "Accept")),
        ("why 42", c.Why(42)),
        ("show 42", c.Show(42)),
        ("42", c.Show(42)),
        ("/ticket #42", c.Show(42)),
        # Lists and oneself.
        ("queue", c.Queue()),
        ("queue acme", c.Queue("ACME")),
        ("mine", c.Mine()),
        ("my tickets", c.Mine()),
        ("accounts", c.Accounts()),
        ("status", c.Status()),
        ("status 42", c.Status(42)),
        ("whoami", c.WhoAmI()),
        ("who am i", c.WhoAmI()),
        ("help", c.Help()),
        ("?", c.Help()),
        ("/ticket", c.Help()),
        ("help client add", c.Help("client add")),
        ("back", c.Back()),
        ("away until mon 09:00", c.Away(WallTime(540, weekday=0))),
        ("away until 2026-12-01", c.Away(WallTime(0, on=date(2026, 12, 1)))),
        ("away tomorrow at 2pm", c.Away(WallTime(840, offset_days=1))),
        ("away until 17:00", c.Away(WallTime(1020))),
        ("link Maria@Acme.example", c.Link(address="maria@acme.example")),
        ("link <maria@acme.example>", c.Link(address="maria@acme.example")),
        ("link mailto:maria@acme.example", c.Link(address="maria@acme.example")),
        ("language German", Language("de")),
        ("language deutsch", Language("de")),
        ("language pt-BR", Language("pt")),
        ("link abcde-23456", c.Link(code="ABCDE23456")),
        ("link ABCDE 23456", c.Link(code="ABCDE23456")),
        ("requeue 17", c.Requeue(17)),
        ("digest", c.DigestNow()),
        ("digest 2026-11-18", c.DigestNow(date(2026, 11, 18))),
        ("book tuesday 10:00 new laptop", c.Book(None, WallTime(600, weekday=1), words="new laptop")),
        ("book 42 tomorrow 14:00 90m onsite", c.Book(42, WallTime(840, offset_days=1), 90, "onsite")),
        (
            "book 42 on 2026-11-24 at 2pm on site 1h -- shelf",
            c.Book(42, WallTime(840, date(2026, 11, 24)), 60, "onsite", "shelf"),
        ),
        ("book 42 fri 14:00-15:30 bench", c.Book(42, WallTime(840, weekday=4), 90, "bench")),
        ("book 42", c.Book(42)),
        ("cancel 42 -- no parts", c.Cancel(42, "no parts")),
        ("diary", c.Diary()),
        # Money.
        ("balance", c.Balance()),
        ("balance acme", c.Balance("ACME")),
        ("grant ACME 12h -- paid by transfer", c.Grant("ACME", "12h", note="paid by transfer")),
        ("grant ACME 40", c.Grant("ACME", "40h")),
        ("grant ACME included 24 units lapses 2027-01-15", c.Grant("ACME", "included", 24, date(2027, 1, 15))),
        ("waive 42 goodwill", c.Waive(42, reason="goodwill")),
        ("waive charge 812 -- our mistake", c.Waive(None, 812, "our mistake")),
        ("buy 12", c.Buy("12h")),
        ("buy per-use", c.Buy("per-use")),
        ("statement", c.Statement()),
        ("statement 2026-11", c.Statement("", date(2026, 11, 1))),
        ("statement ACME 2026-11", c.Statement("ACME", date(2026, 11, 1))),
        (
            "received ACME $60 subscription 2026-11-01..2026-12-01 ref INV-7",
            c.Received("ACME", 6000, "subscription", date(2026, 11, 1), date(2026, 12, 1), "INV-7"),
        ),
        (
            "received ACME 720.00 credit on 2026-11-03 T-9",
            c.Received("ACME", 72_000, "credit", None, None, "T-9", date(2026, 11, 3)),
        ),
        # Addresses, and tickets that belong together.
        ("handle lift Maria@acme.example", c.HandleLift("email", "maria@acme.example")),
        ("handle lift telegram 7012345", c.HandleLift("telegram", "7012345")),
        ("handle troubles", c.HandleTroubles()),
        ("digest off", c.DigestHere(False)),
        ("digest on", c.DigestHere(True)),
        ("join 57 42", c.JoinTickets(57, 42)),
        ("join #57 to #42", c.JoinTickets(57, 42)),
        ("merge 57 into 42", c.JoinTickets(57, 42)),
        ("split 57", c.SplitOff(57)),
        ("files 57", c.Files(57)),
        ("files 57 2", c.Files(57, 2)),
        ("file 57 mail", c.Files(57, 1, is_mail=True)),
        ("files 57 mail 3", c.Files(57, 3, is_mail=True)),
        # People.
        ("place acme slack c0123abc", c.GivePlace("ACME", "slack", "C0123ABC")),
        ("place ACME slack <#C0123ABC|acme>", c.GivePlace("ACME", "slack", "C0123ABC")),
        ("place ACME telegram -1001234567890", c.GivePlace("ACME", "telegram", "-1001234567890")),
        ("place nobody", c.GivePlace("")),
        ("place list", c.PlaceList()),
        ("client list", c.ClientList()),
        ("clients", c.ClientList()),
        (
            'client add acme “Acme Ltd” zone=Europe/Berlin hours="Mon-Fri 09:00-17:00" hold=1h30',
            c.ClientAdd(
                "ACME",
                "Acme Ltd",
                (("zone", "Europe/Berlin"), ("hours", "Mon-Fri 09:00-17:00"), ("hold_minutes", 90)),
            ),
        ),
        (
            "client set ACME cap=500 plan=per-use rounding=item lead=none",
            c.ClientSet(
                "ACME", (("cap_cents_per_month", 50_000), ("plan", "per-use"), ("rounding", "item"), ("lead", ""))
            ),
        ),
        (
            'contact add ACME "Maria Lopez" maria@acme.example role=approver',
            c.ContactAdd("ACME", "Maria Lopez", "maria@acme.example", (("role", "approver"),)),
        ),
        ('contact add "Maria Lopez" maria@acme.example', c.ContactAdd("", "Maria Lopez", "maria@acme.example")),
        (
            "consultant add 1042 Jo jo@desk.example expertise=Network,Backup pay=62.5%",
            c.ConsultantAdd(
                "1042", "Jo", "jo@desk.example", (("expertise", "network,backup"), ("pay_basis_points", 6250))
            ),
        ),
        ("handle add 1042 telegram 99887766", c.HandleAdd("1042", "telegram", "99887766")),
        ("handle add maria@acme.example slack t01:u02", c.HandleAdd("maria@acme.example", "slack", "T01:U02")),
        ("lead 1042", c.NameLead("1042")),
        ("lead m-7 for ACME", c.NameLead("M-7", "ACME")),
        ("lead confirm ACME", c.ConfirmLead("ACME")),
        ("lead decline", c.ConfirmLead("", is_yes=False)),
        ("hold 2h", c.SetHold(120)),
        ("hold 30m ACME", c.SetHold(30, "ACME")),
        ("hold 1 day", c.SetHold(1440)),
        ("introduce 1043 to maria@acme.example by phone", c.Introduce("1043", "maria@acme.example", "phone")),
        (
            'join "Jo Diaz" jo@work.example expertise=network',
            c.Join("Jo Diaz", "jo@work.example", (("expertise", "network"),)),
        ),
        ("membership invite 3 as 1042", c.Invite(3, "1042")),
        ("membership decline 3 -- no capacity", c.DeclineJoin(3, "no capacity")),
    ],
)
def test_line_means(line: str, command: c.Command) -> None:
    assert parse(line) == command


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("claim", c.Claim(42)),
        ("claim 7", c.Claim(7)),
        ("pass outside my field", c.Pass(42, "outside my field")),
        ("reply We come.", c.Reply(42, "We come.")),
        ("reply\n3 servers are up", c.Reply(42, "3 servers are up")),
        ("reply #7 We come.", c.Reply(7, "We come.")),
        ("reply 42 We come.", c.Reply(42, "We come.")),
        ("log 50m travel", c.LogTime(42, Work(50, kind="travel"))),
        ("log 50 min travel", c.LogTime(42, Work(50, kind="travel"))),
        ("log 7 50 min", c.LogTime(7, Work(50))),
        ("offer 1043", c.Offer(42, "1043")),
        ("offer to Jo Diaz", c.Offer(42, "Jo Diaz")),
        ("offer 7 1043", c.Offer(7, "1043")),
        ("priority P2", c.SetPriority(42, "P2")),
        ("priority P2 all down", c.SetPriority(42, "P2", "all down")),
        ("now", c.Choose(42, is_now=True)),
        ("accept", c.Accept(42, "accept")),
        ("resolve restarted it", c.Resolve(42, note="restarted it")),
    ],
)
def test_number_may_be_left_out_in_a_tickets_thread(line: str, command: c.Command) -> None:
    assert parse(line, ticket_id=42) == command


def test_reply_in_a_thread_never_goes_to_a_number_that_begins_the_text() -> None:
    with pytest.raises(BadCommand, match="Is 3 a ticket"):
        parse("reply 3 servers are up", ticket_id=42)


# ---------------------------------------------------------------- time


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("50m", 50),
        ("50min", 50),
        ("90 min", 90),
        ("90 minutes", 90),
        ("1h", 60),
        ("2 hours", 120),
        ("1h30", 90),
        ("1h05", 65),
        ("1h30m", 90),
        ("1h 30m", 90),
        ("1 hour 30 minutes", 90),
        ("1.5h", 90),
        ("1,5 h", 90),
        ("0.25h", 15),
        ("24h", 1440),
        ("1440m", 1440),
    ],
)
def test_time_with_its_unit(written: str, minutes: int) -> None:
    assert parse(f"log 42 {written} remote") == c.LogTime(42, Work(minutes, kind="remote"))


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("1:30", "30 what"),
        ("01:30:00", "00 what"),
        ("50", "“50” what"),
        ("1.5", "“1.5” what"),
        ("0m", "no time at all"),
        ("0h", "no time at all"),
        ("-50m", "less than nothing"),
        ("90s", "seconds are not counted"),
        ("1.33h", "79.8 minutes"),
        ("1h75", "75 minutes after the hour"),
        ("25h", "24 hours"),
        ("1441m", "24 hours"),
        ("50m 20m", "twice"),
        ("50m 17:20-18:10", "twice"),
        ("17:20-17:20", "same minute"),
        ("25:00-26:00", "no time of day"),
        ("", "How long"),
        ("travel", "How long"),
        ("yesterday 50m", "At what time"),
        ("50m at 26:00", "no time of day"),
        ("50m 2026-02-30 10:00", "There is no 2026-02-30"),
        ("50m asked own", "own choice"),
        ("50m travel onsite", "travel or onsite"),
        ("50m free", "Why is it free"),
        ("50m travl", "travel"),
        ("50m akse", "asked"),
        ("50m fixed the cable", "A note goes after --"),
        ('50m "fixed" the cable', "comes last"),
    ],
)
def test_time_that_is_refused_with_a_sentence(written: str, says: str) -> None:
    with pytest.raises(BadCommand) as refused:
        parse(f"log 42 {written}")
    assert says in str(refused.value)
    assert "For example: log 42 50m travel" in str(refused.value)


@pytest.mark.parametrize(
    ("written", "work"),
    [
        ("50m", Work(50)),
        ("travel 50m", Work(50, kind="travel")),
        ("50m on-site", Work(50, kind="onsite")),
        ("50m on site", Work(50, kind="onsite")),
        ("50m remote-unscheduled", Work(50, kind="remote-unscheduled")),
        ("50m unscheduled", Work(50, kind="remote-unscheduled")),
        ("50m planned-coding", Work(50, kind="planned-coding")),
        ("50m production coding", Work(50, kind="production-coding")),
        ("50m bench", Work(50, kind="bench")),
        ("50m consultation", Work(50, kind="consultation")),
        ("50m check", Work(50, kind="check")),
        ("50m maintenance check", Work(50, kind="check")),
        ("50m asked", Work(50, was_asked=True)),
        ("50m own", Work(50, was_asked=False)),
        ("50m own choice", Work(50, was_asked=False)),
        ("50m booked travel", Work(50, kind="travel", is_booked=True)),
        ("50m free my own mistake", Work(50, is_billable=False, free_reason="my own mistake")),
        (
            "50m nonbillable warranty -- swapped disk",
            Work(50, is_billable=False, free_reason="warranty", note="swapped disk"),
        ),
        ("50m travel -- drove there", Work(50, kind="travel", note="drove there")),
        ("50m travel — drove there", Work(50, kind="travel", note="drove there")),
        ('50m travel "drove there"', Work(50, kind="travel", note="drove there")),
        ("50m “drove there”", Work(50, note="drove there")),
        ("17:20-18:10", Work(span=Span(WallTime(1040), 1090))),
        ("17:20–18:10 remote", Work(span=Span(WallTime(1040), 1090), kind="remote")),
        ("from 17:20 to 18:10", Work(span=Span(WallTime(1040), 1090))),
        ("yesterday 17:20-18:10", Work(span=Span(WallTime(1040, offset_days=-1), 1090))),
        ("on 2026-11-18 23:40-00:20", Work(span=Span(WallTime(1420, on=date(2026, 11, 18)), 20))),
        ("50m at 17:20", Work(50, start=WallTime(1040))),
        ("50m at 5:20pm", Work(50, start=WallTime(1040))),
        ("50m from 2026-11-18 17:20", Work(50, start=WallTime(1040, on=date(2026, 11, 18)))),
        ("50m yesterday 17:20 travel", Work(50, start=WallTime(1040, offset_days=-1), kind="travel")),
        ("at fri 9am 1h30 asked", Work(90, start=WallTime(540, weekday=4), was_asked=True)),
    ],
)
def test_log_reads_words_in_any_order(written: str, work: Work) -> None:
    assert parse(f"log 42 {written}") == c.LogTime(42, work)


@pytest.mark.parametrize(
    ("line", "work", "note"),
    [
        ("resolve 42", None, ""),
        ("resolve 42 restarted the print service", None, "restarted the print service"),
        ("resolve 42 50m travel fixed the cable", Work(50, kind="travel"), "fixed the cable"),
        ("resolve 42 50m fixed the cable", Work(50), "fixed the cable"),
        ("resolve 42 50m asked -- asked him to restart", Work(50, was_asked=True), "asked him to restart"),
        ("resolve 42 -- remote access works again", None, "remote access works again"),
        ("resolve 42 -- took 50m of tape", None, "took 50m of tape"),
    ],
)
def test_resolve_takes_time_and_a_note(line: str, work: Work | None, note: str) -> None:
    resolved = parse(line)
    assert isinstance(resolved, c.Resolve)
    assert resolved.note == note
    assert (resolved.work is None) == (work is None)
    if work is not None and resolved.work is not None:
        assert (resolved.work.minutes, resolved.work.kind, resolved.work.was_asked) == (
            work.minutes,
            work.kind,
            work.was_asked,
        )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("resolve 42 50m travl fixed it", "travel"),  # else billed as remote
        ("resolve 42 50m asked him to restart", "Put -- before it"),  # else billed at P1 in closed time
        ("resolve 42 remote access works again", "put -- before"),
        ("resolve 42 about 50m remote", "Is “50m” the time"),  # else not billed at all
        ("resolve 42 50 fixed it", "“50” what"),
    ],
)
def test_resolve_asks_where_a_note_could_be_money(line: str, says: str) -> None:
    with pytest.raises(BadCommand, match=says.replace("“", ".").replace("”", ".")):
        parse(line)


BERLIN = "Europe/Berlin"
NOON = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)  # Wednesday, 12:00 in Berlin


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        (WallTime(690), datetime(2026, 11, 18, 10, 30, tzinfo=UTC)),  # 11:30 has been
        (WallTime(1390), datetime(2026, 11, 17, 22, 10, tzinfo=UTC)),  # 23:10 was yesterday
        (WallTime(1040, offset_days=-1), datetime(2026, 11, 17, 16, 20, tzinfo=UTC)),
        (WallTime(1040, weekday=2), datetime(2026, 11, 11, 16, 20, tzinfo=UTC)),  # Wednesday 17:20: a week ago
        (WallTime(1040, weekday=0), datetime(2026, 11, 16, 16, 20, tzinfo=UTC)),
        (WallTime(1040, on=date(2026, 7, 1)), datetime(2026, 7, 1, 15, 20, tzinfo=UTC)),  # summer time
    ],
)
def test_work_began_the_last_time_the_wall_read_so(wall: WallTime, instant: datetime) -> None:
    assert c.latest(wall, BERLIN, NOON) == instant


@pytest.mark.parametrize(
    ("wall", "instant"),
    [
        (WallTime(690), datetime(2026, 11, 19, 10, 30, tzinfo=UTC)),
        (WallTime(1390), datetime(2026, 11, 18, 22, 10, tzinfo=UTC)),
        (WallTime(540, weekday=0), datetime(2026, 11, 23, 8, 0, tzinfo=UTC)),
        (WallTime(540, weekday=2), datetime(2026, 11, 25, 8, 0, tzinfo=UTC)),
        (WallTime(0, offset_days=1), datetime(2026, 11, 18, 23, 0, tzinfo=UTC)),
    ],
)
def test_absence_ends_the_next_time_the_wall_reads_so(wall: WallTime, instant: datetime) -> None:
    assert c.earliest(wall, BERLIN, NOON) == instant


def test_span_over_midnight_and_over_a_clock_change() -> None:
    over_midnight = Span(WallTime(1420, offset_days=-1), 20)  # 23:40-00:20
    assert c.bounds(over_midnight, BERLIN, NOON) == (
        datetime(2026, 11, 17, 22, 40, tzinfo=UTC),
        datetime(2026, 11, 17, 23, 20, tzinfo=UTC),
    )
    # 25 October 2026: 01:30-03:30 by the wall is three real hours.
    start, end = c.bounds(Span(WallTime(90, on=date(2026, 10, 25)), 210), BERLIN, NOON)
    assert (end - start).total_seconds() == 3 * 3600
    # 29 March 2026: 02:10-02:50 is skipped.
    with pytest.raises(UserError, match="clock was changed"):
        c.bounds(Span(WallTime(130, on=date(2026, 3, 29)), 170), BERLIN, NOON)


# ---------------------------------------------------------------- refusals teach


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("clam 42", "claim 42"),
        ("cliam 42", "claim 42"),
        ("resovle 42 50m travel", "resolve 42 50m travel"),
        ("lgo 42 50m", "log 42 50m"),
        ("/realease 42", "release 42"),
        ("client ad ACME Acme", "client add ACME Acme"),
        ("asign 42", ""),
        ("frobnicate", ""),
        ("balence", "balance"),
        ("clam", "claim 42"),  # nothing to complete it with: the example
    ],
)
def test_wrong_verb_says_what_was_meant(line: str, meant: str) -> None:
    with pytest.raises(BadCommand) as refused:
        parse(line)
    assert refused.value.meant == meant
    assert ("Did you mean" in str(refused.value)) == bool(meant)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("claim", "Which ticket"),
        ("claim 0", "no ticket 0"),
        ("claim 42 please", "“please”"),
        ("client", "client add, client list, client set"),
        ("client set ACME", "What is to be set"),
        ("client set ACME zon=Europe/Berlin", "Did you mean zone"),
        ("client set ACME zone=Berlin", "time zone"),
        ("client set ACME hold=10m", "30 minutes to 24 hours"),
        ("client set ACME zone=UTC zone=UTC", "twice"),
        ("hold 29m", "30 minutes to 24 hours"),
        ("hold 24h30", "30 minutes to 24 hours"),
        ("hold", "30 minutes to 24 hours"),
        ("priority 42", "P1 (urgent)"),
        ("priority 42 p5", "P1 (urgent)"),
        ("offer 42", "To whom"),
        ("reply 42", "text is missing"),
        ("grant ACME 13h", "12h, 40h or included"),
        ("buy 7", "buy 12, buy 40"),
        ("received ACME 60 subscription X-1", "Which period"),
        ("received ACME 60 subscription 2026-12-01..2026-11-01 X-1", "ends before it begins"),
        ("received ACME -60 credit X-1", "above zero"),
        ("contact add ACME Maria maria", "email address"),
        ("handle add maria@acme.example fax 1", "On which channel"),
        ("handle add 1042 telegram @maria", "no address on telegram"),
        ("link ABC", "no code"),
        ("away", "Until when"),
        ("away until yesterday", "past"),
        ("", "nothing"),
        ("   \n ", "nothing"),
        ("note 42 " + "x" * 200_000, "too long"),
        ("claim " + "4" * 9_000, "too long"),
    ],
)
def test_refusal_says_how_to_write_it(line: str, says: str) -> None:
    with pytest.raises(BadCommand) as refused:
        parse(line)
    assert says in str(refused.value)
    assert len(str(refused.value)) < 900


# ---------------------------------------------------------------- a sentence is no command

SENTENCES = [
    "close the window please",
    "log in fails",
    "log in fails 50m after restart",
    "reply all is broken",
    "Help! the server is down",
    "help me please",
    "Hold the line, I am looking for the password",
    "hold on",
    "Now it works, thanks",
    "now that the printer works",
    "later today is fine",
    "Accept my thanks",
    "Claim form cannot be opened",
    "claims department is offline",
    "pass the salt",
    "password is wrong",
    "Release notes are missing",
    "offer expired on the website",
    "Show me the invoice",
    "show must go on",
    "Why is it so slow?",
    "why?",
    "Why?",
    "Resolve the DNS problem please",
    "resolve this",
    "resolved, thank you",
    "Reopen the shop on Monday",
    "Priority: high",
    "priority high",
    "Priority 1 please",
    "note that the backup failed",
    "Balance sheet is broken",
    "balance wrong",
    "Status quo",
    "status of my order?",
    "Queue is stuck",
    "queue stuck",
    "Mine is broken too",
    "accounts are locked",
    "Accounts payable cannot log in",
    "link broken",
    "link attachment",
    "Link to the file does not work",
    "Book a meeting for tuesday",
    "Book tuesday 10:00 for Anna",
    "book",
    "Cancel my subscription",
    "cancel",
    "Cancel it please",
    "Diary is broken",
    "estimate needed",
    "lead time is too long",
    "lead the way",
    "Away until further notice",
    "back again",
    "Back up failed",
    "buy 12 licenses",
    "client cannot connect",
    "contact me",
    "digest emails missing",
    "statement missing",
    "Join the call",
    "place an order for us",
    "Place of delivery",
    "wait a minute",
    "wait for it",
    "/etc/hosts is wrong",
    "I want to claim 42",
    "42",
    "42 computers are down",
    "Ticket 42 is not solved",
    "Hello\nclaim 42",
    "",
]


@pytest.mark.parametrize("text", ["/estimate Secure Login", "/stop", "/start", "/book tuesday 10:00 new laptop"])
def test_slash_says_that_it_is_a_command(text: str) -> None:
    assert c.command_in(text) is not None and c.command_in(text.removeprefix("/")) is None


@pytest.mark.parametrize("text", SENTENCES)
def test_sentence_is_not_taken_as_a_command(text: str) -> None:
    assert c.command_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "claim",
        "claim 42",
        "Claim 42.",
        "/claim 42",
        "claim 42\n\n--\nJo Diaz\nDesk",
        "log 42 50m travel",
        "log 50m",
        "resolve",
        "resolve 42 50m travel fixed the cable",
        "reply 42 We come at two.",
        "reply: We come at two.",
        "reply\nWe come at two.\n\nJo",
        "note 42 room 3",
        "now",
        "later 42",
        "accept",
        "pass 42 outside my field",
        "pass -- outside my field",
        "close",
        "reopen 42 -- it is back",
        "priority 42 P2",
        "queue",
        "balance ACME",
        "buy 12",
        "help",
        "why 42?",
    ],
)
def test_command_is_known_for_one(text: str) -> None:
    assert c.command_in(text) is not None


def test_signature_below_a_command_is_no_part_of_it() -> None:
    assert c.command_in("claim 42\n\n-- \nJo") == "claim 42"
    assert c.command_in("reply 42 We come.\nAt two.\n") == "reply 42 We come.\nAt two."


def test_role_that_may_not_use_a_verb_writes_a_sentence() -> None:
    # A contact's first line may well be "note 3 devices are offline" or "release 12 broke our login".
    for text in ("note 3 devices are offline", "release 12 broke our login", "resolve", "queue"):
        assert c.command_in(text, role="consultant") is not None
        assert c.command_in(text, role="owner") is None
    assert c.command_in("now", role="requester") is not None
    assert c.command_in("now", role="") is None


def test_number_of_another_ticket_in_a_thread_makes_no_reply() -> None:
    assert c.command_in("reply 3 servers are up", ticket_id=42) is None
    assert c.command_in("reply #3 servers are up", ticket_id=42) is not None


# ---------------------------------------------------------------- the grammar itself


@pytest.mark.parametrize("entry", c.ENTRIES, ids=lambda entry: entry.verb)
def test_every_example_is_understood(entry: c.Entry) -> None:
    command = parse(entry.example)
    assert type(command) is entry.gives
    assert c.entry_of(command).gives is entry.gives
    assert entry.example in c.usage(entry.verb)
    assert c.usage(entry.verb).startswith(entry.usage)


def test_help_of_a_verb_shows_all_that_begins_with_it() -> None:
    shown = c.usage("start", "consultant")
    assert "Get notices here again." in shown and "start NUMBER: Let your clock run on a ticket." in shown
    assert "start NUMBER" not in c.usage("start", "requester")
    received = c.usage("received", "manager")
    assert "received CODE AMOUNT" in received and "received INV-YEAR-NUMBER AMOUNT" in received
    # No command is called "client" alone; what begins with it is shown.
    assert c.usage("client", "manager").startswith("  client add CODE")
    with pytest.raises(c.BadCommand):
        c.usage("client", "requester")


def test_names_are_unique() -> None:
    names = [name for entry in c.ENTRIES for name in entry.names]
    assert len(names) == len(set(names))


def test_help_shows_a_role_its_own_verbs() -> None:
    stranger, requester, owner, consultant, manager = map(
        c.help_text, ("", "requester", "owner", "consultant", "manager")
    )
    assert "link ADDRESS" in stranger and "join" in stranger and "status" not in stranger
    assert "status" in requester and "hold TIME" not in requester and "claim" not in requester
    assert "hold TIME" in owner and "lead NUMBER" in owner and "claim NUMBER" not in owner
    assert "claim NUMBER" in consultant and "waive" not in consultant
    assert "waive" in manager and "claim NUMBER" in manager


def test_usage_of_an_unknown_verb_says_what_was_meant() -> None:
    with pytest.raises(BadCommand, match="claim"):
        c.usage("clam")


# ---------------------------------------------------------------- any text at all

_WORDS = st.sampled_from(
    [name for entry in c.ENTRIES for name in entry.names]
    + ["42", "#42", "50m", "1:30", "--", '"', '="', "zone=", 'hours="', "ACME", "at", "17:20", "17:20-18:10", "free"]
    + ["from", "to", "yesterday", "2026-11-18", "asked", "\n", ":", "/", "@bot", "¼", "²", "٣", "\ud800", "\x00"]
)


@given(
    st.one_of(st.text(max_size=200), st.lists(st.one_of(_WORDS, st.text(max_size=6)), max_size=12).map(" ".join)),
    st.sampled_from([None, 42]),
)
@settings(max_examples=600, deadline=None)
@example("claim \ud800", None)
@example("log 42 50m ²h", None)
@example("priority ²", 42)
def test_any_text_is_a_command_or_bad_command(text: str, ticket_id: int | None) -> None:
    try:
        command = parse(text, ticket_id=ticket_id)
    except BadCommand as refused:
        assert str(refused)
    else:
        assert c.entry_of(command).gives is type(command)
    c.command_in(text)


@given(
    st.integers(1, 1440),
    st.sampled_from(sorted(set(c.KINDS.values()))),
    st.sampled_from(["", "asked", "own"]),
    st.booleans(),
    st.permutations(range(4)),
)
@settings(max_examples=200, deadline=None)
def test_order_of_words_changes_nothing(minutes: int, kind: str, asked: str, is_booked: bool, order: list[int]) -> None:
    words = [f"{minutes}m", kind, asked, "booked" if is_booked else ""]
    line = "log 42 " + " ".join(words[index] for index in order)
    was_asked = {"": None, "asked": True, "own": False}[asked]
    assert parse(line) == c.LogTime(42, Work(minutes, kind=kind, was_asked=was_asked, is_booked=is_booked))


@pytest.mark.parametrize(
    "text",
    ["log 42 " + piece * 7_900 for piece in ('"', "=", '="', "1:", "- ", "a ", "“", "\u200b", "/", "-- ", ":", "50m ")]
    + ["reply 42 " + piece * 90_000 for piece in ('"', "“", "\u200b", " ", "\n", "𐀀")]
    + ["client set ACME " + piece * 2_000 for piece in ("a=", 'a="', "zone=UTC", 'x="y" ')]
    + [piece * 90_000 for piece in ("@a ", "/", "ticket ", "client ", "a-", "my ")],
)
def test_hostile_line_is_read_in_linear_time(text: str) -> None:
    def read() -> None:
        c.command_in(text)
        with contextlib.suppress(BadCommand):
            parse(text)

    # Half a second; quadratic work on these would take many.
    assert rods(read, 30) < 30
