"""How names are compared: without case, diacritics, punctuation and anything that can't be seen."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = frozenset({"Cc", "Cf", "Cs"})

# Marks that people leave out when they type. The vowel signs of Indic scripts and the voicing of kana are letters to
# their readers and stay.
_DIACRITICS = re.compile(
    "[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f"
    "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]"
)
_ASCII_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_ASCII_MARKS = re.compile(r"[^a-z0-9\s]")

# Letters that Unicode does not take apart and keyboards elsewhere don't have.
_PLAIN = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ħ": "h",
        "ŧ": "t",
        "\u0131": "i",
        "ŋ": "n",
        "ə": "e",
    }
)


def fold(text: str) -> str:
    """The text in small, plain letters with single spaces: `Ø’Śmith  Jr.` is `o’smith jr.`; punctuation stays.

    It can be empty. Equal folds look alike to whoever reads them in a hurry.
    """
    if text.isascii():
        return " ".join(_ASCII_INVISIBLE.sub("", text).lower().split())
    # Twice, because taking letters apart can bring capitals and marks to light: U+0345, U+1D2C.
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    plain = _DIACRITICS.sub("", apart).translate(_PLAIN)
    visible = "".join(c for c in plain if c.isspace() or unicodedata.category(c) not in _INVISIBLE)
    return " ".join(unicodedata.normalize("NFC", visible).split())


def spellings(text: str) -> tuple[str, ...]:
    """The words of a name as it may be typed, most literal first; none where there is nothing to see.

    A mark inside a word may be typed as a space or not at all: `Anne-Marie` is `anne marie` and `annemarie`, `J.P.` is
    `j p` and `jp`. A name of nothing but symbols is those symbols, so that it equals itself and nobody else.
    """
    folded = fold(text).replace("&", " and ")
    if folded.replace(" ", "").isalnum():
        return (" ".join(folded.split()),)
    apart, together = _words(folded, " "), _words(folded, "")
    if apart:
        return (apart,) if apart == together else (apart, together)
    return (folded,) if folded else ()


def _words(folded: str, mark: str) -> str:
    if folded.isascii():
        return " ".join(_ASCII_MARKS.sub(mark, folded).split())
    letters = (c if _is_letter(c) else " " if c.isspace() else mark for c in folded)
    return " ".join("".join(letters).split())


def _is_letter(c: str) -> bool:
    return c.isalnum() or unicodedata.category(c).startswith("M")


_ALSO_CALLED = {
    "fb": "facebook",
    "ig": "instagram",
    "insta": "instagram",
    "tt": "tiktok",
    "twitter": "x",
    "yt": "youtube",
}
_NETWORKS = frozenset(
    {
        "bluesky",
        "facebook",
        "instagram",
        "kick",
        "linkedin",
        "mastodon",
        "patreon",
        "pinterest",
        "reddit",
        "snapchat",
        "substack",
        "threads",
        "tiktok",
        "tumblr",
        "twitch",
        "x",
        "youtube",
    }
)
_PROFILE = re.compile(
    r"<?(?:https?://)?(?:[\w-]+\.)*?([\w-]+)\.(?:com|tv|net|org|social|app)/(?:in/|c/|user/|channel/)?@?([^\s/?#>|]+)\S*"
)


def account(network: str, name: str) -> str:
    """What a handle is compared by: `IG` and `instagram` are the same network, `@Jess` and `jess` the same name."""
    place = fold(network)
    return f"{_ALSO_CALLED.get(place, place)}:{fold(name).removeprefix('@')}"


def accounts(folded: str) -> tuple[str, ...]:
    """The accounts that a folded `instagram:jess.cooks` or the address of a profile can stand for; mostly none."""
    place, colon, name = folded.partition(":")
    pairs = [(place, name)] if colon else []
    if profile := _PROFILE.fullmatch(folded):
        pairs.append((profile[1], profile[2]))
    return tuple(account(*pair) for pair in pairs)


def is_account(word: str) -> bool:
    """Whether a word names an account on a network that everybody knows."""
    return any(known_as.partition(":")[0] in _NETWORKS for known_as in accounts(fold(word)))
