"""Both sides' wishes in words: what they want and why, and what we want from the relationship."""

from __future__ import annotations

from bot.model import Influencer
from bot.reply import Actions, Button, Reply, Text, callback, say
from bot.views.words import because, ended, quoted


def wish_told(before: Influencer | None, after: Influencer, verb: str, change: str) -> Reply:
    """What is noted now, and what went with the wish before; `verb` opens the form once more."""
    said = [say("✓ {what}", what=_ours(after) if verb == "objective" else _theirs(after))]
    if verb == "goal" and before is not None and before.motivation and after.goal and not after.motivation:
        reason = quoted(before.motivation)
        said.append(ended(say("The reason noted before went with the old wish: {reason}", reason=reason)))
    buttons = (Button("Undo", callback("undo", change=change)), Button("Edit", callback(verb, who=after.id)))
    return Reply(blocks=(*said, Actions(buttons)))


def _theirs(influencer: Influencer) -> Text:
    if not influencer.goal:
        return say("What **{name}** wants is not noted any more.", name=influencer.name)
    why = because(influencer.motivation)
    return ended(say("**{name}** wants {goal}{why}", name=influencer.name, goal=influencer.goal, why=why))


def _ours(influencer: Influencer) -> Text:
    if not influencer.objective:
        return say("What we want from **{name}** is not noted any more.", name=influencer.name)
    return ended(say("With **{name}** we want {objective}", name=influencer.name, objective=influencer.objective))
