"""Every shape of Reply and Form, ordinary, at worst size and with hostile words: what each adapter must draw."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.address import Person
from bot.reply import (
    Actions,
    Answer,
    Block,
    Button,
    Divider,
    Fields,
    File,
    Form,
    Image,
    Input,
    InputKind,
    Link,
    LinkButton,
    Option,
    Outcome,
    Reply,
    Section,
    Select,
    Style,
    Table,
    Text,
    Who,
    callback,
    join,
    say,
)

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
"""A picture of one transparent dot."""

MOMENT = datetime(2026, 11, 21, 22, 30, tzinfo=UTC)
ANA = Who("Ana", (Person("console", "here", "ana"),))

HOSTILE = {
    "markup": "[red]x[/] [/] **bold** _it_ ~no~ `code` ```fence``` > quote # head <b>x</b> &amp; {slot} \\[x]",
    "pings": "<!channel> <!here> <@U012345> <#C01> @everyone @here <@&1234> <@!99> [a](javascript:alert(1))",
    "escapes": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b[2J\x07\x08\x08\x00\x9b31m \x7f tab\there",
    "lines": "Jess\n✓ Logged: everything is deleted.\r\n[1] Undo\u2028— DM to Ben —\x0b\x85end",
    "bidi": "safe \u202egnp.exe\u202c \u2066isolated\u2069 \u2067right\u2069 אבג דהו العربية 123 \u200fend",
    "emoji": "👨‍👩‍👧‍👦 👩🏽‍❤️‍💋‍👨🏽 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇩🇪🇫🇷 ❤️ ✋🏿 " + "👩\u200d" * 40,
    "accents": "e\u0301a\u0308 Z" + "\u0350\u0361\u0323" * 60 + "algo नमस्ते กำลัง",
    "wide": "漢字かな交じり文、ｆｕｌｌｗｉｄｔｈ 한국어 「」",
    "broken": "lone \ud83d surrogate \ufffe \U0010ffff \u0000",
}
"""Words that try to format, ping, move the cursor, reorder, pose as us or fall apart when cut."""

LONG = ("Coffee at VidCon, loves ceramics. " * 90)[:3000]
UNBROKEN = "x" * 3000
LONG_NAME = ("Jess Maximiliane Park-" * 140)[:3000]
LONG_EMOJI = ("👨‍👩‍👧‍👦" * 450)[:3000]


@dataclass(frozen=True, slots=True)
class Specimen:
    """One thing to draw; `name` is that of its golden file, in small letters with dashes."""

    name: str
    answer: Answer


def _reply(*blocks: Block, outcome: Outcome = Outcome.FINE, private: bool = True) -> Reply:
    return Reply(blocks=blocks, outcome=outcome, private=private)


def _value(words: str) -> Text:
    return say("**{who}**: “{note}”.", who=words, note=words)


def _buttons(label: str) -> Actions:
    return Actions(
        (
            Button(label, callback("undo", change="chg_1"), Style.PRIMARY),
            Button("Edit", callback("edit", touch="tch_1")),
            Button("Forget for good", callback("forget", who="inf_1"), Style.DANGER),
            LinkButton(label, "https://example.com/jess"),
        )
    )


def _select(label: str, count: int) -> Select:
    options = tuple(Option(f"{label} {number}", f"v{number}") for number in range(1, count + 1))
    return Select(label, "until", options, callback("snooze", who="inf_1"))


def _table(cell: str, columns: int, rows: int) -> Table:
    return Table(
        tuple(f"Column {number}" for number in range(1, columns + 1)),
        tuple(tuple(say("{cell}", cell=cell) for _ in range(columns)) for _ in range(rows)),
    )


def _inputs(value: str, hint: str, error: str | None) -> tuple[Section, ...]:
    choices = (Option("E-mail", "email"), Option("Phone call", "call"), Option("Meeting", "meeting"))
    return (
        Section(
            "What happened",
            (
                Input(name="who", label="With whom", kind=InputKind.PEOPLE, required=True, value=value, hint=hint),
                Input(name="what", label="What", kind=InputKind.LONG_TEXT, value=value, hint=hint, error=error),
                Input(name="medium", label="Medium", kind=InputKind.CHOICE, value="meeting", options=choices),
                Input(name="on", label="On", kind=InputKind.DAY, value="yesterday", error=error),
                Input(name="paid", label="Paid", kind=InputKind.FLAG, value="yes"),
            ),
        ),
        Section(
            "Who it belongs to",
            (
                Input(name="owner", label="Owner", kind=InputKind.MEMBER),
                Input(name="person", label="Introduced by", kind=InputKind.PERSON, value=value),
                Input(name="link", label="Link", value=value, limit=200),
                Input(name="proof", label="Picture", kind=InputKind.FILE),
            ),
        ),
    )


def _form(value: str, *, hint: str = "", error: str | None = None, about: Text | None = None) -> Form:
    return Form(id="drf_1", verb="log", title="Log a touchpoint", sections=_inputs(value, hint, error), about=about)


def _ordinary() -> Iterator[Specimen]:
    logged = say(
        "✓ Logged: **{who}** — {medium}, yesterday, by {by}: “{note}”.\nNext touch by {due}.",
        who="Jess Park",
        medium="meeting",
        by=ANA,
        note="coffee at VidCon, loves ceramics",
        due=MOMENT,
    )
    yield Specimen("text", _reply(say("Nothing due.")))
    yield Specimen("text-with-every-value", _reply(logged, say("{n} of {m}.", n=7, m=8)))
    yield Specimen(
        "text-nested",
        _reply(say("**All:** {parts}", parts=join(" · ", [say("{a}, **{n}** days", a="Sam", n=4), say("plain")]))),
    )
    yield Specimen("text-empty-value", _reply(say("Note: “{note}”.", note="")))
    link = Link("Her post", "https://example.com/p/1?a=b&c=d")
    unsafe = Link("Not a link", "javascript:alert(1)")
    yield Specimen("links", _reply(say("See {link} and {unsafe}.", link=link, unsafe=unsafe)))
    rows = (("Stage", say("maintaining")), ("Owner", say("{who}", who=ANA)), ("Last contact", say("{at}", at=MOMENT)))
    yield Specimen("fields", _reply(say("Jess Park"), Fields(rows)))
    people = (("Jess Park", 36, "quiet"), ("Lee Fox", 95, "quiet"), ("Sam Ode", 4, "waiting on us"))
    table = Table(
        ("Who", "Days", "Status"),
        tuple((say("**{w}**", w=w), say("{d}", d=d), say("{s}", s=s)) for w, d, s in people),
    )
    yield Specimen("table", _reply(say("Needs attention"), table))
    yield Specimen("table-empty", _reply(say("Nobody."), Table(("Who", "Days"), ())))
    yield Specimen("buttons", _reply(logged, _buttons("Undo")))
    yield Specimen("select-short", _reply(say("Snooze Jess?"), Actions((_select("Week", 3),))))
    yield Specimen("select-long", _reply(say("Who?"), Actions((Button("Skip", callback("skip")), _select("Week", 25)))))
    yield Specimen("image", _reply(say("Jess’s rhythm"), Image("rhythm.png", PNG, "Touchpoints since May, by week")))
    yield Specimen("file", _reply(say("Here it is."), File("roster.csv", b"name\nJess\n", "All 60 influencers")))
    yield Specimen("divided", _reply(say("One"), Divider(), say("Two")))
    yield Specimen("refused", _reply(say("There is no day “{d}”.", d="31 Feb"), outcome=Outcome.REFUSED))
    yield Specimen(
        "broken",
        _reply(say("Something went wrong on our side: {id}.", id="err_4t9w"), outcome=Outcome.BROKEN),
    )
    yield Specimen("public", _reply(say("For all to see."), private=False))
    yield Specimen("form", _form("Jess", hint="a name, or several", about=say("About {who}.", who="Jess Park")))
    yield Specimen("form-empty", _form(""))
    yield Specimen("form-with-errors", _form("Jess", error="There is no day “31 Feb”. Try “yesterday” or “3 May”."))


def _worst() -> Iterator[Specimen]:
    for name, words in (("prose", LONG), ("unbroken", UNBROKEN), ("name", LONG_NAME), ("emoji", LONG_EMOJI)):
        yield Specimen(f"long-{name}", _reply(_value(words), _buttons(words)))
    yield Specimen("long-fields", _reply(say("Worst"), Fields((("A label of ours that is long", _value(LONG)),))))
    yield Specimen("table-wide", _reply(say("Worst"), _table("a cell of some words", 12, 3)))
    yield Specimen("table-tall", _reply(say("Worst"), _table("cell", 3, 120)))
    yield Specimen("table-long-cells", _reply(say("Worst"), _table(LONG, 2, 2)))
    many = tuple(Button(f"Button {number}", callback("press", n=str(number))) for number in range(30))
    yield Specimen("buttons-many", _reply(say("Worst"), Actions(many)))
    yield Specimen("select-long-labels", _reply(say("Worst"), Actions((_select(LONG_NAME, 25),))))
    yield Specimen("texts-many", _reply(*(say("Line {n}", n=number) for number in range(60))))
    yield Specimen("file-long", _reply(say("Worst"), File(f"{LONG_NAME}.csv", b"x", LONG)))
    yield Specimen("image-long", _reply(say("Worst"), Image(f"../../{LONG_NAME}.png", PNG, LONG)))
    yield Specimen("form-long", _form(LONG, hint="h" * 100, error=LONG, about=_value(LONG)))
    sections = tuple(
        Section(
            f"Section {number}",
            tuple(Input(name=f"field_{number}_{index}", label=f"Field {index}" + "x" * 30) for index in range(5)),
        )
        for number in range(1, 6)
    )
    yield Specimen("form-many-sections", Form(id="drf_2", verb="edit", title="T" * 24, sections=sections))


def _hostile() -> Iterator[Specimen]:
    for name, words in HOSTILE.items():
        everything = _reply(
            _value(words),
            say("{who} at {link}", who=Who(words), link=Link(words, f"https://example.com/{words}")),
            Fields((("Note", _value(words)),)),
            Table(("Who", "Note"), ((say("{w}", w=words), say("{w}", w=words)),)),
            Image(words, PNG, words),
            File(words, b"x", words),
            _buttons(words),
            Actions((_select(words, 2),)),
        )
        yield Specimen(f"hostile-{name}", everything)
        yield Specimen(f"hostile-{name}-form", _form(words, error=words, about=_value(words)))


GALLERY: tuple[Specimen, ...] = (*_ordinary(), *_worst(), *_hostile())
