"""The methods of the Web API about files: an upload in three calls, and looking one up."""

from __future__ import annotations

import mimetypes
from typing import Any

from tests.platform.slack.asked import Asked, check_message, put_message
from tests.platform.slack.objects import file_object
from tests.platform.slack.state import FakeFile
from tests.platform.slack.world import Refused, World

LONGEST_ALT = 1000


def get_upload_url(asked: Asked) -> dict[str, Any]:
    """files.getUploadURLExternal: where the bytes go; `length` is their number."""
    name, length = asked.needs("filename", "length")
    if not str(length).isdecimal() or int(length) == 0:
        raise Refused("invalid_arguments")
    alt = asked.args.get("alt_txt")
    kind = mimetypes.guess_type(str(name))[0] or "application/octet-stream"
    if kind.startswith("image/") and not alt:
        asked.world.complaints.append(f"files.getUploadURLExternal: the picture {name} has no alt text")
    if alt and len(alt) > LONGEST_ALT:
        raise Refused("alt_txt_too_large")
    team = asked.teams[0]
    id = asked.world.new_id("F")
    asked.world.files[id] = FakeFile(id, str(name), team.id, team.bot_user, b"", kind, str(name), alt_text=alt)
    asked.world.expected_lengths[id] = int(length)
    return {"upload_url": f"{asked.world.base_url}/upload/v1/{id}", "file_id": id}


def take_upload(world: World, id: str, content: bytes) -> None:
    """The bytes arrive; raises Refused where they are not as many as was said."""
    if id not in world.expected_lengths:
        raise Refused("file_not_found")
    if len(content) != world.expected_lengths[id]:
        raise Refused("file_size_mismatch")
    world.files[id].content = content


def complete_upload(asked: Asked) -> dict[str, Any]:
    """files.completeUploadExternal: the files are there, and stand in a channel where one is named."""
    (wanted,) = asked.needs("files")
    files = [_uploaded(asked, str(item["id"])) for item in wanted]
    for file, item in zip(files, wanted, strict=True):
        file.title = str(item.get("title") or file.name)
    target = asked.args.get("channel_id")
    if target:
        _share(asked, target, files)
    for file in files:
        file.complete = True
    return {"files": [file_object(file, asked.world.base_url) for file in files]}


def file_info(asked: Asked) -> dict[str, Any]:
    """files.info."""
    (id,) = asked.needs("file")
    file = asked.world.files.get(id)
    if file is None or file.team not in {team.id for team in asked.teams}:
        raise Refused("file_not_found")
    return {"file": file_object(file, asked.world.base_url)}


def _uploaded(asked: Asked, id: str) -> FakeFile:
    file = asked.world.files.get(id)
    if file is None or not file.content or file.complete:
        raise Refused("file_not_found")
    return file


def _share(asked: Asked, target: str, files: list[FakeFile]) -> None:
    channel = asked.channel_to_write_in(target)
    text, blocks = asked.args.get("initial_comment"), asked.args.get("blocks")
    if text and blocks:
        raise Refused("invalid_arguments")
    payload = {"text": text, "blocks": blocks, "thread_ts": asked.args.get("thread_ts")}
    if text or blocks:
        check_message(asked.world, payload, "files.completeUploadExternal")
    message = put_message(asked.world, channel, payload, "files.completeUploadExternal")
    for file in files:
        file.channels.append(channel.id)
    message.files = [file_object(file, asked.world.base_url) for file in files]
