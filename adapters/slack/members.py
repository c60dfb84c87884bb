"""Members: which workspaces an organisation's installation serves, as far as Slack has told."""

from __future__ import annotations

import msgspec
import structlog

from bot.adapter_port import Vault

_KEY = "slack:org-of:"

log = structlog.get_logger()


class Member(msgspec.Struct, frozen=True):
    """Whether an organisation serves a workspace, and since when, in seconds since 1970.

    `at` is zero where a request told of it, which has no time of its own.
    """

    org: str
    at: float = 0.0
    is_in: bool = True


class Members:
    """What is known of workspaces and their organisations, kept in the Vault. Every method raises StoreFailed."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._known: dict[str, Member] | None = None

    async def org_of(self, workspace: str) -> str | None:
        """The organisation that serves a workspace."""
        member = (await self._all()).get(workspace)
        return member.org if member is not None and member.is_in else None

    async def of(self, org: str) -> tuple[str, ...]:
        """The workspaces that an organisation serves."""
        return tuple([id for id, member in (await self._all()).items() if member.org == org and member.is_in])

    async def everywhere(self) -> tuple[str, ...]:
        """The workspaces that any organisation serves."""
        return tuple([id for id, member in (await self._all()).items() if member.is_in])

    async def joins(self, workspace: str, org: str, at: float | None) -> bool:
        """Whether it is news that an organisation serves a workspace, as something says that happened at an instant.

        `None` is now. What is older than the leaving is none.
        """
        member = (await self._all()).get(workspace)
        if member is None or member.org != org:
            return True
        return not member.is_in and (at is None or at > member.at)

    async def leaves(self, workspace: str, org: str, at: float) -> bool:
        """Whether it is true that an organisation does not serve a workspace any more since an instant."""
        member = (await self._all()).get(workspace)
        return member is None or (member.org == org and at >= member.at)

    async def put(self, workspace: str, member: Member) -> None:
        """Remembers it."""
        known = await self._all()
        await self._vault.put(_KEY + workspace, msgspec.json.encode(member))
        known[workspace] = member

    async def forget(self, workspace: str) -> None:
        """Knows nothing of a workspace any more."""
        known = await self._all()
        await self._vault.delete(_KEY + workspace)
        known.pop(workspace, None)

    async def _all(self) -> dict[str, Member]:
        """Everything, read once: nobody else writes there."""
        if self._known is None:
            read = {key: await self._vault.get(key) for key in await self._vault.keys(_KEY)}
            found = {key.removeprefix(_KEY): _member(kept) for key, kept in read.items() if kept is not None}
            # Somebody may have been faster, and have added to it.
            if self._known is None:
                self._known = {id: member for id, member in found.items() if member is not None}
        return self._known


def _member(kept: bytes) -> Member | None:
    try:
        return msgspec.json.decode(kept, type=Member)
    except msgspec.DecodeError:
        log.warning("slack.member_unreadable")
        return None
