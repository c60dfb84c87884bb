"""Bolt as Rapport uses it: it is given what it would read from the environment, and what it would log is not said."""

from __future__ import annotations

import logging

from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import words
from adapters.slack.authorizing import Access, ByAccess, NamesWorkspace

QUIET = logging.getLogger("rapport.slack.quiet")
"""Says nothing, nor do its children: Bolt logs bodies, and makes each of its own loggers like the one it gets."""

QUIET.disabled = True


def bolt(
    access: Access, api_url: str, *, signing_secret: str | None = None, flow: AsyncOAuthFlow | None = None
) -> AsyncApp:
    """An app without listeners. It verifies nothing: requests have to be verified before they reach it, by the Door.

    It answers when a listener is done, for by then what was heard is stored.
    """
    return AsyncApp(
        name="rapport",
        logger=QUIET,
        client=AsyncWebClient(base_url=api_url, logger=QUIET),
        before_authorize=NamesWorkspace(),
        authorize=ByAccess(access),  # type: ignore[arg-type] # Bolt takes an AsyncAuthorize for what it is
        oauth_flow=flow,
        signing_secret=signing_secret or "",
        process_before_response=True,
        request_verification_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        user_facing_authorize_error_message=words.NOT_INSTALLED_HERE,
    )
