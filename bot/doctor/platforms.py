"""What the doctor asks the platforms: whether they take what Rapport was given."""

from __future__ import annotations

from adapters.slack.checkup import check_up
from bot.doctor.findings import Finding, broken, fine
from bot.settings import Settings
from bot.wiring import slack_way


async def slack(settings: Settings) -> tuple[Finding, ...]:
    """What Slack says of the tokens; nothing where Rapport does not run there."""
    if settings.slack is None:
        return ()
    checked = await check_up(slack_way(settings.slack), settings.slack.api_url)
    return tuple((fine if one.is_well else broken)("Slack", one.sentence) for one in checked)
