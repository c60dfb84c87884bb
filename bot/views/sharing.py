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


def shared(reply: Reply, by: Member) -> Reply:
    """The reply for everybody, headed by who shared it; its first words stay those that stand for the whole."""
    head = say("Shared by {who}", who=Who(by.name, by.accounts))
    first, *rest = reply.blocks
    blocks = (join("\n", [head, first]), *rest) if isinstance(first, Text) else (head, *reply.blocks)
    return Reply(blocks=blocks, private=False)


def _with(reply: Reply, blocks: tuple[Block, ...]) -> Reply:
    return Reply(blocks=blocks, private=reply.private, outcome=reply.outcome)
