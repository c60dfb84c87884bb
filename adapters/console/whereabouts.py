"""Who types at the terminal, and where: one terminal plays every member in every place."""

from __future__ import annotations

from adapters.console import words
from bot.address import Person, Place, PlaceKind, dm
from bot.inbound import Actor, Role
from bot.reply import Reply


class Whereabouts:
    """The speaker and the place of the next line."""

    def __init__(self, speaker: Actor) -> None:
        """Starts in the speaker's direct conversation."""
        self.speaker = speaker
        self.place = dm(speaker.person)
        self._known = {speaker.person: speaker}

    def speak_as(self, person: Person, name: str, *, admin: bool) -> Reply:
        """Somebody else types from now on, in the same channel or in a direct conversation of their own.

        Who was met before keeps role and name; a name typed in small letters is written with capitals.
        """
        known = self._known.get(person)
        role = Role.ADMIN if admin else known.role if known else Role.MEMBER
        title = known.name if known else name.title() if name.islower() else name
        self.speaker = Actor(person=person, name=title, role=role, timezone=self.speaker.timezone)
        self._known[person] = self.speaker
        if self.place.kind is PlaceKind.DM:
            self.place = dm(person)
        return words.told(words.now_speaking(title, is_admin=role is Role.ADMIN))

    def go_to(self, channel: str | None) -> Reply:
        """Lines are typed in a channel from now on, or in the speaker's direct conversation."""
        person = self.speaker.person
        self.place = dm(person) if channel is None else Place(person.platform, person.workspace, channel)
        return words.told(words.now_in(channel))

    def hides(self, place: Place, reader: Person | None) -> bool:
        """Whether the speaker could not see what stands in that place for that reader (`None`: for all in it)."""
        me = self.speaker.person
        return reader not in {None, me} or (place.kind is PlaceKind.DM and place != dm(me))
