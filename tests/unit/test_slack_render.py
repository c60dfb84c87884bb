from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.limits import clip
from adapters.safe import clean_lines
from adapters.slack.back import Back, Meta, decode, encode
from adapters.slack.notices import NOTICE_LIMIT, notice
from adapters.slack.render import Surface, draw_reply, saying
from adapters.slack.rich import VALUE_LIMIT, rich_text
from bot.address import Person, Place, PlaceKind
from bot.reply import (
    Actions,
    Block,
    Button,
    Divider,
    Fields,
    File,
    Image,
    Link,
    LinkButton,
    Option,
    Reply,
    Select,
    Style,
    Table,
    Text,
    Where,
    Who,
    callback,
    join,
    say,
)
from tests.gallery import LONG, MOMENT, PNG
from tests.platform.slack.checks import check_message, check_view

META = Meta("log", "drf_1", Back("T01", "C01"))


@dataclass(slots=True)
class Seen:
    """What somebody sees of blocks: the words of each text, the rows of tables, and what can be pressed."""

    texts: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    pressed: list[dict[str, Any]] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)


def literal(block: dict[str, Any]) -> str:
    """The words of a rich_text block; natively drawn values are not among them."""
    return "".join(piece.get("text", "") for section in block["elements"] for piece in section["elements"])


def pieces(text: Text) -> list[dict[str, Any]]:
    """The elements that a Text becomes in workspace T01."""
    return [piece for section in rich_text(text, "T01")["elements"] for piece in section["elements"]]


def draw(*blocks: Block, surface: Surface = Surface.MESSAGE, private: bool = True) -> Seen:
    """A reply as it is seen, after Slack has found nothing wrong with it."""
    drawn = draw_reply(Reply(blocks=blocks, private=private), surface, "T01")
    if surface is Surface.MESSAGE:
        assert [] == check_message({"text": drawn.text, "blocks": list(drawn.blocks)})
    else:
        assert [] == check_view({**saying("Rapport", drawn, META), "blocks": list(drawn.blocks)})
    seen = Seen()
    for block in drawn.blocks:
        seen.kinds.append(block["type"])
        match block["type"]:
            case "rich_text":
                seen.texts.append(literal(block))
            case "table":
                seen.rows += [[literal(cell) for cell in row] for row in block["rows"]]
            case "actions":
                seen.pressed += block["elements"]
    return seen


def buttons(count: int) -> tuple[Button, ...]:
    """So many buttons, each with a callback of its own."""
    return tuple(Button(f"Button {number}", callback("press", n=str(number))) for number in range(count))


def table(columns: int, rows: int, cell: str = "cell") -> Table:
    """A table with the same words in every cell."""
    row = tuple(say("{cell}", cell=cell) for _ in range(columns))
    return Table(tuple(f"Column {number}" for number in range(columns)), (row,) * rows)


@given(st.text())
def test_what_people_wrote_is_literal_text(words: str) -> None:
    """Whatever a value holds, it becomes nothing but text, letter by letter; only what nobody could see is gone."""
    drawn = pieces(say("Note: “{note}”.", note=words))
    assert {"text"} == {piece["type"] for piece in drawn}
    assert f"Note: “{clean_lines(words)}”." == "".join(piece["text"] for piece in drawn)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Cf", "Mn", "Me", "Mc", "Zl", "Zp", "Lo")), max_size=200))
def test_ordinary_writing_survives_as_it_is(words: str) -> None:
    """Marks, brackets, mentions and colons stay exactly as they were typed, in text and in bold."""
    assert f"{words}: {words}!" == "".join(piece["text"] for piece in pieces(say("**{a}**: {b}!", a=words, b=words)))


@given(st.integers(1, 5_000), st.integers(1, VALUE_LIMIT))
def test_a_long_value_says_how_much_is_missing(length: int, limit: int) -> None:
    """What is longer than its limit is cut, with the count; the words around it stay."""
    block = rich_text(say("A {note} Z", note="x" * length), "T01", limit)
    assert f"A {clip('x' * length, limit)} Z" == literal(block)


def test_bold_is_what_the_template_says() -> None:
    """Only our asterisks make bold, and a nested text keeps the style of the slot it stands in."""
    text = say("**All: {inner}** end", inner=say("{a}", a="**x**"))
    assert [("All: **x**", True), (" end", False)] == [
        (piece["text"], piece.get("style", {}).get("bold", False)) for piece in pieces(text)
    ]


def test_members_are_mentioned_where_they_have_an_account() -> None:
    """Somebody with an account of this workspace is mentioned; by name who has one elsewhere, or a strange id."""
    here, elsewhere = Person("slack", "T01", "U0ANA"), Person("slack", "T02", "U0BEN")
    strange = Person("slack", "T01", "everyone")
    discord = Person("discord", "T01", "U0CLEO")
    who = (Who("Ana", (elsewhere, here)), Who("Ben", (elsewhere,)), Who("Cleo", (discord,)), Who("<!here>", (strange,)))
    drawn = pieces(join(" ", [say("{w}", w=one) for one in who]))
    assert [{"type": "user", "user_id": "U0ANA"}, {"type": "text", "text": " Ben Cleo <!here>"}] == drawn


def test_places_are_linked_where_slack_can() -> None:
    """A channel of this workspace is a link; a DM, another platform's place and a made-up id are words."""
    places = (
        Place("slack", "T01", "C0MARKETING"),
        Place("slack", "T01", "U0ANA", PlaceKind.DM),
        Place("discord", "1", "C123"),
        Place("slack", "T01", "C1|x>"),
    )
    drawn = pieces(join(", ", [say("{w}", w=Where(place)) for place in places]))
    rest = ", direct messages, #C123, #C1|x>"
    assert [{"type": "channel", "channel_id": "C0MARKETING"}, {"type": "text", "text": rest}] == drawn


def test_a_moment_is_shown_in_the_readers_zone() -> None:
    """Slack words it for its reader; where it can't, the hour is said with its zone."""
    stamp = int(MOMENT.timestamp())
    shown = {"type": "date", "timestamp": stamp, "format": "{date_short_pretty} at {time}"}
    assert [shown | {"fallback": "Sat 21 Nov 2026, 22:30 UTC"}] == pieces(say("{at}", at=MOMENT))
    old = datetime(1960, 2, 3, 4, 5, tzinfo=UTC)
    assert [{"type": "text", "text": "Wed 3 Feb 1960, 04:05 UTC"}] == pieces(say("{at}", at=old))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a b", "", "https://x/" + "y" * 3_000, "slack://open"])
def test_only_web_addresses_become_links(url: str) -> None:
    """Anything else is its label and nothing more."""
    assert [{"type": "text", "text": "See post"}] == pieces(say("See {post}", post=Link("post", url)))


def test_an_address_can_not_end_early() -> None:
    """The signs that end an address in Slack's notation are quoted; a link without a label shows its address."""
    assert [{"type": "link", "url": "https://a.example/%3C%7C%3E?b=1&c", "text": "post"}] == pieces(
        say("{post}", post=Link("post", "https://a.example/<|>?b=1&c"))
    )
    assert [{"type": "link", "url": "https://a.example", "text": "https://a.example"}] == pieces(
        say("{post}", post=Link("", "https://a.example"))
    )


def test_nothing_to_say_is_a_dash() -> None:
    """Slack refuses a block without words."""
    assert ["–"] == draw(say("{a}", a="\u202e ")).texts


def noticed(*blocks: Block) -> str:
    """What stands for a reply in notifications, after Slack has found nothing wrong with it."""
    text = notice(Reply(blocks=blocks), "T01")
    assert [] == check_message({"text": text, "blocks": [rich_text(say("x"), "T01")]})
    return text


@given(st.text())
def test_a_notification_can_not_ping(words: str) -> None:
    """Its text is escaped and short, whatever people wrote; Slack's tokens in it are only our dates and channels."""
    place = Where(Place("slack", "T01", "C0MARKETING"))
    text = say(
        "{note} at {at} in {place} by {who}: {link}",
        note=words,
        at=MOMENT,
        place=place,
        who=Who(words, (Person("slack", "T01", "U0ANA"),)),
        link=Link(words, "https://a.b"),
    )
    assert ["!date", "#C0MARKETING"] == [
        token.partition("^")[0] for token in re.findall(r"<([^>]*)>", noticed(text, Fields(((words, say("x")),))))
    ]


@given(st.lists(st.text(max_size=4_000), max_size=40))
def test_a_notification_is_short(values: list[str]) -> None:
    """However much a message holds, what stands for it fits."""
    assert 0 < len(noticed(say("Notes"), *(say("{value}", value=value) for value in values)).encode()) <= NOTICE_LIMIT


def test_a_notification_says_what_the_message_says() -> None:
    """Every sentence, fact, row and file is a line in plain words; what can be pressed is not among them."""
    people = Table(("Who", "Days", "Status"), (tuple(say("{c}", c=cell) for cell in ("Jess", 36, "quiet")),))
    owner = Fields((("Owner", say("{who}", who=Who("Ana", (Person("slack", "T01", "U0ANA"),)))),))
    blocks = (say("**Jess** & co"), Divider(), owner, people, Image("r.png", PNG, "By week"), Actions(buttons(2)))
    assert "Jess &amp; co\nOwner: Ana\nJess — Days: 36 · Status: quiet\nBy week\nDone." == noticed(
        *blocks, say("Done.")
    )
    drawn = draw_reply(Reply(blocks=blocks), Surface.MESSAGE, "T01")
    assert "Jess &amp; co\nOwner: Ana\nJess — Days: 36 · Status: quiet\nBy week" == drawn.text


def test_a_long_notification_shortens_values_before_it_ends() -> None:
    """Long notes leave room for everybody; of what is too much even so the beginning stays."""
    people = [say("**{who}** — “{note}”", who=f"Person {number}", note=LONG) for number in range(200)]
    assert [f"Person {number}" for number in range(20)] == [
        line.partition(" —")[0] for line in noticed(*people[:20]).splitlines()
    ]
    text = noticed(*people)
    assert text.startswith("Person 0 — “Coffee at VidCon")
    assert text.endswith("…")
    assert NOTICE_LIMIT - 200 < len(text.encode())


def test_fields_are_lines_with_bold_labels() -> None:
    """Each fact stands on a line of its own in one block."""
    block = draw_reply(
        Reply(blocks=(say("Jess"), Fields((("Stage", say("{s}", s="new")), ("Owner", say("nobody")))))),
        Surface.MESSAGE,
        "T01",
    ).blocks[1]
    assert [("Stage: ", True), ("new", False), ("\nOwner: ", True), ("nobody", False)] == [
        (piece["text"], "style" in piece) for piece in block["elements"][0]["elements"]
    ]


def test_buttons_say_what_they_stand_for() -> None:
    """The id of a button carries its callback behind a number that is its own in the message; styles are Slack's."""
    pressed = draw(
        say("Hello"),
        Actions(
            (
                Button("Undo", callback("undo", change="chg_1"), Style.PRIMARY),
                Button("Forget", callback("forget"), Style.DANGER),
                Button("Undo", callback("undo", change="chg_1")),
                LinkButton("Open", "https://a.example/x"),
                Select("Snooze", "until", (Option("1 week", "1w"),), callback("snooze", who="inf_1")),
            )
        ),
        Actions((Button("Undo", callback("undo", change="chg_1")),)),
    ).pressed
    assert [
        ("press:1:undo?change=chg_1", "primary"),
        ("press:2:forget", "danger"),
        ("press:3:undo?change=chg_1", None),
        ("link:4", None),
        ("choose:5:until:snooze?who=inf_1", None),
        ("press:6:undo?change=chg_1", None),
    ] == [(element["action_id"], element.get("style")) for element in pressed]
    assert "https://a.example/x" == pressed[3]["url"]
    assert [("1 week", "1w")] == [(one["text"]["text"], one["value"]) for one in pressed[4]["options"]]


def test_what_can_wait_is_in_a_menu() -> None:
    """A menu holds five; what comes before those are buttons beside the others."""
    pressed = draw(say("Hello"), Actions((Button("Log", callback("log")),), more=buttons(7))).pressed
    assert ["Log", "Button 0", "Button 1"] == [element["text"]["text"] for element in pressed[:-1]]
    menu = pressed[-1]
    assert ("overflow", "menu:4") == (menu["type"], menu["action_id"])
    assert [f"press?n={number}" for number in range(2, 7)] == [option["value"] for option in menu["options"]]


def test_a_button_that_leads_nowhere_is_told() -> None:
    """An address that is none of the web can't be opened from Slack, and isn't hidden either."""
    seen = draw(say("Hello"), Actions((LinkButton("Open", "javascript:alert(1)"), *buttons(1))))
    assert ["Hello", "Open: javascript:alert(1)"] == seen.texts
    assert ["press:2:press?n=0"] == [element["action_id"] for element in seen.pressed]


def test_options_that_slack_can_not_tell_apart_are_counted() -> None:
    """Of two with one value the first is offered; one without a value and one with too long a value are not."""
    options = (Option("A", "a"), Option("Also A", "a"), Option("Empty", ""), Option("Long", "x" * 151))
    seen = draw(say("Hello"), Actions((Select("Which", "one", options, callback("pick")),)))
    assert ["Hello", "Which: …and 3 more"] == seen.texts
    assert ["A"] == [option["text"]["text"] for option in seen.pressed[0]["options"]]


def test_many_buttons_stand_in_several_blocks() -> None:
    """Slack shows 25 in a row of its own; none is lost."""
    seen = draw(say("Hello"), Actions(buttons(60)))
    assert ["rich_text", "actions", "actions", "actions"] == seen.kinds
    assert 60 == len(seen.pressed)


def test_many_texts_share_a_block() -> None:
    """Where the blocks of a message do not suffice, texts move together before anything is dropped."""
    seen = draw(*(say("Line {n}", n=number) for number in range(60)), Actions(buttons(2)))
    assert ["\n".join(f"Line {number}" for number in range(60))] == seen.texts
    assert 2 == len(seen.pressed)


@given(st.text("tad", min_size=51, max_size=160))
def test_nothing_that_can_be_pressed_is_dropped(order: str) -> None:
    """However many texts, buttons and dividers there are and however they stand, every word and button is there."""
    kinds: dict[str, Iterator[Block]] = {
        "t": (say("Line {n};", n=number) for number in range(200)),
        "a": (Actions((button,)) for button in buttons(200)),
        "d": iter([Divider()] * 200),
    }
    seen = draw(say("Hello"), *(next(kinds[kind]) for kind in order))
    assert len(seen.kinds) <= 50
    assert [f"Button {number}" for number in range(order.count("a"))] == [one["text"]["text"] for one in seen.pressed]
    assert [str(number) for number in range(order.count("t"))] == re.findall(r"Line (\d+);", "\n".join(seen.texts))


def test_what_fits_nowhere_is_counted() -> None:
    """A message with more buttons than Slack can show says how many are missing."""
    seen = draw(say("Hello"), *(Actions(buttons(25)) for _ in range(60)), surface=Surface.HOME)
    assert 1500 == len(seen.pressed)
    seen = draw(say("x"), *(Actions((Button("b", callback("b")),) * 25) for _ in range(60)))
    assert 50 == len(seen.kinds)
    assert f"…and {1500 - len(seen.pressed)} more buttons" == seen.texts[-1]


def test_values_are_shortened_before_anything_is_left_out() -> None:
    """A message that would be too long keeps all its sentences and buttons, each with less of the long notes."""
    people = [say("**{who}** — “{note}”", who=f"Person {number}", note=LONG) for number in range(12)]
    seen = draw(*(block for person in people for block in (person, Actions(buttons(3)))))
    assert 36 == len(seen.pressed)
    assert [f"Person {number}" for number in range(12)] == [text.partition(" —")[0] for text in seen.texts]
    assert all(re.search(r"… and 2,\d\d\d more characters”$", text) for text in seen.texts)


def test_what_comes_last_is_left_out_and_counted() -> None:
    """Of words of ours without end the first stay, and the number of the others is said before the buttons."""
    lines = [f"{number:04d} " + "wording of ours " * 10 for number in range(150)]
    *kept, last = draw(*map(say, lines), Actions(buttons(3))).texts
    count = re.fullmatch(r"…and ([\d,]+) more characters", last)
    assert count is not None
    assert "\n".join(lines).startswith("\n".join(kept))
    assert len("\n".join(lines)) == len("\n".join(kept)) + int(count[1].replace(",", ""))
    assert 3 == len(draw(*map(say, lines), Actions(buttons(3))).pressed)


def test_a_table_is_a_table_in_a_message() -> None:
    """Its heads are the first row; a second one is lines, because Slack shows one in a message."""
    seen = draw(say("Hello"), table(2, 1, "a"), table(2, 1, "b"))
    assert [["Column 0", "Column 1"], ["a", "a"]] == seen.rows
    assert ["Hello", "b — Column 1: b"] == seen.texts


@pytest.mark.parametrize("surface", [Surface.MODAL, Surface.HOME])
def test_a_table_is_lines_in_a_view(surface: Surface) -> None:
    """There Slack shows none: each row is a line with its first cell in front and the others under their heads."""
    seen = draw(say("Hello"), table(3, 2, "x"), surface=surface)
    assert ["Hello", "x — Column 1: x · Column 2: x\nx — Column 1: x · Column 2: x"] == seen.texts


def test_a_tall_table_counts_what_is_missing() -> None:
    """A hundred rows fit, the heads among them."""
    seen = draw(say("Hello"), table(2, 120))
    assert (100, "…and 21 more rows") == (len(seen.rows), seen.texts[-1])
    seen = draw(say("Hello"), table(2, 120), surface=Surface.HOME)
    assert "…and 21 more rows" == seen.texts[-1].splitlines()[-1]


@pytest.mark.parametrize(("columns", "rows"), [(21, 3), (20, 99), (5, 99), (1, 1), (2, 0)])
def test_a_table_of_any_size_fits(columns: int, rows: int) -> None:
    """Many columns become lines, many words are cut, and an empty table says that it is empty."""
    seen = draw(say("Hello"), table(columns, rows, LONG))
    assert (1 if rows else 0) <= len(seen.rows) + len(seen.texts)
    if rows == 0:
        assert ["Hello", "Column 0 · Column 1: –"] == seen.texts


def test_an_empty_cell_is_a_dash() -> None:
    """Slack refuses a cell without words, in a table as in a line."""
    cells = Table(("A", "B"), ((say("x"), say("")),))
    assert [["A", "B"], ["x", "–"]] == draw(say("Hello"), cells).rows
    assert ["Hello", "x — B: –"] == draw(say("Hello"), cells, surface=Surface.HOME).texts


def test_files_are_announced_and_sent_on_their_own() -> None:
    """A line says what is coming and how; the file keeps its ending under a name that can be sent."""
    picture, file = Image("rhythm.png", PNG, "By week"), File("\ud83d" + "x" * 300 + ".csv", b"x", "All of it.")
    reply = Reply(blocks=(say("Here"), picture, file))
    drawn = draw_reply(reply, Surface.MESSAGE, "T01")
    assert picture == drawn.files[0]
    name = drawn.files[1].name
    assert ("\ufffdx", ".csv", 200, b"x") == (name[:2], name[-4:], len(name), getattr(drawn.files[1], "content", None))
    assert ["Here", "Picture: By week — in a direct message"] == draw(*reply.blocks).texts[:2]
    assert ["Picture: By week"] == draw(say("Here"), picture, private=False).texts[1:]


def test_what_is_said_in_a_modal_asks_nothing() -> None:
    """It has a title that fits, a way out and what it is about."""
    view = saying(
        "A title that is too long for Slack", draw_reply(Reply(blocks=(say("x"),)), Surface.MODAL, "T01"), META
    )
    assert [] == check_view(view)
    assert ("modal", "A title that is too lon…", "Close") == (
        view["type"],
        view["title"]["text"],
        view["close"]["text"],
    )
    assert META == decode(view["private_metadata"])


@given(
    st.builds(
        Meta,
        st.text(max_size=50),
        st.none() | st.text(max_size=50),
        st.builds(
            Back, st.text(max_size=9), st.text(max_size=9), st.sampled_from(PlaceKind), st.none() | st.text(), st.none()
        ),
    )
)
def test_the_way_back_travels(meta: Meta) -> None:
    """What a modal is about comes back as it was sent."""
    try:
        encoded = encode(meta)
    except UnicodeEncodeError:
        return
    assert meta == decode(encoded)


@pytest.mark.parametrize("encoded", ["", "{}", "null", '{"verb":1}', "[]", "\ud83d", '{"verb":"log","draft":null}'])
def test_metadata_of_somebody_else_is_refused(encoded: str) -> None:
    """Whatever is not ours is a ValueError, so that it can be told."""
    with pytest.raises(ValueError, match="not the metadata"):
        decode(encoded)


def test_too_long_a_way_back_is_refused() -> None:
    """Slack would not take it; it is our mistake, not the user's."""
    with pytest.raises(ValueError, match="3000 characters"):
        encode(Meta("log", "d" * 3_000, Back("T01", "C01")))


def test_a_way_back_shows_no_secret() -> None:
    """Whoever has the response URL can answer in our name: it is in no log, wherever the Back is printed."""
    assert "hooks" not in repr(Meta("log", None, Back("T01", "C01", response_url="https://hooks.slack.com/x")))
