"""Names for a made-up roster: first names recur as they do in life, and half a million people have one of their own."""

from __future__ import annotations

_FIRST = """
    Ada Adèle Aisha Alba Alejandra Alex Alma Amara Amélie Ana Anja Anouk Aria Astrid Ava Beatriz Bella Ben Bianca Björn
    Camila Carla Carlos Caro Chiara Chloé Clara Daan Dana Daniel Daria David Diego Dora Edith Elena Eli Elif Ella Emma
    Enzo Esra Eva Farah Fatima Felix Femke Finn Fleur Freya Gabriel Gemma Greta Hana Hanna Hugo Ida Ines Ingrid Iris
    Isla Ivy Jade Jakob Jana Jess Jessica Joana Jonas Josef Jule Julia Kai Karin Katya Kim Lara Laura Lea Lee Leila
    Lena Leo Liam Lina Lou Luca Lucía Luis Maja Malik Mara Marco Maria Mateo Maya Mei Mia Mila Nadia Naomi Nico Nina
    Noah Noor Olga Omar Oscar Paula Pia Priya Rosa Ruth Sam Sara Selin Sofía Theo Tom Uma Vera Yara Zoë
"""

_STARTS = """
    Al An Ar Bal Bar Ben Ber Bran Bren Cal Car Cas Chad Cor Dal Dar Del Dor Eg El Em Fal Fer Gar Gil Gran Hal Har Hel
    Hol Il Jan Kal Kar Kel Kor Lan Lar Len Lin Lor Mal Mar Mel Mor Nal Nor Ol Or Pal Par Per Ral Ros Sal San Sel Sol
    Tal Ter Tor Val Var Ver Vol Wal War Wes Zan Zel
"""

_ENDS = """
    ach ado ahl ak ani ard asz aud ba bach berg bury by croft da dez din do dottir ek elli er eva ez feld ford gaard
    hagen ham holm ic in ini ka kin ko la land ley lund man mann mond nen nes ney nova off os ova quist rell ri ros
    sen ski son ssen stad ström ton vale vera vich well wick wood worth y
"""

FIRST = tuple(_FIRST.split())

LAST = tuple(start + end for start in _STARTS.split() for end in _ENDS.split())


def name_of(number: int) -> str:
    """The name of a person by their number; neighbours in the alphabet differ by a letter or two, as in life."""
    rest, first = divmod(number, len(FIRST))
    again, last = divmod(rest, len(LAST))
    middle = f" {FIRST[again % len(FIRST)]}" if again else ""
    return f"{FIRST[first]}{middle} {LAST[(last + 31 * first) % len(LAST)]}"


def account_of(number: int) -> str:
    """The user name of a person by their number, which nobody else has."""
    return f"{FIRST[number % len(FIRST)]}.{number}".casefold()
