from __future__ import annotations

from collections.abc import Callable

import pytest

from adapters.slack.inbound import files_of, is_for_us, is_our_own, message_action_of, message_of, shortcut_of
from adapters.slack.sources import Malformed
from bot.address import Person, Place, PlaceKind
from bot.inbound import Actor, Command, Message, Role, Upload
from tests import slack_payloads as sent
from tests.gallery import HOSTILE

ANA = Actor(person=Person("slack", "T01", "U1"), name="Ana", role=Role.MEMBER, timezone="Europe/Berlin")
GENERAL = Place("slack", "T01", "C1")
DM = Place("slack", "T01", "U1", PlaceKind.DM)


def asked(command: Command) -> tuple[str, dict[str, str]]:
    """The verb of a command and its arguments."""
    return command.verb, dict(command.args)


@pytest.mark.parametrize(("callback_id", "verb"), [("log_touchpoint", "new_touch"), ("find_influencer", "show")])
def test_a_global_shortcut_opens_a_form(callback_id: str, verb: str) -> None:
    """It is a verb without anything said."""
    expected = Command(verb=verb, actor=ANA, place=DM, heard="slack:1.2.x")
    assert expected == shortcut_of(sent.shortcut(callback_id), ANA, DM)


@pytest.mark.parametrize(("callback_id", "verb"), [("log_message", "new_touch"), ("promise_message", "new_promise")])
def test_a_message_becomes_a_form(callback_id: str, verb: str) -> None:
    """Its words, its people by name, its signs and its link fill the form."""
    rich = [{"type": "rich_text", "elements": [{"type": "emoji", "name": "tada", "unicode": "1f389"}]}]
    message = {"text": "<@U2> said &lt;yes&gt; :tada: <https://x.example|brief>", "blocks": rich}
    body = sent.message_action(callback_id, message)
    command = message_action_of(body, ANA, GENERAL, "https://team.slack.com/archives/C1/p1", {"U2": "Ben"})
    args = {"what": "@Ben said <yes> 🎉 https://x.example", "link": "https://team.slack.com/archives/C1/p1"}
    assert (verb, args) == (command.verb, {name: value for name, value in command.args if name in args})
    assert (ANA, GENERAL, "slack:1.2.x") == (command.actor, command.place, command.heard)


def test_a_touchpoint_comes_with_who_wrote_the_message_and_when() -> None:
    """As an instant: on which day it was is another matter elsewhere. A promise counts from when it was said."""
    message = {"text": "hi", "ts": "1763800200.000100", "user": "U2"}
    logged, promised = [
        dict(message_action_of(sent.message_action(id, message), ANA, GENERAL).args)
        for id in ("log_message", "promise_message")
    ]
    assert {"what": "hi", "at": "2025-11-22T08:30:00+00:00", "author": "U2"} == logged
    assert {"what": "hi", "at": "2025-11-22T08:30:00+00:00"} == promised


@pytest.mark.parametrize("ts", ["", "soon", "9" * 40, "nan.0"])
def test_a_message_without_its_time_opens_the_form_all_the_same(ts: str) -> None:
    """Whatever Slack sends there."""
    body = sent.message_action("log_message", {"text": "hi", "ts": ts, "user": None})
    assert ("new_touch", {"what": "hi"}) == asked(message_action_of(body, ANA, GENERAL))


def test_our_own_messages_are_known_by_the_bot() -> None:
    """By its account or by its bot id, whichever a message says."""
    by = [("U0RAPPORT", None), (None, "B1"), ("U9", "B2"), ("U2", None)]
    bodies = [sent.message_action("log_message", {"text": "hi", "user": user, "bot_id": bot}) for user, bot in by]
    assert [True, True, False, False] == [is_our_own(body, ["U0RAPPORT", "B1"]) for body in bodies]
    assert not is_our_own(bodies[0], ())


def test_a_message_of_an_app_says_it_in_attachments() -> None:
    """Where a message has no text of its own, that of its attachments counts."""
    attachments = [{"text": "first &amp;"}, {"fallback": "second"}, {"image_url": "x"}]
    body = sent.message_action("log_message", {"text": "", "attachments": attachments})
    assert "first &\nsecond" == dict(message_action_of(body, ANA, GENERAL).args)["what"]


def test_what_is_not_there_is_left_out() -> None:
    """A picture without words and a message whose link is not to be had open an empty form."""
    body = sent.message_action("log_message", {"text": "", "files": [{"id": "F1"}]})
    assert {"at", "author"} == set(dict(message_action_of(body, ANA, GENERAL).args))


@pytest.mark.parametrize("text", ["x" * 3001, "👨‍👩‍👧‍👦" * 900, "&amp;" * 3001])
def test_a_long_message_is_clipped_to_what_a_form_takes(text: str) -> None:
    """It says how much is missing, and the escapes count as what they stand for."""
    body = sent.message_action("log_message", {"text": text})
    what = dict(message_action_of(body, ANA, GENERAL).args)["what"]
    assert len(what) <= 3000
    assert what.endswith("more characters")


@pytest.mark.parametrize("of", [shortcut_of, message_action_of])
def test_a_shortcut_that_is_not_ours_is_refused(of: Callable[..., Command]) -> None:
    """Also one that belongs to the other menu."""
    for id in ("secret", "promise_message" if of is shortcut_of else "log_touchpoint", None):
        with pytest.raises(Malformed) as error:
            of(sent.message_action("x", {"text": "secret"}) | {"callback_id": id}, ANA, GENERAL)
        assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    "event",
    [
        sent.dm_message("due"),
        sent.dm_message("due", thread_ts="1700000000.000100"),
        sent.dm_message("import", subtype="file_share", files=[{"id": "F1"}]),
        sent.dm_message("due", subtype="thread_broadcast"),
        sent.mention("<@U0> due"),
    ],
)
def test_what_people_say_to_us_is_for_us(event: sent.Payload) -> None:
    """In the DM, in its threads, with a file, and where we are mentioned."""
    assert is_for_us(event)


@pytest.mark.parametrize(
    "event",
    [
        sent.dm_message("due", bot_id="B1"),
        sent.dm_message("due", bot_profile={"id": "B1"}),
        sent.dm_message("due", user="USLACKBOT"),
        sent.dm_message("due", user=None),
        sent.dm_message("due", ts=None),
        sent.dm_message("due", subtype="bot_message"),
        sent.dm_message("due", subtype="channel_join"),
        sent.dm_message("due", subtype="message_deleted", hidden=True),
        sent.dm_message("due", hidden=True),
        sent.dm_message("due", edited={"user": "U1", "ts": "1700000002.000100"}),
        {
            "type": "message",
            "subtype": "message_changed",
            "channel": "D1",
            "channel_type": "im",
            "ts": "1.2",
            "hidden": True,
        },
        sent.dm_message("due", channel_type="channel", channel="C1"),
        sent.dm_message("due", channel_type="mpim", channel="G1"),
        sent.mention("<@U0> due", edited={"user": "U1", "ts": "1700000002.000100"}),
        sent.mention("<@U0> due", bot_id="B1"),
        sent.mention("<@U0> due", channel="D1"),
        sent.dm_message("due", type="reaction_added"),
        {},
    ],
)
def test_everything_else_is_not(event: sent.Payload) -> None:
    """Apps and Rapport itself, edits and deletions, what is hidden, and what was said to others."""
    assert not is_for_us(event)


def test_words_in_the_dm_are_a_message() -> None:
    """They are heard under the event's id, as they were said."""
    event = sent.dm_message("called sam &amp; <@U2>")
    expected = Message(actor=ANA, place=DM, heard="slack:Ev1", text="called sam & @U2")
    assert expected == message_of(event, sent.event(event), ANA, DM)


@pytest.mark.parametrize("said", ["<@U0> due all", "<@U0>: due all", "due all <@U0>"])
def test_a_mention_of_us_is_no_part_of_what_is_said(said: str) -> None:
    """The name of whom it is said to goes; everything else stays."""
    event = sent.mention(said)
    assert "due all" == message_of(event, sent.event(event), ANA, GENERAL).text


def test_a_mention_is_understood_where_we_do_not_know_our_name() -> None:
    """Without an authorization it is whoever is named first."""
    event = sent.mention("<@U0> own jess <@U2>")
    assert "own jess @U2" == message_of(event, sent.event(event, authorizations=[]), ANA, GENERAL).text


def test_a_message_comes_with_its_files_and_readers() -> None:
    """What came along and whether outsiders read along belong to what was said."""
    files = (Upload("roster.csv", b"Name\nJess"),)
    event = sent.mention("<@U0> import")
    message = message_of(event, sent.event(event, is_ext_shared_channel=True), ANA, GENERAL, files)
    assert (files, True) == (message.uploads, message.outsiders)


@pytest.mark.parametrize("name", HOSTILE)
def test_words_arrive_letter_by_letter(name: str) -> None:
    """What Slack escapes comes out as it went in."""
    said = f"called sam {HOSTILE[name]}"
    text = said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    event = sent.dm_message(text)
    assert said == message_of(event, sent.event(event), ANA, DM).text


def test_the_same_event_is_heard_under_the_same_id() -> None:
    """Delivered four times it is one; the same words said again are another."""
    event = sent.dm_message("due")
    bodies = [sent.event(event), sent.event(event, event_time=1700000009), sent.event(event, event_id="Ev2")]
    first, again, other = (message_of(event, body, ANA, DM).heard for body in bodies)
    assert first == again != other


def test_which_files_came_along() -> None:
    """Their ids in order; what is no file is none."""
    assert ("F1", "F2") == files_of(sent.dm_message("x", files=[{"id": "F1"}, {}, "x", {"id": "F2", "name": "b"}]))
    assert () == files_of(sent.dm_message("x"))
