"""Forms that are opened on a message that somebody points at, and on nothing at all."""

from __future__ import annotations

import pytest

from bot.change import Change
from bot.model import Draft, Promise, Touchpoint
from bot.reply import Answer, Form, InputKind, Reply
from tests.desk import Desk, words

LINK = "https://acme.example/archives/C1/p1764000000"
SAID = "Jess says yes to the launch!"


def filled(form: Answer) -> dict[str, str]:
    """What the inputs of a form hold, the empty ones left out."""
    assert isinstance(form, Form)
    return {one.name: one.value for one in form.inputs if one.value}


async def test_a_message_is_logged_with_its_link(desk: Desk) -> None:
    """Its words and where it stands are filled in; who it was with is still to be said."""
    await desk.says("ana", "add Jess Park")
    form = await desk.calls("ana", "new_touch", what=SAID, link=LINK)
    await desk.fills("ana", form, who="jess")
    (touch,) = await desk.store.everything(Touchpoint, (await desk.team()).id)

    assert {"what": SAID, "link": LINK} == filled(form)
    assert (SAID, LINK) == (touch.note, touch.link)


async def test_an_older_message_is_logged_on_its_day_by_who_wrote_it(desk: Desk) -> None:
    """The day it names is counted from its own; both can be seen in the form and be altered there."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ben", "due")
    friday = "2026-11-20T22:30:00+00:00"
    form = await desk.calls("ana", "new_touch", what="called jess", link=LINK, at=friday, author="ben")
    dated = await desk.calls("ana", "new_touch", what="called jess yesterday", at=friday, author="nobody here")
    await desk.fills("ana", form, who="jess")
    (touch,) = await desk.store.everything(Touchpoint, (await desk.team()).id)

    assert {"what": "called jess", "link": LINK, "on": "2026-11-20", "by": "Ben"} == filled(form)
    assert {"what": "called jess yesterday", "on": "2026-11-19"} == filled(dated)
    assert ("2026-11-20", (await desk.member("ben")).id) == (str(touch.on), touch.by)


@pytest.mark.parametrize(
    "at", ["2026-11-23T06:00:00+00:00", "2031-01-01T06:00:00+00:00", "1970-01-01T00:00:00", "soon"]
)
async def test_a_message_of_today_needs_no_day(desk: Desk, at: str) -> None:
    """Nor does one whose time says nothing; words of one's own are one's own."""
    assert {"what": SAID} == filled(await desk.calls("ana", "new_touch", what=SAID, at=at, author="ana"))


async def test_the_day_of_a_message_is_that_of_whoever_asks(desk: Desk) -> None:
    """Late in the evening it is tomorrow elsewhere."""
    desk.zones["ana"] = "Asia/Tokyo"
    form = await desk.calls("ana", "new_touch", what=SAID, at="2026-11-20T22:30:00+00:00")
    assert "2026-11-21" == filled(form)["on"]


async def test_a_message_becomes_a_promise_with_its_link(desk: Desk) -> None:
    """The date is read from its words."""
    await desk.says("ana", "add Jess Park")
    form = await desk.calls("ana", "new_promise", what="send the sample by friday", link=LINK)
    await desk.fills("ana", form, who="jess")
    (promise,) = await desk.store.everything(Promise, (await desk.team()).id)

    assert ("send the sample", LINK) == (promise.what, promise.link)
    assert "2026-11-27" == str(promise.due)


async def test_the_date_of_a_promise_counts_from_the_day_of_the_message(desk: Desk) -> None:
    """“By Friday”, said on Wednesday of last week, is past; what names no day, or is of today, is left as it is."""
    await desk.says("ana", "add Jess Park")
    wednesday, today = "2026-11-18T09:00:00+00:00", "2026-11-23T06:00:00+00:00"
    form = await desk.calls("ana", "new_promise", what="send the sample by friday", at=wednesday)
    undated = await desk.calls("ana", "new_promise", what="send the sample", at=wednesday)
    fresh = await desk.calls("ana", "new_promise", what="send the sample by friday", at=today)
    await desk.fills("ana", form, who="jess")
    (promise,) = await desk.store.everything(Promise, (await desk.team()).id)

    assert "2026-11-20" == str(promise.due)
    assert ["2026-11-20", None, None] == [filled(one).get("due") for one in (form, undated, fresh)]


@pytest.mark.parametrize("verb", ["new_touch", "new_promise"])
async def test_heard_twice_it_is_one_form(desk: Desk, verb: str) -> None:
    """A platform that delivers twice opens the same form, and what is sent twice is kept once."""
    await desk.says("ana", "add Jess Park")
    first = await desk.calls("ana", verb, what=SAID, link=LINK, heard="once")
    second = await desk.calls("ana", verb, what=SAID, link=LINK, heard="once")
    done = await desk.fills("ana", first, who="jess")
    again = await desk.fills("ana", second, who="jess")

    assert isinstance(first, Form)
    assert isinstance(second, Form)
    team = (await desk.team()).id
    kept = [*await desk.store.everything(Touchpoint, team), *await desk.store.everything(Promise, team)]
    assert (first.id, 1) == (second.id, len(kept))
    assert words(done).startswith("✓")
    assert "Already done by you." == words(again)
    assert 1 == len([one for one in await desk.store.everything(Draft, team) if one.id == first.id])
    assert isinstance(await desk.store.change_heard(team, "once:asked"), Change)


async def test_nobody_named_somebody_is_looked_for(desk: Desk) -> None:
    """“show” alone asks for whom, in one field, and answers with the recap."""
    await desk.says("ana", "add Jess Park")
    form = await desk.calls("ana", "show")
    recap = await desk.fills("ana", form, who="jess")

    assert isinstance(form, Form)
    assert ("Find an influencer", "Show") == (form.title, form.submit)
    assert [("who", InputKind.PERSON)] == [(one.name, one.kind) for one in form.inputs]
    assert isinstance(recap, Reply)
    assert words(recap).startswith("Jess Park")
