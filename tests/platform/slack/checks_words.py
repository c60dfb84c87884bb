"""What Slack would make of words that it parses: pings, links and formatting that must not come from what people wrote.

Only `text` and mrkdwn objects are parsed. Everything in plain_text objects and in the text elements of rich_text is
shown as it stands (docs.slack.dev, "Formatting message text").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.platform.slack.checks_rules import WEB

TOKEN = re.compile(r"<([^<>]*)>")
_ACCOUNT = re.compile(r"@[UW][A-Z0-9]+(\|.*)?", re.DOTALL)
_CHANNEL = re.compile(r"#[CG][A-Z0-9]+(\|.*)?", re.DOTALL)
_DATE = re.compile(r"!date\^\d+\^[^^|]*\{\w+\}[^^|]*(\^https?://[^\s|]+)?\|.+", re.DOTALL)
_LINK = re.compile(r"https?://[^\s|]+(\|.*)?", re.DOTALL)
_CROWD = re.compile(r"!(channel|here|everyone|group|subteam\^)", re.IGNORECASE)
_BARE_AMPERSAND = re.compile(r"&(?!(amp|lt|gt);)")

_MARKS = re.compile(
    r"(?<!\w)(?P<mark>[*_~])(?=\S)[^\n]*?(?<=\S)(?P=mark)(?!\w)"  # `*bold*`, `_italic_`, `~strike~`
    r"|`[^`\n]+`|```.+?```"
    r"|^&gt;.*$",  # an escaped `>` still begins a quotation
    re.MULTILINE | re.DOTALL,
)
_AUTOLINK = re.compile(
    r"https?://[^\s<>|]+|\bwww\.\w[^\s<>|]*|\b[\w.+-]+@[\w-]+\.\w{2,}"
    r"|(?<!\w)[\w-]+(\.[\w-]+)*\.(com|net|org|io|co|de|uk|me|app|dev|example)\b"
    r"|(?<![\w&])[#@][a-z][\w-]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Active:
    """A run of words in which Slack sees more than words: what it would do (`ping`, `link`, `format`) and the run."""

    does: str
    run: str


def active(text: str, *, verbatim: bool, formats: bool = True) -> Iterator[Active]:
    """Everything in a parsed text that pings, links or is formatted; `verbatim` text links nothing by itself."""
    for token in TOKEN.finditer(text):
        inner = token[1]
        if inner.startswith("!date^"):
            continue
        yield Active("ping" if inner[:1] in {"@", "#", "!"} else "link", token[0])
    rest = TOKEN.sub(" ", text)
    if formats:
        yield from (Active("format", match[0]) for match in _MARKS.finditer(rest))
    if not verbatim:
        yield from (Active("link", match[0]) for match in _AUTOLINK.finditer(rest))


def check_escaping(path: str, text: str) -> Iterator[str]:
    """Complains of whatever is neither escaped nor one of the tokens that we make on purpose."""
    for token in TOKEN.finditer(text):
        if _CROWD.match(token[1]):
            yield f"{path} has {token[0]}, which pings a crowd."
        elif not any(look.fullmatch(token[1]) for look in (_ACCOUNT, _CHANNEL, _DATE, _LINK)):
            yield f"{path} has {token[0]}, which is none of the tokens that we make."
    rest = TOKEN.sub(" ", text)
    for sign in ("<", ">"):
        if sign in rest:
            yield f"{path} has a {sign} that is not escaped, near {_near(rest, rest.index(sign))!r}."
    if bare := _BARE_AMPERSAND.search(rest):
        yield f"{path} has an & that is not escaped, near {_near(rest, bare.start())!r}."


def check_parsed(path: str, text: str, *, verbatim: bool, formats: bool = True) -> Iterator[str]:
    """Complains of unescaped signs, and of what would be formatted or linked without one of our tokens."""
    yield from check_escaping(path, text)
    rest = TOKEN.sub(" ", text)
    for found in active(rest, verbatim=verbatim, formats=formats):
        done = "formats" if found.does == "format" else "turns into a link"
        yield f"{path} has {found.run[:60]!r}, which Slack {done}."


def is_web(address: str) -> bool:
    """Whether it is an http(s) address and nothing else."""
    return WEB.fullmatch(address) is not None


def _near(text: str, at: int) -> str:
    return text[max(0, at - 15) : at + 15]
