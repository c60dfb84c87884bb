"""Installations: the tokens of the workspaces and organisations that took Rapport in, kept in the Vault."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

import msgspec
import structlog
from slack_sdk.oauth.installation_store.models.installation import Installation

from adapters.slack.identity import ASK_AGAIN
from adapters.slack.members import Member, Members
from adapters.slack.names import PLATFORM
from bot.adapter_port import Core, Vault
from bot.address import Workspace
from bot.errors import StoreFailed

_OWN = "slack:installation:workspace:"
_ORG = "slack:installation:org:"

log = structlog.get_logger()


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of an installation: the bot's token and whose it is. Tokens of people are not asked for."""

    enterprise_id: str | None
    team_id: str | None
    bot_token: str
    bot_id: str
    bot_user_id: str
    is_enterprise_install: bool
    installed_at: float

    @property
    def key(self) -> str:
        """Where it lies: by organisation where all of that was installed at once, else by workspace.

        Slack's ids of workspaces are unique, inside organisations too, so that either id says enough.
        """
        return _ORG + (self.enterprise_id or "") if self.is_enterprise_install else _OWN + (self.team_id or "")


class Installations:
    """Who has installed Rapport, one installation for each workspace or organisation; the latest one counts.

    A workspace's own installation goes before its organisation's. Tokens are read anew for every request, so that a
    workspace that was parted from is not let in a moment longer. The core is told which workspaces Rapport is in and
    which it was taken out of; an organisation's are remembered after its end, so that all are back when it comes back.
    Every method raises StoreFailed where the Vault or the core's store does; doing it again goes on from there.
    """

    def __init__(self, vault: Vault, core: Core) -> None:
        self._vault, self._core = vault, core
        self._members = Members(vault)
        # The core is not to be told of an end and of a beginning in another order than they happen here.
        self._changing = asyncio.Lock()

    async def token(self, workspace: str) -> str | None:
        """The token to speak with in a workspace."""
        kept = await self.serving(workspace)
        return None if kept is None else kept.bot_token

    async def serving(
        self, workspace: str | None, enterprise: str | None = None, *, at: float | None = None
    ) -> Kept | None:
        """The installation that serves a workspace; an organisation's, where no workspace is named.

        `enterprise` is the organisation by whose installation a request came, and the workspace is remembered as one of
        its. `at` is when that happened of which the request tells, in seconds since 1970, `None` for now: what is older
        than the workspace's leaving does not bring it back.
        """
        if workspace is None:
            return await self._read(_ORG + enterprise) if enterprise is not None else None
        if (own := await self._read(_OWN + workspace)) is not None:
            return own
        if enterprise is not None:
            await self._join(workspace, enterprise, at)
        org = await self._members.org_of(workspace)
        return await self._read(_ORG + org) if org is not None else None

    async def workspaces(self, enterprise: str) -> tuple[str, ...]:
        """The workspaces that an organisation's installation serves, as far as they were heard of."""
        return await self._members.of(enterprise)

    async def log_in(self) -> None:
        """Tells where Rapport is, as soon as the store takes it: the last process may not have come to it."""
        while True:
            try:
                own = [key.removeprefix(_OWN) for key in await self._vault.keys(_OWN)]
                for workspace in (*own, *await self._members.everywhere()):
                    async with self._changing:
                        if await self.token(workspace) is not None:
                            await self._core.installed(Workspace(PLATFORM, workspace))
            except StoreFailed as error:
                log.error("slack.login_put_off", why=str(error))
                await asyncio.sleep(ASK_AGAIN)
            else:
                return

    async def save(self, installation: Installation) -> None:
        """Keeps an installation in place of the one before, and tells. Raises ValueError for one without a token."""
        if not installation.bot_token:
            raise ValueError("an installation without a bot token is none")
        kept = Kept(
            enterprise_id=installation.enterprise_id,
            team_id=installation.team_id,
            bot_token=installation.bot_token,
            bot_id=installation.bot_id or "",
            bot_user_id=installation.bot_user_id or "",
            is_enterprise_install=installation.is_enterprise_install,
            installed_at=installation.installed_at,
        )
        async with self._changing:
            await self._vault.put(kept.key, msgspec.json.encode(kept))
            if kept.team_id is not None and not kept.is_enterprise_install:
                await self._members.forget(kept.team_id)
                await self._core.installed(Workspace(PLATFORM, kept.team_id))
            else:
                for workspace in await self._members.of(kept.enterprise_id or ""):
                    await self._core.installed(Workspace(PLATFORM, workspace))

    async def uninstalled(self, workspace: str | None, enterprise: str | None, *, org_wide: bool, at: float) -> None:
        """Takes a token away at once, and tells of every workspace that has none any more.

        `at` is when Slack says it happened, in seconds since 1970: what was installed later stays, for Slack repeats
        events for a day. What is gone already is told again.
        """
        async with self._changing:
            org = enterprise if workspace is None or org_wide else await self._org_without_own(workspace)
            key = _ORG + org if org is not None else _OWN + (workspace or "")
            if await self._installed_since(key, at):
                return
            if await self._vault.delete(key):
                log.info("slack.token_deleted")
            served = await self._members.of(org) if org is not None else (workspace,)
            await self._tell_of_end(one for one in served if one is not None)

    async def granted(self, workspaces: Sequence[str], enterprise: str, *, at: float) -> None:
        """An organisation has given Rapport to some more of its workspaces."""
        for workspace in workspaces:
            await self._join(workspace, enterprise, at)

    async def withdrawn(self, workspaces: Sequence[str], enterprise: str, *, at: float) -> None:
        """An organisation has taken Rapport out of some of its workspaces; its token goes on serving the others."""
        async with self._changing:
            if await self._installed_since(_ORG + enterprise, at):
                return
            gone = [one for one in workspaces if await self._members.leaves(one, enterprise, at)]
            for workspace in gone:
                await self._members.put(workspace, Member(enterprise, at, is_in=False))
            await self._tell_of_end(gone)

    async def _join(self, workspace: str, enterprise: str, at: float | None) -> None:
        if not await self._members.joins(workspace, enterprise, at):
            return
        async with self._changing:
            if await self._read(_ORG + enterprise) is not None:
                # What is told first is told again where it can't be remembered.
                await self._core.installed(Workspace(PLATFORM, workspace))
                await self._members.put(workspace, Member(enterprise, at or 0.0))

    async def _org_without_own(self, workspace: str) -> str | None:
        """The organisation that is meant: Slack's event does not always say that it is about all of it."""
        has_own = await self._read(_OWN + workspace) is not None
        return None if has_own else await self._members.org_of(workspace)

    async def _installed_since(self, key: str, at: float) -> bool:
        kept = await self._read(key)
        if kept is None or int(kept.installed_at) <= at:
            return False
        log.info("slack.installed_since")
        return True

    async def _tell_of_end(self, workspaces: Iterable[str]) -> None:
        for workspace in workspaces:
            if await self.token(workspace) is None:
                log.info("slack.uninstalled", workspace=workspace)
                await self._core.uninstalled(Workspace(PLATFORM, workspace))

    async def _read(self, key: str) -> Kept | None:
        found = await self._vault.get(key)
        if found is None:
            return None
        try:
            return msgspec.json.decode(found, type=Kept)
        except msgspec.DecodeError:
            log.warning("slack.installation_unreadable")
            return None
