"""Who moved: whether a touchpoint's words say that we wrote to them, they to us, or that both met."""

from __future__ import annotations

import re

from bot.model import Direction, Medium
from bot.reading.clauses import Clauses
from bot.reading.media import TOPIC, Named
from bot.reading.medium_words import POSTS

_POST = "(?:" + "|".join(POSTS) + ")"
_OURS = "(?:us|me)"
_SAID = re.compile(r"(?<!\w)(?:(?P<inbound>inbound|incoming)|(?P<outbound>outbound|outgoing)|mutual)(?!\w)")
_TALK = r"(?:call|zoom|facetime|skype|chat|huddle|hangout|conversation|meeting|talk|session)"
_BOTH = re.compile(
    r"(?<!\w)(?:met(?!\s(?:the|our|her|his|their|all)\s(?:deadline|goal|target|brief|expect))|caught up|catch-?up"
    r"|catch up|talked|spoke|spoken|chatted|chat with|discussed|brainstormed|negotiated|ran into|bumped into|hung out"
    rf"|sat down|together|(?:had|held|did)\s(?:[\w'-]+\s){{0,4}}{_TALK}|(?:good|great|long|nice|lovely|productive"
    rf"|friendly|brilliant)\s(?:[\w'-]+\s){{0,2}}{_TALK}|{_TALK}\s(?:with|between)|zoom|zoomed|video (?:call|chat)"
    r"|teams call|google meet|huddle|hangout|(?:on|off) the phone with|call went)(?!\w)"
)
_UNANSWERED = re.compile(r"(?<!\w)(?:no (?:answer|reply)|didn't (?:pick|answer)|voice ?mail|missed|tried)(?!\w)")
_PRONOUN = re.compile(r"(?<!\w)(?:(?P<us>i|we)|(?P<them>she|he|they))(?:'\w+)?(?!\w)")
_THEIR_PEOPLE = re.compile(
    r"\W*(?:(?:her|his|their|the)\s)?(?:manager|agent|agency|assistant|management|team|publicist)\s(?!meeting|call)\w"
)
VERB = re.compile(
    r"(?<!\w)(?:\w{2,}ed|sent|wrote|rang|told|gave|got|made|paid|left|said|took|bought|had|held|brought|came|went|let"
    r"|heard|shown|did)(?!\w)"
)
_TO_US = re.compile(
    rf"(?<!\w)(?:\w{{2,}}ed|to|told|gave|wrote|rang|sent|left|let|took|brought|made|bought)\s(?P<us>{_OURS})(?!\w)"
    rf"|(?<!\w)(?:on|under|to|in|at)\s(?:our|my)\s(?:\w+\s)?(?:{_POST}|e?-?mail|message|dm|offer|question|invite|request"
    r"|invitation|proposal|brief|pitch|text|comment)s?(?!\w)"
    r"|(?<!\w)(?:shared|reposted|reshared|featured|liked|mentioned|posted|tagged|promoted|boosted|praised)\s(?:\w+\s)?"
    r"(?:our|us|my)(?!\w)"
)
_TO_THEM = re.compile(r"(?<!\w)(?:back\s)?to\s(?:her|his|him|them|their)(?!\w)")
_RECEIVED = re.compile(
    r"(?<!\w)(?:heard (?:from|back)|from (?:her|him|them|their|his)(?!\w)|from\s*$"
    r"|(?:got|received|had)\s(?:[\w'-]+\s){0,4}from(?!\w)"
    r"|(?:got|received)\s(?:an?|her|his|their|another|some|the)\s(?:[\w'-]+\s){0,2}(?:reply|answer|response|e-?mail|mail"
    r"|dm|message|text|voicemail|call|comment|request|invitation|parcel|package|gift)(?!\w)"
    r"|story (?:mention|repl(?:y|ies)|reaction)s?(?!\w)(?! to)"
    r"|(?:her|his|their)\s(?:reply|answer|response|e-?mail|message|dm|text|request)(?!\w))"
)
_BACK = re.compile(
    r"(?<!\w)(?:wrote|called|texted|rang|e-?mailed|messaged|dm'?d|came|got|phoned|replied|reported) back(?!\w)"
)
# Verbs whose subject can only be the influencer where none is named, and statements about them.
THEIRS = re.compile(
    r"\W*(?:just |finally |also |already |happily |politely )?(?:replied|replies|answered|answers|responded|confirmed"
    r"|confirms|agreed|agrees|accepted|accepts|declined|declines|refused|signed|said|says|reacted|complained|mentioned"
    r"|is|has|isn't|was|can't|cannot|won't|will|would|wants|wanted|needs|loves|loved|likes|enjoyed|hates|thinks|hopes"
    r"|asks|writes|calls|sends|proposes|suggests|offers|plans|prefers|feels|sounds|seems|turned (?:us |it )?down"
    r"|came back|got back|unsubscribed|ghosted|thanks us|cancelled|canceled)(?!\w)"
)
_ADVERBS = r"(?:\s(?:just|now|also|already|still|even|yet|then|\w{2,}ly))*"
_THEY = rf"\W*(?:(?:but|and|so)\s)?(?:she|he|they)(?:'(?:s|ve|d))?{_ADVERBS}"
# That no reply came is no act of theirs: it is still theirs to answer, and nobody of ours need be reminded to.
_NO_REPLY = re.compile(
    rf"{_THEY}(?:\s(?:did|does|do|has|have|had|is|are))?{_ADVERBS}(?:n't|\s(?:not|never)){_ADVERBS}"
    r"\s(?:repl(?:y|ied|ies|ying)|answer\w*|respond\w*|react\w*"
    r"|(?:write|wrote|written|get|got|gotten|come|came|called|call) back)(?!\w)"
)
_BUT = re.compile(
    rf"(?<!\w)but\s(?:(?:she|he|they)\s)?(?:(?:just|then|\w{{2,}}ly)\s)*{VERB.pattern}(?!\s(?:her|him|them|again)\b)"
)
# Whoever says that our gift arrived tells of our giving it, unless she did something with it.
_GOT_OURS = re.compile(
    rf"{_THEY}(?:\s(?:has|have))?{_ADVERBS}\s(?:got|gets|received|receives|has|have)\s(?:our|my|the)\s"
    rf"(?!.*\son\s(?:her|his|their)\s|.*\s(?:and|but)\s(?:\w+\s)?(?:{VERB.pattern}|loves|likes))"
)
_QUESTION = re.compile(r"\W*(?:would|could|can|will) (?:she|he|they|you)(?!\w)")
_WE_POSTED = re.compile(
    r"(?<!\w)(?:shared|reposted|re-posted|reshared|featured|promoted|boosted|cross-posted|gave"
    r"|tagged (?:her|him|them)|(?:posted|published)\s(?:\w+\s){0,3}about (?:her|him|them))(?!\w)"
)


def find_direction(typed: str, veiled: str, clauses: Clauses, named: Named | None, medium: Medium) -> Direction:
    """The direction that a veiled text says, `typed` being the same as it was written.

    The first clause decides, else the one that names the medium, else the medium itself: meetings and events are
    mutual, posts theirs, all else ours.
    """
    places = (clauses.first_word, named.start) if named else (clauses.first_word,)
    for place in dict.fromkeys(clauses.start(place) for place in places):
        said = _of_clause(typed, veiled, (place, clauses.end(place)), medium)
        if said is not None:
            return said
    match medium:
        case Medium.MEETING | Medium.EVENT:
            return Direction.MUTUAL
        case Medium.POST:
            return Direction.INBOUND
    return Direction.OUTBOUND


def _of_clause(typed: str, veiled: str, span: tuple[int, int], medium: Medium) -> Direction | None:
    clause = veiled[span[0] : span[1]]
    head = clause[: _topic(clause)]
    if said := _SAID.search(head):
        return Direction.INBOUND if said["inbound"] else Direction.OUTBOUND if said["outbound"] else Direction.MUTUAL
    if _is_awaited(veiled, span) or (medium is Medium.GIFT and _GOT_OURS.match(clause)):
        return Direction.OUTBOUND
    if medium in {Medium.MEETING, Medium.EVENT} or (_BOTH.search(head) and not _UNANSWERED.search(veiled)):
        return Direction.MUTUAL
    if _QUESTION.match(clause):
        return Direction.OUTBOUND
    subject = _subject(clause, head)
    if subject is not Direction.OUTBOUND and _is_to_us(head, typed[span[0] : span[1]]):
        return Direction.INBOUND
    if subject is Direction.INBOUND or _RECEIVED.search(head):
        return Direction.INBOUND
    if subject is Direction.OUTBOUND or _TO_THEM.search(head):
        return Direction.OUTBOUND
    if _BACK.search(head) or THEIRS.match(head):
        return Direction.INBOUND
    if medium is Medium.POST:
        return Direction.OUTBOUND if _WE_POSTED.search(clause) else Direction.INBOUND
    return Direction.OUTBOUND if VERB.search(head) else None


def _is_awaited(veiled: str, span: tuple[int, int]) -> bool:
    """Whether a clause says that they did not reply, and nothing behind it that they moved after all."""
    found = _NO_REPLY.match(veiled, *span)
    return found is not None and _BUT.search(veiled, found.end()) is None


def _topic(clause: str) -> int:
    """Where a clause begins to tell what it was about; a marker that begins the clause ("wants …") is its verb."""
    begins = len(clause) - len(clause.lstrip())
    return next((found.start() for found in TOPIC.finditer(clause) if found.start() > begins), len(clause))


def _subject(clause: str, head: str) -> Direction | None:
    """Whose act a clause tells, where a pronoun or their people stand before its first verb."""
    if _THEIR_PEOPLE.match(clause):
        return Direction.INBOUND
    # "she wants …", "they would …": the marker of a topic may be the verb itself, so look a little past it.
    pronoun, verb = _PRONOUN.search(clause, 0, len(head) + 1), VERB.search(head)
    if pronoun is None or (verb is not None and verb.start() < pronoun.start()):
        return None
    return Direction.OUTBOUND if pronoun["us"] else Direction.INBOUND


def _is_to_us(head: str, typed: str) -> bool:
    for found in _TO_US.finditer(head):
        # "sent the US team" names a country, unless everything is shouted.
        if not found["us"] or typed[found.start("us") : found.end("us")] != "US" or typed.isupper():
            return True
    return False
