from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.reply import Actions, Answer, Button, Form, Input, InputKind, Outcome, Reply, Section, callback, say
from tests.console_core import ScriptedCore, plain
from tests.platform.slack.bots import HTTP, SOCKET, open_bot, open_core
from tests.platform.slack.faults import error
from tests.platform.slack.hand import Hand
from tests.platform.slack.server import FakeSlack


def form(error: str | None = None, *, what: str = "", whole: str | None = None, name: str = "what") -> Form:
    """A form of one input and a date."""
    inputs = (
        Input(name=name, label="What", value=what, error=error),
        Input(name="on", label="When", kind=InputKind.DAY),
    )
    return Form(id="drf_1", verb="note", title="Note a fact", sections=(Section("Note", inputs),), error=whole)


class Filling(ScriptedCore):
    """A ScriptedCore that opens a form, and answers sent ones by a list."""

    def __init__(self, *answers: Answer) -> None:
        super().__init__({"fill": form()})
        self.answers = list(answers)

    async def dispatch(self, command: object) -> Answer:
        """The next answer for a form that was sent."""
        answer = await super().dispatch(command)  # type: ignore[arg-type] # handed on as it came
        return self.answers.pop(0) if self.commands[-1].draft and self.answers else answer


def words(view: object) -> str:
    """Everything that stands in a modal."""
    return str(getattr(view, "view", view))


@pytest.mark.parametrize("over", [HTTP, SOCKET])
async def test_a_sent_form_closes_and_is_answered_where_it_came_from(
    slack: FakeSlack, ana: Hand, channel: str, over: str
) -> None:
    """Its values reach the core by name; the answer is private in the channel in which the form was asked for."""
    core = Filling()
    async with open_bot(slack, core, over=over):
        seen = await ana.submit((await ana.slash("fill", channel)).form, {"what": "loves tea"})
        assert None is seen.view
        assert ("done: note", ana.user, channel) == (
            seen.message.text,
            seen.message.ephemeral_to,
            seen.message.channel,
        )
        command = core.commands[-1]
        assert ("note", "drf_1", (("what", "loves tea"), ("on", ""))) == (command.verb, command.draft, command.args)
        assert channel == command.place.id


async def test_what_is_wrong_stands_beside_its_input(slack: FakeSlack, ana: Hand) -> None:
    """The modal stays open with all that was typed, and takes the corrected answer."""
    core = Filling(form("That is too long.", what="x"))
    async with open_bot(slack, core):
        opened = (await ana.slash("fill")).form
        seen = await ana.submit(opened, {"what": "x"})
        assert {"what": "That is too long."} == seen.form.errors
        assert opened is seen.form
        done = await ana.submit(opened, {"what": "y"})
        assert (None, "done: note") == (done.view, done.message.text)
        first, second = [command.heard for command in core.commands[-2:]]
        assert first != second


async def test_what_is_wrong_with_the_whole_is_drawn_anew(slack: FakeSlack, ana: Hand) -> None:
    """And so is another form that the first one leads to."""
    core = Filling(form(what="x", whole="Somebody has changed it."), form(name="why"))
    async with open_bot(slack, core):
        seen = await ana.submit((await ana.slash("fill")).form, {"what": "x"})
        assert "Somebody has changed it." in words(seen.form)
        other = await ana.submit(seen.form, {"what": "y"})
        assert "why" in words(other.form)


async def test_a_refusal_stands_on_top_of_the_form(slack: FakeSlack, ana: Hand) -> None:
    """Closing it leads back to the form, with what was typed, and sent again it is a new request."""
    core = Filling(plain("Nobody can do that now.", Outcome.REFUSED))
    async with open_bot(slack, core):
        opened = (await ana.slash("fill")).form
        seen = await ana.submit(opened, {"what": "x"})
        assert "Nobody can do that now." in words(seen.form)
        assert () == seen.messages
        back = await ana.close(seen.form)
        assert opened is back.form
        assert "done: note" == (await ana.submit(opened)).message.text


@pytest.mark.parametrize("over", [HTTP, SOCKET])
async def test_a_slow_form_is_acknowledged_in_time(slack: FakeSlack, ana: Hand, over: str) -> None:
    """The modal says that it goes on, then that it is done; the answer is where the form came from."""
    core = Filling()
    async with open_bot(slack, core, over=over):
        opened = (await ana.slash("fill")).form
        core.gate = asyncio.Event()
        seen = await ana.submit(opened, {"what": "x"})
        assert seen.delivered.is_acked
        assert "Still working…" in words(seen.form)
        core.gate.set()
        await ana.sees(lambda: "You can close this window" in words(ana.view), within=3.0)
        assert "done: note" == ana.sees_in(ana.dm)[-1].text


async def test_a_late_correction_comes_into_the_modal(slack: FakeSlack, ana: Hand) -> None:
    """A form that comes back late is filled in where it was sent from, or behind a button if that is closed."""
    core = Filling(form("That is too long.", what="x"), form("Still too long.", what="x"))
    async with open_bot(slack, core, patience=0.05):
        opened = (await ana.slash("fill")).form
        core.gate = asyncio.Event()
        await ana.submit(opened, {"what": "x"})
        core.gate.set()
        await ana.sees(lambda: "That is too long." in words(ana.view))
        core.gate = asyncio.Event()
        await ana.submit(opened, {"what": "x"})
        assert ana.view is not None
        await ana.close(ana.view)
        core.gate.set()
        await ana.sees(lambda: [m for m in ana.sees_in(ana.dm) if m.text.startswith("The form “")])


async def test_a_form_sent_twice_makes_one_record(slack: FakeSlack, ana: Hand, tmp_path: Path) -> None:
    """Twice at once, and once more after: one touchpoint, and everybody is told the same."""
    async with open_core(tmp_path) as core, open_bot(slack, core):
        await ana.slash("add Jess Park")
        opened = (await ana.slash("log")).form
        await ana.fill(opened, {"who": "Jess", "what": "tea"})
        seen = await ana.submit(opened)
        payload = seen.delivered.payload
        both = await asyncio.gather(slack.deliver("interaction", payload), slack.deliver("interaction", payload))
        await slack.quiet()
        assert [True, True] == [one.is_acked for one in both]
        history = await ana.slash("history jess")
        assert 1 == str(history.message.blocks).count("“tea”")


async def test_two_people_with_the_same_modal(slack: FakeSlack, ana: Hand, tmp_path: Path) -> None:
    """Each fills in their own, and both are kept: neither overwrites the other's nor is mixed up with it."""
    ben = Hand(slack, slack.add_user("Ben"))
    async with open_core(tmp_path) as core, open_bot(slack, core):
        await ana.slash("add Jess Park")
        hers, his = (await ana.slash("log")).form, (await ben.slash("log")).form
        both = await asyncio.gather(
            ana.submit(hers, {"who": "Jess", "what": "tea"}), ben.submit(his, {"who": "Jess", "what": "cake"})
        )
        await slack.quiet()
        assert [None, None] == [seen.view for seen in both]
        history = str((await ana.slash("history jess")).message.blocks)
        assert (1, 1) == (history.count("“tea”"), history.count("“cake”"))


async def test_a_form_of_somebody_else_is_refused(slack: FakeSlack, ana: Hand, tmp_path: Path) -> None:
    """A payload that names another's draft does nothing."""
    ben = Hand(slack, slack.add_user("Ben"))
    async with open_core(tmp_path) as core, open_bot(slack, core):
        await ana.slash("add Jess Park")
        opened = (await ana.slash("log")).form
        await ana.fill(opened, {"who": "Jess", "what": "tea"})
        payload = (await ana.submit(opened)).delivered.payload
        await ben.slash("due")
        stolen = payload | {"user": payload["user"] | {"id": ben.user}}
        assert (await slack.deliver("interaction", stolen)).is_acked
        await slack.quiet()
        assert 1 == str((await ana.slash("history jess")).message.blocks).count("“tea”")


async def test_names_are_suggested(slack: FakeSlack, ana: Hand, tmp_path: Path) -> None:
    """To members, with typos; to guests nothing."""
    gil = Hand(slack, slack.add_user("Gil", guest=True))
    async with open_core(tmp_path) as core, open_bot(slack, core):
        await ana.slash("add Jess Park")
        await ana.slash("add Sam Ode")
        opened = (await ana.slash("log")).form
        assert "Jess Park" in (await ana.suggest(opened, "who", "jes"))[0]
        assert "Jess Park" in (await ana.suggest(opened, "who", "jesss"))[0]
        opened.user = gil.user
        assert () == await gil.suggest(opened, "who", "jes")


async def test_a_slow_suggestion_is_empty(slack: FakeSlack, ana: Hand) -> None:
    """Slack waits three seconds for a list: an empty one is better than none."""
    core = Filling()

    async def never(question: object) -> tuple[()]:
        await asyncio.Event().wait()
        return ()

    core.complete = never  # type: ignore[method-assign] # a fake that hangs
    core.script["fill"] = Form(
        id="drf_1",
        verb="log",
        title="Log",
        sections=(Section("Log", (Input(name="who", label="Who", kind=InputKind.PERSON),)),),
    )
    async with open_bot(slack, core):
        opened = (await ana.slash("fill")).form
        assert () == await ana.suggest(opened, "who", "je")


@pytest.mark.parametrize(("shortcut", "verb"), [("log_touchpoint", "new_touch"), ("find_influencer", "show")])
async def test_global_shortcuts_open_forms(slack: FakeSlack, ana: Hand, shortcut: str, verb: str) -> None:
    """What comes of them is said in the DM: they were chosen nowhere in particular."""
    core = ScriptedCore({verb: form()})
    async with open_bot(slack, core):
        seen = await ana.global_shortcut(shortcut)
        assert (verb, "dm", ana.user) == (
            core.commands[-1].verb,
            core.commands[-1].place.kind.value,
            core.commands[-1].place.id,
        )
        assert "done: note" == (await ana.submit(seen.form, {"what": "x"})).message.text
        assert ana.dm == slack.messages[-1].channel


@pytest.mark.parametrize(("shortcut", "verb"), [("log_message", "new_touch"), ("promise_message", "new_promise")])
async def test_message_shortcuts_bring_words_and_link(
    slack: FakeSlack, ana: Hand, channel: str, shortcut: str, verb: str
) -> None:
    """The message's words and its address are in the form; without the address where Slack does not give it."""
    core = ScriptedCore({verb: form()})
    async with open_bot(slack, core):
        message = slack.say(ana.user, channel, "Jess said yes")
        seen = await ana.message_shortcut(message, shortcut)
        assert "Note a fact" == seen.form.view["title"]["text"]
        args = dict(core.commands[-1].args)
        assert (verb, "Jess said yes", True) == (
            core.commands[-1].verb,
            args["what"],
            args["link"].startswith("https://"),
        )
        slack.faults.next("chat.getPermalink", error("channel_not_found"))
        await ana.message_shortcut(message, shortcut)
        assert "link" not in dict(core.commands[-1].args)


async def test_our_own_message_is_not_logged(slack: FakeSlack, ana: Hand, channel: str) -> None:
    """The core is not asked: what Rapport said, it knows already."""
    core = ScriptedCore({"note": Reply(blocks=(say("✓ Logged."),)), "new_touch": form()})
    async with open_bot(slack, core):
        answer = (await ana.mention(channel, "note")).message
        seen = await ana.message_shortcut(answer, "log_message")
        assert seen.message.text.startswith("That is a message of mine.")
        assert seen.view is None
        assert "new_touch" not in [command.verb for command in core.commands]


async def test_a_late_shortcut_waits_in_the_dm(slack: FakeSlack, ana: Hand) -> None:
    """A trigger lives three seconds; the form is behind a button then."""
    core = ScriptedCore({"new_touch": form(), "open_form": form()})
    core.gate = asyncio.Event()
    async with open_bot(slack, core, patience=0.05):
        assert None is (await ana.global_shortcut("log_touchpoint")).view
        core.gate.set()
        await ana.sees(lambda: ana.sees_in(ana.dm))
        seen = await ana.press(ana.sees_in(ana.dm)[-1], "Open the form")
        assert "Note a fact" == seen.form.view["title"]["text"]


async def test_a_press_in_a_modal_is_answered_in_it(slack: FakeSlack, ana: Hand) -> None:
    """A button of a refusal shows what comes of it in the same modal: words, or on top of it: a form."""
    card = Reply(
        blocks=(say("Which one?"), Actions((Button("Jess", callback("pick")), Button("New", callback("fill"))))),
        outcome=Outcome.REFUSED,
    )
    core = Filling(card, card)
    async with open_bot(slack, core):
        pushed = (await ana.submit((await ana.slash("fill")).form, {"what": "x"})).form
        seen = await ana.press(pushed, "Jess")
        assert "done: pick" in words(seen.form)
        assert () == seen.messages
        await ana.close(seen.form)
        assert ana.view is not None
        pushed = (await ana.submit(ana.view)).form
        stacked = (await ana.press(pushed, "New")).form
        assert "Note a fact" in words(stacked)
        core.answers = [card]
        assert "Which one?" in words((await ana.submit(stacked, {"what": "y"})).form)
        assert 3 == len(slack.views)
