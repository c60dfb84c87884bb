"""The methods of the Web API about modals, Home tabs and the agent surface."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.platform.slack.asked import Asked, check_view
from tests.platform.slack.objects import view_object, with_ids
from tests.platform.slack.state import FakeView, Trigger
from tests.platform.slack.world import Refused, World

DEEPEST_STACK = 3
MOST_PROMPTS = 4


def open_view(asked: Asked) -> dict[str, Any]:
    """views.open: one view for a trigger."""
    id, view = asked.needs("trigger_id", "view")
    check_view(asked.world, view, "views.open")
    trigger = _used(asked.world, id)
    return {"view": _shown(asked.world, stand(asked.world, trigger.user, _team_of(asked, trigger), view))}


def push_view(asked: Asked) -> dict[str, Any]:
    """views.push: on top of the modal in which the trigger was born."""
    id, view = asked.needs("trigger_id", "view")
    check_view(asked.world, view, "views.push")
    trigger = _used(asked.world, id)
    below = asked.world.views.get(trigger.view or "")
    if below is None:
        raise Refused("not_found")
    return {"view": _shown(asked.world, push(asked.world, below, view))}


def update_view(asked: Asked) -> dict[str, Any]:
    """views.update: by id or by external id; an old hash is refused."""
    (view,) = asked.needs("view")
    check_view(asked.world, view, "views.update")
    wanted = {asked.args.get("view_id"), asked.args.get("external_id")} - {None, ""}
    teams = {team.id for team in asked.teams}
    found = [v for v in asked.world.views.values() if v.team in teams and {v.id, v.view.get("external_id")} & wanted]
    if not found:
        raise Refused("not_found")
    if asked.args.get("hash") not in (None, "", found[0].hash):
        raise Refused("hash_conflict")
    change(asked.world, found[0], view)
    return {"view": _shown(asked.world, found[0])}


def publish_home(asked: Asked) -> dict[str, Any]:
    """views.publish: somebody's Home tab; an old hash is refused."""
    id, view = asked.needs("user_id", "view")
    user = asked.user(id)
    if not asked.world.has_home:
        raise Refused("not_enabled")
    check_view(asked.world, view, "views.publish")
    if view.get("type") != "home":
        raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] a Home tab has type home"]})
    before = asked.world.homes.get(user.id)
    if before is not None and asked.args.get("hash") not in (None, "", before["hash"]):
        raise Refused("hash_conflict")
    team = next((team.id for team in asked.teams if team.id == user.team), asked.teams[0].id)
    home = _new_view(asked.world, user.id, team, view)
    asked.world.homes[user.id] = _shown(asked.world, home)
    return {"view": _shown(asked.world, home)}


def set_prompts(asked: Asked) -> dict[str, Any]:
    """assistant.threads.setSuggestedPrompts: at most four, for a thread or for the whole Messages tab."""
    _needs_agent(asked)
    target, prompts = asked.needs("channel_id", "prompts")
    channel = asked.channel(target)
    complaint = _prompts_complaint(prompts)
    if complaint:
        asked.world.complaints.append(f"assistant.threads.setSuggestedPrompts: {complaint}")
        raise Refused("invalid_arguments", response_metadata={"messages": [complaint]})
    asked.world.prompts[channel.user or channel.id] = prompts
    return {}


def set_status(asked: Asked) -> dict[str, Any]:
    """assistant.threads.setStatus: shown until the app says something, or an empty one is set."""
    _needs_agent(asked)
    target, ts = asked.needs("channel_id", "thread_ts")
    asked.world.statuses[asked.channel(target).id, ts] = str(asked.args.get("status") or "")
    return {}


def set_title(asked: Asked) -> dict[str, Any]:
    """assistant.threads.setTitle."""
    _needs_agent(asked)
    target, ts, title = asked.needs("channel_id", "thread_ts", "title")
    asked.world.titles[asked.channel(target).id, ts] = str(title)
    return {}


def stand(world: World, user: str, team: str, view: dict[str, Any]) -> FakeView:
    """A modal is open from now on."""
    opened = _new_view(world, user, team, view)
    world.views[opened.id] = opened
    return opened


def push(world: World, below: FakeView, view: dict[str, Any]) -> FakeView:
    """A modal is open on top of another one; raises Refused where three are already."""
    if sum(1 for other in world.views.values() if other.root == below.root) >= DEEPEST_STACK:
        raise Refused("push_limit_reached")
    pushed = stand(world, below.user, below.team, view)
    pushed.root, pushed.previous = below.root, below.id
    return pushed


def change(world: World, fake: FakeView, view: dict[str, Any]) -> None:
    """A modal says something else; what was typed stays in inputs that keep their block id and action id."""
    fake.view = view | {"blocks": with_ids(view.get("blocks") or (), world.new_id)}
    fake.hash = _new_hash(world, fake.id)
    fake.errors, fake.trouble = {}, None
    kept = {block["block_id"]: _action_ids(block) for block in fake.view["blocks"]}
    fake.state = {
        block: {action: value for action, value in values.items() if action in kept[block]}
        for block, values in fake.state.items()
        if block in kept
    }


def _action_ids(block: dict[str, Any]) -> set[str]:
    parts = (block.get("element"), block.get("accessory"), *(block.get("elements") or ()))
    return {part["action_id"] for part in parts if isinstance(part, dict) and "action_id" in part}


def _new_view(world: World, user: str, team: str, view: dict[str, Any]) -> FakeView:
    id = world.new_id("V")
    shown = view | {"blocks": with_ids(view.get("blocks") or (), world.new_id)}
    return FakeView(id, user, team, shown, _new_hash(world, id), root=id)


def _new_hash(world: World, id: str) -> str:
    return f"{world.new_ts(id)}.{id}"


def _shown(world: World, fake: FakeView) -> dict[str, Any]:
    return view_object(fake, world.teams[fake.team].bot_id)


def _used(world: World, id: str) -> Trigger:
    trigger = world.triggers.get(id)
    if trigger is None:
        raise Refused("invalid_trigger_id")
    if trigger.used:
        raise Refused("exchanged_trigger_id")
    if asyncio.get_running_loop().time() > trigger.until:
        raise Refused("expired_trigger_id")
    trigger.used = True
    return trigger


def _team_of(asked: Asked, trigger: Trigger) -> str:
    home = asked.world.users[trigger.user].team
    return home if home in {team.id for team in asked.teams} else asked.teams[0].id


def _needs_agent(asked: Asked) -> None:
    if not asked.world.has_agent:
        raise Refused("feature_not_enabled")


def _prompts_complaint(prompts: Any) -> str | None:
    if not isinstance(prompts, list) or not all(isinstance(prompt, dict) for prompt in prompts):
        return "prompts are no list of objects"
    if not 1 <= len(prompts) <= MOST_PROMPTS:
        return f"{len(prompts)} prompts, at most {MOST_PROMPTS}"
    if not all(prompt.get("title") and prompt.get("message") for prompt in prompts):
        return "a prompt without title or message"
    return None
