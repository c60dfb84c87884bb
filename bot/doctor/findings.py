"""What an examination finds, and how it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How something is: `attention` works for now, `broken` does not."""

    FINE = "fine"
    ATTENTION = "attention"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, how it is, and a sentence that says what there is to know and to do."""

    subject: str
    state: State
    sentence: str


def fine(subject: str, sentence: str) -> Finding:
    """Nothing to do."""
    return Finding(subject, State.FINE, sentence)


def attention(subject: str, sentence: str) -> Finding:
    """Something to do, soon."""
    return Finding(subject, State.ATTENTION, sentence)


def broken(subject: str, sentence: str) -> Finding:
    """Something to do, before Rapport can be relied on."""
    return Finding(subject, State.BROKEN, sentence)


def report(findings: Sequence[Finding]) -> str:
    """The findings line by line under their subjects, and what they come to; ends with a newline."""
    widest = max((len(finding.subject) for finding in findings), default=0)
    margin = " " * (widest + len(State.ATTENTION) + 4)
    lines = [
        f"{finding.state:<9}  {finding.subject:<{widest}}  " + finding.sentence.replace("\n", f"\n{margin}")
        for finding in findings
    ]
    return "\n".join([*lines, "", _verdict(findings)]) + "\n"


def exit_code(findings: Sequence[Finding]) -> int:
    """0 when all is fine, else 1."""
    return int(any(finding.state is not State.FINE for finding in findings))


def _verdict(findings: Sequence[Finding]) -> str:
    counts = {state: sum(finding.state is state for finding in findings) for state in State}
    verdict = []
    if counts[State.BROKEN]:
        verdict.append(f"{counts[State.BROKEN]} broken")
    if counts[State.ATTENTION]:
        verdict.append(f"{counts[State.ATTENTION]} to look after")
    return f"{', '.join(verdict)}; the sentences say what to do." if verdict else "All is well."
