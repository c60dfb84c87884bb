"""What we hear: Command and Message, the same whether typed, pressed, filled in or said."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from bot.address import Person, Place, Posted


class Role(StrEnum):
    """What an account is in its workspace, as the platform says at this moment."""

    STRANGER = "stranger"
    GUEST = "guest"
    BOT = "bot"
    MEMBER = "member"
    ADMIN = "admin"


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks: the account and what the platform knows of it. `timezone` is a zone's name, never an offset."""

    person: Person
    name: str
    role: Role
    timezone: str | None = None


class Upload(msgspec.Struct, frozen=True):
    """A file that came along."""

    name: str
    content: bytes


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One request to do something.

    `heard` is the platform's id of what was heard: the same id again is the same request. `text` is what was typed
    behind the verb; `args` are arguments by name, as strings, from a button, a form or typed options; an empty string
    is a value left empty. `draft` is the form that was sent or the question that was answered; `partial`: only a
    section of it was, which is kept until the rest comes. `typed`: the verb was written by somebody, who can't write
    what only buttons say. `posted` is the message that a pressed button stands in. `outsiders`: people of other
    companies read what is said in the place, so that nothing of the team may be posted there for all. `hurdle` is the
    platform's sentence for why Rapport can post nothing there at all, with the next step. Of both a platform is asked
    only for verbs that mind their `audience`; they are about the places that the request names, too.
    """

    verb: str
    actor: Actor
    place: Place
    heard: str
    text: str = ""
    args: tuple[tuple[str, str], ...] = ()
    draft: str | None = None
    partial: bool = False
    typed: bool = False
    uploads: tuple[Upload, ...] = ()
    posted: Posted | None = None
    outsiders: bool = False
    hurdle: str = ""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """Words said to Rapport without a command: in a DM, or where it was mentioned."""

    actor: Actor
    place: Place
    heard: str
    text: str
    uploads: tuple[Upload, ...] = ()
    outsiders: bool = False
    hurdle: str = ""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody is in the middle of typing for one argument of a verb."""

    actor: Actor
    place: Place
    verb: str
    argument: str
    typed: str
