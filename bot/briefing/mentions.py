"""Where somebody is named in what is kept about other people, for whoever is about to forget them."""

from __future__ import annotations

from bot.model import Influencer, Occasion, Promise, Team, Touchpoint
from bot.roster.naming import Naming
from bot.roster.spelling import fold
from bot.store_port import Store
from bot.views.forgetting import Mention, in_occasion, in_promise, in_record, in_touchpoint
from bot.views.words import Reader

NOTES_FOUND = 500
"""Notes with the words of one name that are looked at, the newest."""


async def mentions_of(store: Store, team: Team, who: Influencer, reader: Reader) -> list[Mention]:
    """The words about others in which somebody is named, the touchpoints first, newest in front.

    Costs what there is.
    """
    everybody = {one.id: one for one in await store.everything(Influencer, team.id)}
    others = sorted((one for one in everybody.values() if one.id != who.id), key=lambda one: (fold(one.name), one.id))
    naming = Naming(who, others)
    found = [
        in_touchpoint(touch, everybody.get(touch.influencer), reader)
        for touch in await _touchpoints(store, team, who, naming)
    ]
    for promise in await store.everything(Promise, team.id):
        if promise.influencer != who.id:
            found.append(in_promise(promise, everybody.get(promise.influencer), reader))
    for one in others:
        found += in_record(one)
    for occasion in await store.everything(Occasion, team.id):
        if occasion.influencer != who.id:
            found.append(in_occasion(occasion, everybody.get(occasion.influencer)))
    return [mention for mention in found if naming.is_in(mention.words)]


async def _touchpoints(store: Store, team: Team, who: Influencer, naming: Naming) -> list[Touchpoint]:
    """The touchpoints of others whose notes have the words of one of the names."""
    found: dict[str, Touchpoint] = {}
    for name in naming.names:
        for touch in await store.notes_with(team.id, name.split(" "), limit=NOTES_FOUND):
            if touch.influencer != who.id:
                found[touch.id] = touch
    return sorted(found.values(), key=lambda touch: (touch.on, touch.logged_at, touch.id), reverse=True)
