"""Installations: the tokens of the workspaces and organisations that took Rapport in, kept in the Vault."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

import msgspec
import structlog
from slack_bolt.authorization.async_authorize import AsyncInstallationStoreAuthorize
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.models.bot import Bot
from slack_sdk.oauth.installation_store.models.installation import Installation

from bot.adapter_port import Vault

_MEMBERS = "slack:org-of:"

log = structlog.get_logger()


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of an installation: the bot's token and whose it is. Tokens of people are not asked for."""

    app_id: str | None
    enterprise_id: str | None
    enterprise_name: str | None
    team_id: str | None
    team_name: str | None
    bot_token: str
    bot_id: str
    bot_user_id: str
    bot_scopes: tuple[str, ...]
    user_id: str
    is_enterprise_install: bool
    installed_at: float

    @property
    def key(self) -> str:
        """Where it lies: by organisation where all of that was installed at once, else by workspace.

        Slack's ids of workspaces are unique, inside organisations too, so that either id says enough.
        """
        if self.is_enterprise_install:
            return _of_org(self.enterprise_id or "")
        return _of_workspace(self.team_id or "")

    def bot(self) -> Bot:
        """As the SDK has it."""
        return self.installation().to_bot()

    def installation(self) -> Installation:
        """As the SDK has it."""
        return Installation(**msgspec.structs.asdict(self))


class Installations(AsyncInstallationStore):
    """Who has installed Rapport, one installation for each workspace or organisation; the latest one counts.

    It is read anew for every request, so that a workspace that was parted from is not let in a moment longer. Every
    method raises StoreFailed where the Vault does.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._orgs: dict[str, str] = {}
        self.authorize = AsyncInstallationStoreAuthorize(
            logger=logging.getLogger("rapport.slack.authorize"), installation_store=self, cache_enabled=True
        )
        """Bolt's own, which asks `auth.test` once a token."""

    @property
    def logger(self) -> logging.Logger:
        """Where the SDK would write."""
        return self.authorize.logger

    async def token(self, workspace: str) -> str | None:
        """The token to speak with in a workspace: its organisation's where that serves it, else its own."""
        org = await self._org(workspace)
        kept = await self._read(_of_org(org)) if org is not None else None
        if kept is None:
            kept = await self._read(_of_workspace(workspace))
        return None if kept is None else kept.bot_token

    async def belongs(self, workspace: str, enterprise: str) -> None:
        """Remembers that a workspace is served by its organisation's installation, as an event from it has said."""
        if self._orgs.get(workspace) != enterprise:
            await self._vault.put(_MEMBERS + workspace, enterprise.encode())
            self._orgs[workspace] = enterprise

    async def revoke(
        self, workspace: str | None, enterprise: str | None, *, org_wide: bool, at: float
    ) -> tuple[str, ...]:
        """Takes tokens away at once, and says which workspaces were served by them; those remain known.

        `at` is when Slack says it happened, in seconds since 1970: what was installed later stays, for Slack repeats
        events for a day. What is gone already is answered the same.
        """
        if workspace is None or org_wide:
            org = enterprise
        else:
            # Slack's event does not always say that it is about the whole organisation.
            has_own = await self._read(_of_workspace(workspace)) is not None
            org = None if has_own else await self._org(workspace)
        key = _of_workspace(workspace or "") if org is None else _of_org(org)
        kept = await self._read(key)
        if kept is not None and int(kept.installed_at) > at:
            log.info("slack.installed_since")
            return ()
        await self._drop(key, kept)
        if org is not None:
            return await self._members(org)
        return (workspace,) if workspace is not None else ()

    async def uninstalled(
        self,
        workspace: str | None,
        enterprise: str | None,
        *,
        org_wide: bool,
        at: float,
        tell: Callable[[str], Awaitable[None]],
    ) -> None:
        """Takes tokens away at once, as `revoke`, and then has every workspace told that had been served by them.

        Where telling fails it can be done again: what is needed for it goes last.
        """
        gone = await self.revoke(workspace, enterprise, org_wide=org_wide, at=at)
        for one in gone:
            await tell(one)
        for one in gone:
            await self._forget_org(one)

    async def async_save(self, installation: Installation) -> None:
        """Keeps an installation in place of the one before. Raises ValueError for one that has no bot token."""
        if not installation.bot_token:
            raise ValueError("an installation without a bot token is none")
        kept = Kept(
            app_id=installation.app_id,
            enterprise_id=installation.enterprise_id,
            enterprise_name=installation.enterprise_name,
            team_id=installation.team_id,
            team_name=installation.team_name,
            bot_token=installation.bot_token,
            bot_id=installation.bot_id or "",
            bot_user_id=installation.bot_user_id or "",
            bot_scopes=tuple(installation.bot_scopes or ()),
            user_id=installation.user_id,
            is_enterprise_install=installation.is_enterprise_install,
            installed_at=installation.installed_at,
        )
        before = await self._read(kept.key)
        if before is not None and before.bot_token != kept.bot_token:
            self.authorize.authorize_result_cache.pop(before.bot_token, None)
        if kept.team_id is not None and not kept.is_enterprise_install:
            await self._forget_org(kept.team_id)
        await self._vault.put(kept.key, msgspec.json.encode(kept))

    async def async_save_bot(self, bot: Bot) -> None:
        """Keeps a bot's part of an installation; who installed it stays as it was."""
        found = await self._serving(bot.enterprise_id, bot.team_id, is_org=bot.is_enterprise_install)
        user = found.user_id if found is not None else ""
        await self.async_save(Installation(**bot.to_dict_for_copying(), user_id=user))

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """The installation that serves a workspace, as far as it is the bot's."""
        found = await self._serving(enterprise_id, team_id, is_org=bool(is_enterprise_install))
        return None if found is None else found.bot()

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """The installation that serves a workspace; nobody has one of their own."""
        if user_id is not None:
            return None
        found = await self._serving(enterprise_id, team_id, is_org=bool(is_enterprise_install))
        return None if found is None else found.installation()

    async def async_delete_bot(self, *, enterprise_id: str | None, team_id: str | None) -> None:
        """Takes the token away that serves a workspace, or an organisation where no workspace is named."""
        await self.revoke(team_id, enterprise_id, org_wide=False, at=float("inf"))

    async def async_delete_installation(
        self, *, enterprise_id: str | None, team_id: str | None, user_id: str | None = None
    ) -> None:
        """The same; a person's tokens can't be taken away, as none are kept."""
        if user_id is None:
            await self.revoke(team_id, enterprise_id, org_wide=False, at=float("inf"))

    async def _serving(self, enterprise: str | None, workspace: str | None, *, is_org: bool) -> Kept | None:
        """The installation by which a request came, as the request says; remembers what it says about its workspace."""
        if is_org and enterprise is not None:
            kept = await self._read(_of_org(enterprise))
            if kept is not None and workspace is not None:
                await self.belongs(workspace, enterprise)
            return kept
        if workspace is None:
            return None
        own = await self._read(_of_workspace(workspace))
        if own is not None:
            return own
        org = await self._org(workspace)
        return await self._read(_of_org(org)) if org is not None else None

    async def _org(self, workspace: str) -> str | None:
        """The organisation that serves a workspace, as far as that was heard."""
        if workspace not in self._orgs:
            known = await self._vault.get(_MEMBERS + workspace)
            if known is None:
                return None
            self._orgs[workspace] = known.decode()
        return self._orgs[workspace]

    async def _members(self, enterprise: str) -> tuple[str, ...]:
        workspaces = [key.removeprefix(_MEMBERS) for key in await self._vault.keys(_MEMBERS)]
        return tuple([one for one in workspaces if await self._org(one) == enterprise])

    async def _forget_org(self, workspace: str) -> None:
        self._orgs.pop(workspace, None)
        await self._vault.delete(_MEMBERS + workspace)

    async def _read(self, key: str) -> Kept | None:
        found = await self._vault.get(key)
        if found is None:
            return None
        try:
            return msgspec.json.decode(found, type=Kept)
        except msgspec.DecodeError:
            log.warning("slack.installation_unreadable")
            return None

    async def _drop(self, key: str, kept: Kept | None) -> None:
        if kept is not None:
            self.authorize.authorize_result_cache.pop(kept.bot_token, None)
        if await self._vault.delete(key):
            log.info("slack.token_deleted")


def _of_workspace(id: str) -> str:
    return f"slack:installation:workspace:{id}"


def _of_org(id: str) -> str:
    return f"slack:installation:org:{id}"
