"""What every adapter must keep. A platform joins by a driver: how to post to it, read it, press and fill it in."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import Protocol

import pytest

from bot.adapter_port import Adapter
from bot.address import Place, Posted
from bot.errors import NotPosted, PlaceLost
from bot.inbound import Command, Message
from bot.reply import Actions, Button, Form, Option, Reply, Select, Text, callback, say
from tests.gallery import GALLERY, HOSTILE, Specimen

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)

REPLIES = tuple(specimen for specimen in GALLERY if isinstance(specimen.answer, Reply))
FORMS = tuple(specimen for specimen in GALLERY if isinstance(specimen.answer, Form))


class Driver(Protocol):
    """A platform as a test sees it: somebody who uses it in `place`, and what they see.

    Everything heard reaches a core that only remembers it. `show` is the answer to a command that the member just
    gave; `press`, `choose`, `submit` and `say` are what that member does, and return what the core heard.
    """

    place: Place
    """Where posts go: a place that the member reads."""
    elsewhere: Place
    """A place of the same platform that is not, or no longer, ours."""

    @property
    def adapter(self) -> Adapter:
        """What is tested."""
        ...

    def seen(self) -> str:
        """All that stands or stood there, as the member reads it, in order."""
        ...

    def dangers(self) -> tuple[str, ...]:
        """What of it came from values and would ping, format, link or move the cursor."""
        ...

    async def show(self, answer: Reply | Form) -> None:
        """The member gives a command, and this is the answer."""
        ...

    async def press(self, label: str) -> Command: ...

    async def choose(self, select: str, option: str) -> Command: ...

    async def submit(self, form: Form, values: dict[str, str]) -> Command: ...

    async def say(self, words: str) -> Message: ...


def sentence(words: str) -> Reply:
    """A Reply of one sentence."""
    return Reply(blocks=(say("{words}", words=words),))


class AdapterContract:
    """To be subclassed with a `driver` fixture; every test stands for one promise."""

    @pytest.mark.parametrize("specimen", REPLIES, ids=lambda specimen: specimen.name)
    async def test_posts_every_reply(self, driver: Driver, specimen: Specimen) -> None:
        """Whatever its size and words, a reply is posted where it was meant to go, and its buttons are there."""
        assert isinstance(specimen.answer, Reply)
        posted = await driver.adapter.post(driver.place, specimen.answer, "key")
        assert driver.place == posted.place
        for block in specimen.answer.blocks:
            if isinstance(block, Text) and not block.values:
                assert block.template in driver.seen()
            if isinstance(block, Actions) and (Button("Edit", callback("edit", touch="tch_1")) in block.items):
                assert "Edit" in driver.seen()

    @pytest.mark.parametrize("specimen", REPLIES, ids=lambda specimen: specimen.name)
    async def test_values_stay_words(self, driver: Driver, specimen: Specimen) -> None:
        """Nothing that somebody wrote pings, formats, hides or reorders what stands there."""
        assert isinstance(specimen.answer, Reply)
        await driver.adapter.post(driver.place, specimen.answer, "key")
        assert () == driver.dangers()
        unseen = {char for char in driver.seen() if unicodedata.category(char) in {"Cc", "Cs"} and char != "\n"}
        assert set() == unseen
        assert not set("\u202a\u202b\u202d\u202e") & set(driver.seen())

    @pytest.mark.parametrize("specimen", FORMS, ids=lambda specimen: specimen.name)
    async def test_shows_every_form(self, driver: Driver, specimen: Specimen) -> None:
        """Whatever it holds, a form opens under its title, and what was typed there cannot do anything."""
        assert isinstance(specimen.answer, Form)
        await driver.show(specimen.answer)
        assert specimen.answer.title in driver.seen()
        assert () == driver.dangers()

    async def test_a_post_can_be_edited(self, driver: Driver) -> None:
        """The address that a post answers with is good for saying something else there."""
        posted = await driver.adapter.post(driver.place, sentence("Jess is quiet."), "key")
        await driver.adapter.edit(posted, sentence("Ana reached out."))
        assert "Ana reached out." in driver.seen()

    async def test_a_post_can_be_taken_away(self, driver: Driver) -> None:
        """Then it is found no more, and taking it away once more does no harm."""
        posted = await driver.adapter.post(driver.place, sentence("Jess is quiet."), "key")
        await driver.adapter.delete(posted)
        await driver.adapter.delete(posted)
        assert None is await driver.adapter.find(driver.place, "key", LONG_AGO)

    async def test_what_stands_beside_it_stays(self, driver: Driver) -> None:
        """Taking one message away leaves the others, and their buttons."""
        button = Button("Undo", callback("undo", change="chg_1"))
        other = await driver.adapter.post(driver.place, Reply(blocks=(say("Logged."), Actions((button,)))), "other")
        await driver.adapter.delete(await driver.adapter.post(driver.place, sentence("Jess is quiet."), "key"))
        assert other == (await driver.press("Undo")).posted

    async def test_the_same_key_posts_once(self, driver: Driver) -> None:
        """A message tried twice under one key stands once, under one address."""
        first = await driver.adapter.post(driver.place, sentence("Jess is quiet."), "key")
        second = await driver.adapter.post(driver.place, sentence("Jess is quiet."), "key")
        assert first == second
        assert 1 == driver.seen().count("Jess is quiet.")

    async def test_two_keys_are_two_messages(self, driver: Driver) -> None:
        """The same words under two keys stand twice, under two addresses."""
        first = await driver.adapter.post(driver.place, sentence("Jess is quiet."), "one")
        second = await driver.adapter.post(driver.place, sentence("Jess is quiet."), "two")
        assert first != second
        assert 2 == driver.seen().count("Jess is quiet.")

    async def test_finds_what_it_can_find(self, driver: Driver) -> None:
        """A posted message is found under its key where the platform can find it, and no other ever is."""
        posted = await driver.adapter.post(driver.place, sentence("Jess is quiet."), "key")
        found = await driver.adapter.find(driver.place, "key", LONG_AGO)
        assert found == posted if driver.adapter.can_find(driver.place) else found in {posted, None}
        assert None is await driver.adapter.find(driver.place, "another", LONG_AGO)

    async def test_a_place_that_is_not_ours_is_lost(self, driver: Driver) -> None:
        """Posting, editing and deleting outside our places says so, and nothing is shown."""
        before = driver.seen()
        with pytest.raises(PlaceLost):
            await driver.adapter.post(driver.elsewhere, sentence("Jess is quiet."), "key")
        with pytest.raises(PlaceLost):
            await driver.adapter.edit(Posted(driver.elsewhere, "1"), sentence("Jess is quiet."))
        with pytest.raises(PlaceLost):
            await driver.adapter.delete(Posted(driver.elsewhere, "1"))
        assert before == driver.seen()

    async def test_nothing_is_posted_after_closing(self, driver: Driver) -> None:
        """A closed adapter posts nothing and says that surely nothing was; closing twice does no harm."""
        await driver.adapter.close()
        await driver.adapter.close()
        with pytest.raises(NotPosted):
            await driver.adapter.post(driver.place, sentence("Jess is quiet."), "key")
        assert "Jess is quiet." not in driver.seen()

    async def test_a_press_is_its_callback(self, driver: Driver) -> None:
        """A pressed button reaches the core as its verb and arguments, with the address of its message."""
        button = Button("Undo", callback("undo", change="chg_1", note="a b&c=ä"))
        reply = Reply(blocks=(say("Logged."), Actions((button,))))
        posted = await driver.adapter.post(driver.place, reply, "key")
        command = await driver.press("Undo")
        assert (button.callback.verb, button.callback.args) == (command.verb, command.args)
        assert posted == command.posted
        assert driver.place == command.place
        assert "" == command.text

    async def test_buttons_outlive_what_comes_after(self, driver: Driver) -> None:
        """A button still works when other messages stand below it."""
        button = Button("Undo", callback("undo", change="chg_1"))
        await driver.adapter.post(driver.place, Reply(blocks=(say("Logged."), Actions((button,)))), "key")
        for number in range(20):
            await driver.adapter.post(driver.place, sentence(f"Message {number}."), f"key-{number}")
        assert "undo" == (await driver.press("Undo")).verb

    async def test_every_press_is_heard_under_an_id_of_its_own(self, driver: Driver) -> None:
        """Two presses of one button are two requests; that the second changes nothing is the core's business."""
        button = Button("Undo", callback("undo", change="chg_1"))
        await driver.adapter.post(driver.place, Reply(blocks=(say("Logged."), Actions((button,)))), "key")
        first, second = await driver.press("Undo"), await driver.press("Undo")
        assert first.heard != second.heard

    async def test_a_choice_is_one_more_argument(self, driver: Driver) -> None:
        """What is chosen from a select becomes the argument that the select names."""
        options = (Option("1 week", "1w"), Option("2 weeks", "2w"))
        select = Select("Snooze", "until", options, callback("snooze", who="inf_1"))
        await driver.adapter.post(driver.place, Reply(blocks=(say("Quiet."), Actions((select,)))), "key")
        command = await driver.choose("Snooze", "2 weeks")
        assert ("snooze", (("who", "inf_1"), ("until", "2w"))) == (command.verb, command.args)

    async def test_a_sent_form_is_a_command(self, driver: Driver) -> None:
        """A sent form reaches the core as its verb, with every value by name and the form's id."""
        form = next(specimen.answer for specimen in FORMS if specimen.name == "form")
        assert isinstance(form, Form)
        await driver.show(form)
        command = await driver.submit(form, {"what": "coffee", "medium": "call", "paid": ""})
        values = {field.name: field.value for field in form.inputs}
        assert ("log", form.id) == (command.verb, command.draft)
        assert values | {"what": "coffee", "medium": "call", "paid": ""} == dict(command.args)

    @pytest.mark.parametrize("name", [name for name in HOSTILE if name not in {"broken", "escapes", "lines"}])
    async def test_words_arrive_as_they_were_said(self, driver: Driver, name: str) -> None:
        """What is said without a command reaches the core letter by letter, whatever the letters."""
        message = await driver.say(f"called sam {HOSTILE[name]}")
        assert f"called sam {HOSTILE[name]}" == message.text
        assert driver.place.home == message.place.home
