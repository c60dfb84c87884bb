from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.change import Write, created
from bot.model import Member, Occasion, Record, Touchpoint
from storage import rows
from tests.contract.records import FULL, change, occasion, touchpoint


@pytest.mark.parametrize("record", FULL, ids=lambda record: type(record).__name__)
def test_a_record_comes_back_from_its_document(record: Record) -> None:
    """Builtins and JSON hold the same document, and either gives back the record."""
    assert rows.encode(record) == json.loads(rows.dump(record))
    assert record == rows.decode(type(record), rows.encode(record))
    assert record == rows.load(type(record), rows.dump(record))


def test_a_member_is_decoded_once() -> None:
    """Whoever reads the same document of a member again is given the same record, and that of another one its own."""
    member = next(record for record in FULL if isinstance(record, Member))
    renamed = replace(member, name="Somebody Else")

    assert rows.load(Member, rows.dump(member)) is rows.load(Member, rows.dump(member))
    assert renamed == rows.load(Member, rows.dump(renamed))


@pytest.mark.parametrize("record", FULL, ids=lambda record: type(record).__name__)
def test_a_document_says_every_field(record: Record) -> None:
    """Defaults are written out, so that a new default changes nothing that is stored."""
    assert {"v", *type(record).__struct_fields__} == rows.encode(record).keys()


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_comes_back(note: str) -> None:
    """Control characters, line breaks, right-to-left and emoji stay what they are, on one line."""
    record = touchpoint(note=note)
    document = rows.dump(record)
    assert record == rows.load(Touchpoint, document)
    assert b"\n" not in document
    assert b"\0" not in document


def test_reads_a_document_that_another_program_wrote() -> None:
    """The order of the keys and spaces between them mean nothing."""
    record = occasion()
    scrambled = json.dumps(dict(reversed(rows.encode(record).items()))).encode()
    assert record == rows.load(Occasion, scrambled)
    assert rows.dump(record) == rows.current("occasions", scrambled)


def test_an_older_shape_is_brought_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """A document of an older version goes through every step up to today's."""
    old = rows.encode(occasion(label="launch"))
    old["v"], old["what"] = 0, old.pop("label")
    steps = {("occasions", 0): lambda document: {**document, "label": document.pop("what")}}
    monkeypatch.setattr(rows, "UPGRADES", steps)
    assert occasion(label="launch") == rows.decode(Occasion, old)
    assert occasion(label="launch") == rows.load(Occasion, msgspec.json.encode(old))


def test_a_newer_shape_is_refused() -> None:
    """A document of a later version of Rapport is not guessed at."""
    with pytest.raises(ValueError, match="shape 99"):
        rows.decode(Occasion, {**rows.encode(occasion()), "v": 99})


def test_what_does_not_fit_is_refused() -> None:
    """A document that lacks a field or holds a wrong one is no record."""
    with pytest.raises(ValueError, match="month"):
        rows.decode(Occasion, {**rows.encode(occasion()), "month": "March"})
    with pytest.raises(ValueError, match="label"):
        rows.check("occasions", b'{"v":1,"id":"occ_1","team":"team_1","influencer":"inf_1","month":1,"day":1}')


def test_a_change_comes_back_with_its_records() -> None:
    """The audit's document gives back the Change, whatever kinds its records are of."""
    made = change("chg_1", Write(FULL[2], None), *created(FULL[3]), heard="press 1", undoes="chg_0", touched=("a",))
    stored = rows.stored(made, [rows.dump(FULL[2]), None], [None, rows.dump(FULL[3])])
    document = rows.dump_stored(stored)
    assert made == rows.load_change(document)
    assert msgspec.structs.replace(made, writes=()) == rows.load_change(rows.forgotten(document))


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Café", "cafe"), ("STRASSE straße", "strasse strasse"), ("Łódź", "łodz"), ("abc", "abc"), ("ﬁne", "fine")],
)
def test_folding_takes_case_and_diacritics_away(text: str, folded: str) -> None:
    """What people type in haste compares equal to what was meant; a stroke is a letter of its own."""
    assert folded == rows.folded(text)
