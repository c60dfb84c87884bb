"""What the adapter itself says: about Slack and about waiting, never about the team's people."""

from __future__ import annotations

from bot.reply import Actions, Button, Form, Outcome, Reply, callback, say

OPEN_FORM = "Open the form"
ANSWER_TITLE = "Rapport"

STILL_WORKING = Reply(blocks=(say("Still working… The answer comes here as soon as it is ready."),))
"""What stands where the answer will be."""

NOT_NOW = "Rapport can’t answer right now. Try again in a minute."
"""Where it is not even known with whose token to answer: plain text, which Slack shows for a command."""

NOT_INSTALLED_HERE = "Rapport is not installed in this workspace. An admin of it can install it."
"""For whoever still finds its command: plain text, which Bolt sends instead of words of its own."""

SLACK_SILENT = Reply(blocks=(say("Slack does not answer right now. Try again in a minute."),), outcome=Outcome.REFUSED)
"""Where it can't be found out who asks or who would read the answer."""

STORE_SILENT = Reply(
    blocks=(say("Rapport can’t reach its own records right now. Nothing was done. Try again in a minute."),),
    outcome=Outcome.DOWN,
)
"""Where our store gave up before the core was asked."""

TROUBLE = Reply(
    blocks=(say("Something went wrong between Slack and Rapport. Look whether it was done before you do it again."),),
    outcome=Outcome.BROKEN,
)
"""Where the adapter itself broke; the core has words of its own."""

UNREADABLE = Reply(
    blocks=(say("This button is out of date. Ask again with **/rapport**."),),
    outcome=Outcome.REFUSED,
)
"""Where what was pressed or sent says nothing that can be understood."""

OUR_OWN = Reply(
    blocks=(say("That is a message of mine. Choose one in which somebody says what happened, or what was promised."),),
    outcome=Outcome.REFUSED,
)
"""Where a shortcut is chosen on what Rapport said: it knows that already."""

DONE_ELSEWHERE = Reply(blocks=(say("Done. You can close this window: the answer is in the conversation."),))
"""What stands in a window whose late answer went to where the form came from."""

FILE_TOO_LARGE = "“{name}” is larger than {limit}. Split it and send the parts one after the other."
FILE_LOST = "“{name}” can’t be fetched from Slack. Upload it again and wait until it is there."

PROMPTS = (
    ("Who needs me today?", "due"),
    ("Who is on the roster?", "find"),
    ("Log a touchpoint", "log"),
    ("What can you do?", "help"),
)
"""What the messages tab suggests: what is shown, and what is said when it is chosen. Each is a command as it stands."""

PROMPTS_TITLE = "What would you like to know?"


def form_ready(form: Form) -> Reply:
    """A form that can't be opened by itself any more, behind a button."""
    button = Button(OPEN_FORM, callback("open_form", draft=form.id))
    return Reply(blocks=(say("The form “{title}” waits here for 24 hours.", title=form.title), Actions((button,))))


def refused(sentence: str) -> Reply:
    """A sentence about what can't be done, with the next step; it may hold other people's words."""
    return Reply(blocks=(say("{sentence}", sentence=sentence),), outcome=Outcome.REFUSED)
