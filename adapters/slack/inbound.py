"""What Slack sends → Command, Message or Question. Pure: who speaks and what place it is are looked up beforehand.

The id under which something is heard is the same when Slack delivers it again, and another one when a person does it
again: that the second press or the second form changes nothing is the core's business.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from adapters.limits import clip
from adapters.slack.escapes import emoji_in, plain, without
from adapters.slack.names import (
    CHOOSE,
    COMMAND,
    FIND_INFLUENCER,
    LINK,
    LOG_MESSAGE,
    LOG_TOUCHPOINT,
    MENU,
    PLATFORM,
    PRESS,
    PROMISE_MESSAGE,
)
from adapters.slack.sources import Malformed, Payload, found, kind_of, meta_of, needed, within
from bot.address import Place, Posted
from bot.inbound import Actor, Command, Message, Question, Upload
from bot.reply import Callback

WHAT_LIMIT = 3_000
"""Characters that an input of a form takes, see `reply.Input`."""

_HELP = "help"
_SAID = frozenset({"file_share", "thread_broadcast"})
"""The subtypes of messages that somebody said; all others tell what became of one."""

_SLACKBOT = "USLACKBOT"


def command_of(body: Payload, actor: Actor, place: Place) -> Command:
    """`/rapport log jess coffee`. The bare command asks for help."""
    words = plain(str(body.get("text") or "")).split(None, 1)
    if words and words[0].casefold() == COMMAND:
        words = words[1].split(None, 1) if len(words) > 1 else []
    return Command(
        verb=words[0].casefold() if words else _HELP,
        actor=actor,
        place=place,
        heard=_heard(needed(body, "trigger_id")),
        text=words[1].strip() if len(words) > 1 else "",
        typed=True,
    )


def press_of(body: Payload, actor: Actor, place: Place) -> Command | None:
    """A button, an option of a select or of a menu; `None` for a link, which Slack opens by itself.

    Raises Malformed for what is not, or no longer, ours.
    """
    pressed = _pressed(body)
    if pressed is None:
        return None
    verb, args = pressed
    container = within(body, "container")
    shown_in = found(container, "message_ts") or found(container, "view_id") or needed(body, "view", "id")
    stands = found(container, "type") == "message" and within(container, "is_ephemeral") is not True
    return Command(
        verb=verb,
        actor=actor,
        place=place,
        heard=_heard(shown_in, needed(body, "actions", 0, "action_ts"), needed(body, "user", "id")),
        args=args,
        posted=Posted(place, needed(container, "message_ts")) if stands else None,
    )


def submission_of(
    body: Payload, actor: Actor, values: tuple[tuple[str, str], ...], files: tuple[Upload, ...] = ()
) -> Command:
    """A form that was sent, asked in the place that it was opened from.

    One view may hold one form after the other, and one form may be sent, corrected and sent again: only the same
    answers to the same form are the same request. With other answers it is a request of its own, so that a question
    which the first one led to (a name that two people have) is never taken for the second one's. What acted is stopped
    by the form's Draft, which it has closed.
    """
    meta = meta_of(body)
    return Command(
        verb=meta.verb,
        actor=actor,
        place=meta.back.where,
        heard=_heard(needed(body, "view", "id"), meta.draft or meta.verb, _seal(values, files)),
        args=values,
        draft=meta.draft,
        uploads=files,
    )


def question_of(body: Payload, actor: Actor) -> Question:
    """What is being typed into an input of a form that looks names up."""
    meta = meta_of(body)
    return Question(
        actor=actor,
        place=meta.back.where,
        verb=meta.verb,
        argument=needed(body, "action_id"),
        typed=str(body.get("value") or ""),
    )


def shortcut_of(body: Payload, actor: Actor, place: Place) -> Command:
    """A global shortcut: each opens a form."""
    verbs = {LOG_TOUCHPOINT: "new_touch", FIND_INFLUENCER: "show"}
    return Command(verb=_verb_of(body, verbs), actor=actor, place=place, heard=_heard(needed(body, "trigger_id")))


def message_action_of(
    body: Payload, actor: Actor, place: Place, permalink: str = "", names: Mapping[str, str] | None = None
) -> Command:
    """A shortcut of a message: a form that holds its words, the link to it and when, and of a touchpoint by whom.

    `names` are those of the members whom the message mentions, by id.
    """
    verb = _verb_of(body, {LOG_MESSAGE: "new_touch", PROMISE_MESSAGE: "new_promise"})
    args = {"what": clip(_words_of(within(body, "message"), names or {}), WHAT_LIMIT), "link": permalink}
    args["at"] = _moment(found(body, "message", "ts"))
    if verb == "new_touch":
        args["author"] = found(body, "message", "user") or ""
    return Command(
        verb=verb,
        actor=actor,
        place=place,
        heard=_heard(needed(body, "trigger_id")),
        args=tuple((name, value) for name, value in args.items() if value),
    )


def is_our_own(body: Payload, accounts: Collection[str]) -> bool:
    """Whether a shortcut was chosen on a message of Rapport’s; `accounts` are its bot’s ids in that workspace."""
    return not {found(body, "message", "user"), found(body, "message", "bot_id")}.isdisjoint(accounts)


def is_for_us(event: Payload) -> bool:
    """Whether a message is something that a person says to Rapport: in our DM, or where it is mentioned.

    Edits, deletions, joins, whatever apps post, Rapport itself included, and what Slack hides are not.
    """
    if event.get("hidden") or event.get("edited") or event.get("bot_id") or event.get("bot_profile"):
        return False
    if found(event, "user") in {None, _SLACKBOT} or not found(event, "ts"):
        return False
    subtype = event.get("subtype")
    if subtype is not None and subtype not in _SAID:
        return False
    match event.get("type"):
        case "message":
            return event.get("channel_type") == "im"
        case "app_mention":
            # In a DM the mention comes as a message, too.
            return not str(event.get("channel") or "").startswith("D")
        case _:
            return False


def message_of(event: Payload, body: Payload, actor: Actor, place: Place, uploads: tuple[Upload, ...] = ()) -> Message:
    """Words said in our DM, or behind our name anywhere else."""
    said = str(event.get("text") or "")
    if ours := _account_of(body):
        said = without(said, ours)
    elif event.get("type") == "app_mention":
        said = without(said, None)
    return Message(
        actor=actor,
        place=place,
        heard=_heard(needed(body, "event_id")),
        text=plain(said, emoji_in(event.get("blocks"))),
        uploads=uploads,
        outsiders=body.get("is_ext_shared_channel") is True,
    )


def files_of(event: Payload) -> tuple[str, ...]:
    """The ids of the files that came with a message."""
    files = event.get("files")
    ids = [found(file, "id") for file in files] if isinstance(files, list) else []
    return tuple(id for id in ids if id is not None)


def _heard(*parts: str) -> str:
    return ":".join((PLATFORM, *parts))


def _pressed(body: Payload) -> tuple[str, tuple[tuple[str, str], ...]] | None:
    """The verb and the arguments behind what was pressed."""
    kind, _, rest = needed(body, "actions", 0, "action_id").partition(":")
    chosen: tuple[tuple[str, str], ...] = ()
    if kind == LINK:
        return None
    if kind == PRESS:
        _, _, encoded = rest.partition(":")
    elif kind == CHOOSE:
        _, argument, encoded = (*rest.split(":", 2), "", "")[:3]
        chosen = ((argument, _chosen(body)),)
    elif kind == MENU:
        encoded = _chosen(body)
    else:
        raise Malformed(f"{kind_of(body)}: no action of ours")
    try:
        callback = Callback.decode(encoded)
    except ValueError:
        raise Malformed(f"{kind_of(body)}: no callback") from None
    if not callback.verb or ("" in dict(chosen)):
        raise Malformed(f"{kind_of(body)}: no verb")
    return callback.verb, (*callback.args, *chosen)


def _chosen(body: Payload) -> str:
    return needed(body, "actions", 0, "selected_option", "value")


def _verb_of(body: Payload, verbs: Mapping[str, str]) -> str:
    verb = verbs.get(needed(body, "callback_id"))
    if verb is None:
        raise Malformed(f"{kind_of(body)}: no shortcut of ours")
    return verb


def _moment(ts: str | None) -> str:
    """A timestamp of Slack's as a date and time with its zone; nothing where it is none."""
    try:
        return datetime.fromtimestamp(int((ts or "").partition(".")[0]), UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return ""


def _words_of(message: object, names: Mapping[str, str]) -> str:
    """What a message says; what apps post may say it in attachments only."""
    if text := found(message, "text"):
        return plain(text, emoji_in(within(message, "blocks")), names).strip()
    attachments: Iterable[object] = within(message, "attachments") or ()
    said = [found(one, "text") or found(one, "fallback") or "" for one in attachments]
    return plain("\n".join(filter(None, said)), names=names).strip()


def _account_of(body: Payload) -> str | None:
    """Our own account in the workspace that an event comes from."""
    authorization = within(body, "authorizations", 0)
    return found(authorization, "user_id") if within(authorization, "is_bot") is True else None


def _seal(values: tuple[tuple[str, str], ...], files: tuple[Upload, ...]) -> str:
    """A few letters that are the same for the same answers."""
    seal = hashlib.sha256(repr(values).encode())
    for file in files:
        seal.update(repr(file.name).encode())
        seal.update(hashlib.sha256(file.content).digest())
    return seal.hexdigest()[:16]
