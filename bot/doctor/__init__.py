"""`python -m bot doctor`: looks at everything that Rapport stands on, and says what to do."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import Final, TextIO

from bot.clock import Clock, system_clock
from bot.doctor import machine, platforms
from bot.doctor.findings import Finding, State, broken, exit_code, fine, report
from bot.doctor.store import Examined, examine_store, mend
from bot.errors import SettingsError, StoreFailed
from bot.settings import Settings
from storage import path_of

_SHOWN: Final = ("DATABASE_URL", "RAPPORT_TIMEZONE", "LOG_LEVEL", "LOG_FORMAT")
"""Settings whose value may stand in a report that people paste into chats; of the others only the name does."""


_PASSWORD: Final = re.compile(r"//[^/@]*@")
"""Who logs in to a database, and with what."""


async def doctor(
    settings_loader: Callable[[], Settings], *, repair: bool, output: TextIO, clock: Clock = system_clock
) -> int:
    """Writes what was found, and answers with the exit code: 0 when all is fine, else 1.

    With `repair`, a store whose files are damaged is repaired, and what is left is examined again; nothing is touched
    where nothing is wrong. Wrong settings are a finding like any other.
    """
    try:
        settings = settings_loader()
        path_of(settings.database_url)
    except SettingsError as problem:
        findings = (broken("Settings", str(problem)), *_of_machine(clock, output))
        _write(output, report(findings))
        return exit_code(findings)
    findings, examined = await _examine(settings, clock, output)
    _write(output, report(findings))
    if not repair:
        return exit_code(findings)
    if examined.damage is None:
        _write(output, "\nThere is nothing to repair.\n")
        return exit_code(findings)
    return await _repair(settings, clock, output)


async def examine(settings: Settings, *, output: TextIO, clock: Clock = system_clock) -> tuple[Finding, ...]:
    """What there is to say about settings, machine and store, changing nothing; `output` is what people read on.

    Raises SettingsError where DATABASE_URL names no store.
    """
    return (await _examine(settings, clock, output))[0]


async def _examine(settings: Settings, clock: Clock, output: TextIO) -> tuple[tuple[Finding, ...], Examined]:
    path = path_of(settings.database_url)
    examined = await examine_store(path)
    findings = (
        _of_settings(settings),
        machine.python(sys.version_info[:3]),
        machine.zones((settings.timezone, *examined.zones)),
        machine.letters(output.encoding),
        machine.clock(clock(), examined.newest),
        machine.folder(path.parent),
        machine.room(machine.free_bytes(path.parent), examined.size),
        *examined.findings,
        *await platforms.slack(settings),
    )
    return findings, examined


async def _repair(settings: Settings, clock: Clock, output: TextIO) -> int:
    try:
        done = await mend(path_of(settings.database_url))
    except StoreFailed as problem:
        _write(output, f"\nNot repaired: {problem}.\n")
        return 1
    lines = "\n".join(f"  {line}" for line in done)
    _write(output, f"\nRepaired:\n{lines}\n\nAfterwards:\n")
    findings = await examine(settings, clock=clock, output=output)
    _write(output, report(findings))
    return exit_code(findings)


def _of_machine(clock: Clock, output: TextIO) -> Sequence[Finding]:
    """What can be said where nobody knows which store is meant."""
    return (
        machine.python(sys.version_info[:3]),
        machine.zones(()),
        machine.letters(output.encoding),
        machine.clock(clock(), None),
    )


def _of_settings(settings: Settings) -> Finding:
    """Each setting by the name of its variable; in brackets where it was left out and Rapport's own value holds."""
    named = []
    for field, about in type(settings).model_fields.items():
        variable = str(about.validation_alias or field.upper())
        shown = f"{variable}={_PASSWORD.sub('//…@', str(getattr(settings, field)))}" if variable in _SHOWN else variable
        if field in settings.model_fields_set:
            named.append(shown)
        elif variable in _SHOWN:
            named.append(f"({shown})")
    return fine("Settings", " ".join(named) + ".")


def _write(output: TextIO, text: str) -> None:
    """Writes what an output in any encoding takes; letters it does not have become question marks."""
    encoding = output.encoding or "utf-8"
    output.write(text.encode(encoding, "replace").decode(encoding))


__all__ = ["Finding", "State", "doctor", "examine", "report"]
