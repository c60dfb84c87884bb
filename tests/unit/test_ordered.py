from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from storage.ordered import PIECE, Ordered


@given(st.lists(st.tuples(st.integers(0, 40), st.booleans()), max_size=200), st.integers(0, 40))
def test_is_a_sorted_set(steps: list[tuple[int, bool]], since: int) -> None:
    """Whatever is added and discarded, what is left comes in order, from either end and from the middle."""
    ordered, expected = Ordered(), set[tuple[int]]()
    for number, add in steps:
        if add and (number,) not in expected:
            ordered.add((number,))
            expected.add((number,))
        elif not add:
            ordered.discard((number,))
            expected.discard((number,))
    assert sorted(expected) == list(ordered)
    assert sorted(expected, reverse=True) == list(reversed(ordered))
    assert sorted(entry for entry in expected if entry >= (since,)) == list(ordered.since((since,)))
    for until in range(42):
        some = [entry for entry in expected if (since,) <= entry < (until,)]
        assert sorted(some) == ordered.between((since,), (until,))
    assert len(expected) == len(ordered)
    assert bool(expected) == bool(ordered)


@given(st.permutations(range(60)), st.integers(2, 60))
def test_stays_in_order_across_pieces(numbers: list[int], stride: int) -> None:
    """More entries than a piece holds, added in any order, are found and taken out all the same."""
    ordered = Ordered()
    for number in numbers:
        for block in range(0, 3 * PIECE, 60):
            ordered.add((block + number,))
    everything = list(range(len(ordered)))
    assert everything == [entry[0] for entry in ordered]
    assert everything[PIECE + 7 :] == [entry[0] for entry in ordered.since((PIECE + 7,))]
    assert everything[7 : PIECE * 2 + 7] == [entry[0] for entry in ordered.between((7,), (PIECE * 2 + 7,))]
    for number in everything[::stride]:
        ordered.discard((number,))
    assert [n for n in everything if n % stride] == [entry[0] for entry in ordered]


def test_takes_over_a_list() -> None:
    """Filling in bulk gives the same as adding one by one."""
    for size in (0, 5, PIECE, PIECE + 1, 5003):
        ordered = Ordered()
        ordered.take([(n * 7919 % 5003,) for n in range(size)])
        assert sorted((n * 7919 % 5003,) for n in range(size)) == list(ordered)
        ordered.add((2.5,))
        assert (2.5,) in list(ordered)
        assert sorted(ordered) == list(ordered)
