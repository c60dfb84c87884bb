"""Touchpoints in words: what was logged, the history, and the warnings that come with a reply."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from bot.model import Direction, Exchange, Influencer, Medium, Team, Touchpoint
from bot.reply import Actions, Button, Divider, Link, Reply, Style, Text, callback, join, say
from bot.views.words import Reader, count, every, listed, near_day, quoted, weekday

PAGE = 10
"""Touchpoints on one page of a history."""

_MEDIA = {Medium.DM: "DM", Medium.OTHER: "contact"}


def medium_word(medium: Medium) -> str:
    """`email`, `DM`, `contact`."""
    return _MEDIA.get(medium, medium.value)


def touch_sentence(touch: Touchpoint, name: str, reader: Reader) -> Text:
    """`Jess Park — meeting, yesterday (Sat 21 Nov), by you: “coffee at VidCon”.`"""
    return say("**{name}** — {what}", name=name, what=what_happened(touch, reader))


def what_happened(touch: Touchpoint, reader: Reader) -> Text:
    """The same without the name."""
    facts = [
        say("{medium}", medium=medium_word(touch.medium)),
        say("{day}", day=near_day(reader.day_of(touch), reader.today)),
        say("from them") if touch.direction is Direction.INBOUND else say("by {who}", who=reader.who(touch.by)),
    ]
    if touch.exchange is not Exchange.NEUTRAL:
        facts.append(say("a give") if touch.exchange is Exchange.GIVE else say("an ask"))
    if touch.paid:
        facts.append(say("paid {value}", value=touch.value) if touch.value else say("paid"))
    elif touch.value:
        facts.append(say("{value}", value=touch.value))
    if touch.medium is Medium.GIFT and touch.disclosed:
        facts.append(say("disclosed"))
    tail = say(": {note}", note=quoted(touch.note)) if touch.note else say("")
    link = say(" ({link})", link=Link("link", touch.link)) if touch.link else say("")
    return say("{facts}{note}{link}.", facts=join(", ", facts), note=tail, link=link)


def logged(
    touches: Sequence[Touchpoint],
    influencers: Mapping[str, Influencer],
    reader: Reader,
    *,
    planned: Mapping[str, date],
    warnings: Sequence[Text],
    change: str,
) -> Reply:
    """What was understood and kept, when the next touch is due, what to mind, and the way back."""
    lines = [
        say("✓ Logged: {touch}", touch=touch_sentence(touch, influencers[touch.influencer].name, reader))
        for touch in touches
    ]
    for touch in touches:
        influencer = influencers[touch.influencer]
        if influencer.id not in planned:
            continue
        with_whom = say(" with {name}", name=influencer.name) if len(touches) > 1 else say("")
        by, plan = weekday(planned[influencer.id], reader.today), plan_words(reader.team, influencer)
        lines.append(say("Next touch{whom} by {day} ({plan}).", whom=with_whom, day=by, plan=plan))
    buttons = [Button("Undo", callback("undo", change=change))]
    if len(touches) == 1:
        buttons.append(Button("Edit", callback("edit_touch", touch=touches[0].id)))
    return Reply(blocks=(join("\n", lines), *warnings, Actions(tuple(buttons))))


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
    """Touchpoints newest first, ten a page, each with a way to change or delete it.

    `page` holds one more than is shown where there are more; `narrowed` are the arguments that chose them.
    """
    if not page:
        chosen = listed([f"{name} {value}" for name, value in narrowed])
        asked = say(" ({chosen})", chosen=chosen) if narrowed else say("")
        nothing = "Nothing further back" if skip else "No touchpoints"
        return Reply(
            blocks=(say("{nothing} with **{name}**{asked}.", nothing=nothing, name=influencer.name, asked=asked),)
        )
    shown, more = page[:PAGE], len(page) > PAGE
    what = f"touchpoints {skip + 1} to {skip + len(shown)}" if skip or more else count(len(shown), "touchpoint")
    blocks: list[Text | Actions | Divider] = [
        say("**{name}** — {what}, newest first.", name=influencer.name, what=what)
    ]
    for touch in shown:
        edit = Button("Edit", callback("edit_touch", touch=touch.id))
        delete = Button("Delete", callback("delete_touch", touch=touch.id), Style.DANGER)
        blocks += [what_happened(touch, reader), Actions((edit, delete))]
    if more:
        older = callback("history", who=influencer.id, skip=str(skip + PAGE), **dict(narrowed))
        blocks += [Divider(), Actions((Button("Older", older),))]
    return Reply(blocks=tuple(blocks))


def warn_third_ask(name: str, asks: int) -> Text:
    """Nothing has been given for a while."""
    return say("⚠ This is ask number {asks} to **{name}** since you last gave something.", asks=asks, name=name)


def warn_colleague(name: str, touch: Touchpoint, reader: Reader) -> Text:
    """Two of us at once."""
    return say(
        "⚠ {who} was in touch with **{name}** {day}: {what}",
        who=reader.who(touch.by),
        name=name,
        day=near_day(reader.day_of(touch), reader.today),
        what=quoted(touch.note) if touch.note else say("{medium}.", medium=medium_word(touch.medium)),
    )


def warn_undisclosed(name: str) -> Text:
    """A gift that may have to be named as one."""
    return say(
        "⚠ A gift to **{name}** without a disclosure note: add “disclosed” once it is clear how a post will say so.",
        name=name,
    )


def warn_mostly_paid(name: str, paid: int, touchpoints: int) -> Text:
    """Money is most of what there is."""
    return say(
        "⚠ {paid} of {all} touchpoints with **{name}** are paid: this is advertising, not a relationship yet.",
        paid=paid,
        all=touchpoints,
        name=name,
    )
