from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from bot.model import Influencer, Promise, Record
from bot.reply import Form
from bot.store_port import Store
from bot.views.lists import SHOWN
from tests.desk import Desk, labels, words


async def test_the_recap_says_where_it_stands(desk: Desk) -> None:
    """Status with its numbers, the last contact, what both want, the figures."""
    await desk.says("ana", "add Jess Park instagram:jess.cooks tier:A stage:maintaining")
    form = await desk.says("ana", "edit jess")
    await desk.fills("ana", form, goal="a cookbook deal", motivation="of her children", objective="a spring video")
    for week in range(6, 0, -1):
        day = (desk.clock() - timedelta(days=12 * week)).date()
        await desk.says("ana", f"log jess had coffee on:{day}")
    await desk.says("ben", "log jess asked about the spring launch medium:dm direction:outbound on:2026-11-13")
    desk.clock.move(timedelta(days=30))
    shown = words(await desk.says("ana", "show jess"))
    assert "Jess Park (@jess.cooks) — quiet. 40 days since last contact; you usually talk about every" in shown
    assert "Owner: you. Stage: maintaining." in shown
    assert "Last: @Ben, DM to Jess, Fri 13 Nov — “asked about the spring launch” (no reply)." in shown
    assert "Jess wants a cookbook deal, because of her children. We want a spring video." in shown
    assert "7 touchpoints, give/ask 0/1." in shown


async def test_due_lists_what_waits_before_what_is_quiet(desk: Desk) -> None:
    """Waiting on us comes first, then the silences, then first contacts that were planned; then who comes next."""
    for name in ("Ada Quiet", "Bo Waits", "Cy New", "Di Fine"):
        await desk.says("ana", f"add {name} tier:A")
    await desk.says("ana", "log ada coffee on:2026-09-01")
    await desk.says("ana", "log bo replied: yes direction:inbound on:2026-11-17")
    await desk.says("ana", "log di coffee")
    desk.clock.move(timedelta(days=25))
    await desk.says("ana", "log di coffee")
    answer = words(await desk.says("ana", "due"))
    assert answer.index("Waiting on us (1):") < answer.index("Quiet (1):") < answer.index("First contact (1):")
    assert "• Bo Waits — wrote 31 days ago (you)" in answer
    assert "• Ada Quiet — 108 days, plan 21 (you)" in answer
    assert "Next: Di Fine" in answer


async def test_due_is_mine_all_or_a_members(desk: Desk) -> None:
    """Whose relationships are listed can be said."""
    await desk.says("ben", "add Bo Waits")
    await desk.says("ben", "log bo replied: yes direction:inbound on:2026-11-01")
    assert "Nothing due for you" in words(await desk.says("ana", "due"))
    assert "Bo Waits" in words(await desk.says("ana", "due all"))
    assert "1 person for Ben to get in touch with" in words(await desk.says("ana", "due @ben"))
    assert "Bo Waits" in words(await desk.says("ben", "due mine"))


async def test_find_searches_everything_and_browses(desk: Desk) -> None:
    """Words are looked for in names, handles, tags, goals and notes; filters narrow; nothing typed lists all."""
    await desk.says("ana", "add Jess Park instagram:jess.cooks tier:A tag:food")
    await desk.says("ana", "add Sam Ode tier:B stage:establishing")
    await desk.says("ana", "add Núria Vidal")
    await desk.says("ana", "log sam coffee, loves ceramics")
    await desk.says("ana", "note jess allergic to peanuts")
    assert "Sam Ode" in words(await desk.says("ana", "find ceramics"))
    for line, name in (
        ("peanuts", "Jess Park"),
        ("jess.cooks", "Jess Park"),
        ("nuria", "Núria Vidal"),
        ("tier:B", "Sam Ode"),
        ("stage:establishing", "Sam Ode"),
        ("tag:food", "Jess Park"),
        ("status:on_track", "Sam Ode"),
    ):
        answer = words(await desk.says("ana", f"find {line}"))
        assert answer.startswith("1 person")
        assert name in answer
    assert words(await desk.says("ana", "find")).startswith("3 people")
    assert words(await desk.says("ana", "find owner:@ana")).startswith("3 people")
    assert "Nobody found" in words(await desk.says("ana", "find owner:nobody"))


async def test_find_is_paged(desk: Desk) -> None:
    """Twenty a page, with a way on and a way back."""
    for number in range(25):
        await desk.says("ana", f"add Person {number:02}x")
    first = await desk.says("ana", "find")
    assert "25 people, 1 to 20" in words(first)
    second = await desk.presses("ana", first, "More")
    assert "25 people, 21 to 25" in words(second)
    assert ["Show…", "Earlier"] == labels(second)


async def test_help_begins_with_what_is_due(desk: Desk) -> None:
    """The bare command shows your due list and how to start; a verb's help has usage and examples."""
    new = await desk.says("ana", "")
    await desk.says("ana", "add Jess Park")
    known = await desk.says("ana", "")

    assert words(new).startswith("Rapport remembers every touchpoint")
    assert "Nobody is on the roster yet." in words(new)
    assert ["Add an influencer", "All commands"] == labels(new)
    assert words(known).startswith("Nothing due for you")
    assert "For example:\n/rapport add Jess Park" in words(known)
    assert ["Log", "Add", "All commands"] == labels(known)
    assert "log: Log a touchpoint." in words(await desk.presses("ana", known, "All commands"))
    assert "For example:\n/rapport log jess coffee" in words(await desk.says("ana", "help log"))
    assert "Did you mean log?" in words(await desk.says("ana", "help lgo"))


async def test_due_and_show_and_find_and_log_name_one_day(desk: Desk) -> None:
    """The day in “Next touch by” is the day that due says before, and from which on it lists by the plan."""
    await desk.says("ana", "add Jess Park tier:A")
    logged = words(await desk.says("ana", "log jess coffee"))
    coming = words(await desk.says("ana", "due"))
    shown = words(await desk.says("ana", "show jess"))
    found = words(await desk.says("ana", "find"))
    desk.clock.move(timedelta(days=21))
    on_the_day = words(await desk.says("ana", "due"))
    desk.clock.move(timedelta(days=5))
    past, status = words(await desk.says("ana", "due")), words(await desk.says("ana", "show jess"))

    assert "Next touch by Mon 14 Dec (tier A, every 21 days)." in logged
    assert "Next: Jess Park (Mon 14 Dec)." in coming
    assert "In touch today; the plan is every 21 days." in shown
    assert "Next touch by Mon 14 Dec." in shown
    assert "Jess Park | on track, next by Mon 14 Dec" in found
    assert "Due by the plan (1):\n• Jess Park — today, every 21 days (you)" in on_the_day
    assert "Due by the plan (1):\n• Jess Park — 5 days past, every 21 days (you)" in past
    assert "Jess Park — due. 26 days since last contact" in status
    assert "Next touch was due by Mon 14 Dec." in status
    assert "Jess Park | due since Mon 14 Dec" in words(await desk.says("ana", "find"))


async def test_who_wrote_today_is_due_today(desk: Desk) -> None:
    """Waiting on us in show is waiting on us in due, however long the nudge leaves to answer."""
    await desk.says("ana", "add Jess Park tier:A")
    await desk.says("ana", "log jess replied: yes")

    assert "— waiting on us." in words(await desk.says("ana", "show jess"))
    assert "Waiting on us (1):\n• Jess Park — wrote today (you)" in words(await desk.says("ana", "due"))


async def test_a_list_opens_the_recap_of_whom_one_chooses(desk: Desk) -> None:
    """Everybody who is shown can be chosen, by name."""
    for name in ("Ada One", "Bo Two", "Cy Three", "Di Four", "Ed Five", "Flo Six"):
        await desk.says("ana", f"add {name} tier:A")
    desk.clock.move(timedelta(days=22))
    answer = await desk.says("ana", "due")

    assert ["Show…"] == labels(answer)
    assert words(await desk.presses("ana", answer, "Show…", "Flo Six")).startswith("Flo Six — due.")
    found = await desk.says("ana", "find o")
    assert words(await desk.presses("ana", found, "Show…", "Bo Two")).startswith("Bo Two — due.")


async def test_due_is_paged(desk: Desk) -> None:
    """Fifteen a page over all the reasons, each person once, with a way on and a way back."""
    for number in range(17):
        await desk.says("ben", f"add Person {number:02}x tier:A")
    await desk.says("ben", "log person 16x call on:2026-05-01")
    await desk.says("ben", "log person 15x replied: yes on:2026-11-02")
    desk.clock.move(timedelta(days=22))
    first = await desk.says("ana", "due all")
    second = await desk.presses("ana", first, "More")

    assert words(first).startswith("17 people to get in touch with, 1 to 15\nWaiting on us (1):\n• Person 15x")
    assert "…and 2 more." in words(first)
    assert ["Show…", "More"] == labels(first)
    assert words(second).startswith("17 people to get in touch with, 16 to 17\nFirst contact (15):\n• Person")
    assert ["Show…", "Earlier"] == labels(second)
    everybody = {line for page in (first, second) for line in words(page).splitlines() if line.startswith("•")}
    assert 17 == len(everybody)
    assert words(first) == words(await desk.presses("ana", second, "Earlier"))
    assert "for Ben to get in touch with, 16 to 17" in words(
        await desk.presses("ana", await desk.says("ana", "due @ben"), "More")
    )


async def test_an_empty_roster_is_said_with_the_way_to_begin(desk: Desk) -> None:
    """Nothing can be shared of it, and of a search that finds nobody."""
    for line in ("due", "due all", "find", "find tier:A"):
        answer = await desk.says("ana", line, channel="general")
        assert "Nobody is on the roster yet." == words(answer)
        assert ["Add an influencer"] == labels(answer)
    await desk.says("ana", "add Jess Park")
    assert ["Everybody"] == labels(await desk.says("ana", "find zelda", channel="general"))


async def test_a_long_note_is_read_at_one_glance(desk: Desk) -> None:
    """What was last, a standing note and a colleague's words are clipped; the history has them whole."""
    long = "emailed everybody about the new studio " * 20
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", f"note jess {long}")
    await desk.says("ana", f"log jess {long}")
    shown, warned = words(await desk.says("ben", "show jess")), words(await desk.says("ben", "log jess coffee"))

    for said in (shown, warned):
        quotes = [part.partition("”")[0] for part in said.split("“")[1:]]
        assert max(map(len, quotes)) == 200
        assert all(len(quote) < 200 or quote.endswith("…") for quote in quotes)
    assert long.strip() in words(await desk.says("ben", "history jess"))


async def test_nobody_is_said_to_be_silent_on_the_day(desk: Desk) -> None:
    """That there is no reply is news from the next day on."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "log jess emailed her about the launch")
    today = words(await desk.says("ana", "show jess"))
    desk.clock.move(timedelta(days=1))

    assert "no reply" not in today
    assert "(no reply)" in words(await desk.says("ana", "show jess"))


async def test_who_has_left_looks_after_nobody(desk: Desk) -> None:
    """Their people are listed, found and claimed as those whom nobody looks after; it is said who it was."""
    await desk.says("ben", "add Jess Park tier:A")
    await desk.says("ben", "add Lee Fox tier:A")
    await desk.says("ana", "own lee me")
    desk.clock.move(timedelta(days=30))
    await desk.core.leave(desk.actor("ben").person)
    digest = await desk.says("ana", "digest now")
    nobodys = await desk.says("ana", "find owner:nobody")
    form = await desk.says("ana", "edit jess")

    assert "Owner: nobody (Ben left)." in words(await desk.says("ana", "show jess"))
    assert "• Jess Park — was planned by" in words(await desk.says("ana", "due all"))
    assert "(nobody, Ben left)" in words(await desk.says("ana", "due all"))
    assert words(nobodys).startswith("1 person\n")
    assert "nobody (Ben left)" in words(nobodys)
    assert "(nobody, Ben left)" in words(digest)
    assert isinstance(form, Form)
    assert "" == {one.name: one.value for one in form.inputs}["owner"]
    assert "owner nobody (Ben left) → you" in words(await desk.says("ana", "own jess me"))
    await desk.says("ana", "undo")
    assert "✓ You look after Jess Park now." in words(await desk.presses("ana", digest, "Claim Jess Park"))
    assert "Nobody found" in words(await desk.says("ana", "find owner:nobody"))


async def test_namesakes_can_be_told_apart(desk: Desk) -> None:
    """By the first thing that differs: where one is asked about, and where they are listed."""
    await desk.says("ana", "add Jess Park tier:A")
    await desk.presses("ana", await desk.says("ana", "add Jess Park tier:B"), "Add another")

    assert ["Jess Park · tier A", "Jess Park · tier B"] == labels(await desk.says("ana", "show jess"))
    assert {"Jess Park · tier A", "Jess Park · tier B"} == {
        row.split(" | ")[0] for row in words(await desk.says("ana", "find")).splitlines()[1:]
    }


async def test_what_is_looked_for_may_stand_in_the_record_and_in_a_note(desk: Desk) -> None:
    """Each word in one or the other, quoted or not."""
    await desk.says("ana", "add Jess Park tag:food")
    await desk.says("ana", "add Jess Liu")
    await desk.says("ana", 'log "jess park" coffee, loves ceramics')

    for line in ("jess ceramics", "“jess ceramics”", '"ceramics" jess', "food ceramics", "coffee ceramics"):
        found = words(await desk.says("ana", f"find {line}"))
        assert "1 person" == found.splitlines()[0]
        assert "Jess Park" in found
        assert "loves ceramics" in found
    assert "Nobody found" in words(await desk.says("ana", "find liu ceramics"))


async def test_a_note_that_ends_with_a_full_stop_gets_no_second_one(desk: Desk) -> None:
    """In what is logged, in the recap, and in what a change says."""
    await desk.says("ana", "add Jess Park")
    said = [
        words(await desk.says("ana", line)) for line in ("log jess had coffee.", "note jess no peanuts!", "show jess")
    ]

    assert not [one for one in said if ".”." in one or "!”." in one]
    assert "noted “no peanuts!”" in said[1]


async def test_the_same_note_twice_is_noted_already(desk: Desk) -> None:
    """Nothing is kept twice, and nothing is said to be removed."""
    await desk.says("ana", "add Jess Park")
    first, second = [words(await desk.says("ana", "note jess abc")) for _ in range(2)]

    assert ("✓ Jess Park: noted “abc”.", "That is noted already about Jess Park.") == (first, second)


async def test_a_recap_without_touchpoints_counts_none(desk: Desk) -> None:
    """No balance of nothing."""
    await desk.says("ana", "add Jess Park tier:A")

    shown = words(await desk.says("ana", "show jess"))

    assert "touchpoints" not in shown
    assert "first contact planned by Mon 14 Dec" in shown


async def test_due_tells_promises_and_occasions_before_silences(desk: Desk) -> None:
    """Behind who waits for us, and before who is quiet: the promise in its words, the occasion with its day."""
    for name in ("Ada Quiet", "Bo Waits", "Cy Owed", "Di Born", "Ed Fine"):
        await desk.says("ana", f"add {name} tier:A")
        await desk.says("ana", f"log {name} coffee on:{'2026-09-01' if name == 'Ada Quiet' else '2026-11-20'}")
    await desk.says("ana", "log bo replied: yes direction:inbound on:2026-11-21")
    await desk.says("ana", "promise cy the ceramic sample due:2026-11-06")
    await desk.says("ana", "promise cy the mug by today")
    await desk.says("ana", "promise they ed draft by 3 dec")
    await desk.says("ana", "occasion di birthday 28 nov")
    answer = words(await desk.says("ana", "due"))

    headings = ["Waiting on us (1):", "Promises (1):", "Occasions (1):", "Quiet (1):"]
    assert headings == [line for line in answer.splitlines() if line.endswith("):")]
    assert "• Cy Owed — we owe the ceramic sample, 17 days late, and 1 more (you)" in answer
    assert "• Di Born — birthday on Sat 28 Nov (you)" in answer
    assert "Ed Fine — " not in answer


async def test_due_names_a_person_once_with_the_second_reason_behind(desk: Desk) -> None:
    """Under what is most urgent; a third reason is left to the recap."""
    await desk.says("ana", "add Ada Quiet tier:A")
    await desk.says("ana", "log ada coffee on:2026-09-01")
    await desk.says("ana", "promise they ada draft due:2026-11-19")
    first = words(await desk.says("ana", "due"))
    await desk.says("ana", "log ada replied: soon direction:inbound on:2026-09-02")
    second = words(await desk.says("ana", "due"))

    assert "Promises (1):\n• Ada Quiet — Ada owes the draft, 4 days late; quiet for 83 days, plan 21 (you)" in first
    assert "Waiting on us (1):\n• Ada Quiet — wrote 82 days ago; Ada owes the draft, 4 days late (you)" in second
    assert "1 person for you" in second


async def test_a_promise_leaves_the_due_list_when_it_is_settled(desk: Desk) -> None:
    """Whatever came of it."""
    await desk.says("ana", "add Cy Owed tier:A")
    await desk.says("ana", "log cy coffee")
    await desk.says("ana", "promise cy the mug due:2026-11-06")
    assert "Cy Owed — we owe the mug, 17 days late" in words(await desk.says("ana", "due"))
    await desk.says("ana", "broken cy")

    assert "Nothing due for you" in words(await desk.says("ana", "due"))


async def test_a_recap_names_the_next_occasion_and_when_it_comes(desk: Desk) -> None:
    """How far off it is from a month before; one that is over is left out."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "occasion jess birthday 14 mar")
    await desk.says("ana", "occasion jess launch 3 dec")
    shown = words(await desk.says("ana", "show jess"))

    assert "Launch in 10 days, on Thu 3 Dec. Birthday 14 Mar." in shown


class Counting:
    """A store that keeps which records were asked for by id."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked: list[tuple[type[Record], int]] = []

    def __getattr__(self, name: str) -> Any:
        """Everything else is the real store's."""
        return getattr(self._store, name)

    async def get_all(self, kind: type[Record], team: str, ids: Sequence[str]) -> tuple[Record, ...]:
        """The real answer, counted."""
        self.asked.append((kind, len(ids)))
        return await self._store.get_all(kind, team, ids)


async def test_due_fetches_what_it_shows(desk: Desk) -> None:
    """Of forty people with late promises only the records of those on the list are read."""
    for number in range(40):
        await desk.says("ana", f"add Person {number:02}x")
        await desk.says("ana", f"promise {await newest(desk)} the mug due:2026-11-06")
    counting = Counting(desk.store)
    desk.core = desk.core_on(cast("Store", counting))
    answer = words(await desk.says("ana", "due"))

    assert "Promises (40):" in answer
    assert "…and 25 more." in answer
    assert {(Promise, SHOWN), (Influencer, SHOWN)} <= set(counting.asked)
    assert SHOWN == max(count for _, count in counting.asked)


async def newest(desk: Desk) -> str:
    """The id of whoever was added last."""
    return max(entry.id for entry in await desk.store.roster((await desk.team()).id))


async def test_a_page_of_a_list_that_has_become_shorter_is_its_first(desk: Desk) -> None:
    """Whoever turns the page of an older answer is not told that there is nobody."""
    for number in range(22):
        await desk.says("ana", f"add Person {number:02} Quux{number}")
    page = await desk.says("ana", "find")
    for number in (0, 1):
        await desk.says("ana", f"archive Person {number:02} Quux{number}")
    assert "Nobody" not in words(await desk.presses("ana", page, "More"))


async def test_ones_own_list_stays_ones_own_on_its_second_page(desk: Desk) -> None:
    """It says “for you” there, too."""
    for number in range(30):
        await desk.says("ana", f"add Person {number:02} Quux{number} tier:A")
        await desk.says("ana", f"log Person {number:02} Quux{number} call on:2026-06-01")
    first = await desk.says("ana", "due")
    second = await desk.presses("ana", first, "More")
    assert ["30 people for you to get in touch with, 16 to 30"] == words(second).splitlines()[:1]
