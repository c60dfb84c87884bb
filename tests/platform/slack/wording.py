"""How Slack writes down what people type: signs escaped, mentions as ids, addresses as links."""

from __future__ import annotations

import re
from typing import Any

from tests.platform.slack.world import World

_ADDRESS = re.compile(
    r"(?P<web>https?://[^\s<>|]+[^\s<>|.,;:!?)])|(?P<mail>\b[\w.+-]+@[\w-]+(\.[\w-]+)+\b)"
    r"|(?P<bare>(?<![\w@./-])[\w-]+(\.[\w-]+)*\.(com|net|org|me|tv|io)\b)"
)
_MENTION = re.compile(r"(?<![\w&])(?P<sign>[@#])(?P<name>[\w.-]*\w)")


def written(world: World, team: str, text: str, *, labels: bool = False) -> str:
    """Typed words as an app gets them; with `labels` as in a slash command, `<@U001|ben>`, else `<@U001>`.

    `@name` and `#channel` count as mentions where there is somebody or something of that name in the workspace.
    """
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    people = {_handle(user.name): user.id for user in world.users.values() if user.team == team}
    channels = {channel.name: channel.id for channel in world.channels.values() if channel.name}

    def mention(found: re.Match[str]) -> str:
        known = people if found["sign"] == "@" else channels
        name = found["name"]
        id = known.get(name.lower()) or (name if name in known.values() else None)
        if id is None:
            return found[0]
        label = next(called for called, of in known.items() if of == id)
        return f"<{found['sign']}{id}|{label}>" if labels else f"<{found['sign']}{id}>"

    # Addresses first: the @ in one mentions nobody.
    parts: list[str] = []
    at = 0
    for address in _ADDRESS.finditer(escaped):
        parts += [_MENTION.sub(mention, escaped[at : address.start()]), _link(address)]
        at = address.end()
    return "".join([*parts, _MENTION.sub(mention, escaped[at:])])


def rich(text: str) -> list[dict[str, Any]]:
    """The blocks that Slack sends along with typed words."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return [{"type": "rich_text", "block_id": "typed", "elements": [section]}]


def _handle(name: str) -> str:
    return name.lower().replace(" ", ".")


def _link(address: re.Match[str]) -> str:
    if address["web"]:
        return f"<{address[0]}>"
    return f"<mailto:{address[0]}|{address[0]}>" if address["mail"] else f"<http://{address[0]}|{address[0]}>"
