"""March: somebody is forgotten, somebody leaves, the clocks change twice, and Easter comes."""

from __future__ import annotations

from datetime import date

from tests.story.quarter import BERLIN, KOLKATA, NEW_YORK, Quarter, Scene, at
from tests.story.stage import TEAM, asked, said


def march() -> tuple[Scene, ...]:
    """The scenes of the month, and of the first days of April."""
    return (
        (at("1 Mar 10:00", BERLIN), rocco_is_promised_something),
        (at("1 Mar 10:00", NEW_YORK), sofia_becomes_kims),
        (at("3 Mar 16:00", KOLKATA), ananya_can_wait),
        (at("5 Mar 10:30", NEW_YORK), rocco_is_forgotten),
        (at("12 Mar 18:00", KOLKATA), kim_leaves),
        (at("12 Mar 11:00", NEW_YORK), ben_takes_over),
        (at("15 Mar 10:00", BERLIN), sofia_is_snoozed),
        (at("15 Mar 16:00", BERLIN), words_for_easter),
        (at("16 Mar 11:00", NEW_YORK), isla_is_called),
        (at("24 Mar 10:00", BERLIN), sami_gets_a_word),
        (at("25 Mar 09:00", BERLIN), tara_gets_a_video),
        (at("30 Mar 10:00", NEW_YORK), after_easter),
        (at("31 Mar 14:00", BERLIN), otto_gets_a_card),
        (at("3 Apr 12:00", BERLIN), looking_back),
    )


async def rocco_is_promised_something(quarter: Quarter) -> None:
    """Ben promises Rocco a ride."""
    await quarter.says("ben", "promise rocco a ride along the lake by 4 mar")
    quarter.book.promises("Rocco Vitale", "We owe a ride along the lake", date(2027, 3, 4))


async def sofia_becomes_kims(quarter: Quarter) -> None:
    """Nobody looks after Sofia either, so the nudge went to the channel; Ana gives her to Kim."""
    question = said(await quarter.deals_with("ana", "Sofia Reyes", "Hand over", place=f"#{TEAM}"))
    await quarter.presses("ana", question, "Hand over", "Kim")
    quarter.book.is_handed_over("Sofia Reyes", "Kim")


async def ananya_can_wait(quarter: Quarter) -> None:
    """Ananya does not keep birthdays: neither lead is needed."""
    await quarter.deals_with("kim", "Ananya Sen", "Not needed")
    quarter.book.is_not_needed("Ananya Sen", "occasion")


async def rocco_is_forgotten(quarter: Quarter) -> None:
    """Rocco has asked to be forgotten: everything about him is erased, and what was posted with his name in it."""
    looked_at = said(await quarter.says("ana", "forget Rocco Vitale"))
    done = said(await quarter.presses("ana", looked_at, "Forget"))
    assert done.words.startswith("✓ Forgotten for good: "), done.words
    assert b"Rocco" not in (await quarter.exported()).content
    quarter.book.is_forgotten("Rocco Vitale")


async def kim_leaves(quarter: Quarter) -> None:
    """Kim's last day: her relationships are listed to Ana."""
    await quarter.leaves("kim")
    quarter.book.leaves("Kim")
    quarter.book.is_noticed("Ana")


async def ben_takes_over(quarter: Quarter) -> None:
    """All that was Kim's is Ben's, with a brief each."""
    kims = [person.name for person in quarter.book.people.values() if person.owner == "Kim"]
    news = quarter.message("ana", "Kim has left the team").now
    assert [] == [name for name in kims if f"{name} (@" not in news.words]
    form = asked(await quarter.presses("ana", news, "Hand over"))
    done = said(await quarter.fills("ana", form, to="Ben"))
    assert done.words.startswith(f"✓ Handed over from Kim to Ben: {len(kims)} relationships"), done.words
    for name in kims:
        quarter.book.is_handed_over(name, "Ben")
    quarter.book.is_noticed("Ben")


async def sofia_is_snoozed(quarter: Quarter) -> None:
    """Sofia can wait for two weeks: that is until Easter Monday, so that Ben will hear of her on the day after."""
    await quarter.deals_with("ben", "Sofia Reyes", "Snooze", "2 weeks")
    quarter.book.is_snoozed("Sofia Reyes", date(2027, 3, 29))


async def isla_is_called(quarter: Quarter) -> None:
    """The longest silence that there ever was with Isla: Ana rings her."""
    await quarter.reaches_out("ana", "Isla Grant", "had a call about the autumn class", "mutual")


async def sami_gets_a_word(quarter: Quarter) -> None:
    """Ben had not noticed how quiet it had become with Sami."""
    await quarter.reaches_out("ben", "Sami Haddad", "emailed to ask how the roaster is doing")


async def tara_gets_a_video(quarter: Quarter) -> None:
    """Tara's birthday is on the Tuesday after Easter: Ben hears of it on Thursday, and does not wait."""
    await _gesture(quarter, "Tara Ghosh")


async def otto_gets_a_card(quarter: Quarter) -> None:
    """Otto's birthday ends a silence of half a year as well."""
    await _gesture(quarter, "Otto Brandt")
    await quarter.reaches_out("ben", "Ananya Sen", "emailed to say that Kim sends greetings")


async def _gesture(quarter: Quarter, who: str) -> None:
    answer = said(await quarter.deals_with("ben", who, "I did it"))
    assert f"✓ Logged: {who} — " in answer.words, answer.words
    quarter.book.happens(who, "outbound", "Ben", exchange="give")


async def words_for_easter(quarter: Quarter) -> None:
    """What is due on Good Friday or on Easter Monday is spoken of on Thursday."""
    book = quarter.book
    await quarter.says("ben", "promise greta the yarn box by 26 mar")
    book.promises("Greta Olsen", "We owe the yarn box", date(2027, 3, 26))
    await quarter.says("ana", "promise bianca pay the fee of $800 by 29 mar")
    book.promises("Bianca Moretti", "We promised to pay the fee of $800", date(2027, 3, 29))
    await quarter.says("ana", "promise they hugo the photos of the stall by 25 mar")
    book.promises("Hugo Lambert", "Hugo owes the photos of the stall", date(2027, 3, 25), ours=False)


async def after_easter(quarter: Quarter) -> None:
    """One was kept in time, one a day late, and the photos are still to come."""
    await quarter.says("ben", "kept greta on:2027-03-25")
    quarter.book.settles("Greta Olsen", "Ben", "kept", on=date(2027, 3, 25))
    await quarter.says("ana", "kept bianca")
    quarter.book.settles("Bianca Moretti", "Ana", "kept")


async def looking_back(quarter: Quarter) -> None:
    """Where everything stands at the end."""
    await quarter.says("ben", "show lena")
    await quarter.says("ben", "promises all")
    await quarter.says("ben", "digest now", channel=TEAM)
    assert [] == [each for each in quarter.stage.posted() if not each.gone and "Rocco" in each.now.words]
