from __future__ import annotations


class OneToken:
    """The token of one workspace; every other has none."""

    def __init__(self, token: str, workspace: str) -> None:
        self._token, self._workspace = token, workspace

    async def token(self, workspace: str) -> str | None:
        """The token, for its own workspace."""
        return self._token if workspace == self._workspace else None
