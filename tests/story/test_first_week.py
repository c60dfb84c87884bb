from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from bot.inbound import Upload
from tests.story.book import TEAM as NOBODY
from tests.story.posted import differences
from tests.story.roster import roster_of
from tests.story.stage import TEAM, OpenStage, Stage, asked, said, to
from tests.story.week import BERLIN, KOLKATA, NEW_YORK, ZONES, Week, book_of

MONDAY = date(2026, 11, 23)
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days) for days in (1, 2, 3))
THREE_WEEKS_LATER = MONDAY + timedelta(weeks=3)
SIX_WEEKS_LATER = MONDAY + timedelta(weeks=6)
OUTING = date(2026, 12, 4)
DAYS_OFF = frozenset({OUTING, date(2026, 12, 25), date(2026, 12, 26), date(2027, 1, 1)})


async def test_first_week(open_stage: OpenStage, tmp_path: Path) -> None:
    """Three people start with Rapport, and it keeps its word for six weeks.

    On a Monday in November Ana in Berlin moves her team to Rapport: she tells it when the team works, looks at what
    an import of 60 people with 2,000 touchpoints would do, and does it. Ben in New York and Chi in Kolkata join, and
    until Wednesday the three log ten things: by line and by form, about two people at once and about somebody new,
    with a name that fits two, with a slip of the pen, and with a mistake that is corrected. They ask how it stands.

    Three weeks go by in which nobody does anything, and the nudges come that QUIET.md demands, and no others. On the
    Monday after, they deal with some: one is snoozed, one reached out to, one not needed, one handed over; one is over
    because a colleague was quicker, and one although nobody answered. On Tuesday Ana takes things back, also what Ben
    has changed meanwhile. Three more weeks, with Christmas in them, bring what is due by then, and nothing twice.

    In the end the team's file is brought into an empty store, which says the same and goes on the same.
    """
    start = datetime(2026, 11, 23, 9, 40, tzinfo=BERLIN)
    roster = roster_of(MONDAY)
    async with open_stage(tmp_path / "team", start) as stage:
        week = Week(stage, roster, book_of(roster, start, DAYS_OFF))
        await the_team_joins(week)
        await the_roster_comes_in(week)
        await ten_things_are_logged(week)
        await how_does_it_stand(week)
        await three_weeks_pass(week)
        await nudges_are_dealt_with(week)
        await things_are_taken_back(week)
        await three_more_weeks_pass(week)
        async with open_stage(tmp_path / "elsewhere", stage.now) as elsewhere:
            await everything_moves(week, elsewhere)


async def the_team_joins(week: Week) -> None:
    """Monday, 9:40: the team says when it works, and Ben that three people a day are enough."""
    for name, zone in ZONES.items():
        week.stage.joins(name.lower(), zone, admin=name == "Ana")
    shown = await week.says("ana", "settings", channel=TEAM)
    form = asked(await week.stage.presses("ana", shown, "Change the team’s"))
    answer = said(await week.stage.fills("ana", form, country="DE", days_off="2026-12-04", channel="here"))
    assert answer.words.startswith("✓ "), answer.words

    shown = await week.says("ben", "settings")
    form = asked(await week.stage.presses("ben", shown, "Change mine"))
    assert "America/New_York" in shown.words
    await week.stage.fills("ben", form, daily_cap="3")
    week.book.members["Ben"].most = 3

    assert "Nobody is on the roster yet" in (await week.says("chi", "help")).words


async def the_roster_comes_in(week: Week) -> None:
    """Monday, 9:40: looked at, imported, taken back, imported once more, and not doubled by importing it again."""
    sheets = (Upload("people.csv", week.roster.people_sheet()), Upload("contacts.csv", week.roster.touches_sheet()))

    looked_at = await week.says("ana", "import", files=sheets)
    assert "Nothing is imported yet. This would add 60 people and 2,000 touchpoints." in looked_at.words
    assert {} == (await week.kept()).people, "a dry run must not write"

    done = said(await week.stage.presses("ana", looked_at, "Import"))
    assert "✓ Imported: 60 people and 2,000 touchpoints added." == done.words
    await as_written_down(week)
    undone = said(await week.stage.presses("ana", done, "Undo"))
    assert undone.words.startswith("↩ Took back “import"), undone.words
    assert {} == (await week.kept()).people, "an undone import must leave nobody"

    looked_at = await week.says("ana", "import", files=sheets)
    done = said(await week.stage.presses("ana", looked_at, "Import"))
    assert "✓ Imported: 60 people and 2,000 touchpoints added." == done.words
    again = await week.says("ana", "import", files=sheets)
    assert "Nothing to change: 60 people and 2,000 touchpoints in this import, all known already." == again.words
    await as_written_down(week)


async def ten_things_are_logged(week: Week) -> None:
    """Monday to Wednesday, by three people on three continents."""
    stage = week.stage
    # Monday
    answer = await week.says("ana", "log mia coffee at VidCon, loves ceramics yesterday")
    week.logs(
        "Mia Vance",
        "mutual",
        "meeting",
        "coffee at VidCon, loves ceramics",
        "Ana",
        on=MONDAY - timedelta(1),
        was=answer,
    )
    answer = await week.says("ana", "log gus, uma sent the spring samples")
    for name in ("Gus Webb", "Uma Rao"):
        week.logs(name, "outbound", "gift", "sent the spring samples", "Ana", was=answer)
    form = asked(await stage.says("chi", "log"))
    typed = {"who": "Heidi Moser", "what": "all about the winter menu", "medium": "call", "direction": "mutual"}
    answer = said(await stage.fills("chi", form, **typed))
    week.logs("Heidi Moser", "mutual", "call", "all about the winter menu", "Chi", was=answer)
    # Monday night in New York is Tuesday for the team, by whose calendar her silence begins.
    await week.until(MONDAY, "20:00", NEW_YORK)
    answer = await week.says("ben", "log aisha called, she is moving to Lisbon")
    week.logs("Aisha Bello", "outbound", "call", "called, she is moving to Lisbon", "Ben", was=answer)

    await week.until(TUESDAY, "11:00")
    which = await week.says("ana", "log jess replied: yes to the launch medium:email")
    assert "Two people match “jess”. Who do you mean?" == which.words
    assert ("Jess Liu · @jess.liu", "Jess Park · @jess.park", "Someone new") == which.buttons
    answer = said(await stage.presses("ana", which, "Jess Park"))
    week.logs("Jess Park", "inbound", "email", "replied: yes to the launch", "Ana", was=answer)

    await week.until(TUESDAY, "17:00", KOLKATA)
    meant = await week.says("chi", "log fatma met at the market")
    assert "Nobody is called “fatma”. Did you mean Fatima Zahra?" == meant.words
    answer = said(await stage.presses("chi", meant, "Fatima Zahra"))
    week.logs("Fatima Zahra", "mutual", "meeting", "met at the market", "Chi", was=answer)

    await week.until(TUESDAY, "14:00", NEW_YORK)
    answer = await week.says("ben", "log omar lunch at the fair")
    assert "Omar Haddad — meeting, today" in answer.words
    form = asked(await stage.presses("ben", answer, "Edit"))
    assert ("lunch at the fair", "meeting") == (form.inputs["what"], form.inputs["medium"])
    answer = said(await stage.fills("ben", form, medium="event", what="talk at the fair"))
    assert "Changed: Omar Haddad — event, today (Tue 24 Nov), by you: “talk at the fair”." in answer.words
    week.logs("Omar Haddad", "mutual", "event", "talk at the fair", "Ben")

    await week.until(WEDNESDAY, "12:00", KOLKATA)
    answer = await week.says("chi", "log nils sent a welcome box direction:outbound medium:gift disclosed:yes")
    week.logs("Nils Aber", "outbound", "gift", "sent a welcome box", "Chi", was=answer)
    await week.until(WEDNESDAY, "10:00", NEW_YORK)
    answer = await week.says("ben", "log goran emailed the brief once more")
    week.logs("Goran Babic", "outbound", "email", "emailed the brief once more", "Ben", was=answer)
    answer = await week.says("ben", "log felix dinner in Lisbon on:2026-12-11")
    week.logs("Felix Kern", "mutual", "meeting", "dinner in Lisbon", "Ben", on=date(2026, 12, 11), was=answer)

    await as_written_down(week)


async def how_does_it_stand(week: Week) -> None:
    """Thursday: what the recaps say is what was written down."""
    await week.until(THURSDAY, "10:00")
    for asks, name, status in (
        ("ben", "Mia Vance", "on track"),
        ("chi", "Priya Nair", "quiet"),
        ("ana", "Jess Park", "waiting on us"),
    ):
        recap = (await week.says(asks, f"show {name.lower()}")).words
        silence = week.book.silence(name)
        days = silence.lasted(week.book.today())
        for expected in (f"— {status}. {days} days ", f"; you usually talk about every {silence.usual} days."):
            assert expected in recap, f"{expected!r} is not in {recap!r}"
    slip = (await week.says("chi", "show gorn")).words
    assert slip.startswith("I took “gorn” for Goran Babic.\nGoran Babic (@goran.babic) — waiting on them."), slip
    assert "yesterday (Wed 25 Nov) — “emailed the brief once more”" in slip, slip


async def three_weeks_pass(week: Week) -> None:
    """Up to Monday, 14 December: the nudges that QUIET.md demands, and no others."""
    await week.until(THREE_WEEKS_LATER, "17:00")
    assert [] == week.differences()
    assert 5 == max(len(due.lines) for due in week.book.due)
    assert {"Ana", "Ben", "Chi", NOBODY} == {due.to for due in week.book.due}
    about = {(line.who, due.to, due.at.date()) for due in week.book.due for line in due.lines}
    assert ("Jess Park", "Ana", THURSDAY) in about, "two working days after Tuesday"
    assert ("Goran Babic", "Ben", date(2026, 12, 7)) in about, "his silence goes on, whatever we wrote"
    assert not {"Felix Kern", "Hugo Petit"} & {name for name, _, _ in about}, "one has a date, one is paused"
    assert OUTING not in {day for _, _, day in about}


async def nudges_are_dealt_with(week: Week) -> None:
    """Monday, 14 December: each button does what it says, and the message says what came of it."""
    await ravi_is_snoozed(week)
    await klaus_is_called(week)
    await jess_liu_can_wait(week)
    await chloe_becomes_bens(week)
    await somebody_else_met_diego(week)
    await goran_does_not_answer(week)


async def ravi_is_snoozed(week: Week) -> None:
    """For a month, which is too long; then for two weeks."""
    message = week.message("Ana", "Ravi Iyer")
    answer = said(await week.stage.presses("ana", message.now, "Snooze", "1 month", beside="Ravi Iyer"))
    assert "✓ Ravi Iyer is snoozed until Thu 14 Jan 2027." == answer.words
    await week.stage.presses("ana", answer, "Undo")
    await week.until(THREE_WEEKS_LATER, "17:30")

    message = week.message("Ana", "Ravi Iyer")
    answer = said(await week.stage.presses("ana", message.now, "Snooze", "2 weeks", beside="Ravi Iyer"))
    assert "✓ Ravi Iyer is snoozed until Mon 28 Dec." == answer.words
    week.book.is_snoozed("Ravi Iyer", date(2026, 12, 28))
    await week.until(THREE_WEEKS_LATER, "18:00")
    assert "Ravi Iyer — snoozed until Mon 28 Dec." in week.message("Ana", "Ravi Iyer").now.words


async def klaus_is_called(week: Week) -> None:
    """The form is filled with what is known; the log ends the nudge."""
    message = week.message("Chi", "Klaus Vogt")
    form = asked(await week.stage.presses("chi", message.now, "I reached out", beside="Klaus Vogt"))
    assert "What happened with Klaus Vogt?" == form.about
    filled = {name: value for name, value in form.inputs.items() if value}
    assert {"who": "Klaus Vogt", "direction": "outbound", "on": "2026-12-14"} == filled
    answer = await week.stage.fills("chi", form, what="called about the winter menu")
    week.logs("Klaus Vogt", "outbound", "call", "called about the winter menu", "Chi", was=answer)
    await week.until(THREE_WEEKS_LATER, "18:30")
    message = week.message("Chi", "Klaus Vogt")
    assert "Klaus Vogt — ✓ Chi logged a call, 14 Dec." in message.now.words


async def jess_liu_can_wait(week: Week) -> None:
    """Not needed: it is remembered, and said."""
    message = week.message("Ana", "Jess Liu")
    answer = said(await week.stage.presses("ana", message.now, "Not needed", beside="Jess Liu"))
    assert "✓ Jess Liu: not needed. Nobody will be nudged about this silence again." == answer.words
    week.book.is_not_needed("Jess Liu", "quiet")
    await week.until(THREE_WEEKS_LATER, "19:00")
    assert "Jess Liu — not needed (Ana)." in week.message("Ana", "Jess Liu").now.words


async def chloe_becomes_bens(week: Week) -> None:
    """Handed over: Ben will hear of it, and Ana's message says so."""
    message = week.message("Ana", "Chloé Martin")
    question = said(await week.stage.presses("ana", message.now, "Hand over", beside="Chloé Martin"))
    assert "Who looks after Chloé Martin from now on?" == question.words
    answer = said(await week.stage.presses("ana", question, "Hand over", "Ben"))
    assert "✓ Ben looks after Chloé Martin now." == answer.words
    week.book.is_handed_over("Chloé Martin", "Ben")
    await week.until(THREE_WEEKS_LATER, "19:30")
    assert "Chloé Martin — handed over to Ben." in week.message("Ana", "Chloé Martin").now.words


async def somebody_else_met_diego(week: Week) -> None:
    """A colleague's log ends the nudge of another, who is told so when pressing it all the same.

    It is past midnight already where Chi is, and that is the date she reads.
    """
    message = week.message("Chi", "Diego Luna")
    answer = await week.says("ana", "log diego met at the fair")
    week.logs("Diego Luna", "mutual", "meeting", "met at the fair", "Ana", was=answer)
    late = said(await week.stage.presses("chi", message.now, "Not needed", beside="Diego Luna"))
    assert "Already done by Ana, just now: Diego Luna — ✓ Ana logged a meeting, 15 Dec." == late.words
    await week.until(THREE_WEEKS_LATER, "20:00")
    now = week.message("Chi", "Diego Luna").now
    assert "Diego Luna — ✓ Ana logged a meeting, 15 Dec." in now.words
    assert ("I reached out", "Not needed", "Hand over", "Snooze") == now.buttons, "Will Stone is still open"


async def goran_does_not_answer(week: Week) -> None:
    """One more try breaks no silence, but the nudge has done its work."""
    answer = await week.says("ben", "log goran called, no answer")
    week.logs("Goran Babic", "outbound", "call", "called, no answer", "Ben", was=answer)
    await week.until(THREE_WEEKS_LATER, "20:30")
    assert "Goran Babic — ✓ Ben logged a call, 14 Dec." in week.message("Ben", "Goran Babic").now.words


async def things_are_taken_back(week: Week) -> None:
    """Tuesday, 15 December: the last change, and one that a colleague has changed since."""
    await week.until(THREE_WEEKS_LATER + timedelta(1), "11:00")
    await week.says("ana", "tier mia B")
    assert "B" == (await week.kept()).people["Mia Vance"][0]
    undone = await week.says("ana", "undo")
    assert undone.words.startswith("↩ Took back “tier”."), undone.words
    await as_written_down(week)

    await week.says("ana", "log uma, erik sent the calendar")
    form = asked(await week.stage.presses("ben", await week.says("ben", "history erik"), "Edit", "1."))
    await week.stage.fills("ben", form, what="sent the calendar and a card")
    undone = await week.says("ana", "undo")
    assert undone.words.startswith("↩ Took back “log”.\nRemoved: Uma Rao — "), undone.words
    assert "Left as it is:" in undone.words, undone.words
    assert "Erik Dahl, changed since by Ben" in undone.words, undone.words
    history = (await week.says("ana", "history erik")).words
    assert "“sent the calendar and a card”" in history, history
    undone = said(await week.stage.presses("ana", undone, "Undo the rest"))
    assert undone.words.startswith("↩ Took back “log”.\nRemoved: Erik Dahl — "), undone.words
    await as_written_down(week)


async def three_more_weeks_pass(week: Week) -> None:
    """Up to Monday, 4 January: what is due by then, nothing twice, and nothing at Christmas."""
    before = len(week.book.due)
    await week.until(SIX_WEEKS_LATER, "17:00")
    assert [] == week.differences()
    later = week.book.due[before:]
    about = {(line.who, due.to, due.at.date()) for due in later for line in due.lines}
    assert ("Ravi Iyer", "Ana", date(2026, 12, 28)) in about
    assert ("Chloé Martin", "Ben", date(2026, 12, 15)) in about
    assert not {"Jess Liu", "Klaus Vogt", "Diego Luna"} & {name for name, _, _ in about}
    assert not DAYS_OFF & {due.at.date() for due in later}
    kept = await week.kept()
    assert week.book.spoken_of() == set(kept.nudges)
    states = {name: state for (name, reason, since), (state, _) in kept.nudges.items() if reason == "quiet"}
    closed = {"Jess Liu": "not_needed", "Klaus Vogt": "over", "Diego Luna": "over", "Ravi Iyer": "sent"}
    assert closed == {name: states[name] for name in closed}


async def everything_moves(week: Week, elsewhere: Stage) -> None:
    """The file fills an empty store, which says the same; and the sheets say nothing new."""
    for name, zone in ZONES.items():
        elsewhere.joins(name.lower(), zone, admin=name == "Ana")
    (file,) = (await week.says("ana", "export")).files
    looked_at = said(await elsewhere.says("ana", "import", files=(file,)))
    assert "Nothing is imported yet. This would restore 60 influencers" in looked_at.words, looked_at.words
    await elsewhere.presses("ana", looked_at, "Import")
    (same,) = said(await elsewhere.says("ana", "export")).files
    assert [] == differences(file.content.splitlines(), same.content.splitlines())
    assert file.content == same.content

    sheets = (await week.says("ana", "export form:csv")).files
    known = f"60 people and {2_000 + len(week.logged):,} touchpoints in this import, all known already."
    for stage in (week.stage, elsewhere):
        answer = said(await stage.says("ana", "import", files=sheets))
        assert f"Nothing to change: {known}" == answer.words

    before = len(week.stage.posted())
    await week.until(SIX_WEEKS_LATER + timedelta(weeks=1), "17:00")
    await elsewhere.until(week.stage.now)
    assert [] == week.differences()
    here = [(each.place, each.at, each.first.words) for each in week.stage.posted()[before:]]
    there = [(each.place, each.at, each.first.words) for each in elsewhere.posted()]
    assert [] == differences(here, there)
    assert here, "a week without a nudge shows nothing"
    assert to(elsewhere, "ana") or to(elsewhere, "ben")


async def as_written_down(week: Week) -> None:
    """What the store holds is what the sheets say and what was logged since."""
    kept = await week.kept()
    book = week.book.people
    people = {
        each.name: (each.tier, book[each.name].owner, book[each.name].snoozed_until) for each in week.roster.people
    }
    assert people == kept.people
    touches = [
        (touch.who, touch.on.isoformat(), touch.medium, touch.direction, touch.note, touch.by)
        for touch in (*week.roster.touches, *week.logged)
    ]
    assert [] == differences(touches, kept.touches)
