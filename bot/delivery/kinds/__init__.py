"""The kinds of messages there are, each of which knows all that the courier does not."""

from __future__ import annotations

from bot.briefing.handover import brief_message
from bot.briefing.leaving import left_message
from bot.delivery.errand import Kind
from bot.delivery.kinds.digest import Digest
from bot.delivery.kinds.losses import Losses
from bot.delivery.kinds.news import News
from bot.delivery.kinds.nudges import Nudges
from bot.delivery.kinds.shared import Shared
from bot.handlers import all_verbs
from bot.model import DeliveryKind

KINDS: dict[DeliveryKind, Kind] = {
    DeliveryKind.NUDGES: Nudges(),
    DeliveryKind.DIGEST: Digest(),
    DeliveryKind.HANDOVER: News(brief_message),
    DeliveryKind.LEFT: News(left_message),
    DeliveryKind.LOST: Losses(),
    DeliveryKind.SHARED: Shared(all_verbs()),
}
