"""What in a payload is more than words although the answer that it draws does not mean it to be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from adapters.slack.rich import href
from bot.reply import Actions, Answer, Fields, Link, LinkButton, Reply, Table, Text, spans
from tests.platform.slack.dangers import dangers

BOLD = {"bold": True}


def active(sent: Mapping[str, Any], *answers: Answer) -> list[str]:
    """What pings, links or formats in a payload though no value of the answers names it as an address.

    Bold text elements are how templates emphasise, values among their words: nothing is parsed in them.
    """
    named = {address for answer in answers for address in _addresses(answer)}
    return dangers(_without_bold(sent), named)


def _addresses(answer: Answer) -> set[str]:
    """Those that values and buttons name as such."""
    texts: list[Text] = []
    urls: set[str] = set()
    for block in answer.blocks if isinstance(answer, Reply) else (answer.about,):
        match block:
            case Text():
                texts.append(block)
            case Fields():
                texts += [text for _, text in block.rows]
            case Table():
                texts += [cell for row in block.rows for cell in row]
            case Actions():
                urls |= {item.url for item in block.items if isinstance(item, LinkButton)}
    urls |= {span.value.url for text in texts for span in spans(text) if isinstance(span.value, Link)}
    return {address for url in urls if (address := href(url))}


def _without_bold(value: Any) -> Any:
    if isinstance(value, Mapping):
        is_bold = value.get("type") == "text" and value.get("style") == BOLD
        return {name: _without_bold(inner) for name, inner in value.items() if not (is_bold and name == "style")}
    return [_without_bold(inner) for inner in value] if isinstance(value, list | tuple) else value
