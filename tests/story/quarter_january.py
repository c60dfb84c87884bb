"""January: the team moves in, gives its word, and hears of the first birthdays."""

from __future__ import annotations

from datetime import date

from bot.inbound import Upload
from tests.story.quarter import BERLIN, KOLKATA, NEW_YORK, ZONES, Quarter, Scene, at, take_in, weekly
from tests.story.quarter_cast import past_sheet, people_sheet
from tests.story.reasons import Matters
from tests.story.stage import TEAM, asked, said

GESTURES = (
    "a handwritten note",
    "a personal birthday video message https://example.com/record",
    "a birthday card signed by all of us",
    "a small gift",
)


def january() -> tuple[Scene, ...]:
    """The scenes of the month."""
    return (
        (at("4 Jan 09:00", NEW_YORK), the_team_moves_in),
        (at("4 Jan 10:00", NEW_YORK), isla_is_answered),
        (at("4 Jan 18:00", BERLIN), ben_wants_it_earlier),
        (at("5 Jan 15:00", BERLIN), words_are_given),
        (at("6 Jan 10:00", KOLKATA), kim_wants_two_a_day),
        (at("6 Jan 11:00", BERLIN), the_notes_are_sent),
        (at("12 Jan 11:30", NEW_YORK), what_they_want),
        (at("13 Jan 10:00", BERLIN), matteo_is_called),
        (at("15 Jan 09:45", NEW_YORK), nora_gets_a_video),
        (at("15 Jan 11:00", BERLIN), the_flour_is_sent),
        (at("26 Jan 10:00", BERLIN), the_sketches_have_come),
        (at("28 Jan 11:00", NEW_YORK), faye_needs_nothing),
        (at("29 Jan 11:00", NEW_YORK), the_invoice_is_paid),
    )


async def the_team_moves_in(quarter: Quarter) -> None:
    """Ana says when the team works, brings the roster and asks for a digest on Mondays."""
    for name, zone in ZONES.items():
        quarter.stage.joins(name, zone, admin=name == "ana")
    shown = said(await quarter.says("ana", "settings", channel=TEAM, on_page=False))
    form = asked(await quarter.presses("ana", shown, "Change the team’s"))
    answer = await quarter.fills(
        "ana", form, country="DE", days_off="2027-02-05", channel="here", gestures="\n".join(GESTURES)
    )
    assert said(answer).words.startswith("✓ "), said(answer).words
    await quarter.says("ben", "due")
    await quarter.says("kim", "due")

    sheets = (Upload("people.csv", people_sheet()), Upload("contacts.csv", past_sheet()))
    looked_at = said(await quarter.says("ana", "import", files=sheets))
    done = said(await quarter.presses("ana", looked_at, "Import"))
    assert "✓ Imported: 40 people and 316 touchpoints added." == done.words
    take_in(quarter.book)

    await quarter.says("ana", "digest here mon 09:00", channel=TEAM)
    quarter.book.asked.append(weekly(f"#{TEAM}", 0, "09:00", quarter.book.now))
    await quarter.says("ana", "due")


async def isla_is_answered(quarter: Quarter) -> None:
    """Isla wrote before New Year: two working days have gone by since, and Ana was told."""
    await quarter.reaches_out("ana", "Isla Grant", "emailed the dates of the spring class")


async def ben_wants_it_earlier(quarter: Quarter) -> None:
    """Ben is up early, and wants a look ahead on Fridays in another channel."""
    shown = said(await quarter.says("ben", "settings", on_page=False))
    form = asked(await quarter.presses("ben", shown, "Change mine"))
    await quarter.fills("ben", form, nudge_hour="08:15")
    quarter.book.retimes("Ben", "08:15")
    await quarter.says("ben", "digest here fri 16:00", channel="creators")
    quarter.book.asked.append(weekly("#creators", 4, "16:00", quarter.book.now))


async def words_are_given(quarter: Quarter) -> None:
    """The three note what was promised, by us and to us, a payment among it."""
    book = quarter.book
    await quarter.says("ben", "promise lena send the flour samples by 15 jan")
    book.promises("Lena Fischer", "We promised to send the flour samples", date(2027, 1, 15))
    await quarter.says("ben", "promise sami the cupping notes by 6 jan")
    book.promises("Sami Haddad", "We owe the cupping notes", date(2027, 1, 6))
    await quarter.says("ben", "promise they aylin the museum sketches by 22 jan")
    book.promises("Aylin Demir", "Aylin owes the museum sketches", date(2027, 1, 22), ours=False)
    await quarter.says("ana", "promise camila pay the January invoice of €1,200 by 29 jan")
    book.promises("Camila Duarte", "We promised to pay the January invoice of €1,200", date(2027, 1, 29))
    await quarter.says("ana", "promise marcus the spring route by 30 jan")
    book.promises("Marcus Bell", "We owe the spring route", date(2027, 1, 30))
    await quarter.says("kim", "promise rohan introduce the kitchen team by 10 feb")
    book.promises("Rohan Das", "We promised to introduce the kitchen team", date(2027, 2, 10))


async def the_notes_are_sent(quarter: Quarter) -> None:
    """Epiphany is a holiday in parts of Germany only, so the team works, and Ben was told."""
    await quarter.deals_with("ben", "Sami Haddad", "Promise kept")
    quarter.book.settles("Sami Haddad", "Ben", "kept")


async def kim_wants_two_a_day(quarter: Quarter) -> None:
    """Two people a day are enough for Kim; and there is a day that matters to Leela."""
    shown = said(await quarter.says("kim", "settings", on_page=False))
    form = asked(await quarter.presses("kim", shown, "Change mine"))
    await quarter.fills("kim", form, daily_cap="2")
    quarter.book.members["Kim"].most = 2
    await quarter.says("kim", "occasion leela book launch 20 mar 2027")
    quarter.book.people["Leela Nandi"].days.append(Matters("book launch", 3, 20, 2027, yearly=False))


async def what_they_want(quarter: Quarter) -> None:
    """What Talia wants and what Ana wants; Ruben is away, and his clock stands still."""
    await quarter.says("ana", "goal talia a travel book because the desk has become too small")
    quarter.book.people["Talia Rosen"].goal = "a travel book"
    await quarter.says("ana", "objective talia a reading list every season")
    await quarter.says("ana", "pause ruben")
    quarter.book.pauses("Ruben Ortega")
    await quarter.says("ana", "show talia")
    await quarter.says("ana", "find ceramics")


async def matteo_is_called(quarter: Quarter) -> None:
    """Half a year of silence is enough for anybody: Ben does what the nudge asked for."""
    await quarter.reaches_out("ben", "Matteo Conti", "called, he is restoring a clock tower", "mutual")


async def faye_needs_nothing(quarter: Quarter) -> None:
    """Faye is writing and wants to be left alone: this silence is not spoken of again."""
    await quarter.deals_with("ana", "Faye Sinclair", "Not needed")
    quarter.book.is_not_needed("Faye Sinclair", "quiet")


async def nora_gets_a_video(quarter: Quarter) -> None:
    """Nora's birthday is on a Sunday: Ana hears of it on Friday, and logs the gesture by one press."""
    answer = said(await quarter.deals_with("ana", "Nora Lindqvist", "I did it"))
    assert "✓ Logged: Nora Lindqvist — " in answer.words, answer.words
    quarter.book.happens("Nora Lindqvist", "outbound", "Ana", exchange="give")


async def the_flour_is_sent(quarter: Quarter) -> None:
    """A promise of ours is kept in time."""
    answer = said(await quarter.deals_with("ben", "Lena Fischer", "Promise kept"))
    assert answer.words.startswith("✓ "), answer.words
    quarter.book.settles("Lena Fischer", "Ben", "kept")


async def the_sketches_have_come(quarter: Quarter) -> None:
    """A promise of theirs was late, which Ben heard on the Monday after; they kept it all the same."""
    await quarter.deals_with("ben", "Aylin Demir", "They kept it")
    quarter.book.settles("Aylin Demir", "Ben", "kept")


async def the_invoice_is_paid(quarter: Quarter) -> None:
    """The payment is made on its day; the route for Marcus is not ready."""
    await quarter.says("ana", "kept camila")
    quarter.book.settles("Camila Duarte", "Ana", "kept")
    await quarter.says("ana", "promises")
