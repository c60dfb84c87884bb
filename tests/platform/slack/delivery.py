"""Signed requests to a bot over HTTP, as Slack sends them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.clock import system_clock

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `status` None for nothing, `error` for what Slack makes of it, and whether it may ask again."""

    status: int | None = None
    body: dict[str, Any] | None = None
    error: str | None = None
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Retry:
    """That something is delivered again: `num` counts from 1, `reason` is Slack's own word."""

    num: int
    reason: str


class SignedRequests:
    """The transport of HTTP mode. The session is made when it is first needed."""

    def __init__(self, signing_secret: str) -> None:
        """Signs with the app's secret."""
        self.secret = signing_secret
        self._session: aiohttp.ClientSession | None = None

    def signature(self, body: bytes, timestamp: str) -> str:
        """`v0=…` of a body at a time in whole seconds of the epoch."""
        signed = b"v0:" + timestamp.encode() + b":" + body
        return "v0=" + hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()

    def headers(self, body: bytes, content_type: str, retry: Retry | None = None) -> dict[str, str]:
        """The headers of a genuine request: signed now by the machine's clock, because the bot checks by that one."""
        timestamp = str(int(system_clock().timestamp()))
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": self.signature(body, timestamp),
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }
        if retry is not None:
            headers |= {"X-Slack-Retry-Num": str(retry.num), "X-Slack-Retry-Reason": retry.reason}
        return headers

    async def send(self, url: str, kind: str, payload: dict[str, Any], retry: Retry | None, patience: float) -> Answer:
        """One request, and what the bot made of it within `patience` seconds."""
        body, content_type = _encoded(kind, payload)
        return await self.post(url, body, self.headers(body, content_type, retry), patience)

    async def post(self, url: str, body: bytes, headers: Mapping[str, str], patience: float = 3.0) -> Answer:
        """A request as it is given, genuine or not."""
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        try:
            async with (
                asyncio.timeout(patience),
                self._session.post(url, data=body, headers=headers, allow_redirects=False) as response,
            ):
                raw = await response.read()
        except TimeoutError:
            return Answer(error="operation_timeout")
        except aiohttp.ClientError:
            return Answer(error="connection_failed")
        is_final = response.headers.get("X-Slack-No-Retry") == "1"
        error = None if 200 <= response.status < 300 else "http_error"
        return Answer(response.status, _decoded(raw, response.content_type), error, is_final)

    async def close(self) -> None:
        """Lets go of its connections."""
        if self._session is not None:
            await self._session.close()


def _encoded(kind: str, payload: dict[str, Any]) -> tuple[bytes, str]:
    match kind:
        case "event":
            return json.dumps(payload).encode(), "application/json"
        case "command":
            return urlencode(payload).encode(), FORM
        case _:
            return urlencode({"payload": json.dumps(payload)}).encode(), FORM


def _decoded(raw: bytes, content_type: str) -> dict[str, Any] | None:
    text = raw.decode(errors="replace")
    if not text.strip():
        return None
    if content_type == "application/json":
        try:
            read = json.loads(text)
        except ValueError:
            return {"text": text}
        if isinstance(read, dict):
            return read or None
    return {"text": text}
