"""What goes wrong on demand: the next answers of a method, and sockets that are refused or dropped."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Fault:
    """How one request is met instead of being answered. `processed` says whether it is done all the same."""

    processed: bool = False
    code: str | None = None
    status: int | None = None
    retry_after: int | None = None
    is_dropped: bool = False
    seconds: float = 0.0


def error(code: str) -> Fault:
    """A definite refusal: `ok: false` with one of Slack's codes."""
    return Fault(code=code)


def rate_limited(retry_after: int = 1) -> Fault:
    """429 with Retry-After in seconds: nothing was done."""
    return Fault(code="ratelimited", status=429, retry_after=retry_after)


def status(code: int, *, processed: bool = False) -> Fault:
    """A bare HTTP error without JSON, such as 500 or 503."""
    return Fault(processed, status=code)


def drop_before() -> Fault:
    """The connection is cut before anything was done."""
    return Fault(is_dropped=True)


def drop_after() -> Fault:
    """The request is done, and then the connection is cut."""
    return Fault(processed=True, is_dropped=True)


def slow(seconds: float) -> Fault:
    """The request is done at once, and answered that much later."""
    return Fault(processed=True, seconds=seconds)


class Sockets(Protocol):
    """The sockets of Socket Mode, as far as they can be disturbed."""

    refused: bool

    def drop(self) -> None:
        """Cuts every connection without a word."""
        ...

    def hush(self) -> None:
        """Answers nothing on any connection any more."""
        ...


class Faults:
    """Faults in waiting, method by method, each met once and in order.

    Besides Slack's method names there are `response_url` (whichever), `upload` (the bytes of a file), `download` and
    `*`, which any request meets.
    """

    def __init__(self, sockets: Sockets) -> None:
        """Starts without any."""
        self._waiting: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._sockets = sockets

    def next(self, method: str, *faults: Fault) -> None:
        """The next requests of a method meet these; later ones are answered again."""
        self._waiting[method].extend(faults)

    def clear(self) -> None:
        """From now on everything is answered."""
        self._waiting.clear()

    def meet(self, method: str) -> Fault | None:
        """The fault that a request of this method meets now."""
        for name in (method, "*"):
            if self._waiting[name]:
                return self._waiting[name].popleft()
        return None

    def socket_refused(self, is_refused: bool) -> None:
        """Whether sockets are rejected when they connect; those that stand are left alone."""
        self._sockets.refused = is_refused

    def socket_dropped(self) -> None:
        """Cuts every socket without a word."""
        self._sockets.drop()

    def socket_silent(self) -> None:
        """Leaves every socket open, and answers nothing on it any more."""
        self._sockets.hush()
