"""What the terminal itself says: about its own words, never about the team's people."""

from __future__ import annotations

from bot.reply import Actions, Button, Callback, Outcome, Reply, Select, Text, say

CONSOLE_WORDS = (
    (":sample", "try it on a made-up team; nothing is kept"),
    (":later 3 weeks", "move the sample's clock and see what comes"),
    (":as ben", "speak as another member; “:as ben admin” as an admin"),
    (":in #general", "type in a channel"),
    (":dm", "back to the direct conversation"),
    (":fill name=value | name=value", "answer the open form in one line"),
    (":help", "this list"),
    (":quit", "leave, as Ctrl-D does"),
)

WELCOME = say(
    "**Rapport** remembers every touchpoint, and speaks up when it has gone quiet.\n"
    "New here? Type **:sample** for a made-up team, then **:later 3 weeks**.\n"
    "  /rapport add Jess Park instagram:jess.cooks tier:A\n"
    "  /rapport log jess coffee at VidCon yesterday\n"
    "  /rapport show jess\n"
    "A number presses a button, Tab completes, **:help** says more, Ctrl-D leaves."
)

TAKEN_AWAY = say("This message is taken away. A terminal can’t unsay it.")

STILL_WORKING = "Still working…"
FORM_CANCELLED = "Not sent; nothing has changed."
CTRL_C = "Ctrl-D or :quit leaves."
FORM_READY = "The form is ready."
OPEN_FORM = "Open the form"
FORM_HINT = "Enter keeps what is there, Alt-Enter starts a new line, Ctrl-C leaves."
FILL_HINT = "Answer with “:fill name=value | name=value”; “:fill” alone sends it as it stands."
NO_FORM = "No form is open. A verb without what it needs opens one: /log"

AS_USAGE = "Say who: “:as ben”, or “:as ben admin”."
IN_USAGE = "Say which channel, in one word: “:in #general”."
LATER_USAGE = "Say how much later: “:later 3 weeks”, “:later 2 days”, “:later 5 hours”."
FILL_USAGE = "Write “:fill name=value | name=value”, with the names that the form shows."


def unknown_word(word: str) -> str:
    """For a `:word` that there is not."""
    known = ", ".join(usage.split()[0] for usage, _ in CONSOLE_WORDS)
    return f"There is no :{word} here. There are {known}."


def no_button(pressed: str, last: int | None) -> str:
    """For a number or label that nothing shown has."""
    known = f"The newest has the number {last}." if last else "Nothing shown has a button yet."
    return f"There is no button {pressed}. {known}"


def not_yours(pressed: str) -> str:
    """For a button that stands where the one who types can't see it."""
    return f"{pressed} was said to somebody else alone. Use “:as” to type as them."


def which_option(pressed: str, select: Select) -> str:
    """For a select pressed without an option, or with one that it does not have."""
    labels = ", ".join(option.label for option in select.options)
    return f"{pressed} needs one of its options: {labels}. Type {pressed}a for the first."


def now_speaking(name: str, *, is_admin: bool) -> str:
    """After `:as`."""
    return f"You type as {name} now{', an admin' if is_admin else ''}."


def now_in(channel: str | None) -> str:
    """After `:in` and `:dm`."""
    return "You type in the direct conversation now." if channel is None else f"You type in #{channel} now."


def said(sentence: str) -> Text:
    """A sentence that may hold other people's words."""
    return say("{sentence}", sentence=sentence)


def refused(sentence: str) -> Reply:
    """The terminal can't do it, and says how it goes."""
    return Reply(blocks=(said(sentence),), outcome=Outcome.REFUSED)


def told(sentence: str) -> Reply:
    """The terminal has done it."""
    return Reply(blocks=(said(sentence),))


def help_reply() -> Reply:
    """All that can be typed here beside the verbs, which `/rapport help` explains."""
    lines = [f"**{usage}**  {about}" for usage, about in CONSOLE_WORDS]
    return Reply(
        blocks=(
            say(
                "Commands are typed as in Slack, **/rapport log jess …** or shorter **/log jess …**, and explained by "
                "**/rapport help**. The slash can be left out: **show jess**"
            ),
            say("Buttons are pressed by their number: **3**. Options have letters (**3b**) or are named (**3 2w**)."),
            say("\n".join(lines)),
        )
    )


def opening() -> Actions:
    """The button of a form put aside; the terminal opens it itself, the callback is never sent."""
    return Actions((Button(OPEN_FORM, Callback("open")),))
