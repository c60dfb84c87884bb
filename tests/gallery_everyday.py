"""Scenes of a day's work: logging, looking, lists, settings, files, undo, and what goes wrong with them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.address import Place
from bot.handlers import all_verbs
from bot.inbound import Command, Role, Upload
from bot.model import NAME_LIMIT, NOTE_LIMIT
from bot.reading.words import clean_line
from bot.reply import Answer, Form, Reply
from tests.desk import WORKSPACE, Desk
from tests.gallery_worlds import PLAIN_NAMES, World

Scene = Callable[[Desk, World], Awaitable[Answer]]


def _line(line: str, who: str = "ana") -> Scene:
    """Somebody types a line."""

    async def scene(desk: Desk, _: World) -> Answer:
        return await desk.says(who, line)

    return scene


def _then_fills(line: str, who: str = "ana", **values: str) -> Scene:
    """Somebody types a line that opens a form, and sends it changed."""

    async def scene(desk: Desk, _: World) -> Answer:
        return await desk.fills(who, await desk.says(who, line), **values)

    return scene


def _pressed(line: str, *pressed: str, who: str = "ana", choice: str = "") -> Scene:
    """Somebody types a line and presses one button after the other."""

    async def scene(desk: Desk, _: World) -> Answer:
        answer = await desk.says(who, line)
        for label in pressed:
            answer = await desk.presses(who, answer, label, choice)
        return answer

    return scene


def _pressed_and_filled(line: str, *pressed: str, **values: str) -> Scene:
    async def scene(desk: Desk, world: World) -> Answer:
        return await desk.fills("ana", await _pressed(line, *pressed)(desk, world), **values)

    return scene


def _noted(line: str) -> Scene:
    """A line that ends with the words of the roster."""

    async def scene(desk: Desk, world: World) -> Answer:
        return await desk.says("ana", f"{line} {world.note('')}".strip()[:NOTE_LIMIT])

    return scene


def _after(*lines: str) -> Scene:
    """Several lines, `who: line`; the last one is answered."""

    async def scene(desk: Desk, world: World) -> Answer:
        answer: Answer | None = None
        for line in lines:
            who, _, said = line.partition(": ")
            answer = await desk.says(who, said)
        assert answer is not None
        return answer

    return scene


async def _empty_due(desk: Desk, _: World) -> Answer:
    return await desk.says("cem", "due")


async def _newcomer(desk: Desk, _: World) -> Answer:
    return await desk.says("dee", "help")


async def _guest(desk: Desk, _: World) -> Answer:
    desk.roles["eve"] = Role.GUEST
    return await desk.says("eve", "due")


async def _add_named(desk: Desk, world: World) -> Answer:
    return await desk.fills(
        "ana", await desk.says("ana", "add"), name=world.called("Uma Vale"), handles="tiktok:uma.vale youtube:umavale",
        tier="B", tag="travel food", cadence="3 weeks", owner="ben", manager=world.called("Agency"),
    )  # fmt: skip


async def _add_namesake(desk: Desk, world: World) -> Answer:
    return await desk.fills("ana", await desk.says("ana", "add"), name=world.called("Jess Park"))


async def _add_another(desk: Desk, world: World) -> Answer:
    return await desk.presses("ana", await _add_namesake(desk, world), "Add another")


async def _add_archived_namesake(desk: Desk, world: World) -> Answer:
    return await desk.fills("ana", await desk.says("ana", "add"), name=world.called("Tom Weir"))


async def _edit_all(desk: Desk, world: World) -> Answer:
    form = await desk.says("ana", "edit inf_waiting")
    name, note = world.called("Sam Odell"), world.note("new")
    return await desk.fills(
        "ana", form, name=name, aliases=f"Sammy\n{name}", handles="tiktok:sam x:sam", tags="food travel", tier="C",
        cadence="10d", owner="nobody", email=name, phone="+49 30 1234", manager=name, address=note, goal=note,
        motivation=note, objective=note, notes=clean_line(note)[:NOTE_LIMIT],
    )  # fmt: skip


async def _edit_cleared(desk: Desk, _: World) -> Answer:
    form = await desk.says("ana", "edit inf_quiet")
    assert isinstance(form, Form)
    empty = {one.name: "" for one in form.inputs if one.name != "name"}
    return await desk.fills("ana", form, **empty)


async def _in_doubt(desk: Desk, world: World) -> Answer:
    return await desk.says("ana", f"log jess {world.note('coffee yesterday')}"[:NOTE_LIMIT])


async def _in_doubt_in_form(desk: Desk, world: World) -> Answer:
    return await desk.fills("ana", await desk.says("ana", "log"), who="jess", what=world.note("coffee"), on="31 feb")


async def _stranger(desk: Desk, world: World) -> Answer:
    return await desk.says("ana", f'log "{world.called("Wilhelmina").replace(chr(34), "")}" coffee')


async def _added_then_goes_on(desk: Desk, world: World) -> Answer:
    form = await desk.presses("ana", await _stranger(desk, world), "Add them")
    return await desk.fills("ana", form, name=world.called("Wilhelmina"))


async def _too_long(desk: Desk, world: World) -> Answer:
    return await desk.says("ana", f"log inf_quiet {world.note('') or 'coffee'} {'x' * 3000}")


async def _log_form_with_errors(desk: Desk, world: World) -> Answer:
    form = await desk.says("ana", "log inf_quiet")
    return await desk.fills("ana", form, what=world.note("coffee"), on="31 feb", value=world.called("€500"))


async def _log_all_fields(desk: Desk, world: World) -> Answer:
    return await desk.fills(
        "ana", await desk.says("ana", "log"), who="inf_paid", what=world.note("sent a bowl"), on="2026-11-20",
        medium="gift", direction="outbound", exchange="ask", by="ben", paid="yes", value=world.called("€500"),
        link="https://example.com/p/1?a=b&c=d",
    )  # fmt: skip


async def _undo_with_rest(desk: Desk, _: World) -> Answer:
    await desk.says("ana", "tier inf_quiet C")
    await desk.says("ben", "tier inf_quiet B")
    return await desk.says("ana", "undo")


async def _undo_the_rest(desk: Desk, world: World) -> Answer:
    return await desk.presses("ana", await _undo_with_rest(desk, world), "Undo the rest")


async def _undo_many(desk: Desk, _: World) -> Answer:
    await desk.says("ana", "log inf_quiet, inf_waiting, inf_plan, inf_soon sent the spring samples")
    return await desk.says("ana", "undo")


async def _closed_form(desk: Desk, _: World) -> Answer:
    form = await desk.says("ana", "log inf_quiet")
    await desk.fills("ana", form, what="coffee")
    return await desk.fills("ana", form, what="coffee")


async def _somebody_elses_form(desk: Desk, _: World) -> Answer:
    return await desk.fills("ben", await desk.says("ana", "log inf_quiet"), what="coffee")


async def _expired_form(desk: Desk, _: World) -> Answer:
    place = desk.actor("ana")
    return await desk.core.dispatch(
        Command(verb="log", actor=place, place=Place("fake", WORKSPACE, "c"), heard="x", draft="drf_gone")
    )


async def _admin_only(desk: Desk, _: World) -> Answer:
    return await desk.presses("ben", await desk.says("ana", "settings"), "Change the team")


async def _broken(desk: Desk, _: World) -> Answer:
    desk.breaks("members")
    return await desk.says("ana", "undo")


async def _settings_changed(desk: Desk, world: World) -> Answer:
    form = await desk.presses("ana", await desk.says("ana", "settings"), "Change the team")
    return await desk.fills(
        "ana", form, name=world.called("New name"), timezone="America/New_York", country="US", working_days="mon tue",
        days_off="2026-12-31", nudge_hour="10:00", channel="#creators", sensitivity="eager",
        gestures=world.note("a card"), tier_a="14", tier_b="1 month",
    )  # fmt: skip


async def _own_settings_changed(desk: Desk, _: World) -> Answer:
    form = await desk.presses("ana", await desk.says("ana", "settings"), "Change mine")
    return await desk.fills("ana", form, timezone="America/New_York", nudges="", nudge_hour="8:15", daily_cap="3")


def _sheet(world: World, *, wrong: bool = False) -> tuple[Upload, ...]:
    note = world.note("likes tea").replace('"', "'")
    name = world.called("Uma Vale").replace('"', "'")[: NAME_LIMIT - 3]
    rows = [f'"{name} {number}",{"E" if wrong else "B"},"{note}"' for number in range(3 if not world.many else 40)]
    touches = [f'"{name} {number}",{"31.2.2026" if wrong else "2026-11-02"},email' for number in range(3)]
    return (
        Upload("roster.csv", "\n".join(["name,tier,goal", *rows]).encode()),
        Upload("touchpoints.csv", "\n".join(["influencer,date,medium", *touches]).encode()),
    )


async def _dry_run(desk: Desk, world: World) -> Answer:
    return await desk.says("ana", "import", files=_sheet(world))


async def _imported(desk: Desk, world: World) -> Answer:
    return await desk.presses("ana", await _dry_run(desk, world), "Import")


async def _not_importable(desk: Desk, world: World) -> Answer:
    return await desk.says("ana", "import", files=_sheet(world, wrong=True))


async def _nudges(desk: Desk, _: World, who: str = "ana") -> Reply:
    """The message of the next working morning."""
    await desk.waits(timedelta(hours=24))
    messages = desk.messages_to(who)
    assert messages, "a morning without a message"
    return messages[-1]


async def _nudges_done(desk: Desk, world: World) -> Answer:
    await _nudges(desk, world)
    await desk.says("ben", "log inf_quiet called, all is well")
    await desk.waits(timedelta(hours=1))
    return desk.messages_to("ana")[-1]


def _nudge_pressed(*pressed: str, choice: str = "") -> Scene:
    async def scene(desk: Desk, world: World) -> Answer:
        answer: Answer = await _nudges(desk, world)
        for label in pressed:
            answer = await desk.presses("ana", answer, label, choice)
        return answer

    return scene


async def _nudge_pressed_late(desk: Desk, world: World) -> Answer:
    message = await _nudges(desk, world)
    await desk.presses("ana", message, "Not needed")
    return await desk.presses("ana", message, "Snooze", "1 week")


SCENES: dict[str, Scene] = {
    "help": _line("help"),
    "help-all": _line("help all"),
    "help-all-for-a-member": _line("help all", "ben"),
    "help-for-a-newcomer": _newcomer,
    "help-for-a-member": _line("help", "ben"),
    "unknown-verb-near": _line("lgo jess coffee"),
    "unknown-verb": _line("sing"),
    "internal-verb": _line("delete_touch tch_quiet_000"),
    "too-many-words": _line("undo everything please"),
    "guest": _guest,
    "admin-only": _admin_only,
    "broken": _broken,
    "expired-form": _expired_form,
    "closed-form": _closed_form,
    "somebody-elses-form": _somebody_elses_form,
    "too-long": _too_long,
    "due": _line("due"),
    "due-all": _line("due all"),
    "due-of-another": _line("due @ben"),
    "due-nothing": _empty_due,
    "due-nobody": _line("due nobody"),
    "due-unknown-member": _line("due xavier"),
    **{f"show-{key}": _line(f"show inf_{key}") for key in PLAIN_NAMES},
    "show-through-a-typo": _line("show @jess.prak"),
    "show-in-doubt": _line("show jess"),
    "show-nobody": _line("show Wilhelmina"),
    "history": _line("history inf_quiet"),
    "history-older": _pressed("history inf_quiet", "Older"),
    "history-of-one": _line("history inf_soon"),
    "history-newer": _pressed("history inf_quiet", "Older", "Newer"),
    "history-narrowed": _line("history inf_quiet medium:email since:2025-01-01"),
    "history-none": _line("history inf_new"),
    "history-none-such": _line("history inf_soon medium:email since:may"),
    "find-everybody": _line("find"),
    "find-words": _line("find cookbook"),
    "find-narrowed": _line("find tier:A stage:maintaining owner:me"),
    "find-status": _line("find status:waiting_on_us"),
    "find-nobody": _line("find zzz"),
    "find-wrong-status": _line("find status:sad"),
    "add": _line("add Uma Vale"),
    "add-with-everything": _add_named,
    "add-namesake": _add_namesake,
    "add-another": _add_another,
    "add-archived-namesake": _add_archived_namesake,
    "add-handle-taken": _line("add Uma Vale instagram:jess.park"),
    "add-handle-of-archived": _line("add Uma Vale instagram:tom.weir"),
    "add-wrong-handle": _line("add Uma Vale handles:uma"),
    "add-form": _line("add"),
    "added-then-goes-on": _added_then_goes_on,
    "edit-form": _line("edit inf_quiet"),
    "edit-form-with-errors": _then_fills("edit inf_waiting", name="", tier="", handles="nonsense"),
    "edit-all": _edit_all,
    "edit-cleared": _edit_cleared,
    "edit-nothing": _then_fills("edit inf_waiting"),
    "edit-by-line": _line("edit inf_waiting tier:C phone:123"),
    "note": _noted("note inf_soon allergic to peanuts"),
    "note-form": _line("note inf_soon"),
    "archive": _line("archive inf_soon"),
    "archive-in-doubt": _line("archive jess"),
    "archive-begun": _line("archive mia"),
    "archive-twice": _line("archive inf_archived"),
    "restore": _line("restore inf_archived"),
    "restore-nobody-archived": _line("restore inf_soon"),
    "tier": _line("tier inf_new B"),
    "tier-already": _line("tier inf_soon A"),
    "tier-wrong": _line("tier inf_soon F"),
    "tier-form": _line("tier"),
    "stage": _line("stage inf_new establishing"),
    "stage-of-paused": _line("stage inf_paused enhancing"),
    "stage-ended": _line("stage inf_quiet ended"),
    "own": _line("own inf_quiet @ben"),
    "own-nobody": _line("own inf_quiet nobody"),
    "own-unknown": _line("own inf_quiet @xavier"),
    "own-form": _line("own inf_quiet"),
    "cadence": _line("cadence inf_quiet 3 weeks"),
    "cadence-of-a-day": _line("cadence inf_quiet 1 day"),
    "cadence-wrong": _line("cadence inf_quiet soon"),
    "cadence-too-long": _line("cadence inf_quiet 20 years"),
    "tag": _line("tag inf_quiet spring -food"),
    "tag-last-off": _after("ana: tag inf_soon food", "ana: tag inf_soon -food"),
    "snooze": _line("snooze inf_quiet 2w"),
    "snooze-tomorrow": _line("snooze inf_quiet tomorrow"),
    "snooze-past": _line("snooze inf_quiet yesterday"),
    "snooze-wrong": _line("snooze inf_quiet whenever"),
    "pause": _line("pause inf_quiet"),
    "pause-twice": _line("pause inf_paused"),
    "resume": _line("resume inf_paused"),
    "resume-snoozed": _line("resume inf_snoozed"),
    "resume-nothing": _line("resume inf_quiet"),
    "log": _noted("log inf_quiet coffee at VidCon yesterday"),
    "log-third-ask": _after("ana: log inf_paid asked for a reel", "ana: log inf_paid asked for a story"),
    "log-several": _line("log inf_quiet, inf_waiting, inf_new sent the spring samples"),
    "log-inbound": _line("log inf_waiting replied: yes to the launch medium:email"),
    "log-with-a-colleague": _line("log inf_alike called about the launch"),
    "log-paid-gift": _log_all_fields,
    "log-paused": _line("log inf_paused coffee"),
    "log-future": _line("log inf_quiet lunch on:2026-12-24"),
    "log-form": _line("log"),
    "log-form-for-one": _line("log inf_quiet"),
    "log-form-with-errors": _log_form_with_errors,
    "log-in-doubt": _in_doubt,
    "log-in-doubt-in-form": _in_doubt_in_form,
    "log-through-a-typo": _line("log instagram:jess.prak coffee"),
    "log-nobody": _stranger,
    "log-picked": _pressed("log jess coffee yesterday", "Jess"),
    "edit-touch-form": _pressed("history inf_quiet", "Edit"),
    "edit-touch": _pressed_and_filled("history inf_quiet", "Edit", what="", medium="call", on="yesterday"),
    "edit-touch-with-errors": _pressed_and_filled("history inf_quiet", "Edit", medium="", link="example.com"),
    "delete-touch": _pressed("history inf_quiet", "Delete"),
    "undo": _after("ana: log inf_quiet coffee", "ana: undo"),
    "undo-of-add": _after("ana: add Uma Vale", "ana: undo"),
    "undo-of-stage": _after("ana: stage inf_quiet enhancing", "ana: undo"),
    "undo-many": _undo_many,
    "undo-nothing": _line("undo"),
    "undo-with-rest": _undo_with_rest,
    "undo-the-rest": _undo_the_rest,
    "undo-twice": _after("ana: tag inf_soon food", "ana: undo", "ana: undo"),
    "settings": _line("settings"),
    "settings-of-a-member": _line("settings", "ben"),
    "settings-team-form": _pressed("settings", "Change the team"),
    "settings-team-errors": _pressed_and_filled("settings", "Change the team", nudge_hour="25:00"),
    "settings-team-changed": _settings_changed,
    "settings-own-form": _pressed("settings", "Change mine"),
    "settings-own-errors": _pressed_and_filled("settings", "Change mine", daily_cap="99"),
    "settings-own-changed": _own_settings_changed,
    "import-form": _line("import"),
    "import-refused": _line("import", "ben"),
    "import-dry-run": _dry_run,
    "import-problems": _not_importable,
    "imported": _imported,
    "export": _line("export"),
    "export-sheets": _line("export form:csv"),
    "export-one": _line("export inf_soon"),
    "export-refused": _line("export", "ben"),
    "nudges": _nudges,
    "nudges-done": _nudges_done,
    "nudge-reached": _nudge_pressed("I reached out"),
    "nudge-snoozed": _nudge_pressed("Snooze", choice="1 week"),
    "nudge-not-needed": _nudge_pressed("Not needed"),
    "nudge-hand-over": _nudge_pressed("Hand over"),
    "nudge-handed-over": _nudge_pressed("Hand over", "Hand over to", choice="Ben"),
    "nudge-pressed-late": _nudge_pressed_late,
    **{f"help-{spec.name}": _line(f"help {spec.name}") for spec in all_verbs() if not spec.internal},
}
"""What somebody does, by name."""

SAME_EVERYWHERE = frozenset(name for name in SCENES if name.startswith("help-")) | {
    "unknown-verb", "unknown-verb-near", "internal-verb", "too-many-words", "guest", "broken", "expired-form",
    "add-form", "tier-form", "log-form", "undo-nothing", "import-form", "import-refused", "export-refused",
    "due-nobody", "add-wrong-handle", "find-wrong-status", "tier-wrong", "cadence-too-long", "snooze-past",
    "snooze-wrong", "cadence-wrong", "closed-form", "somebody-elses-form", "admin-only", "find-nobody",
    "settings-own-form", "settings-own-errors", "settings-own-changed", "due-unknown-member", "own-unknown",
    "show-nobody", "due-nothing",
}  # fmt: skip
"""Scenes whose answer has nothing of the roster in it."""
