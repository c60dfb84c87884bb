from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.escapes import emoji_in, mentioned, places_named, plain, without
from tests.gallery import HOSTILE


def escaped(typed: str) -> str:
    """What Slack makes of letters that mean nothing to it."""
    return typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("own jess <@U1|ben>", "own jess @U1"),
        ("own jess <@W1>", "own jess @W1"),
        ("digest <#C1|general> mon", "digest #C1 mon"),
        ("digest <#G1> mon", "digest #G1 mon"),
        ("digest <#C1|> mon", "digest #C1 mon"),
        ("see <https://x.example/a|our brief>", "see https://x.example/a"),
        ("see <https://x.example/a>", "see https://x.example/a"),
        ("see <https://x.example/?a=1&amp;b=2>", "see https://x.example/?a=1&b=2"),
        ("write to <mailto:a@b.example|a@b.example>", "write to a@b.example"),
        ("write to <mailto:a@b.example>", "write to a@b.example"),
        ("call <tel:+4930123|030 123>", "call 030 123"),
        ("by <!date^1392734382^{date_short}|18 Feb>", "by 18 Feb"),
        ("by <!date^1392734382^{date_short}^https://x.example|18 Feb>", "by 18 Feb"),
        ("<!here> and <!channel|channel> and <!everyone>", "@here and @channel and @everyone"),
        ("<!subteam^S1|@social> and <!subteam^S1>", "@social and @S1"),
        ("a &lt;b&gt; &amp; c", "a <b> & c"),
        ("&amp;lt; &amp;amp;", "&lt; &amp;"),
        ("&lt;@U1&gt; &lt;!channel&gt;", "<@U1> <!channel>"),
        ("1 &lt; 2 <@U1> 3 &gt; 2", "1 < 2 @U1 3 > 2"),
        ("", ""),
    ],
)
def test_what_slack_wrote_is_what_was_typed(sent: str, typed: str) -> None:
    """Mentions are ids, links are addresses, and escapes are the letters that they stand for."""
    assert typed == plain(sent)


@pytest.mark.parametrize(
    ("sent", "typed"),
    [
        ("log <http://jess.me|jess.me> coffee", "log jess.me coffee"),
        ("<http://vidcon.com|vidcon.com>", "vidcon.com"),
        ("<https://vidcon.com/|https://vidcon.com>", "https://vidcon.com/"),
        ("<http://evil.example|vidcon.com>", "http://evil.example"),
    ],
)
def test_what_slack_alone_made_a_link_stays_as_it_was_typed(sent: str, typed: str) -> None:
    """A handle that looks like a host is no web address; a label that says something else is not believed."""
    assert typed == plain(sent)


@given(st.text())
def test_letters_arrive_one_by_one(typed: str) -> None:
    """Whatever is typed comes back whole, be it full of brackets and ampersands."""
    assert typed == plain(escaped(typed))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_words_arrive_one_by_one(name: str) -> None:
    """Words that look like mentions, links or escapes are words."""
    assert HOSTILE[name] == plain(escaped(HOSTILE[name]))


@given(st.text(alphabet="<>|@#!^&;:-ltgampUC1 ahere"))
def test_nothing_that_arrives_is_too_much(sent: str) -> None:
    """Text that Slack would never send is read as something, too."""
    assert isinstance(plain(sent), str)
    assert isinstance(without(sent, "U1"), str)


def test_people_can_be_named() -> None:
    """Where people are to read it a member is called by name, as far as names are known."""
    assert "@Ben Roth and @U2" == plain("<@U1|ben> and <@U2>", names={"U1": "Ben Roth"})


def test_signs_come_back_from_their_names() -> None:
    """An emoji that was typed as a sign is one again, with its skin tone, wherever it stands in the rich text."""
    rich = [
        {"type": "emoji", "name": "tada", "unicode": "1f389"},
        {"type": "emoji", "name": "wave", "unicode": "1f44b-1f3fd", "skin_tone": 4},
        {"type": "emoji", "name": "wave", "unicode": "1f44b"},
        {"type": "emoji", "name": "partyparrot"},
    ]
    section = {"type": "rich_text_section", "elements": rich}
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_list", "elements": [section]}]}]
    sent = "at 10:30:tada: :wave::skin-tone-4: :wave: :partyparrot: :smile:"
    assert "at 10:30🎉 👋🏽 👋 :partyparrot: :smile:" == plain(sent, emoji_in(blocks))


@pytest.mark.parametrize(
    "blocks",
    [
        None,
        "blocks",
        [None, "x", {"elements": "x"}],
        [{"type": "emoji", "name": "x", "unicode": "not a code"}],
        [{"type": "emoji", "name": "x", "unicode": "d83d"}],
        [{"type": "emoji", "name": "x", "unicode": "ffffffffffffffffffff"}],
    ],
)
def test_blocks_that_say_nothing_of_emoji(blocks: object) -> None:
    """What is no emoji, or no sign that could be written, is left as it is."""
    assert {} == emoji_in(blocks)


def test_who_is_mentioned() -> None:
    """Everybody once, in order, with and without a label; what was only typed mentions nobody."""
    assert ("U2", "W1") == mentioned("<@U2|ana> <@W1> <@U2> &lt;@U3&gt; @U4 <#C1|x> <!here>")


def test_which_places_are_named() -> None:
    """Channels as Slack writes them, and as they stand in plain words, each once and in order."""
    assert ("C1", "G2") == places_named("<#C1|general> #G2 <#C1> #general issue#C3 ##C4")


@pytest.mark.parametrize(
    ("said", "account", "left"),
    [
        ("<@U0> due", "U0", "due"),
        ("<@U0|rapport>: due all", "U0", "due all"),
        ("hey <@U0>, due", "U0", "hey, due"),
        ("due <@U0>", "U0", "due"),
        ("<@U0>", "U0", ""),
        ("<@U0> due <@U1>", "U0", "due <@U1>"),
        ("<@U0> log jess line one\nline two", "U0", "log jess line one\nline two"),
        ("  due  ", "U0", "  due  "),
        ("<@U1> due <@U2>", None, "due <@U2>"),
        ("due <@U2>", None, "due <@U2>"),
    ],
)
def test_to_whom_it_was_said_is_no_part_of_it(said: str, account: str | None, left: str) -> None:
    """Our own mention is taken out, and others stay; where we don't know ourselves, it is the first word."""
    assert left == without(said, account)
