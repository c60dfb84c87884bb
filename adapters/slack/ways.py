"""Way: how Rapport runs in Slack, by tokens or by OAuth, through a socket or by HTTP."""

from __future__ import annotations

import msgspec


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """The credentials that one process was given; nothing of them is ever logged.

    Either `bot_token` (one workspace) or `client_id` and `client_secret` (installs by OAuth, which need a Vault), and
    `app_token` (Socket Mode) or `signing_secret` (HTTP) or both. `public_url` is where people's browsers reach the HTTP
    side, without a slash at its end. Raises ValueError where something of it is missing.
    """

    bot_token: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    app_token: str | None = None
    signing_secret: str | None = None
    public_url: str | None = None

    def __post_init__(self) -> None:
        """Refuses what could not run."""
        if bool(self.bot_token) == self.by_oauth:
            raise ValueError("Slack needs either a bot token or a client id with its secret")
        if not self.app_token and not self.signing_secret:
            raise ValueError("Slack needs an app token for its socket or a signing secret for HTTP")

    @property
    def by_oauth(self) -> bool:
        """Whether workspaces install Rapport themselves."""
        return bool(self.client_id and self.client_secret)

    def __repr__(self) -> str:
        """Never shows a secret, wherever it may be printed."""
        return f"Way(by_oauth={self.by_oauth}, socket={bool(self.app_token)}, http={bool(self.signing_secret)})"
