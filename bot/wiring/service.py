"""The service: Rapport on its platforms, until it is told to stop."""

from __future__ import annotations

import asyncio

import structlog
from aiohttp import web

from adapters.slack.adapter import Slack
from adapters.slack.ways import Way
from bot.adapter_port import FINISH_WITHIN
from bot.calendar import public_holidays
from bot.clock import random_id, system_clock
from bot.settings import Settings, secret
from bot.settings import Slack as SlackSettings
from bot.wiring.office import Office
from bot.wiring.site import Site
from bot.wiring.stopping import told_to_stop
from storage import open_store, path_of
from storage.vault import FileVault

log = structlog.get_logger()


async def run_service(settings: Settings) -> int:
    """Runs until the process is told to stop; then it hears nothing more, finishes what runs, and closes.

    A platform that refuses the login ends nothing: it is tried again, and `/healthz` and `status` say so. Raises
    SettingsError and StoreFailed where it can't begin.
    """
    stop = told_to_stop()
    # Half a second's import, which on the loop would keep a socket waiting when somebody first names a country.
    await asyncio.to_thread(public_holidays, "DE", system_clock().year)
    store = await open_store(settings.database_url)
    office = Office(settings, store, system_clock, random_id)
    routes: list[web.RouteDef] = []
    slack = await _slack(settings, settings.slack, office) if settings.slack else None
    if slack is not None:
        office.adapters[slack.platform] = slack
        routes += slack.routes()
    site = Site(settings.host, settings.port, routes, office.troubles) if settings.port else None
    try:
        if site is not None:
            await site.open()
        if slack is not None:
            await slack.start()
        office.start_clock()
        log.warning("service.started", platforms=settings.platforms, port=settings.port)
        await stop.wait()
        log.warning("service.stopping")
    finally:
        # What was heard and what is being posted are brought to their ends side by side.
        hearing = slack.stop_hearing(FINISH_WITHIN) if slack is not None else asyncio.sleep(0)
        await asyncio.gather(hearing, office.stop_clock(FINISH_WITHIN))
        if site is not None:
            await site.close()
        await office.close()
    return 0


def slack_way(slack: SlackSettings) -> Way:
    """How Rapport runs in Slack, with the secrets in the open for the adapter."""
    return Way(
        bot_token=secret(slack.bot_token),
        client_id=slack.client_id,
        client_secret=secret(slack.client_secret),
        app_token=secret(slack.app_token),
        signing_secret=secret(slack.signing_secret),
        public_url=slack.public_url,
    )


async def _slack(settings: Settings, slack: SlackSettings, office: Office) -> Slack:
    return Slack(
        office,
        office.specs,
        slack_way(slack),
        vault=await _vault(settings) if slack.by_oauth else None,
        api_url=slack.api_url,
        new_id=random_id,
        clock=system_clock,
    )


async def _vault(settings: Settings) -> FileVault:
    """Where tokens are kept: beside the store, whose lock keeps a second process away from both."""
    path = path_of(settings.database_url)
    vault = FileVault(path.with_name(f"{path.name}.secrets"), secret(settings.secret_key) or "")
    await vault.renew()
    return vault
