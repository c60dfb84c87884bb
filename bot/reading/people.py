"""Members of the team, as people name them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.errors import NotUnderstood
from bot.model import Member

NOBODY = frozenset({"nobody", "noone", "no-one", "none", "-"})
_ACCOUNT = re.compile(r"<@!?[0-9A-Z]+(?:\|[^<>]*)?>|@(?=\w*\d)[0-9A-Z]+")
"""An account as platforms write it: people are not called so."""

_MENTION = re.compile(r"(?<![\w.@])@(\w+)(?![.-]?\w)")

ME = frozenset({"me", "myself", "mine", "i"})


def read_member(typed: str, members: Sequence[Member], me: Member, argument: str) -> Member | None:
    """The member that is meant: `me`, an account's mention, a name, a first name or the beginning of one.

    `None` for “nobody”. Raises NotUnderstood, with who there is, where none or several fit. Members who left are found
    by their full name only.
    """
    wanted = _folded(typed)
    if wanted in NOBODY:
        return None
    if wanted in ME:
        return me
    for fits in (_is_account, _is_full_name, _has_name, _begins):
        found = [
            member for member in members if fits(member, wanted) and (member.left_at is None or fits is not _begins)
        ]
        if len(found) == 1:
            return found[0]
        if found:
            raise NotUnderstood(_which(typed[:60], found), argument)
    if _ACCOUNT.fullmatch(typed.strip()):
        raise NotUnderstood(
            "That person can’t use Rapport: only members of the workspace can, and guests can’t.", argument
        )
    here = ", ".join(sorted(member.name for member in members if member.left_at is None)[:10])
    raise NotUnderstood(f"Nobody in the team is called “{typed[:60]}”. Members are: {here}.", argument)


def _which(typed: str, found: Sequence[Member]) -> str:
    """How each of several can be written; of some with one name a mention alone says which."""
    names = sorted({_folded(member.name): f"“{member.name}”" for member in found}.values())
    if len(names) < len(found):
        return f"Several members fit “{typed}”, and some share a name: mention the one you mean with @."
    return f"Several members fit “{typed}”: write {' or '.join(names[:5])}."


def still_here(member: Member, argument: str) -> Member:
    """The member, where there is something to give to them. Raises NotUnderstood for one who has left."""
    if member.left_at is not None:
        raise NotUnderstood(f"{member.name} has left the team. Choose somebody else.", argument)
    return member


def with_names(words: str, members: Sequence[Member]) -> str:
    """Words in which accounts that were mentioned are members by name: `@U123` would tell nobody who it was."""
    if "@" not in words:
        return words
    names = {account.id: member.name for member in members for account in member.accounts}
    return _MENTION.sub(lambda found: f"@{names.get(found[1], found[1])}", words)


def _folded(name: str) -> str:
    return " ".join(name.strip().lstrip("@").casefold().split())


def _is_account(member: Member, wanted: str) -> bool:
    return member.id.casefold() == wanted or any(account.id.casefold() == wanted for account in member.accounts)


def _is_full_name(member: Member, wanted: str) -> bool:
    return _folded(member.name) == wanted


def _has_name(member: Member, wanted: str) -> bool:
    return wanted in _folded(member.name).split()


def _begins(member: Member, wanted: str) -> bool:
    return bool(wanted) and any(
        name.startswith(wanted) for name in (_folded(member.name), *_folded(member.name).split())
    )
