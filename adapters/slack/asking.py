"""From what Slack sent to the core's answer: who asks, where, who would read it, and what came along."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Collection, Sequence

import msgspec
import structlog
from msgspec.structs import replace

from adapters.slack import inbound, words
from adapters.slack.back import Back
from adapters.slack.clients import Clients
from adapters.slack.downloads import Downloads
from adapters.slack.escapes import mentioned, places_named
from adapters.slack.forms import file_ids, values
from adapters.slack.people import People
from adapters.slack.places import Audience, Places
from adapters.slack.refusals import Unanswered
from adapters.slack.sources import Malformed, Payload, Source, back_of, found, needed_event, place_of, within
from bot.adapter_port import Core
from bot.address import Place, PlaceKind
from bot.commands import CommandSpec
from bot.errors import PostError, Refused, StoreFailed
from bot.inbound import Actor, Command, Message, Role
from bot.reply import Answer, Option, Reply

MENTIONS_MET = 10
"""Members named in one request who are made known before it is done."""

LINK_WITHIN = 0.8
"""Seconds for the link to a message; a form is opened without it rather than too late."""

_WORD = re.compile(r"\w+")

log = structlog.get_logger()


class Asked(msgspec.Struct, frozen=True):
    """An answer, and where it goes; `changes`: what the team knows may be something else since."""

    answer: Answer
    back: Back
    changes: bool = False


class Asking:
    """Asks the core what was asked of Rapport. Whatever goes wrong between Slack and the core is an answer, too."""

    def __init__(
        self,
        core: Core,
        specs: Sequence[CommandSpec],
        people: People,
        places: Places,
        downloads: Downloads,
        clients: Clients,
    ) -> None:
        self._core, self._people, self._places = core, people, places
        self._downloads, self._clients = downloads, clients
        self._minding = frozenset(spec.name for spec in specs if spec.audience)
        self._looking = frozenset(spec.name for spec in specs if not spec.writes)

    async def command(self, body: Payload, source: Source) -> Asked:
        """`/rapport …`."""
        back = back_of(body, source)

        async def ask() -> Asked:
            place = await self._places.place(source.workspace, source.channel or "", source.user)
            there = _at(back, place)
            command = inbound.command_of(body, await self._actor(source), place)
            return Asked(await self._dispatch(command, mentioned(str(body.get("text") or ""))), there)

        return await _safely(ask, back)

    async def press(self, body: Payload, source: Source) -> Asked:
        """A button, a select or a menu: in a message, in a modal or at Home. Links are not asked about."""
        back = back_of(body, source)

        async def ask() -> Asked:
            place = back.where
            if found(body, "container", "type") == "message":
                place = await self._places.place(source.workspace, source.channel or "", source.user)
            command = inbound.press_of(body, await self._actor(source), place)
            there = back if back.at_home else _at(back, place)
            if command is None:
                return Asked(words.UNREADABLE, there)
            answer = await self._dispatch(command)
            return Asked(answer, there, self._may_change(command.verb, answer))

        return await _safely(ask, back)

    async def submission(self, body: Payload, source: Source) -> Asked:
        """A form that was sent."""
        back = back_of(body, source)

        async def ask() -> Asked:
            view, actor = within(body, "view"), await self._actor(source)
            files = await self._downloads.fetch(source.workspace, _allowed(actor, file_ids(view)))
            command = inbound.submission_of(body, actor, values(view), files)
            answer = await self._dispatch(command)
            return Asked(answer, back, self._may_change(command.verb, answer))

        return await _safely(ask, back)

    async def shortcut(self, body: Payload, source: Source) -> Asked:
        """A global shortcut: what comes of it goes into the DM, for it was chosen nowhere in particular."""
        back = back_of(body, source)

        async def ask() -> Asked:
            command = inbound.shortcut_of(body, await self._actor(source), back.where)
            return Asked(await self._dispatch(command), back)

        return await _safely(ask, back)

    async def message_action(self, body: Payload, source: Source, ours: Collection[str] = ()) -> Asked:
        """A shortcut of a message, whose words and link fill a form; `ours` are our bot's ids in the workspace."""
        back = back_of(body, source)

        async def ask() -> Asked:
            if inbound.is_our_own(body, ours):
                return Asked(words.OUR_OWN, back)
            said = mentioned(str(within(body, "message", "text") or ""))[:MENTIONS_MET]
            place, actor, link, others = await asyncio.gather(
                self._places.place(source.workspace, source.channel or "", source.user),
                self._actor(source),
                self._link(source),
                self._named(source.workspace, said),
            )
            names = {one.person.id: one.name for one in others}
            command = inbound.message_action_of(body, actor, place, link, names)
            return Asked(await self._dispatch(command), _at(back, place))

        return await _safely(ask, back)

    async def options(self, body: Payload, source: Source) -> tuple[Option, ...]:
        """What can be chosen for what is being typed into a form. Raises Unanswered, StoreFailed, Malformed."""
        return await self._core.complete(inbound.question_of(body, await self._actor(source)))

    async def message(self, body: Payload, source: Source) -> Answer:
        """Words said in the DM, or where Rapport was mentioned.

        Raises Unanswered where Slack does not say who it was, and StoreFailed: then nothing was done, and Slack sends
        it again.
        """
        event = needed_event(body)
        actor = await self._actor(source)
        place = place_of(source, event)
        try:
            files = await self._downloads.fetch(source.workspace, _allowed(actor, inbound.files_of(event)))
        except Refused as error:
            return words.refused(str(error))
        message = inbound.message_of(event, body, actor, place, files)
        ours = found(body, "authorizations", 0, "user_id")
        await self._meet(actor, [one for one in mentioned(str(event.get("text") or "")) if one != ours])
        return await self._core.hear(await self._with_audience(message))

    async def _actor(self, source: Source) -> Actor:
        return await self._people.actor(source.workspace, source.user)

    async def _dispatch(self, command: Command, said: Sequence[str] = ()) -> Answer:
        """Asks the core, once everybody who is named is known, and who reads the places that it is about."""
        await self._meet(command.actor, said)
        if command.verb in self._minding:
            texts = (command.text, *(value for _, value in command.args))
            audience = await self._audience(command.place, texts)
            command = replace(command, outsiders=audience.outsiders, hurdle=audience.hurdle)
        return await self._core.dispatch(command)

    def _may_change(self, verb: str, answer: Answer) -> bool:
        """Whether a verb that was answered has done more than look; what is no verb stands for one that may."""
        return isinstance(answer, Reply) and verb not in self._looking

    async def _meet(self, actor: Actor, accounts: Sequence[str]) -> None:
        """Makes known whom somebody names, so that a relationship can be given to who never spoke to Rapport."""
        for other in await self._named(actor.person.workspace, _allowed(actor, accounts)[:MENTIONS_MET]):
            if other.person != actor.person:
                await self._core.meet(other)

    async def _named(self, workspace: str, accounts: Sequence[str]) -> list[Actor]:
        """Those of the accounts whom Slack shows us."""
        asked = [self._people.actor(workspace, account) for account in accounts]
        return [one for one in await asyncio.gather(*asked, return_exceptions=True) if isinstance(one, Actor)]

    async def _audience(self, place: Place, texts: Sequence[str]) -> Audience:
        """Who reads the place and the ones that are named: outsiders of any count, the hurdle of those it is about."""
        here = (place.id,) if place.kind is PlaceKind.CHANNEL else ()
        named = tuple(dict.fromkeys(channel for text in texts for channel in places_named(text)))
        channels = tuple(dict.fromkeys((*here, *named)))
        asked = await asyncio.gather(*(self._places.audience(place.workspace, channel) for channel in channels))
        read = dict(zip(channels, asked, strict=True))
        hurdles = [read[channel].hurdle for channel in named or here if read[channel].hurdle]
        return Audience(any(one.outsiders for one in asked), next(iter(hurdles), ""))

    async def _with_audience(self, message: Message) -> Message:
        """The same for words, wherever one of them may be a verb that minds who reads."""
        if self._minding.isdisjoint(_WORD.findall(message.text.casefold())):
            return message
        audience = await self._audience(message.place, (message.text,))
        return replace(message, outsiders=message.outsiders or audience.outsiders, hurdle=audience.hurdle)

    async def _link(self, source: Source) -> str:
        """The address of a message; none where Slack does not give it in time, or not to us."""
        try:
            async with self._clients.question(source.workspace, LINK_WITHIN) as client:
                answer = await client.chat_getPermalink(channel=source.channel or "", message_ts=source.message or "")
        except PostError:
            return ""
        return str(answer.get("permalink") or "")


def _at(back: Back, place: Place) -> Back:
    """The same where the place is known for sure."""
    return replace(back, place=place.id, kind=place.kind)


def _allowed(actor: Actor, ids: Sequence[str]) -> Sequence[str]:
    """The same for members; for others nothing is looked up, as the core will refuse them."""
    return ids if actor.role in {Role.MEMBER, Role.ADMIN} else ()


async def _safely(ask: Callable[[], Awaitable[Asked]], back: Back) -> Asked:
    """An answer, whatever happens: the core has words for all that goes wrong in it, and these are for the rest."""
    try:
        return await ask()
    except (Refused, Unanswered) as error:
        return Asked(words.refused(str(error)), back)
    except StoreFailed as error:
        log.error("slack.store_failed", why=str(error))
        return Asked(words.STORE_SILENT, back)
    except PostError:
        return Asked(words.SLACK_SILENT, back)
    except Malformed as error:
        log.warning("slack.malformed", why=str(error))
        return Asked(words.UNREADABLE, back)
    except Exception:
        log.exception("slack.request_failed")
        return Asked(words.TROUBLE, back)
