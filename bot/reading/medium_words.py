"""The words that name a medium: tables to read and to extend; media.py says which of them decides."""

from __future__ import annotations

from enum import IntEnum

from bot.model import Medium


class Strength(IntEnum):
    """How surely a word names a medium: in one clause the stronger wins, among equals the earlier."""

    HINT = 1  # "wrote" may have been anywhere
    LIKELY = 2  # "met" may have been on Zoom, "on linkedin" a comment there
    SURE = 3


# fmt: off
# `*` stands for any ending, `...` for up to three words. Longer phrases are tried before shorter ones.
MEDIUM_WORDS: dict[Medium, dict[Strength, tuple[str, ...]]] = {
    Medium.EMAIL: {
        Strength.SURE: ("email*", "e-mail*", "gmail", "cc'd", "forwarded", "by mail", "newsletter"),
        Strength.LIKELY: ("mail", "mails", "mailed", "cold outreach"),
        Strength.HINT: ("wrote", "written", "write to"),
    },
    Medium.CALL: {
        Strength.SURE: (
            "call", "calls", "called", "calling", "phone", "phoned", "phoning", "telephone*", "rang", "rung", "ring",
            "zoom*", "facetime*", "skype*", "voicemail*", "voice mail*", "video call*", "video chat*", "teams call",
            "google meet", "huddle", "hangout", "dialled", "dialed", "pick up", "picked up", "missed call",
            "on the line", "catch-up call", "catch up call", "webinar",
        ),
    },
    Medium.DM: {
        Strength.SURE: (
            "dm", "dms", "dm'd", "dm'ed", "dmed", "dming", "d.m.", "direct message*", "text", "texts", "texted",
            "texting", "text message*", "message", "messages", "messaged", "messaging", "msg*", "whatsapp*",
            "whats app", "sms", "telegram", "imessage", "signal message", "pinged", "voice note*", "voice message*",
            "video message*", "inmail*", "slid into", "chat message*",
        ),
        Strength.LIKELY: (
            "on instagram", "on insta", "on ig", "on tiktok", "on linkedin", "on twitter", "on messenger",
            "on youtube", "on snapchat", "on discord", "on slack", "on threads", "via instagram", "via insta",
            "via ig", "via tiktok", "via linkedin", "via twitter", "via messenger", "via discord", "via slack",
            "over instagram", "over insta", "over linkedin",
        ),
    },
    Medium.COMMENT: {
        Strength.SURE: (
            "comment", "comments", "commented", "commenting", "comented", "story reply", "story replies",
            "story reaction", "story mention", "replied to ... {post}", "replied on ... {post}",
            "replied under ... {post}", "reply to ... {post}", "reply on ... {post}", "reply under ... {post}",
            "responded to ... {post}", "reacted to ... {post}", "liked ... {post}", "mentioned ... in ... {post}",
            "mentioned ... under ... {post}", "under ... {post}",
        ),
    },
    Medium.GIFT: {
        Strength.SURE: (
            "gift", "gifts", "gifted", "gifting", "gift card*", "gift box*", "parcel*", "package", "packages",
            "pr package*", "pr box*", "care package*", "sample", "samples", "flowers", "bouquet*", "hamper*",
            "goodie bag*", "goody bag*", "a present", "presents", "birthday present*", "chocolates", "voucher*",
            "freebie*", "starter kit*", "box of", "swag", "merch", "postcard*", "birthday card*", "thank-you card*",
            "thank you card*", "handwritten card*", "handwritten note*", "treats",
        ),
    },
    Medium.MEETING: {
        Strength.SURE: (
            "coffee*", "coffe", "cofee", "lunch*", "dinner*", "breakfast*", "brunch*", "drinks", "beer", "beers",
            "pint*", "tea with", "cup of tea", "meeting", "meetings", "in person", "in-person", "face to face",
            "face-to-face", "studio visit*", "site visit*", "office visit*", "visited", "came by", "came over",
            "stopped by", "dropped by", "picnic", "walk with", "went for a walk",
        ),
        Strength.LIKELY: (
            "met", "met up", "meet up", "meetup with", "caught up", "catch-up", "catch up", "catchup", "ran into",
            "bumped into", "hung out", "sat down", "saw her", "saw him", "saw them", "got together",
        ),
    },
    Medium.EVENT: {
        Strength.LIKELY: (
            "event", "events", "party", "parties", "fair", "fairs", "trade show", "vidcon", "conference", "festival",
            "gala", "expo", "meetup", "meet-up", "convention", "premiere", "booth", "exhibition", "panel", "summit",
            "awards", "after-work", "masterclass", "at ... launch", "at ... workshop", "at ... opening",
            "at ... show", "at ... brunch", "at ... wedding", "attended ... launch", "attended ... workshop",
            "hosted ... brunch", "hosted ... workshop", "joined ... workshop", "joined ... brunch",
            "came to ... launch", "came to ... workshop", "came to ... opening", "came to ... brunch",
            "went to ... launch", "went to ... workshop", "went to ... opening", "went to ... brunch",
        ),
    },
    Medium.POST: {
        Strength.SURE: (
            "posted", "published", "reposted", "re-posted", "reshared", "cross-posted", "unboxing", "went live",
            "livestream*", "vlog", "shared ... {post}", "boosted ... {post}", "featured ... {post}", "featured us",
            "promoted ... {post}", "tagged us", "tagged her", "tagged him", "tagged them", "shout-out", "shoutout",
            "{post} is up", "{post} is live", "{post} is out", "{post} went up", "{post} dropped", "{post} aired",
            "new {post}", "{post} with our", "{post} about us",
        ),
    },
}

# What somebody publishes. Alone it is mostly what is spoken of; as the first word of all it is what happened.
POSTS = (
    "post", "posts", "reel", "reels", "story", "stories", "video", "videos", "tiktok", "tiktoks", "vlog", "live",
    "pic", "photo", "photos", "carousel", "recipe", "clip", "podcast", "episode", "blog", "unboxing",
)

# Phrases that hold a word of the tables and mean something else.
NOT_MEDIA = (
    "called off", "call to action", "call sheet", "casting call", "on call", "so-called", "phone number",
    "phone case", "email address", "mailing list", "gift guide", "posted me", "posted the parcel",
    "posted the samples", "key message*", "text overlay", "sample size", "party of", "fair enough", "fair price",
    "fair point", "to be fair", "fair rate", "fair fee", "press release", "met the deadline", "met our",
    "mail order", "followed ... on", "coffee mug*", "coffee cup*", "coffee table*", "coffee brand*", "coffee machine*",
    "lunch box*", "lunchbox*", "dinner plate*", "dinner set*", "dinnerware",
)
# fmt: on
