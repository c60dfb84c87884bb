"""Where the bot's requests come in: the Web API, response URLs and files, with the faults they meet."""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from tests.platform.slack.acks import respond
from tests.platform.slack.faults import Fault, Faults
from tests.platform.slack.state import Call
from tests.platform.slack.web_api import answer, grant_of, read_args
from tests.platform.slack.web_api_files import take_upload
from tests.platform.slack.world import Refused, World

SIGN_IN = "<!DOCTYPE html><html><head><title>Slack | Sign in</title></head></html>"
"""What Slack shows, with 200, to somebody who asks for a file without the right token."""

LOOK_EVERY = 0.02
"""Seconds between two looks whether somebody still waits for a slow answer."""

Work = Callable[[], web.Response]


class Reception:
    """Takes requests, counts those `under_way`, keeps each as a Call, and tells `stir` when one is over."""

    def __init__(self, world: World, faults: Faults, stir: Callable[[], None]) -> None:
        """Everything is done to `world`."""
        self.latency = 0.0
        self.under_way = 0
        self._world = world
        self._faults = faults
        self._stir = stir

    def routes(self) -> list[web.RouteDef]:
        """All addresses of Slack's that a bot requests, save for its socket."""
        return [
            web.post("/api/{method}", self._api),
            web.get("/api/{method}", self._api),
            web.post("/respond/{team}/{id}", self._respond),
            web.post("/upload/v1/{id}", self._upload),
            web.get("/files-pri/{id}/{name}", self._download),
        ]

    async def _api(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        try:
            args = read_args(await _fields(request))
        except Refused as refused:
            return _refusal(refused)
        token = _token(request, args)

        def work() -> web.Response:
            return web.json_response(answer(self._world, name, token, args), headers=self._scopes(token))

        return await self._take(request, name, args, token, work)

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        url = f"{self._world.base_url}{request.path}"
        payload = await request.json()

        def work() -> web.Response:
            respond(self._world, url, read_args(payload))
            return web.Response(text="ok")

        return await self._take(request, "response_url", payload, None, work)

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        content = await _content(request)

        def work() -> web.Response:
            take_upload(self._world, request.match_info["id"], content)
            return web.Response(text=f"OK - {len(content)}")

        return await self._take(request, "upload", {"id": request.match_info["id"]}, None, work)

    async def _download(self, request: web.Request) -> web.StreamResponse:
        team, _, id = request.match_info["id"].partition("-")
        token = _token(request, {})

        def work() -> web.Response:
            try:
                grant = grant_of(self._world, token)
            except Refused:
                return web.Response(text=SIGN_IN, content_type="text/html")
            teams = {grant.team} if grant.team else {at.id for at in self._world.teams_of(grant.enterprise)}
            file = self._world.files.get(id)
            if file is None or team not in teams or "files:read" not in grant.scopes:
                return web.Response(text=SIGN_IN, content_type="text/html")
            return web.Response(body=file.content, content_type=file.mimetype)

        return await self._take(request, "download", {"file": id}, token, work)

    async def _take(
        self, request: web.Request, name: str, args: dict[str, Any], token: str | None, work: Work
    ) -> web.StreamResponse:
        self.under_way += 1
        try:
            if self.latency:
                await asyncio.sleep(self.latency)
            fault = self._faults.meet(name)
            error = fault.code if fault is not None else None
            response: web.Response | None = None
            if fault is None or fault.processed:
                try:
                    response = work()
                except Refused as refused:
                    error, response = refused.code, _refusal(refused)
                except Exception as broken:
                    # It would reach the bot as a 500 and look like a fault that was asked for.
                    self._world.complaints.append(f"{name}: the fake itself failed: {broken!r}")
                    raise
            at = asyncio.get_running_loop().time()
            self._world.calls.append(Call(name, args, token, at, error))
            self._stir()
            return await _met(request, fault, response)
        finally:
            self.under_way -= 1
            self._stir()

    def _scopes(self, token: str | None) -> dict[str, str]:
        grant = self._world.grants.get(token or "")
        return {"x-oauth-scopes": ",".join(grant.scopes)} if grant else {}


async def _met(request: web.Request, fault: Fault | None, response: web.Response | None) -> web.StreamResponse:
    """The answer as the fault leaves it."""
    if fault is None:
        return response or web.Response()
    if fault.seconds:
        await _slept(request, fault.seconds)
    if fault.is_dropped and request.transport is not None:
        request.transport.abort()
        return web.Response()
    if fault.code is not None:
        more = {"retry_after": fault.retry_after} if fault.retry_after is not None else {}
        return _refusal(Refused(fault.code, **more))
    if fault.status is not None:
        return web.Response(status=fault.status, text="upstream connect error")
    return response or web.Response()


async def _slept(request: web.Request, seconds: float) -> None:
    """Waits so long, or until nobody waits for the answer any more: whoever asked may have been killed."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + seconds
    # aiohttp lets nobody know that a client is gone.
    while (left := ends - loop.time()) > 0 and request.transport is not None:  # noqa: ASYNC110 - see above
        await asyncio.sleep(min(left, LOOK_EVERY))


def _refusal(refused: Refused) -> web.Response:
    """`ok: false` with 200, as the Web API does; too many requests are a 429; a response URL's are 404."""
    more = dict(refused.more)
    retry_after = more.pop("retry_after", None)
    body = {"ok": False, "error": refused.code} | more
    if retry_after is not None:
        return web.json_response(body, status=429, headers={"Retry-After": str(retry_after)})
    return web.json_response(body, status=404 if refused.code in {"expired_url", "used_url"} else 200)


async def _fields(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        try:
            read = json.loads(await request.text() or "{}")
        except ValueError:
            raise Refused("invalid_json") from None
        if not isinstance(read, dict):
            raise Refused("json_not_object")
        return dict(request.query) | read
    return dict(request.query) | dict(await request.post())


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    for field in (await request.post()).values():
        if isinstance(field, web.FileField):
            return field.file.read()
    return b""


def _token(request: web.Request, args: dict[str, Any]) -> str | None:
    """The token of the header, or the argument, which is taken out; a Basic header is a client's id and secret."""
    given = args.pop("token", None)
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    if kind == "Bearer":
        return value
    if kind == "Basic":
        id, _, secret = b64decode(value).decode().partition(":")
        args |= {"client_id": unquote(id), "client_secret": unquote(secret)}
    return str(given) if given is not None else None
