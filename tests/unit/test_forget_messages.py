"""Messages that name somebody who is forgotten: those, and no others, whichever comes first."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from bot.address import Place
from bot.change import Change
from bot.delivery import deliver
from bot.model import Delivery, DeliveryKind, DeliveryState, Influencer, Record
from bot.store_port import Store
from tests.desk import Desk, words

R = TypeVar("R", bound=Record)

DAILY = "digest here every day 09:00"
DAY = timedelta(hours=24)


class Meanwhile:
    """A store in which something else happens just before a Change of a verb is committed, once."""

    def __init__(self, store: Store, verb: str, happens: Callable[[], Awaitable[object]]) -> None:
        self._store, self._verb, self._happens = store, verb, happens
        self.happened = False

    def __getattr__(self, name: str) -> Any:
        """Everything else is the real store's."""
        return getattr(self._store, name)

    async def commit(self, change: Change) -> Change:
        """The real commit, after what happens."""
        if change.verb == self._verb and not self.happened:
            self.happened = True
            await self._happens()
        return await self._store.commit(change)


class _Reading(Meanwhile):
    """The same, just before the roster is read for the second time."""

    def __init__(self, store: Store, happens: Callable[[], Awaitable[object]]) -> None:
        super().__init__(store, "", happens)
        self._read = 0

    async def everything(self, kind: type[R], team: str) -> tuple[R, ...]:
        """The real read, after what happens."""
        self._read += kind is Influencer
        if self._read == 2 and not self.happened:
            self.happened = True
            await self._happens()
        return await self._store.everything(kind, team)


async def team(desk: Desk) -> None:
    """Ana, an admin, and Ben; Jess and Sam have both been silent for long."""
    for name in ("ana", "ben"):
        await desk.says(name, "help")
    for name in ("Jess Park", "Sam Ode"):
        await desk.says("ben", f"add {name} tier:A")
        await desk.says("ben", f'log "{name}" call on:2026-08-01')


async def forgets_jess(desk: Desk) -> str:
    """Ana forgets Jess; what she is told."""
    return words(await desk.presses("ana", await desk.says("ana", 'forget "Jess Park"'), "Forget for good"))


def said(desk: Desk) -> list[str]:
    """What stands in any place."""
    return [message.says for message in desk.platform.messages.values()]


async def of_kind(desk: Desk, kind: DeliveryKind) -> list[Delivery]:
    """The messages of a kind, oldest first."""
    found = await desk.store.everything(Delivery, (await desk.team()).id)
    return sorted((one for one in found if one.kind is kind), key=lambda one: one.on)


async def test_a_digest_that_does_not_name_them_stands(desk: Desk) -> None:
    """Before Jess is quiet the digest names Sam only; when she is forgotten, only the later ones are deleted."""
    await team(desk)
    await desk.says("ben", 'log "Jess Park" call on:2026-11-22')
    await desk.says("ben", DAILY, channel="general")
    await desk.waits(timedelta(days=2))
    unnamed = len(desk.platform.at(_general()))
    await desk.waits(timedelta(days=70))
    naming = [message for message in desk.platform.at(_general()) if "Jess" in message.says]
    standing = len(desk.platform.at(_general()))

    assert (2, True) == (unnamed, 0 < len(naming) < standing - unnamed)
    assert "Jess" not in await forgets_jess(desk)
    await desk.turn()

    left = desk.platform.at(_general())
    assert standing - len(naming) == len(left)
    assert [] == [message.says for message in left if "Jess" in message.says]


async def test_whom_a_digest_names_is_known_as_long_as_it_stands(desk: Desk) -> None:
    """Each by their id, whatever part they stand in."""
    await team(desk)
    await desk.says("ben", DAILY, channel="general")
    await desk.waits(DAY)

    (digest, _next) = await of_kind(desk, DeliveryKind.DIGEST)
    names = {one.id: one.name for one in await _people(desk)}
    assert (DeliveryState.SENT, {"Jess Park", "Sam Ode"}) == (digest.state, {names[id] for id in digest.named})


async def test_those_left_out_for_want_of_room_are_not_named(desk: Desk) -> None:
    """Of fourteen who are quiet ten are named, with whoever is owed something or has a day coming: these, exactly."""
    for name in ("ana", "ben"):
        await desk.says(name, "help")
    quiet = ("Abe", "Bea", "Cat", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida", "Jon", "Kay", "Lou", "Mia", "Ned")
    for number, name in enumerate((*quiet, "Owed", "Born"), start=1):
        await desk.says("ben", f"add {name} Quick tier:A")
        on = f"2026-08-{number:02}" if name in quiet else "2026-11-22"
        await desk.says("ben", f"log {name} Quick call on:{on}")
    await desk.says("ben", "promise Owed Quick a sample by 24 nov")
    await desk.says("ben", "occasion Born Quick birthday 27 nov")
    await desk.says("ben", DAILY, channel="general")
    await desk.waits(timedelta(hours=24))

    (message,) = desk.platform.at(_general())
    (digest, _next) = await of_kind(desk, DeliveryKind.DIGEST)
    shown = {one.name for one in await _people(desk) if one.name.split()[0] in message.says}
    assert (shown, True) == (set(await _named(desk, digest)), "…and 4 more" in message.says)


async def test_briefs_and_the_news_of_a_leaver_are_drawn_without_them(desk: Desk) -> None:
    """They are about others as well, and stand on."""
    await team(desk)
    await desk.says("cem", "help")
    await desk.says("ana", "handover ben cem")
    await desk.core.leave(desk.actor("cem").person)
    await desk.turn()
    await desk.says("ben", "add Kim Ray tier:A owner:ana")
    before = [one for one in said(desk) if "Jess Park" in one]

    await forgets_jess(desk)
    await desk.turn()

    assert before
    assert [] == [one for one in said(desk) if "Jess Park" in one]
    assert 1 == sum("Cem has left the team" in one and "Sam Ode" in one for one in said(desk))
    assert {("Sam Ode",)} == {await _named(desk, one) for one in await of_kind(desk, DeliveryKind.LEFT)}


@pytest.mark.parametrize("kind", [DeliveryKind.DIGEST, DeliveryKind.HANDOVER, DeliveryKind.LEFT, DeliveryKind.SHARED])
class TestEitherOrder:
    async def _due(self, desk: Desk, kind: DeliveryKind) -> None:
        """A message that names Jess is due this minute."""
        await team(desk)
        match kind:
            case DeliveryKind.DIGEST:
                await desk.says("ben", DAILY, channel="general")
                (waiting,) = await of_kind(desk, kind)
                assert waiting.due_at is not None
                desk.clock.move(waiting.due_at - desk.clock())
            case DeliveryKind.HANDOVER:
                await desk.says("ana", "handover ben ana")
                await desk.says("cem", "help")
                await desk.says("ana", "handover ana cem")
            case DeliveryKind.SHARED:
                await _shares(desk, "due all")
            case _:
                await desk.core.leave(desk.actor("ben").person)

    async def test_forgotten_between_composing_and_claiming(self, desk: Desk, kind: DeliveryKind) -> None:
        """What was composed is not posted: it is composed anew, without her."""
        await self._due(desk, kind)
        preview = await desk.says("ana", 'forget "Jess Park"')
        posted: list[str] = []

        async def forgotten() -> None:
            await desk.presses("ana", preview, "Forget for good")

        store = Meanwhile(desk.store, "deliver", forgotten)
        for _ in range(3):
            await deliver(store, {"fake": desk.platform}, desk.clock, desk.core.new_id)
            posted += said(desk)

        assert store.happened
        assert [] == [one for one in posted if "Jess" in one]
        assert [] != [one for one in said(desk) if "Sam Ode" in one]

    async def test_posted_between_looking_and_forgetting(self, desk: Desk, kind: DeliveryKind) -> None:
        """The forgetting is decided anew, sees the message, and has it deleted or drawn again."""
        await self._due(desk, kind)
        preview = await desk.says("ana", 'forget "Jess Park"')

        async def posted() -> None:
            await deliver(desk.store, {"fake": desk.platform}, desk.clock, desk.core.new_id)
            assert [one for one in said(desk) if "Jess" in one]

        store = Meanwhile(desk.store, "forget_now", posted)
        desk.core = desk.core_on(store)
        answer = words(await desk.presses("ana", preview, "Forget for good"))
        await desk.turn()

        assert store.happened
        assert "1 message that names them is edited or deleted" in answer
        assert [] == [one for one in said(desk) if "Jess" in one]

    async def test_forgotten_while_it_is_posted(self, desk: Desk, kind: DeliveryKind) -> None:
        """As soon as it stands it is deleted or drawn again."""
        await self._due(desk, kind)
        preview = await desk.says("ana", 'forget "Jess Park"')
        desk.platform.meanwhile = lambda: desk.presses("ana", preview, "Forget for good")

        await desk.turn()
        await desk.turn()

        assert [] == [one for one in said(desk) if "Jess" in one]


async def test_who_comes_into_a_message_while_it_is_drawn_again_is_found(desk: Desk) -> None:
    """Sam is named in Cem's briefs only after a page has become shorter; forgotten at that moment, she goes too."""
    for name in ("ana", "ben", "cem"):
        await desk.says(name, "help")
    for name in ("Abe", "Bea", "Cat", "Dan", "Eve", "Zoe"):
        await desk.says("ben", f"add {name} Park tier:A")
    await desk.says("ana", "handover ben cem")
    await desk.turn()
    (brief,) = await of_kind(desk, DeliveryKind.HANDOVER)
    first = await _named(desk, brief)
    preview = await desk.says("ana", 'forget "Zoe Park"')
    await desk.presses("ana", await desk.says("ana", 'forget "Abe Park"'), "Forget for good")

    async def forgotten() -> None:
        await desk.presses("ana", preview, "Forget for good")

    desk.platform.meanwhile = forgotten
    await desk.turn()
    await desk.turn()

    assert ("Zoe Park" in first, len(first)) == (False, 5)
    assert [] == [one for one in said(desk) if "Zoe" in one or "Abe" in one]


async def test_shared_answers_that_name_them_are_taken_away_and_no_others(desk: Desk) -> None:
    """In words, or as whom a button is about; who is quoted in somebody else’s recap is named, too."""
    await team(desk)
    await desk.says("ben", 'log "Sam Ode" met Jess Park with them')
    for line in ("show Jess Park", "history Jess Park", "find", "due all", "history Sam Ode", "find Sam Ode"):
        await _shares(desk, line)
    await desk.turn()
    before = [words(message.reply) for message in desk.platform.at(_general())]

    assert 5 == sum("Jess Park" in one for one in before)
    await forgets_jess(desk)
    await desk.turn()

    left = [words(message.reply) for message in desk.platform.at(_general())]
    assert [one for one in before if "Jess" not in one] == left


async def test_forgotten_while_what_is_shared_is_read(desk: Desk) -> None:
    """Between what it says and whom it names there is no gap: it is read anew, without her."""
    await team(desk)
    await _shares(desk, "due all")
    preview = await desk.says("ana", 'forget "Jess Park"')
    store = _Reading(desk.store, lambda: desk.presses("ana", preview, "Forget for good"))
    for _ in range(2):
        await deliver(store, {"fake": desk.platform}, desk.clock, desk.core.new_id)

    assert store.happened
    (shared,) = said(desk)
    assert ("Jess" in shared, "Sam Ode" in shared) == (False, True)


async def test_what_waits_to_be_shared_about_them_is_never_said(desk: Desk) -> None:
    """Nor is it kept what was asked; whoever shared it is told that it does not stand there, and of nobody."""
    await team(desk)
    await _shares(desk, "show Jess Park")
    await forgets_jess(desk)
    await desk.turn()

    (told,) = said(desk)
    assert told.startswith("What you shared in #general does not stand there")
    assert "Jess" not in told
    states = {one.state for one in await of_kind(desk, DeliveryKind.SHARED)}
    assert {DeliveryState.DROPPED, DeliveryState.SENT} == states


async def _shares(desk: Desk, line: str) -> None:
    """Ana shares what a line answers, in #general."""
    question = await desk.presses("ana", await desk.says("ana", line, channel="general"), "Share", channel="general")
    await desk.presses("ana", question, "Share it here", channel="general")


def _general() -> Place:
    return Place("fake", "acme", "general")


async def _people(desk: Desk) -> list[Influencer]:
    return list(await desk.store.everything(Influencer, (await desk.team()).id))


async def _named(desk: Desk, message: Delivery) -> tuple[str, ...]:
    names = {one.id: one.name for one in await _people(desk)}
    return tuple(sorted(names[id] for id in message.named))
