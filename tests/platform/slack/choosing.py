"""What a person can do in an input: type, choose what is offered, pick a day; and what Slack then holds for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.platform.slack.checks_elements import offered
from tests.platform.slack.entries import HELD_IN, Entry, holds_several
from tests.platform.slack.objects import file_object
from tests.platform.slack.world import World

Option = Mapping[str, Any]
Ask = Callable[[str], Awaitable[Sequence[Option]]]
"""What is offered for something typed into an external select."""


class CantDo(LookupError):
    """Slack's clients would not let a person do this; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Chooser:
    """Somebody at an element of a message or a view; `ask` is for what the app offers while one types."""

    world: World
    team: str
    element: Mapping[str, Any]
    ask: Ask

    async def entry(self, wanted: object) -> Entry:
        """What the element holds after a person made it say `wanted`; CantDo where that is impossible.

        A string, `True` or `False` for boxes, several things as a tuple or with commas between; empty takes away.
        """
        kind = self.element["type"]
        if wanted is None or wanted in ("", ()):
            return {"type": kind, HELD_IN[kind]: [] if holds_several(kind) else None}
        if isinstance(wanted, bool):
            return {"type": kind, HELD_IN[kind]: list(offered(self.element)) if wanted else []}
        if not holds_several(kind):
            return {"type": kind, HELD_IN[kind]: await self._thing(str(wanted))}
        things = [await self._thing(one) for one in _several(wanted)]
        most = self.element.get("max_selected_items", self.element.get("max_files", len(things)))
        if len(things) > most:
            raise CantDo(f"{self.element['action_id']} takes {most} at most, not {len(things)}")
        return {"type": kind, HELD_IN[kind]: things}

    async def _thing(self, wanted: str) -> Any:
        kind = self.element["type"].removeprefix("multi_")
        match kind:
            case "plain_text_input" | "email_text_input" | "url_text_input" | "number_input":
                return self._typed(wanted)
            case "datepicker":
                return self._day(wanted)
            case "timepicker":
                return wanted
            case "datetimepicker":
                return int(wanted)
            case "external_select":
                return await self._found(wanted)
            case "users_select":
                return self._named(wanted, {user.id: user.name for user in self.world.users.values()})
            case "channels_select" | "conversations_select":
                here = [channel for channel in self.world.channels.values() if channel.team == self.team]
                return self._named(wanted.removeprefix("#"), {channel.id: channel.name for channel in here})
            case "file_input":
                return file_object(self.world.files[wanted], self.world.base_url)
        if kind == "checkboxes" and wanted == "yes" and len(self.element["options"]) == 1:
            return self.element["options"][0]
        return self._option(wanted, offered(self.element))

    def _typed(self, wanted: str) -> str:
        least, most = self.element.get("min_length", 0), self.element.get("max_length", 3000)
        if not least <= len(wanted) <= most:
            raise CantDo(f"{self.element['action_id']} takes {least} to {most} characters, not {len(wanted)}")
        if "\n" in wanted and not self.element.get("multiline"):
            raise CantDo(f"{self.element['action_id']} takes one line")
        return wanted

    def _day(self, wanted: str) -> str:
        try:
            return date.fromisoformat(wanted).isoformat()
        except ValueError:
            raise CantDo(f"{self.element['action_id']} is a calendar, in which nobody can pick {wanted!r}") from None

    async def _found(self, wanted: str) -> Option:
        if len(wanted) < self.element.get("min_query_length", 3):
            raise CantDo(f"{self.element['action_id']} offers nothing yet for {wanted!r}")
        return self._option(wanted, await self.ask(wanted))

    def _option(self, wanted: str, options: Iterable[Option]) -> Option:
        """The option with this label or value, else the first whose label begins with it, whatever the case."""
        options = list(options)
        for option in options:
            if wanted in {option["text"]["text"], option["value"]}:
                return option
        for option in options:
            if option["text"]["text"].casefold().startswith(wanted.casefold()):
                return option
        raise CantDo(f"{self.element['action_id']} offers {[o['text']['text'] for o in options]}, not {wanted!r}")

    def _named(self, wanted: str, names: Mapping[str, str]) -> str:
        for id, name in names.items():
            if wanted in {id, name}:
                return id
        raise CantDo(f"{self.element['action_id']} offers nobody and nothing called {wanted!r}")


def _several(wanted: object) -> list[str]:
    if isinstance(wanted, str):
        return [one.strip() for one in wanted.split(",") if one.strip()]
    assert isinstance(wanted, list | tuple), wanted
    return [str(one) for one in wanted]
