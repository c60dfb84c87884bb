"""Asking over Slack: what a person does there, as the requests that Slack makes of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import count
from urllib.parse import urlencode

from adapters.slack.back import Back, Meta, encode
from bot.address import PlaceKind
from tests.bench.names import account_of
from tests.bench.slack_doors import OURS, READY, SECRET
from tests.bench.slack_load import Load, Requests

WORKSPACE, USER, CHANNEL = "T01", "U01", "C01"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class Asking:
    """Has requests sent, each with ids that no other has."""

    def __init__(self, load: Load, ports: dict[str, int], influencers: int) -> None:
        self.load, self.ports, self.influencers = load, ports, influencers
        self.numbers = count(1)

    async def commands(self, door: str, texts: Sequence[str], *, at_once: int, expected: str) -> list[float]:
        """Seconds of commands."""
        bodies = tuple(map(self._command, texts))
        return await self._send(door, FORM, bodies, at_once, expected)

    async def log(self, door: str, times: int, *, at_once: int) -> list[float]:
        """Seconds of so many touchpoints logged, each with another person; behind other doors nothing comes of it."""
        expected = " Logged: " if door in {OURS, READY} else ""
        return await self.commands(door, self.lines(times), at_once=at_once, expected=expected)

    def lines(self, times: int) -> list[str]:
        """As many lines to log with, each of another person than the one before."""
        people = (account_of(next(self.numbers) * 7919 % self.influencers) for _ in range(times))
        return [f"log {who} coffee at VidCon yesterday" for who in people]

    async def suggestions(self, typed: Sequence[str], *, found: bool) -> list[float]:
        """Seconds of suggestions for what is typed; `found`: that there has to be one."""
        bodies = tuple(urlencode({"payload": json.dumps(self._question(each))}) for each in typed)
        return await self._send(OURS, FORM, bodies, 1, '"value"' if found else '"options"')

    async def home(self, times: int) -> list[float]:
        """Seconds of as many openings of the Home tab."""
        return await self._send(OURS, JSON, tuple(json.dumps(self._opened()) for _ in range(times)), 1, "")

    async def _send(
        self, door: str, content_type: str, bodies: tuple[str, ...], at_once: int, expected: str
    ) -> list[float]:
        return await self.load.send(
            Requests(
                port=self.ports[door],
                secret=SECRET,
                content_type=content_type,
                bodies=bodies,
                at_once=at_once,
                expected=expected,
            )
        )

    def _command(self, text: str) -> str:
        number = next(self.numbers)
        return urlencode(
            {
                "token": "verification-token",
                "team_id": WORKSPACE,
                "team_domain": "acme",
                "channel_id": CHANNEL,
                "channel_name": "influencers",
                "user_id": USER,
                "user_name": "ana",
                "command": "/rapport",
                "text": text,
                "api_app_id": "A0RAPPORT",
                "is_enterprise_install": "false",
                "response_url": f"https://hooks.slack.com/commands/{WORKSPACE}/{number}",
                "trigger_id": f"{number}.{WORKSPACE}.bench",
            }
        )

    def _question(self, typed: str) -> dict[str, object]:
        meta = Meta("log", None, Back(WORKSPACE, USER, PlaceKind.DM))
        return {
            "type": "block_suggestion",
            "token": "verification-token",
            "team": {"id": WORKSPACE, "domain": "acme"},
            "user": {"id": USER, "name": "ana", "team_id": WORKSPACE},
            "api_app_id": "A0RAPPORT",
            "is_enterprise_install": False,
            "action_id": "who",
            "block_id": "who",
            "value": typed,
            "view": {"id": f"V{next(self.numbers)}", "type": "modal", "private_metadata": encode(meta)},
        }

    def _opened(self) -> dict[str, object]:
        number = next(self.numbers)
        return {
            "type": "event_callback",
            "token": "verification-token",
            "team_id": WORKSPACE,
            "api_app_id": "A0RAPPORT",
            "event_id": f"Ev{number}",
            "event_time": number,
            "event": {
                "type": "app_home_opened",
                "user": USER,
                "channel": "D01",
                "tab": "home",
                "event_ts": f"{number}.1",
            },
            "authorizations": [{"team_id": WORKSPACE, "user_id": "U0RAPPORT", "is_bot": True}],
        }
