"""The web pages on which Rapport is installed: plain HTML, and nothing in it that a visitor brought along."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from enum import StrEnum
from hashlib import sha256
from html import escape
from typing import Final

import msgspec

_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 1.125rem/1.6 system-ui, sans-serif; margin: 0; }
main { max-width: 34rem; margin: 12vh auto 4rem; padding: 0 1.25rem; }
h1 { font-size: 1.75rem; line-height: 1.25; }
.go { display: inline-block; padding: .75rem 1.5rem; border-radius: .5rem; background: #4a154b; color: #fff;
  font-weight: 600; text-decoration: none; }
.go:hover { text-decoration: underline; }
a:focus-visible { outline: 3px solid #1264a3; outline-offset: 3px; }
""".strip()

HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
    f"frame-ancestors 'none'; style-src 'sha256-{b64encode(sha256(_STYLE.encode()).digest()).decode()}'",
    # The address of the page that Slack leads back to holds a code.
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""What every page is sent with."""


class Problem(StrEnum):
    """Why somebody who wanted to install Rapport has not."""

    DECLINED = "declined"
    REFUSED = "refused"
    OTHER_BROWSER = "other_browser"
    OVER = "over"
    CODE = "code"
    SCOPES = "scopes"
    ROTATION = "rotation"
    CREDENTIALS = "credentials"
    UNREACHABLE = "unreachable"
    NOT_KEPT = "not_kept"


class Sentence(msgspec.Struct, frozen=True):
    """What a page about a problem says, and the status that it is sent with."""

    status: int
    title: str
    words: str


SENTENCES: Final[Mapping[Problem, Sentence]] = {
    Problem.DECLINED: Sentence(
        200, "Nothing was installed", "You chose not to give Rapport access. You can change your mind at any time."
    ),
    Problem.REFUSED: Sentence(
        400,
        "Slack did not allow it",
        "Your workspace may want an admin to approve new apps: ask for Rapport there, then try again.",
    ),
    Problem.OTHER_BROWSER: Sentence(
        400,
        "Let’s start over",
        "This has to begin and end in the same browser, within ten minutes, with cookies and over https.",
    ),
    Problem.OVER: Sentence(
        400, "Let’s start over", "This link has been used already, or it is more than ten minutes old."
    ),
    Problem.CODE: Sentence(400, "Let’s start over", "Slack does not know this link any more."),
    Problem.SCOPES: Sentence(
        403,
        "Something is missing",
        "Slack did not give Rapport everything that it needs, so nothing was installed. Whoever runs Rapport has to "
        "bring its Slack app up to date with the manifest. Missing: {missing}.",
    ),
    Problem.ROTATION: Sentence(
        500,
        "This Slack app can’t be used",
        "Token rotation is on in its settings, and it can’t be switched off again. Whoever runs Rapport has to make a "
        "new Slack app from the manifest.",
    ),
    Problem.CREDENTIALS: Sentence(
        500,
        "Rapport is not set up right",
        "Slack does not accept its credentials. Whoever runs Rapport has to look at SLACK_CLIENT_ID, "
        "SLACK_CLIENT_SECRET and the redirect URL of the Slack app.",
    ),
    Problem.UNREACHABLE: Sentence(502, "Slack did not answer", "Nothing was installed. Wait a minute, then try again."),
    Problem.NOT_KEPT: Sentence(
        503, "That did not work", "Rapport can’t keep anything at the moment. Wait a minute, then try again."
    ),
}


def install_page(authorize_url: str) -> str:
    """The page that leads to Slack, where it is agreed to."""
    return _page(
        "Add Rapport to Slack",
        "<p>Rapport remembers every touchpoint with the influencers that your team works with, and speaks up when a "
        "relationship has gone quiet.</p>"
        "<p>Slack shows you next what Rapport may do, and asks whether that is all right. Come back from there within "
        "ten minutes.</p>" + _button("Add to Slack", authorize_url),
    )


def installed_page(workspace: str, open_url: str) -> str:
    """The page after it has worked; `workspace` is its name, and the link opens Rapport there."""
    return _page(
        "Rapport is installed",
        f"<p>{escape(workspace)} has Rapport now. Open it: a message there says how to begin. "
        "In any channel, <strong>/rapport help</strong> shows what it can do.</p>" + _button("Open Rapport", open_url),
    )


def installed_in_org_page(organisation: str, choose_url: str | None) -> str:
    """The page after it has worked for a whole organisation, whose admins now choose the workspaces."""
    return _page(
        "Rapport is installed",
        f"<p>{escape(organisation)} has Rapport now. Next, an admin chooses the workspaces that get it. There, "
        "<strong>/rapport help</strong> shows what it can do.</p>"
        + (_button("Choose workspaces", choose_url) if choose_url is not None else ""),
    )


def problem_page(problem: Problem, install_path: str, missing: tuple[str, ...] = ()) -> str:
    """The page that says why it has not worked; `missing` are scopes, by Slack's names."""
    sentence = SENTENCES[problem]
    words = sentence.words.format(missing=", ".join(missing)) if missing else sentence.words
    return _page(sentence.title, f"<p>{escape(words)}</p>" + _button("Try again", install_path))


def _button(label: str, url: str) -> str:
    return f'<p><a class="go" href="{escape(url)}">{escape(label)}</a></p>'


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)}</title><link rel="icon" href="data:,"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
