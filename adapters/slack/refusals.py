"""What Slack's refusals mean: whether a message stands, whether to try again, and a sentence for whoever asks why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import NotPosted, PlaceLost, PostError, PostUnknown, RapportError, StoreFailed

SOON = 5.0
"""Seconds after which to try again where Slack named no time."""

RETRY_AFTER = 30.0
"""Seconds to wait after a 429 that does not say how long."""

_HOUR = 3600.0

NOT_INSTALLED = "Rapport is not installed in this Slack workspace, or not any more."
CLOSED = "Rapport is stopping and posts nothing more."
ELSEWHERE = "This place is not on Slack."
SHARED = "This channel is shared with another company: nothing of the team is posted there."
CHANNELS_ONLY = "I can post in channels and in direct messages with me, and nowhere else."
SILENT = "Slack does not answer at the moment. Try again in a minute."

_REMOVED = "Rapport was removed from this Slack workspace: an admin can install it again."
_FORBIDDEN = "The workspace’s settings don’t let Rapport post there."
_MESSAGE_GONE = "The message is not there any more, or can’t be changed any more."

LOST: Mapping[str, str] = {
    "access_denied": _FORBIDDEN,
    "accesslimited": _FORBIDDEN,
    "account_inactive": _REMOVED,
    "cannot_dm_bot": "This account is a bot: it gets no direct messages.",
    "cant_delete_message": _MESSAGE_GONE,
    "cant_update_message": _MESSAGE_GONE,
    "channel_not_found": "I can’t see this channel: gone, or private. Type “/invite @Rapport” in it, then try again.",
    "channel_type_not_supported": CHANNELS_ONLY,
    "edit_window_closed": _MESSAGE_GONE,
    "ekm_access_denied": "An admin has suspended posting in this Slack workspace.",
    "enterprise_is_restricted": _FORBIDDEN,
    "invalid_auth": _REMOVED,
    "invalid_user_combination": "This account gets no direct messages from Rapport.",
    "is_archived": "This channel is archived. Choose another one, or unarchive it.",
    "is_inactive": "This channel is frozen or archived. Choose another one.",
    "message_not_found": _MESSAGE_GONE,
    "messages_tab_disabled": "Rapport’s Messages tab is switched off in its Slack settings (App Home).",
    "method_not_supported_for_channel_type": CHANNELS_ONLY,
    "no_permission": _FORBIDDEN,
    "not_authed": _REMOVED,
    "not_in_channel": "I am not in this channel. Type “/invite @Rapport” in it, then try again.",
    "restricted_action": _FORBIDDEN,
    "team_access_not_granted": "Rapport has no access to this Slack workspace: an admin can grant it.",
    "team_not_found": NOT_INSTALLED,
    "token_expired": _REMOVED,
    "token_revoked": _REMOVED,
    "two_factor_setup_required": "This Slack workspace wants two-factor authentication set up first.",
    "user_disabled": "This account is deactivated.",
    "user_not_found": "This account is not in the Slack workspace.",
    "user_not_in_channel": "This person is not in the channel.",
    "user_not_visible": "This account can’t be seen by Rapport.",
    "users_not_found": "This account is not in the Slack workspace.",
}
"""Codes after which nothing can be posted there, with a sentence that says why."""

LATER: Mapping[str, float] = {
    "external_channel_migrating": _HOUR,
    "message_limit_exceeded": _HOUR,
    # The workspace is moved into an Enterprise organization: "intermittently unavailable until … complete".
    "org_login_required": _HOUR,
    "request_timeout": SOON,
    "service_unavailable": SOON,
    "team_added_to_org": _HOUR,
}
"""Codes that say that surely nothing was done, with the seconds after which it may be."""

UNCERTAIN = frozenset({"fatal_error", "internal_error"})
"""Codes of which Slack says "It's possible some aspect of the operation succeeded before the error was raised"."""

NEVER = frozenset(
    {
        "as_user_not_supported",
        "block_mismatch",
        "cannot_reply_to_message",
        "compliance_exports_prevent_deletion",
        "deprecated_endpoint",
        "duplicate_channel_not_found",
        "duplicate_message_not_found",
        "file_update_failed",
        "invalid_arg_name",
        "invalid_arguments",
        "invalid_array_arg",
        "invalid_attachments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_charset",
        "invalid_form_data",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "invalid_post_type",
        "metadata_must_be_sent_from_app",
        "metadata_too_large",
        "method_deprecated",
        "missing_post_type",
        "missing_scope",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "not_allowed_token_type",
        "too_many_attachments",
    }
)
"""Codes after which the same message is refused however often it is tried."""

NO_GOOD_TOKEN = frozenset({"account_inactive", "invalid_auth", "not_authed", "token_expired", "token_revoked"})
"""Codes that say that it is the token which Slack does not accept."""

RATE_LIMITED = frozenset({"rate_limited", "ratelimited"})

_NEVER_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)

_TROUBLE = (
    SlackClientError,
    aiohttp.ClientError,
    TimeoutError,
    OSError,
    StoreFailed,
    ValueError,
    # slack_sdk asks the answer for its keys; a proxy's page in plain text has none.
    AttributeError,
)


class RateLimited(NotPosted):
    """Slack asks the whole channel to wait."""

    def __init__(self, seconds: float) -> None:
        """`seconds` is what Slack asked for, or what is left of it."""
        super().__init__("Slack asks to wait: too much was posted at once.", seconds)
        self.seconds = seconds


class Unanswered(RapportError):
    """Slack did not say what we had to know; `str()` is a sentence for whoever waits."""

    def __init__(self, sentence: str = SILENT) -> None:
        """`sentence` says what to do next."""
        super().__init__(sentence)


@contextmanager
def refusals() -> Iterator[None]:
    """Around one call that posts, edits or deletes: whatever goes wrong in it becomes a PostError."""
    try:
        yield
    except _TROUBLE as error:
        raise refusal(error) from error


@contextmanager
def harmless() -> Iterator[None]:
    """Around a call that posts nothing itself: the same, and where its answer is lost nothing was posted, either."""
    try:
        with refusals():
            yield
    except PostUnknown as error:
        raise NotPosted(str(error), SOON) from error


def unanswered(error: PostError) -> Unanswered | StoreFailed:
    """What to raise for a question that came to nothing: it was Slack that was silent, or our own store."""
    cause = error.__cause__
    return StoreFailed(str(cause)) if isinstance(cause, StoreFailed) else Unanswered()


def refusal(error: Exception) -> PostError:
    """What became of a message, by the error that the attempt ended with; holds nothing that people wrote.

    A refusal by Slack, and a connection that never came about, are definite. A time-out, a drop, a 5xx and an answer
    that is not Slack's leave it unknown. Codes: docs.slack.dev/reference/methods/chat.postMessage.
    """
    if isinstance(error, SlackApiError):
        return _answered(error)
    if isinstance(error, _NEVER_SENT):
        return NotPosted("Slack could not be reached.", SOON)
    if isinstance(error, StoreFailed):
        return NotPosted("The token could not be read from the store.", SOON)
    if isinstance(error, SlackClientError):  # slack_sdk's own check, before anything was sent
        return NotPosted("Slack’s library does not take it.", None)
    if isinstance(error, TimeoutError):
        return PostUnknown("Slack did not answer in time.")
    return PostUnknown("Slack’s answer was lost.")


def code_of(error: SlackApiError) -> str | None:
    """The code with which Slack refused, where the answer was Slack's."""
    data = getattr(error.response, "data", None)
    code = data.get("error") if isinstance(data, Mapping) else None
    return code if isinstance(code, str) else None


def code_behind(error: PostError) -> str | None:
    """The code with which Slack refused what ended so; `None` where it was no refusal of Slack's."""
    cause = error.__cause__
    while isinstance(cause, PostError):
        cause = cause.__cause__
    return code_of(cause) if isinstance(cause, SlackApiError) else None


def _answered(error: SlackApiError) -> PostError:
    status, code = _status(error), code_of(error)
    if status == 429 or code in RATE_LIMITED:
        return RateLimited(retry_after(error.response.headers))
    if status >= 500 or code in UNCERTAIN:
        return PostUnknown(f"Slack had a failure of its own ({code or status}).")
    if code is None:
        if status >= 400:
            return NotPosted(f"Slack refused it (HTTP {status}).", SOON)
        return PostUnknown("The answer was not Slack’s.")
    if (sentence := LOST.get(code)) is not None:
        return PlaceLost(sentence)
    if code.startswith("restricted_action"):
        return PlaceLost(_FORBIDDEN)
    if code in NEVER:
        return NotPosted(f"Slack does not take it ({code}).", None)
    return NotPosted(f"Slack refused it ({code}).", LATER.get(code, SOON))


def _status(error: SlackApiError) -> int:
    """The HTTP status; where the answer could not be read, slack_sdk hands on aiohttp's response instead of its own."""
    status = getattr(error.response, "status_code", None) or getattr(error.response, "status", None)
    return status if isinstance(status, int) else 0


def retry_after(headers: Mapping[str, Any]) -> float:
    """The seconds that a 429 asks for."""
    asked = next((value for name, value in headers.items() if name.lower() == "retry-after"), None)
    try:
        return max(0.0, float(str(asked)))
    except ValueError:
        return RETRY_AFTER
