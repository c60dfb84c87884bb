"""The one place that joins settings, store, adapters and scheduler; it starts them and stops them."""

from __future__ import annotations

from bot.wiring.office import CONSOLE, Desk, Office
from bot.wiring.service import run_service, slack_way
from bot.wiring.terminal import Sample, run_console

__all__ = ["CONSOLE", "Desk", "Office", "Sample", "run_console", "run_service", "slack_way"]
