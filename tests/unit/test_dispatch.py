from __future__ import annotations

import asyncio

from bot.address import Place
from bot.inbound import Command, Question, Role
from bot.model import Influencer, Touchpoint
from bot.reply import Form, Outcome, Reply
from tests.desk import Desk, errors, labels, words


async def test_an_unknown_verb_names_the_nearest(desk: Desk) -> None:
    """A slip in a verb is answered with the verb that was meant and how it is used."""
    answer = await desk.says("ana", "lgo jess coffee")
    assert "Did you mean log?" in words(answer)
    assert isinstance(answer, Reply)
    assert Outcome.REFUSED == answer.outcome


async def test_a_slip_in_a_verb_costs_one_press(desk: Desk) -> None:
    """The line is offered as it was meant; not where it would not fit, nor to those who may not use the verb."""
    await desk.says("ana", "add Jess Park")
    meant = await desk.says("ana", "lgo jess coffee on:yesterday")
    long = await desk.says("ana", f"lgo jess {'coffee ' * 40}")
    unreadable = await desk.says("ana", "setings of the team")

    assert ["log jess coffee on:yesterday", "Help on log"] == labels(meant)
    assert "✓ Logged: Jess Park — meeting, yesterday" in words(await desk.presses("ana", meant, "log jess"))
    assert ["Help on log"] == labels(long)
    assert ["Help on settings"] == labels(unreadable)
    assert ["status", "Help on status"] == labels(await desk.says("ana", "statuss"))
    assert "Help on status" not in labels(await desk.says("ben", "statuss"))


async def test_a_word_of_its_own_is_not_run_as_another(desk: Desk) -> None:
    """Two letters off, a short word may well have meant something else; a long one hardly."""
    assert ["Help on restore"] == labels(await desk.says("ana", "gesture jess"))
    assert ["occasion", "Help on occasion"] == labels(await desk.says("ana", "ocassion"))


async def test_help_is_offered_for_what_was_not_understood(desk: Desk) -> None:
    """Where it was understood, and can’t be, the usage of the verb leads nowhere."""
    desk.roles["eve"] = Role.GUEST
    await desk.says("ana", "add Jess Park tier:A")

    assert ["Help on tier"] == labels(await desk.says("ana", "tier jess Z"))
    for name, line in (("eve", "due"), ("ben", "status"), ("ben", "undo"), ("ana", "tier jess A")):
        refused = await desk.says(name, line)
        assert isinstance(refused, Reply)
        assert Outcome.REFUSED == refused.outcome
        assert [] == labels(refused)


async def test_whoever_only_looks_can_add_whom_nobody_knows(desk: Desk) -> None:
    """A name that fits nobody is offered to be added, and what was asked goes on with them."""
    await desk.says("ana", "add Jess Park")
    asked = await desk.says("ana", "show Zelda")
    added = await desk.fills("ana", await desk.presses("ana", asked, "Add them"))

    assert "Nobody on the roster is called “Zelda”." == words(asked)
    assert words(await desk.presses("ana", added, "Go on: show")).startswith("Zelda — new.")


async def test_what_belongs_to_another_workspace_is_refused(desk: Desk) -> None:
    """Somebody can be of two: what one team knows is not told into a place of the other's, nor is a team made of it."""
    place = Place("fake", "elsewhere", "general")
    asked = Command(verb="due", actor=desk.actor("ana"), place=place, heard="h1")
    answer = await desk.core.dispatch(asked)
    assert isinstance(answer, Reply)
    assert (Outcome.REFUSED, ()) == (answer.outcome, await desk.store.teams())


async def test_an_internal_verb_cannot_be_typed(desk: Desk) -> None:
    """What buttons stand for is no verb for people."""
    assert "I don’t know “delete_touch”" in words(await desk.says("ana", "delete_touch tch_1"))


async def test_guests_strangers_and_bots_are_refused(desk: Desk) -> None:
    """Whoever is not a member gets a sentence, and nothing is stored for them."""
    for role in (Role.GUEST, Role.STRANGER, Role.BOT):
        desk.roles["eve"] = role
        assert "Only members" in words(await desk.says("eve", "find"))
        question = Question(actor=desk.actor("eve"), place=desk.dm("eve"), verb="show", argument="who", typed="j")
        assert () == await desk.core.complete(question)
    assert () == await desk.store.teams()


async def test_only_admins_may_do_what_is_for_admins(desk: Desk) -> None:
    """A member is told whom to ask; an admin gets the form."""
    shown = await desk.says("ana", "settings")
    assert "Change the team’s" in labels(shown)
    assert "Change the team’s" not in labels(await desk.says("ben", "settings"))
    refused = await desk.presses("ben", shown, "Change the team’s")
    assert "for admins" in words(refused)


async def test_a_verb_without_what_it_needs_opens_its_form(desk: Desk) -> None:
    """The form holds what was given, and sending it does what the line would have done."""
    await desk.says("ana", "add Jess Park")
    form = await desk.says("ana", "log jess")
    assert isinstance(form, Form)
    assert "jess" in {one.name: one.value for one in form.inputs}["who"]
    answer = await desk.fills("ana", form, what="coffee")
    assert "✓ Logged: Jess Park — meeting" in words(answer)


async def test_a_form_comes_back_with_its_errors_and_what_was_typed(desk: Desk) -> None:
    """A wrong value is named beside its input, and nothing that was typed is lost."""
    await desk.says("ana", "add Jess Park")
    form = await desk.says("ana", "log")
    again = await desk.fills("ana", form, who="jess", what="coffee", on="31 feb", value="€500")
    assert ["on"] == list(errors(again))
    assert isinstance(again, Form)
    assert {"what": "coffee", "value": "€500"}.items() <= {one.name: one.value for one in again.inputs}.items()
    assert "✓ Logged" in words(await desk.fills("ana", again, on="yesterday"))


async def test_a_form_that_comes_back_says_everything_that_is_wrong(desk: Desk) -> None:
    """Nobody has to correct one input to hear of the next."""
    await desk.says("ana", "add Jess Park")
    form = await desk.says("ana", "log")
    again = await desk.fills(
        "ana", form, who="Wilhelmina", on="31 feb", medium="carrier pigeon", link="https://x.example"
    )
    assert {"who", "what", "on", "medium"} == errors(again).keys()


async def test_a_name_in_doubt_is_an_error_beside_its_input(desk: Desk) -> None:
    """In a form, several matches and typos are said where the name was typed."""
    for name in ("Jess Park", "Jess Liu"):
        await desk.says("ana", f"add {name}")
    form = await desk.says("ana", "log")
    again = await desk.fills("ana", form, who="jess", what="coffee")
    assert "“Jess Liu” or “Jess Park”" in errors(again)["who"]
    again = await desk.fills("ana", again, who="jess prak")
    assert "Did you mean “Jess Park”?" in errors(again)["who"]
    assert "✓ Logged: Jess Park" in words(await desk.fills("ana", again, who="jess park"))


async def test_a_form_is_sent_once(desk: Desk) -> None:
    """A second sending is told who did it, and logs nothing."""
    await desk.says("ana", "add Jess Park")
    form = await desk.says("ana", "log jess")
    await desk.fills("ana", form, what="coffee")
    assert "Already done by you." == words(await desk.fills("ana", form, what="coffee"))
    assert 1 == len(await desk.store.everything(Touchpoint, (await desk.team()).id))


async def test_a_form_of_somebody_else_is_refused(desk: Desk) -> None:
    """A form belongs to whoever opened it."""
    await desk.says("ana", "add Jess Park")
    form = await desk.says("ana", "log jess")
    assert "opened by somebody else" in words(await desk.fills("ben", form, what="coffee"))


async def test_a_question_to_somebody_else_is_refused(desk: Desk) -> None:
    """Its buttons are no form: whoever presses them is told to ask."""
    await desk.says("ana", "add Jess Park")
    await desk.says("ana", "add Jess Liu")
    asked = await desk.says("ana", "log jess coffee")

    assert "This was asked by somebody else. Ask for it yourself." == words(
        await desk.presses("ben", asked, "Jess Liu")
    )


async def test_an_account_that_nobody_knows_is_not_quoted(desk: Desk) -> None:
    """Its id would tell nobody who it is, however the platform writes it."""
    await desk.says("ana", "add Jess Park")
    for mention in ("@U09ZZZ", "<@U09ZZZ>", "<@U09ZZZ|zed>", "<@!1234>"):
        refused = words(await desk.says("ana", f"own jess {mention}"))
        assert refused.startswith("That person can’t use Rapport:")


async def test_a_command_heard_twice_acts_once_and_answers_the_same(desk: Desk) -> None:
    """A redelivered command is known by its id."""
    await desk.says("ana", "add Jess Park")
    first = await desk.says("ana", "log jess coffee", heard="slack-1")
    second = await desk.says("ana", "log jess coffee", heard="slack-1")
    assert words(first) == words(second)
    assert 1 == len(await desk.store.everything(Touchpoint, (await desk.team()).id))


async def test_two_at_once_are_both_kept(desk: Desk) -> None:
    """Two people who write to one record at the same moment both get their way."""
    await desk.says("ana", "add Jess Park")
    await asyncio.gather(desk.says("ana", "tag jess food"), desk.says("ben", "tag jess ceramics"))
    (jess,) = await desk.store.everything(Influencer, (await desk.team()).id)
    assert {"food", "ceramics"} == set(jess.tags)


async def test_several_matches_ask_with_buttons(desk: Desk) -> None:
    """A button says who was meant, and what was said otherwise has waited."""
    await desk.says("ana", "add Jess Park instagram:jess.cooks")
    await desk.says("ana", "add Jess Liu")
    asked = await desk.says("ana", "log jess coffee at VidCon yesterday")
    assert ["Jess Liu", "Jess Park · @jess.cooks", "Someone new"] == labels(asked)
    answer = await desk.presses("ana", asked, "Jess Park")
    assert "✓ Logged: Jess Park — meeting, yesterday (Sun 22 Nov), by you: “coffee at VidCon”." in words(answer)
    assert "Already done by you." == words(await desk.presses("ana", asked, "Jess Liu"))


async def test_what_answers_a_question_or_turns_a_page_takes_its_place(desk: Desk) -> None:
    """There is nothing left to press in the message before; what else is pressed leaves it as it stands."""
    for name in ("Jess Park", "Jess Liu", *(f"Person {number}" for number in range(30))):
        await desk.says("ana", f"add {name}")
    asked = await desk.says("ana", "log jess coffee")
    logged = await desk.presses("ana", asked, "Jess Park")
    found = await desk.says("ana", "find")
    turned = await desk.presses("ana", found, "More")
    kept = await desk.presses("ana", await desk.says("ana", "forget Jess Liu"), "Keep")
    shown = await desk.presses("ana", await desk.presses("ana", logged, "Undo"), "Bring back")
    answers = (asked, logged, found, turned, await desk.presses("ana", turned, "Earlier"), kept, shown)
    assert [False, True, False, True, True, True, False] == [isinstance(one, Reply) and one.replaces for one in answers]


async def test_what_can_not_be_done_leaves_the_question(desk: Desk) -> None:
    """Its buttons may be of use yet, and what was pressed twice is said beside what came of it."""
    for name in ("Jess Park", "Jess Liu"):
        await desk.says("ana", f"add {name}")
    asked = await desk.says("ana", "log jess coffee")
    others, _, again = [await desk.presses(name, asked, "Jess Liu") for name in ("ben", "ana", "ana")]
    assert [False, False] == [isinstance(one, Reply) and one.replaces for one in (others, again)]


async def test_whoever_was_added_stays_said_when_it_goes_on(desk: Desk) -> None:
    """The question led to somebody new, and the button that goes on stands in what says so, with its undo."""
    asked = await desk.says("ana", "log zoe coffee")
    added = await desk.fills("ana", await desk.presses("ana", asked, "Add them"))
    logged = await desk.presses("ana", added, "Go on")
    assert "✓ Logged" in words(logged)
    assert isinstance(logged, Reply)
    assert not logged.replaces


async def test_one_of_several_people_in_doubt_is_asked_about(desk: Desk) -> None:
    """The others stay as they were named."""
    for name in ("Jess Park", "Jess Liu", "Sam Ode"):
        await desk.says("ana", f"add {name}")
    asked = await desk.says("ana", "log sam, jess coffee")
    answer = await desk.presses("ana", asked, "Jess Liu")
    assert "✓ Logged: Sam Ode" in words(answer)
    assert "✓ Logged: Jess Liu" in words(answer)


async def test_what_writes_asks_about_a_typo_and_what_reads_answers(desk: Desk) -> None:
    """Found only through a typo: a read says for whom it answers, a write asks first."""
    await desk.says("ana", "add Jessica Park")
    assert words(await desk.says("ana", "show jesica")).startswith("I took “jesica” for Jessica Park.")
    asked = await desk.says("ana", "log jesica coffee")
    assert "Did you mean Jessica Park?" in words(asked)
    assert () == await desk.store.everything(Touchpoint, (await desk.team()).id)
    assert "✓ Logged" in words(await desk.presses("ana", asked, "Jessica"))


async def test_nobody_found_offers_the_nearest_and_to_add(desk: Desk) -> None:
    """A name that is on no roster can be added at once."""
    await desk.says("ana", "add Jess Park")
    asked = await desk.says("ana", "log Wilhelmina coffee")
    assert "Nobody on the roster is called “Wilhelmina”" in words(asked)
    form = await desk.presses("ana", asked, "Add them")
    assert isinstance(form, Form)
    assert "Wilhelmina" == {one.name: one.value for one in form.inputs}["name"]
    added = await desk.fills("ana", form)
    assert "✓ Logged: Wilhelmina" in words(await desk.presses("ana", added, "Go on"))


async def test_words_without_a_slash_are_commands(desk: Desk) -> None:
    """In a DM the verbs work without the slash."""
    await desk.says("ana", "add Jess Park")
    assert "✓ Logged" in words(await desk.tells("ana", "log jess coffee"))


async def test_a_form_corrected_under_one_inbound_id_is_carried_out(desk: Desk) -> None:
    """A platform may give every sending of one form the same id: only what was carried out counts as heard."""
    await desk.says("ana", "add Jess Park")
    form = await desk.says("ana", "log jess")
    again = await desk.fills("ana", form, heard="view-1", what="coffee", on="31 feb")
    again = await desk.fills("ana", again, heard="view-1", what="coffee and cake", on="32 feb")
    assert {"on"} == errors(again).keys()
    assert "✓ Logged" in words(await desk.fills("ana", again, heard="view-1", on="yesterday"))
    assert "✓ Logged" in words(await desk.fills("ana", again, heard="view-1", on="yesterday"))
    (touch,) = await desk.store.everything(Touchpoint, (await desk.team()).id)
    assert "coffee and cake" == touch.note


async def test_a_form_comes_section_by_section(desk: Desk) -> None:
    """Where a form holds five inputs only, its sections are kept one by one and carried out together."""
    await desk.says("ana", "add Jess Park")
    form = await desk.says("ana", "edit jess")
    assert isinstance(form, Form)
    first = Command(
        verb="edit",
        actor=desk.actor("ana"),
        place=desk.dm("ana"),
        heard="section-1",
        args=(("tags", "food"),),
        draft=form.id,
        partial=True,
    )
    kept = await desk.core.dispatch(first)
    assert isinstance(kept, Form)
    assert "food" == {one.name: one.value for one in kept.inputs}["tags"]
    last = Command(
        verb="edit",
        actor=desk.actor("ana"),
        place=desk.dm("ana"),
        heard="section-2",
        args=(("goal", "a TV slot"),),
        draft=form.id,
    )
    answer = words(await desk.core.dispatch(last))
    assert "tags food" in answer
    assert "goal “a TV slot”" in answer


async def test_a_form_can_be_opened_again(desk: Desk) -> None:
    """A button brings back a form that came too late, or one with what was typed and what was wrong with it."""
    await desk.says("ana", "add Jess Park")
    form = await desk.says("ana", "log jess")
    await desk.fills("ana", form, what="coffee", on="31 feb")
    assert isinstance(form, Form)
    opened = await desk.core.dispatch(
        Command(verb="open_form", actor=desk.actor("ana"), place=desk.dm("ana"), heard="o", args=(("draft", form.id),))
    )
    assert {"on"} == errors(opened).keys()
    assert isinstance(opened, Form)
    assert "coffee" == {one.name: one.value for one in opened.inputs}["what"]


async def test_many_at_once_all_get_their_turn(desk: Desk) -> None:
    """Eight people who write about one person at the same moment are all heard."""
    await desk.says("ana", "add Jess Park")
    names = [f"member{number}" for number in range(8)]
    answers = await asyncio.gather(*(desk.says(name, "log jess coffee") for name in names))
    assert ["✓ Logged"] * 8 == [words(answer)[:8] for answer in answers]


async def test_a_refusal_brings_the_form_back(desk: Desk) -> None:
    """What a handler refuses as a whole is said above the form, and nothing that was typed is lost."""
    await desk.says("ana", "add Jess Park")
    form = await desk.says("ana", "tier jess")
    await desk.says("ana", "tier jess A")
    again = await desk.fills("ana", form, to="A")
    assert isinstance(again, Form)
    assert again.error is not None
    assert "That is how it is already" in again.error


async def test_hidden_arguments_and_internal_verbs_are_for_buttons(desk: Desk) -> None:
    """Nobody can type what only a button says."""
    await desk.says("ana", "add Jess Park")
    assert "I don’t know “not_needed”" in words(await desk.says("ana", "not_needed"))
    assert "Add another" in labels(await desk.says("ana", "add Jess Park another:yes"))


async def test_somebody_who_was_met_can_be_named(desk: Desk) -> None:
    """A member need not have spoken to own a relationship; a guest is never met."""
    await desk.says("ana", "add Jess Park")
    await desk.core.meet(desk.actor("ben"))
    assert "→ @Ben" in words(await desk.says("ana", "own jess @ben"))
    desk.roles["eve"] = Role.GUEST
    await desk.core.meet(desk.actor("eve"))
    assert "Nobody in the team" in words(await desk.says("ana", "own jess @eve"))


async def test_a_zone_that_is_none_does_no_harm(desk: Desk) -> None:
    """A platform's word for a time zone that does not exist is passed over."""
    desk.zones["ben"] = "Mars/Olympus"
    await desk.says("ben", "add Jess Park")
    assert (await desk.member("ben")).seen_zone is None


async def test_what_was_saved_is_not_denied(desk: Desk) -> None:
    """Where only the answer fails, the person is told that it was saved, and not to do it twice."""
    await desk.says("ana", "add Jess Park")
    desk.breaks("members", after_commit=True)
    assert "It was saved, but I can’t show it" in words(await desk.says("ana", "log jess coffee"))


async def test_completion_knows_the_roster(desk: Desk) -> None:
    """Typing a name offers people, with an id that stands for them."""
    await desk.says("ana", "add Jess Park instagram:jess.cooks")
    question = Question(actor=desk.actor("ana"), place=desk.dm("ana"), verb="show", argument="who", typed="je")
    (option,) = await desk.core.complete(question)
    assert "Jess Park · @jess.cooks" == option.label
    assert "Jess Park" in words(await desk.says("ana", f"show {option.value}"))


async def test_members_who_differ_in_nothing_that_can_be_said_are_numbered(desk: Desk) -> None:
    """The ids of their accounts would tell nobody who is who, and the numbers stay theirs."""
    desk.names |= {"ben": "Ben", "benny": "Ben"}
    for name in ("ben", "benny"):
        await desk.says(name, "due")
    question = Question(actor=desk.actor("ana"), place=desk.dm("ana"), verb="own", argument="to", typed="be")

    options = await desk.core.complete(question)

    assert {"Ben (1)": (await desk.member("ben")).id, "Ben (2)": (await desk.member("benny")).id} == {
        option.label: option.value for option in options
    }


async def test_completion_tells_namesakes_apart(desk: Desk) -> None:
    """No two options are called the same, neither people nor members."""
    await desk.says("ana", "add Kim Ray tier:A")
    await desk.presses("ana", await desk.says("ana", "add Kim Ray tier:B"), "Add another")
    desk.names |= {"ben": "Ben", "benny": "Ben", "bea": "Ben"}
    desk.zones |= {"benny": "Asia/Tokyo", "bea": "America/New_York"}
    for name in ("ben", "benny", "bea"):
        await desk.says(name, "due")

    async def offered(verb: str, argument: str, typed: str) -> list[str]:
        question = Question(actor=desk.actor("ana"), place=desk.dm("ana"), verb=verb, argument=argument, typed=typed)
        return [option.label for option in await desk.core.complete(question)]

    assert {"Kim Ray · tier A", "Kim Ray · tier B"} == set(await offered("show", "who", "kim"))
    assert {"Ben · Europe/Berlin", "Ben · Asia/Tokyo", "Ben · America/New_York"} == set(
        await offered("own", "to", "be")
    )
    sentence = "Several members fit “ben r”, and some share a name: mention the one you mean with @."
    desk.names |= {"ben": "Ben Ray", "benny": "Ben Ray"}
    for name in ("ben", "benny"):
        await desk.says(name, "due")
    await desk.says("ana", "add Jess Park")
    assert sentence == words(await desk.says("ana", "own jess ben r"))
    assert "owner you → @Ben Ray" in words(await desk.says("ana", "own jess @benny"))


async def test_an_account_that_nobody_knows_is_no_member(desk: Desk) -> None:
    """A guest who was mentioned is not called by an id, but said to have no access."""
    await desk.says("ana", "add Jess Park")
    for line in ("own jess @U004", "due @U004", "handover me @U004", "add Lee Fox owner:@U004"):
        said = words(await desk.says("ana", line))
        assert "That person can’t use Rapport: only members of the workspace can, and guests can’t." == said


async def test_what_nobody_thought_of_is_answered_with_an_id(desk: Desk) -> None:
    """The unexpected never reaches the adapter: the person gets a sentence, and an id that the log has too."""
    desk.breaks("members")
    answer = await desk.says("ana", "undo")
    assert isinstance(answer, Reply)
    assert Outcome.BROKEN == answer.outcome
    assert "err_" in words(answer)
    assert "boom" not in words(answer)


async def test_a_form_outlives_a_restart_and_expires_with_a_sentence(desk: Desk) -> None:
    """A Draft that is gone is said to be, with what to do."""
    stale = Command(
        verb="log",
        actor=desk.actor("ana"),
        place=desk.dm("ana"),
        heard="h",
        args=(("what", "x"),),
        draft="drf_gone",
    )
    assert "expired" in words(await desk.core.dispatch(stale))


async def test_a_form_that_comes_back_names_whom_was_chosen(desk: Desk) -> None:
    """A list to choose from sends ids, which nobody should have to read."""
    for line in ("add Jess Park instagram:jess.cooks", "add Sam Ode"):
        await desk.says("ana", line)
    jess, sam = sorted(await desk.store.roster((await desk.team()).id), key=lambda one: one.name)
    form = await desk.says("ana", "log")
    back = await desk.fills("ana", form, who=f"{jess.id}, {sam.id}, Kim", what="coffee", on="nonsense")
    assert isinstance(back, Form)
    assert "Jess Park, Sam Ode, Kim" == next(one.value for one in back.inputs if one.name == "who")
