"""The HTTP side of the process: what the platforms are reached by, and whether it is well."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from aiohttp import web

from bot.adapter_port import LET_GO_WITHIN
from bot.errors import SettingsError


class Site:
    """One port: the platforms' routes, and `GET /healthz`, which says 200 or 503 and why."""

    def __init__(
        self, host: str, port: int, routes: Sequence[web.RouteDef], troubles: Callable[[], Mapping[str, str]]
    ) -> None:
        """`troubles` says what is wrong at the moment, by the part it is wrong with, in sentences without secrets."""
        app = web.Application()
        app.add_routes([*routes, web.get("/healthz", self._health)])
        # Addresses hold the codes that installations are made with: no access log. The timeout is spent twice, on
        # what is being answered, and again once that is given up.
        self._runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=LET_GO_WITHIN / 2)
        self._host, self._port, self._troubles = host, port, troubles

    async def open(self) -> None:
        """Begins to answer. SettingsError where the port can't be had."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as problem:
            await self._runner.cleanup()
            raise SettingsError(
                f"PORT: nothing can listen on {self._host}:{self._port} ({problem.strerror}). Stop what uses the port, "
                "or choose another one."
            ) from problem

    async def close(self) -> None:
        """Writes the answers that there are, and lets go of the port within a second; a second call does nothing."""
        await self._runner.cleanup()

    async def _health(self, _request: web.Request) -> web.Response:
        troubles = dict(self._troubles())
        return web.json_response({"ok": not troubles, "troubles": troubles}, status=503 if troubles else 200)
