"""February: a day off, a mute, a broken promise, a leap day in a year without one, and two records of one man."""

from __future__ import annotations

from datetime import date

from tests.story.quarter import BERLIN, KOLKATA, NEW_YORK, Quarter, Scene, at
from tests.story.reasons import Person
from tests.story.stage import TEAM, asked, said


def february() -> tuple[Scene, ...]:
    """The scenes of the month."""
    return (
        (at("1 Feb 09:00", KOLKATA), kim_mutes),
        (at("2 Feb 10:00", NEW_YORK), the_route_is_late),
        (at("4 Feb 10:00", NEW_YORK), camila_gets_a_card),
        (at("9 Feb 10:00", NEW_YORK), julian_is_snoozed),
        (at("9 Feb 11:00", BERLIN), there_are_two_of_jonas),
        (at("10 Feb 11:00", NEW_YORK), the_two_become_one),
        (at("12 Feb 10:00", NEW_YORK), julian_is_promised_a_print),
        (at("15 Feb 09:00", KOLKATA), kim_listens_again),
        (at("15 Feb 10:00", BERLIN), esme_is_claimed),
        (at("17 Feb 10:00", KOLKATA), a_promise_is_broken),
        (at("17 Feb 10:00", NEW_YORK), julian_lets_go),
        (at("22 Feb 10:00", BERLIN), a_look_ahead),
        (at("23 Feb 09:40", NEW_YORK), ruben_is_back),
        (at("26 Feb 10:00", BERLIN), aylin_turns_thirty_five),
    )


async def kim_mutes(quarter: Quarter) -> None:
    """Kim is on a long shoot and wants no nudges for two weeks."""
    await _mine(quarter, nudges="")
    quarter.book.members["Kim"].is_muted = True


async def kim_listens_again(quarter: Quarter) -> None:
    """Kim is back half an hour before her message of the day: two people in it, as she wished, and how many wait."""
    await _mine(quarter, nudges="yes")
    quarter.book.members["Kim"].is_muted = False


async def _mine(quarter: Quarter, **values: str) -> None:
    shown = said(await quarter.says("kim", "settings", on_page=False))
    form = asked(await quarter.presses("kim", shown, "Change mine"))
    await quarter.fills("kim", form, **values)


async def the_route_is_late(quarter: Quarter) -> None:
    """The route for Marcus comes three days late: Monday's digest has counted it."""
    await quarter.says("ana", "kept marcus route")
    quarter.book.settles("Marcus Bell", "Ana", "kept")


async def camila_gets_a_card(quarter: Quarter) -> None:
    """Camila's birthday is on a Saturday, and Friday is off: Ana heard of it on Thursday, and writes a card."""
    answer = await quarter.logs(
        "ana", "camila", "sent a handwritten card for the birthday", "outbound", exchange="give"
    )
    assert "card" in said(answer).words


async def julian_is_snoozed(quarter: Quarter) -> None:
    """Julian is in the darkroom until spring: nothing about him for a month."""
    answer = said(await quarter.deals_with("ana", "Julian Frost", "Snooze", "1 month"))
    assert "Julian Frost is snoozed until Tue 9 Mar." in answer.words, answer.words
    quarter.book.is_snoozed("Julian Frost", date(2027, 3, 9))


async def esme_is_claimed(quarter: Quarter) -> None:
    """Nobody looked after Esme: Ben takes her from the digest."""
    digest = quarter.message(f"#{TEAM}", "Esme Clark")
    answer = said(await quarter.presses("ben", digest.now, "Claim Esme Clark"))
    assert "Esme Clark" in answer.words, answer.words
    quarter.book.is_handed_over("Esme Clark", "Ben")


async def there_are_two_of_jonas(quarter: Quarter) -> None:
    """Kim adds a climber whom she has met: he is on the roster already, under another name."""
    await quarter.says("kim", "add Jonas K. tiktok:jonas.climbs")
    quarter.book.people["Jonas K."] = Person("Jonas K.", "Kim")
    answer = await quarter.says("kim", "log Jonas K. sent a dm about the ropes")
    assert "✓ Logged: Jonas K. — " in said(answer).words, said(answer).words
    quarter.book.happens("Jonas K.", "outbound", "Kim")


async def the_two_become_one(quarter: Quarter) -> None:
    """Ana makes one of the two, takes it back to look again, and does it for good."""
    looked_at = said(await quarter.says("ana", "merge Jonas Keller, Jonas K."))
    done = said(await quarter.presses("ana", looked_at, "Merge"))
    undone = said(await quarter.presses("ana", done, "Undo"))
    assert undone.words.startswith("↩ Took back “merge”"), undone.words
    looked_at = said(await quarter.says("ana", "merge Jonas Keller, Jonas K."))
    await quarter.presses("ana", looked_at, "Merge")
    quarter.book.are_merged("Jonas Keller", "Jonas K.")
    await quarter.says("ana", "show jonas")


async def julian_is_promised_a_print(quarter: Quarter) -> None:
    """A promise of which nobody will be reminded: it is let go before its day."""
    await quarter.says("ana", "promise julian a print for the exhibition by 19 feb")
    quarter.book.promises("Julian Frost", "We owe a print for the exhibition", date(2027, 2, 19))


async def julian_lets_go(quarter: Quarter) -> None:
    """Julian needs no print."""
    await quarter.says("ana", "release julian")
    quarter.book.settles("Julian Frost", "Ana", "released")


async def a_promise_is_broken(quarter: Quarter) -> None:
    """The kitchen team was never introduced, and it is said so."""
    await quarter.says("kim", "broken rohan")
    quarter.book.settles("Rohan Das", "Kim", "broken")


async def a_look_ahead(quarter: Quarter) -> None:
    """Which days matter to somebody in the next weeks."""
    await quarter.says("ben", "occasion")


async def ruben_is_back(quarter: Quarter) -> None:
    """Ruben is back: his clock goes on, and six weeks do not count as silence."""
    await quarter.says("ana", "resume ruben")
    quarter.book.resumes("Ruben Ortega")


async def aylin_turns_thirty_five(quarter: Quarter) -> None:
    """Born on 29 February, which falls to the 28th, a Sunday: Ben hears of it on Friday, and does something."""
    answer = said(await quarter.deals_with("ben", "Aylin Demir", "I did it"))
    assert "✓ Logged: Aylin Demir — " in answer.words, answer.words
    quarter.book.happens("Aylin Demir", "outbound", "Ben", exchange="give")
