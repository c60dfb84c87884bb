"""Any words in any argument, by line and by form: an answer, never a traceback, and nothing kept that is not shown."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.handlers import all_verbs
from bot.model import (
    NAME_LIMIT,
    NOTE_LIMIT,
    Influencer,
    Member,
    Occasion,
    Promise,
    Record,
    Schedule,
    StandingNote,
    Team,
    Touchpoint,
)
from bot.reading.words import clean, sound
from bot.reply import Answer, Form, Outcome, Reply
from tests.desk import MEMORY, Desk, open_desk, words
from tests.gallery import HOSTILE

TYPED = tuple(spec for spec in all_verbs() if not spec.internal)

_AWKWARD = (
    *HOSTILE.values(), "", " ", "\u200b", "\u202e", "\u3164", "\n", '"', "“", "”", ",", ":", "-", "@", "#", "jess",
    "sam", "jess, sam", '"Jess Park"', "jess and sam", "Jess P", "jesss", "@jess.park", "instagram:jess.park", "x:y",
    "a:b:c", "nobody", "me", "ana", "tier:A", "tier:", "on:31 feb", "on:tomorrow", "since:may", "skip:99999999", "2w",
    "until friday", "yesterday", "coffee", "0001-01-01", "9999-12-31", "99999999999 weeks", "-1 days", "1" * 500, "٣",
    "²", "in 9000 years", "next month", "1e9 days", "x" * NAME_LIMIT, "x" * (NAME_LIMIT + 1), "y " * 1500,
    "z" * (NOTE_LIMIT + 1), "👩‍👩‍👧‍👦" * 500, "é" * 3000, "/rapport", "{slot}", "https://example.com/a?b=c",
    "https://", "Europe/Berlin", "../../etc/passwd", "09:30", "24:00", "mon", "DE", "here", "#team",
)  # fmt: skip
_ANY = st.one_of(st.text(max_size=50), st.sampled_from(_AWKWARD))
TEXTS = st.lists(_ANY, min_size=1, max_size=4).map(" ".join)

Steps = Callable[[Desk], Awaitable[None]]


def at_a_desk(steps: Steps) -> None:
    """Runs steps on a team of two with two influencers, and a store of its own."""

    async def play() -> None:
        with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
            async with open_desk(Path(folder)) as desk:
                await desk.says("ben", "help")
                await desk.says("ana", "add Jess Park instagram:jess.park tier:A")
                await desk.says("ana", "add Sam Ode")
                await desk.says("ana", "log jess coffee yesterday")
                await steps(desk)

    asyncio.run(play())


def is_answered(answer: Answer) -> bool:
    """Whether nothing of ours broke."""
    return isinstance(answer, Form) or answer.outcome is not Outcome.BROKEN


async def kept(desk: Desk) -> dict[str, Record]:
    """What people know to be stored, by id."""
    team = await desk.team()
    kinds: tuple[type[Record], ...] = (Influencer, Touchpoint, Promise, Occasion, Schedule, Member)
    return {
        record.id: record for records in [await desk.store.everything(kind, team.id) for kind in kinds]
        for record in records
    } | {team.id: team}  # fmt: skip


def texts_of(record: object) -> Iterator[str]:
    """Every word of a record that somebody wrote."""
    if isinstance(record, StandingNote):
        yield record.text
    elif isinstance(record, Influencer):
        yield record.name
        for value in (record.email, record.phone, record.manager, record.address, record.goal):
            yield from [value] if value else []
        yield from (text for text in (record.motivation, record.objective) if text)
        yield from (*record.aliases, *record.tags, *map(str, record.handles))
        yield from (note.text for note in record.notes)
    elif isinstance(record, Touchpoint):
        yield from (text for text in (record.note, record.value, record.link) if text)
    elif isinstance(record, Promise):
        yield from (text for text in (record.what, record.value, record.link) if text)
    elif isinstance(record, Occasion):
        yield record.label
    elif isinstance(record, Team):
        yield record.name
        for gesture in record.gestures:
            yield from (text for text in (gesture.text, gesture.link) if text)


async def told(desk: Desk, answer: Answer) -> str:
    """All that can be read after an answer: the answer itself, the settings, and everybody's recap and history."""
    said = [words(answer)] if isinstance(answer, Reply) else []
    said.append(words(await desk.says("ana", "settings")))
    for influencer in await desk.store.everything(Influencer, (await desk.team()).id):
        lists = ("show", "history", "promises", "occasion")
        said += [words(await desk.says("ana", f"{verb} {influencer.id}")) for verb in lists]
    return "\n".join(said)


async def check(desk: Desk, before: dict[str, Record], answer: Answer) -> None:
    """What was stored is what can be read, cleaned and within its limits; a refusal and a form stored nothing."""
    assert is_answered(answer), words(answer)
    after = await kept(desk)
    changed = [record for id, record in after.items() if before.get(id) != record]
    if isinstance(answer, Form) or answer.outcome is Outcome.REFUSED:
        assert [] == changed
    if not changed:
        return
    readable = await told(desk, answer)
    for record in changed:
        known = set(texts_of(before.get(record.id)))
        for text in texts_of(record):
            assert text == clean(text)
            assert len(text) <= NOTE_LIMIT
            assert text in known or text in readable
        if isinstance(record, Influencer):
            assert 1 <= len(record.name) <= NAME_LIMIT


@pytest.mark.parametrize("verb", [spec.name for spec in TYPED])
@settings(max_examples=10)
@given(text=TEXTS, named=st.booleans())
def test_any_words_behind_a_verb_are_answered(verb: str, text: str, named: bool) -> None:
    """Whatever is typed behind a verb, with or without a name before it."""

    async def steps(desk: Desk) -> None:
        before = await kept(desk)
        answer = await desk.says("ana", f"{verb} {'jess ' if named else ''}{text}")
        await check(desk, before, answer)

    at_a_desk(steps)


@settings(max_examples=25)
@given(verb=TEXTS, text=TEXTS)
def test_any_line_is_answered(verb: str, text: str) -> None:
    """Whatever is typed in the place of a verb, as a command and as words."""

    async def steps(desk: Desk) -> None:
        before = await kept(desk)
        await check(desk, before, await desk.says("ana", f"{verb} {text}"))
        before = await kept(desk)
        await check(desk, before, await desk.tells("ana", f"{verb} {text}"))

    at_a_desk(steps)


@pytest.mark.parametrize("spec", TYPED, ids=lambda spec: spec.name)
@settings(max_examples=8)
@given(data=st.data())
def test_any_words_behind_a_key_are_answered(spec: Any, data: st.DataObject) -> None:
    """Whatever is given to the arguments by name, quoted or not."""
    keys = [argument.name for argument in spec.arguments] + ["instagram", "none"]
    chosen = data.draw(st.lists(st.tuples(st.sampled_from(keys), TEXTS, st.booleans()), min_size=1, max_size=4))
    line = " ".join(f'{key}:"{text}"' if quoted else f"{key}:{text}" for key, text, quoted in chosen)

    async def steps(desk: Desk) -> None:
        before = await kept(desk)
        await check(desk, before, await desk.says("ana", f"{spec.name} jess {line}"))

    at_a_desk(steps)


async def _form(desk: Desk, verb: str) -> Answer:
    """The form of a verb, of a touchpoint or of settings."""
    match verb:
        case "edit_touch":
            return await desk.presses("ana", await desk.says("ana", "history jess"), "Edit")
        case "team_settings":
            return await desk.presses("ana", await desk.says("ana", "settings"), "Change the team")
        case "my_settings":
            return await desk.presses("ana", await desk.says("ana", "settings"), "Change mine")
        case "edit":
            return await desk.says("ana", "edit jess")
    return await desk.says("ana", verb)


FORMS = (
    "log", "add", "note", "tier", "stage", "own", "cadence", "tag", "snooze", "pause", "resume", "archive", "restore",
    "show", "history", "edit", "edit_touch", "team_settings", "my_settings",
)  # fmt: skip


@pytest.mark.parametrize("verb", FORMS)
@settings(max_examples=10)
@given(data=st.data())
def test_any_words_in_a_form_are_answered(verb: str, data: st.DataObject) -> None:
    """Whatever an input holds, the form does it or comes back with the rest as it was typed."""

    async def steps(desk: Desk) -> None:
        form = await _form(desk, verb)
        assert isinstance(form, Form)
        inputs = [one.name for one in form.inputs]
        likely = {"who": "jess", "what": "coffee", "name": "Uma Vale"}
        values = {name: value for name, value in likely.items() if name in inputs and data.draw(st.booleans())}
        values |= data.draw(st.dictionaries(st.sampled_from(inputs), TEXTS, max_size=4))
        before = await kept(desk)
        answer = await desk.fills("ana", form, **values)
        await check(desk, before, answer)
        if isinstance(answer, Form):
            assert answer.has_errors
            typed = {name: sound(value) for name, value in values.items()}
            assert typed.items() <= {one.name: one.value for one in answer.inputs}.items()

    at_a_desk(steps)


@pytest.mark.parametrize(
    ("line", "limit"),
    [
        (f"add {'x' * (NAME_LIMIT + 1)}", "200"),
        (f"add Uma Vale email:{'x' * (NAME_LIMIT + 1)}", "200"),
        (f"note jess {'x' * (NOTE_LIMIT + 1)}", "3,000"),
        (f"log jess {'x' * (NOTE_LIMIT + 1)}", "3,000"),
        (f"log jess coffee value:{'x' * (NAME_LIMIT + 1)}", "200"),
        (f'edit jess goal:"{"x " * NOTE_LIMIT}x"', "3,000"),
        (f"tag jess {'x' * 51}", "50"),
        (f"tag jess {' '.join(map(str, range(51)))}", "50"),
        (f"add Uma Vale {' '.join(f'x:u{number}' for number in range(21))}", "20"),
        (f"edit jess aliases:{'x' * (NAME_LIMIT + 1)}", "200"),
    ],
)
def test_what_is_too_long_is_refused_with_the_limit(line: str, limit: str) -> None:
    """Nothing is cut off and nothing is stored; the sentence says what fits."""

    async def steps(desk: Desk) -> None:
        before = await kept(desk)
        answer = await desk.says("ana", line)
        assert isinstance(answer, Reply)
        assert Outcome.REFUSED == answer.outcome
        assert f"{limit} at most" in words(answer)
        assert before == await kept(desk)

    at_a_desk(steps)


@pytest.mark.parametrize(
    ("line", "text"),
    [("add {}", "x" * NAME_LIMIT), ("note jess {}", "y" * NOTE_LIMIT), ("log jess {}", "z" * NOTE_LIMIT)],
)
def test_what_just_fits_is_kept_whole(line: str, text: str) -> None:
    """The limit itself is still within the limit; a recap shows how it begins."""

    async def steps(desk: Desk) -> None:
        answer = await desk.says("ana", line.format(text))
        assert text[:150] in await told(desk, answer)
        assert text in {words for record in (await kept(desk)).values() for words in texts_of(record)}

    at_a_desk(steps)


def test_a_record_as_large_as_it_gets_can_still_be_edited() -> None:
    """Fifty notes of 3,000 characters don't fit into a form: those that do are shown, and the others stay."""

    async def steps(desk: Desk) -> None:
        for number in range(50):
            await desk.says("ana", f"note jess {number} {'n' * (NOTE_LIMIT - 3)}")
        form = await desk.says("ana", "edit jess")
        assert isinstance(form, Form)
        assert all(len(one.value) <= one.limit for one in form.inputs)
        answer = await desk.fills("ana", form, phone="123", notes="")
        assert "1 note removed" in words(answer)
        (jess,) = [one for one in await desk.store.everything(Influencer, (await desk.team()).id) if one.phone]
        assert 49 == len(jess.notes)

    at_a_desk(steps)
