"""What Rapport is called in Slack: the names that the manifests and the listeners have in common."""

from __future__ import annotations

import re

PLATFORM = "slack"

COMMAND = "/rapport"

LOG_TOUCHPOINT = "log_touchpoint"
FIND_INFLUENCER = "find_influencer"
SHORTCUTS = (LOG_TOUCHPOINT, FIND_INFLUENCER)
"""The callback ids of the global shortcuts."""

LOG_MESSAGE = "log_message"
PROMISE_MESSAGE = "promise_message"
MESSAGE_ACTIONS = (LOG_MESSAGE, PROMISE_MESSAGE)
"""The callback ids of the shortcuts in a message's menu."""

ACCESS_GRANTED = "team_access_granted"
ACCESS_REVOKED = "team_access_revoked"
"""An organisation gives Rapport to some of its workspaces, or takes it out of them."""

EVENTS = (
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.im",
    ACCESS_GRANTED,
    ACCESS_REVOKED,
    "tokens_revoked",
    "user_change",
)
"""What is subscribed to; `message.im` arrives as an event of type `message` whose `channel_type` is `im`."""

FORM = "form"
"""The callback id of every modal that can be sent."""

PRESS = "press"
CHOOSE = "choose"
MENU = "menu"
LINK = "link"

ACTIONS = re.compile(rf"\A(?:{PRESS}|{CHOOSE}|{MENU}|{LINK}):")
"""How the action id of everything that can be pressed begins: a button, a select, a menu, a link."""

EVENTS_PATH = "/slack/events"
"""Where Slack sends everything that is heard by HTTP: events, commands, presses, forms and suggestions."""
