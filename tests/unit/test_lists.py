from __future__ import annotations

from datetime import timedelta

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
    assert ["Earlier"] == labels(second)


async def test_help_begins_with_what_is_due(desk: Desk) -> None:
    """The bare command shows your due list and how to start; a verb's help has usage and examples."""
    answer = words(await desk.says("ana", ""))
    assert answer.startswith("Nothing due for you")
    assert "log: Log a touchpoint." in answer
    assert "For example:\n/rapport log jess coffee" in words(await desk.says("ana", "help log"))
    assert "Did you mean log?" in words(await desk.says("ana", "help lgo"))
