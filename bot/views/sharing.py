"""Sharing in words: the button, who will be able to read it, and what is said to all."""

from __future__ import annotations

from bot.address import Place
from bot.model import Member
from bot.reply import Actions, Block, Button, Callback, Reply, Style, Text, Where, Who, callback, join, say


def may_be_shared(reply: Reply, share: Callback) -> Reply:
    """The reply with [Share] behind the buttons at its end."""
    button = Button("Share", share)
    *blocks, last = reply.blocks
    if isinstance(last, Actions):
        return _with(reply, (*blocks, Actions((*last.items, button), last.more)))
    return _with(reply, (*reply.blocks, Actions((button,))))


def sure_to_share(place: Place, draft: str) -> Reply:
    """Who will be able to read it, before it is said."""
    return Reply(
        blocks=(
            say("Everybody in {place} will be able to read this, guests too.", place=Where(place)),
            Actions((Button("Share it here", callback("share", draft=draft), Style.PRIMARY),)),
        )
    )


def will_stand() -> Reply:
    """The answer to the one who shares it: what all can read is another message."""
    return Reply(blocks=(say("It will stand here in a moment."),))


def not_shared(place: Place) -> Reply:
    """What the one who shared it is told in their DM, where it could not be posted."""
    return Reply(
        blocks=(
            say(
                "What you shared in {place} does not stand there: people of other companies read it, or I can’t post "
                "in it any more. Nobody has seen it.",
                place=Where(place),
            ),
        ),
        private=False,
    )


def did_not_come(place: Place | None, *, is_unknown: bool) -> Reply:
    """What the one who shared it is told in their DM, where the platform or the matter itself stood in the way.

    `is_unknown`: it may stand there all the same. `place` is `None` where that is not known any more.
    """
    what = say("What you shared in {place}", place=Where(place)) if place is not None else say("What you shared")
    text = (
        "{what} may stand there or not: the answer was lost. Have a look; if it doesn’t, ask for it again there, and "
        "share that."
        if is_unknown
        else "{what} does not stand there: it could not be posted, or can’t be read any more. Ask for it again there, "
        "and share that."
    )
    return Reply(blocks=(say(text, what=what),), private=False)


def taken_away(place: Place) -> Reply:
    """The answer to whoever takes back that they shared something."""
    return Reply(blocks=(say("↩ What you shared in {place} is taken away.", place=Where(place)),))


def shared(reply: Reply, by: Member) -> Reply:
    """The reply for everybody, headed by who shared it; its first words stay those that stand for the whole."""
    head = say("Shared by {who}", who=Who(by.name, by.accounts))
    first, *rest = reply.blocks
    blocks = (join("\n", [head, first]), *rest) if isinstance(first, Text) else (head, *reply.blocks)
    return Reply(blocks=blocks, private=False)


def _with(reply: Reply, blocks: tuple[Block, ...]) -> Reply:
    return Reply(blocks=blocks, private=reply.private, outcome=reply.outcome)
