"""Touchpoints in words: what was logged, the history, and the warnings that come with a reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.model import Direction, Exchange, Influencer, Medium, Standing, Team, Touchpoint
from bot.reply import Actions, Button, Callback, Divider, Link, Option, Reply, Select, Text, callback, join, say
from bot.standing import PATIENT_AFTER, learned
from bot.views.quiet import OWN_PAUSES, next_touch
from bot.views.words import (
    Reader,
    briefly_quoted,
    count,
    day,
    ended,
    every,
    first_name,
    listed_texts,
    near_day,
    quoted,
    weekday,
)

PAGE = 10
"""Touchpoints on one page of a history."""

_MEDIA = {Medium.DM: "DM", Medium.OTHER: "contact"}


_OF_BOTH = frozenset({Medium.MEETING, Medium.EVENT})

_WHOM = {Direction.OUTBOUND: "to", Direction.INBOUND: "from", Direction.MUTUAL: "with"}


def medium_word(medium: Medium) -> str:
    """`email`, `DM`, `contact`."""
    return _MEDIA.get(medium, medium.value)


def touch_sentence(touch: Touchpoint, name: str, reader: Reader) -> Text:
    """`Jess Park — meeting, yesterday (Sat 21 Nov), by you: “coffee at VidCon”.`"""
    return say("**{name}** — {what}", name=name, what=what_happened(touch, name, reader))


def what_happened(touch: Touchpoint, name: str, reader: Reader) -> Text:
    """The same without the whole name."""
    facts = [
        _how(touch, name),
        say("{day}", day=near_day(reader.day_of(touch), reader.today)),
    ]
    if touch.by is not None and touch.direction is not Direction.INBOUND:
        facts.append(say("by {who}", who=reader.who(touch.by)))
    if touch.exchange is not Exchange.NEUTRAL:
        facts.append(say("a give") if touch.exchange is Exchange.GIVE else say("an ask"))
    if touch.paid:
        facts.append(say("paid {value}", value=touch.value) if touch.value else say("paid"))
    elif touch.value:
        facts.append(say("{value}", value=touch.value))
    if touch.disclosed:
        facts.append(say("disclosed"))
    tail = say(": {note}", note=quoted(touch.note)) if touch.note else say("")
    link = say(" — {link}", link=Link("link", touch.link)) if touch.link else say("")
    return ended(say("{facts}{note}{link}", facts=join(", ", facts), note=tail, link=link))


def _how(touch: Touchpoint, name: str) -> Text:
    """`email to Jess`, `call with Jess`; a meeting of both sides is just that."""
    medium = medium_word(touch.medium)
    if touch.direction is Direction.MUTUAL and touch.medium in _OF_BOTH:
        return say("{medium}", medium=medium)
    return say("{medium} " + _WHOM[touch.direction] + " {name}", medium=medium, name=first_name(name))


def logged(
    touches: Sequence[Touchpoint],
    influencers: Mapping[str, Influencer],
    reader: Reader,
    *,
    standings: Mapping[str, Standing],
    warnings: Sequence[Text],
    change: str,
) -> Reply:
    """What was understood and kept, when the next touch is due, what to mind, and the way back."""
    lines = [
        say("✓ Logged: {touch}", touch=touch_sentence(touch, influencers[touch.influencer].name, reader))
        for touch in touches
    ]
    following: list[Text] = []
    for touch in touches:
        standing = standings.get(touch.influencer)
        if standing is not None and not standing.paused:
            following += _what_next(touch, standing, influencers[touch.influencer], reader, named=len(touches) > 1)
    buttons = [Button("Undo", callback("undo", change=change))]
    if len(touches) == 1:
        buttons.append(Button("Edit", callback("edit_touch", touch=touches[0].id)))
        buttons.append(Button("Add promise", callback("new_promise", who=touches[0].influencer)))
    # In parts, so that long notes don't push out what comes after them where a platform clips.
    said = [join("\n", part) for part in (lines, following, list(warnings)) if part]
    return Reply(blocks=(*said, Actions(tuple(buttons))))


def _what_next(
    touch: Touchpoint, standing: Standing, influencer: Influencer, reader: Reader, *, named: bool
) -> list[Text]:
    """When the next touch is planned; why not, where this one breaks no silence."""
    whom = say(" with {name}", name=influencer.name) if named else say("")
    if reader.day_of(touch) > reader.today:
        return [say("It counts from that day on; until then there is no nudge about the silence{whom}.", whom=whom)]
    if standing.waiting_since is not None and standing.attention_at is not None:
        waits = say("Waiting on us{whom}: “due” lists it until you answer.", whom=whom)
        return [waits] if standing.snoozed_until is None or standing.snoozed_until <= reader.today else []
    if (due := next_touch(standing)) is None:
        return []
    if due < reader.today:
        if standing.unanswered > PATIENT_AFTER:
            unanswered = standing.unanswered
            return [say("The silence{whom} goes on: no answer to our last {n}.", whom=whom, n=unanswered)]
        return []
    by, plan = weekday(due, reader.today), plan_words(reader.team, influencer)
    if standing.planned_on is not None and due < standing.planned_on:
        known = learned(standing)
        is_own = known.n >= OWN_PAUSES
        plan = f"you usually talk about {every(known.usual)}" if is_own else "a longer silence would be unusual"
    return [say("Next touch{whom} by {day} ({plan}).", whom=whom, day=by, plan=plan)]


def plan_words(team: Team, influencer: Influencer) -> str:
    """`tier A, every 21 days`: where the cadence comes from."""
    if influencer.cadence is not None:
        return every(influencer.cadence)
    if influencer.tier is not None:
        return f"tier {influencer.tier}, {every(team.cadences.of(influencer.tier))}"
    return "no tier yet, every 14 days"


def history(
    influencer: Influencer,
    page: Sequence[Touchpoint],
    reader: Reader,
    *,
    skip: int,
    narrowed: tuple[tuple[str, str], ...],
) -> Reply:
    """Touchpoints newest first, ten a page, numbered, so that one can be chosen to change or delete.

    A row of buttons beside each would be 44 parts, and Discord holds 40.

    `page` holds one more than is shown where there are more; `narrowed` are the arguments that chose them.
    """
    asked = _asked_for(narrowed, reader.today)
    if not page:
        nothing = "Nothing further back" if skip else "No touchpoints"
        return Reply(
            blocks=(say("{nothing} with **{name}**{asked}.", nothing=nothing, name=influencer.name, asked=asked),)
        )
    shown, more = page[:PAGE], len(page) > PAGE
    what = f"touchpoints {skip + 1} to {skip + len(shown)}" if skip or more else count(len(shown), "touchpoint")
    order = say("" if len(shown) == 1 else ", newest first")
    head = say("**{name}** — {what}{asked}{order}.", name=influencer.name, what=what, asked=asked, order=order)
    numbers = range(skip + 1, skip + 1 + len(shown))
    lines = [
        say("{n}. {what}", n=number, what=what_happened(touch, influencer.name, reader))
        for number, touch in zip(numbers, shown, strict=True)
    ]
    choices = tuple(
        Option(f"{number}. {medium_word(touch.medium)}, {weekday(reader.day_of(touch), reader.today)}", touch.id)
        for number, touch in zip(numbers, shown, strict=True)
    )
    pages = []
    if skip:
        pages.append(Button("Newer", _page(influencer, max(0, skip - PAGE), narrowed)))
    if more:
        pages.append(Button("Older", _page(influencer, skip + PAGE, narrowed)))
    edit = Select("Edit…", "touch", choices, callback("edit_touch"))
    delete = Select("Delete…", "touch", choices, callback("delete_touch"))
    return Reply(blocks=(head, *lines, Divider(), Actions((*pages, edit, delete))))


def _asked_for(narrowed: Sequence[tuple[str, str]], today: date) -> Text:
    """` (email, since 1 May)`: the arguments that chose a page."""
    given = dict(narrowed)
    words = [medium_word(Medium(given["medium"]))] if "medium" in given else []
    if "since" in given:
        words.append(f"since {day(date.fromisoformat(given['since']), today)}")
    return say(" ({words})", words=", ".join(words)) if words else say("")


def _page(influencer: Influencer, skip: int, narrowed: Sequence[tuple[str, str]]) -> Callback:
    return callback("history", who=influencer.id, skip=str(skip), **dict(narrowed))


def warn_third_ask(name: str, asks: int) -> Text:
    """Nothing has been given for a while."""
    return say("⚠ This is ask number {asks} to **{name}** since we last gave something.", asks=asks, name=name)


def warn_colleague(name: str, touch: Touchpoint, reader: Reader) -> Text:
    """Two of us at once."""
    return ended(
        say(
            "⚠ {who} was in touch with **{name}** {day}: {what}",
            who=reader.who(touch.by),
            name=name,
            day=near_day(reader.day_of(touch), reader.today),
            what=briefly_quoted(touch.note) if touch.note else say("{medium}", medium=medium_word(touch.medium)),
        )
    )


def warn_undisclosed(names: Sequence[str]) -> Text:
    """A gift that may have to be named as one."""
    return say(
        "⚠ A gift to {names} without a disclosure note: add “disclosed” once it is clear how a post will say so.",
        names=listed_texts([say("**{name}**", name=name) for name in names]),
    )


def warn_mostly_paid(name: str, standing: Standing) -> Text:
    """Money is most of what there is."""
    return say(
        "⚠ {paid} of {all} touchpoints with **{name}** are paid: this is advertising, not a relationship yet.",
        paid=standing.paid,
        all=standing.touchpoints,
        name=name,
    )


def warn_unread_day(words: str) -> Text:
    """A date that is none, or could be two, so that today was taken."""
    return say(
        "⚠ I couldn’t tell which day “{words}” is, so this is logged for today. Edit the date if that is wrong.",
        words=words,
    )
