"""python -m bot: the command line."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from bot.doctor import doctor
from bot.errors import RapportError, SettingsError, StoreFailed
from bot.logs import start_log
from bot.settings import Settings, load_settings
from bot.wiring import run_console, run_service
from storage import open_store

_ABOUT = (
    "Rapport keeps your team’s relationships with influencers alive. With no command it runs on the platforms that are "
    "set up, and where there are none it opens in the terminal."
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Does what the command line says; what goes wrong is one sentence on standard error, and exit code 2."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    try:
        if asked.command == "doctor":
            return asyncio.run(doctor(load_settings, repair=asked.repair, output=sys.stdout))
        settings = load_settings()
        is_service = asked.command in {None, "run"} and bool(settings.platforms)
        in_terminal = asked.command in {None, "run"} and not is_service and sys.stdin.isatty() and sys.stdout.isatty()
        start_log(settings, _log_file(settings) if in_terminal else sys.stderr)
        if asked.command == "backup":
            return asyncio.run(backup(settings, asked.target))
        if is_service:
            return asyncio.run(run_service(settings))
        return asyncio.run(run_console(settings, sys.stdin, sys.stdout))
    except RapportError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


async def backup(settings: Settings, target: Path) -> int:
    """Writes a copy of the store that opens by itself, beside a running bot too."""
    store = await open_store(settings.database_url, read_only=True)
    try:
        await store.backup(target)
    except OSError as problem:
        raise StoreFailed(f"{target} can’t be written: {problem.strerror or problem}") from problem
    finally:
        await store.close()
    print(f"Written: {target}. To go back to it, stop the bot and put it in the place of the store’s file.")
    return 0


def _log_file(settings: Settings) -> TextIO:
    """Where the log goes while a prompt is open; it stays open as long as the process lives."""
    try:
        settings.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return (settings.data_folder / "rapport.log").open("a", encoding="utf-8", buffering=1)
    except OSError as problem:
        raise SettingsError(
            f"The data folder {settings.data_folder} can’t be written: {problem.strerror}. See DATABASE_URL."
        ) from problem


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=_ABOUT)
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.add_parser("run", help="run Rapport (the default)")
    examine = commands.add_parser("doctor", help="check settings, store and machine, and say what to do")
    examine.add_argument("--repair", action="store_true", help="cut a damaged end off the store, keeping a copy")
    copy = commands.add_parser("backup", help="write a copy of the store, beside a running bot too")
    copy.add_argument("target", type=Path, help="the file to write, which must not exist")
    return parser


if __name__ == "__main__":
    sys.exit(main())
