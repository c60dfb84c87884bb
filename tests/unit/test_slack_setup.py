from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import Settings
from tests.unit.test_slack_manifest import HTTP, SOCKET

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / "setup-slack.md", DOCS / "slack-emulator.md"]
SETUP = PAGES[0].read_text(encoding="utf-8")
EXAMPLE = (DOCS.parent / ".env.example").read_text(encoding="utf-8")

PICTURE_LIMIT = 150_000
"""Bytes of a picture that a page shows."""


def test_every_scope_has_a_reason() -> None:
    """Whoever installs Rapport reads why it wants each permission, and of none that it does not want."""
    explained = re.findall(r"^\| `([a-z_]+(?:[.:][a-z_]+)?)` \| \w", SETUP.partition("| scope |")[2], re.MULTILINE)
    for manifest in (SOCKET, HTTP):
        assert manifest["oauth_config"]["scopes"]["bot"] == explained


def test_the_settings_are_those_that_there_are() -> None:
    """No page names a setting that Rapport does not read, and the template has each one that is named."""
    known = {str(field.validation_alias) for field in Settings.model_fields.values()}
    named = set(re.findall(r"\b(?:SLACK|RAPPORT)_[A-Z_]+|\bPORT\b|\bDATABASE_URL\b", "".join(map(_read, PAGES))))
    assert set() == named - known
    assert set() == {name for name in named if f"#{name}=" not in EXAMPLE}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    """What a page shows or points at in this repository is there."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)", _read(page))
    assert [] == [link for link in links if not (page.parent / link).exists()]


def test_every_picture_is_shown_and_light() -> None:
    """No picture is kept that nobody sees, and none makes a page slow."""
    pictures = {path.name: path.stat().st_size for path in (DOCS / "pictures" / "slack").iterdir()}
    assert set(re.findall(r"pictures/slack/([\w-]+\.png)", SETUP)) == pictures.keys()
    assert [] == [name for name, size in pictures.items() if size > PICTURE_LIMIT]


def _read(page: Path) -> str:
    return page.read_text(encoding="utf-8")
