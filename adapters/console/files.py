"""Files that come and go: paths in a typed line are read, files in a reply are written where the terminal stands."""

from __future__ import annotations

import re
from pathlib import Path

from adapters.console.forms import with_error
from adapters.safe import clean
from bot.commands import CommandSpec, Kind
from bot.errors import NotFound, Refused, TooLong
from bot.inbound import Upload
from bot.reply import Form, InputKind

UPLOAD_LIMIT = 20 * 1024 * 1024
"""Bytes of one file that is read."""
NAME_BYTES = 200  # file systems take 255; the rest is for the number that tells two files apart
TRIES = 1_000
OWNER_ONLY = 0o600

_WORD = re.compile(r"""(?:(\w+):)?(?:"([^"]+)"|'([^']+)'|(\S+))""")
_LOOKS_LIKE_FILE = re.compile(r".*[/\\].+|.+\.(csv|tsv|json|txt|xlsx|zip)\Z", re.IGNORECASE | re.DOTALL)


def size(count: int) -> str:
    """`512 bytes`, `23 KB`, `1.4 MB`."""
    if count < 1024:
        return f"{count} byte{'' if count == 1 else 's'}"
    return f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


def take_uploads(
    text: str, spec: CommandSpec, folder: Path
) -> tuple[str, tuple[tuple[str, str], ...], tuple[Upload, ...]]:
    """The text without the files it names, which argument each file is for, and the files in the arguments' order.

    A word counts as a file if it is the path of one, in quotes where it has blanks; `name:path` is for the argument
    of that name, and the others take what is left. Raises NotFound for a word that only looks like a file, TooLong
    for a file of over 20 MB.
    """
    wanted = [argument.name for argument in spec.arguments if argument.kind is Kind.FILE]
    if not wanted:
        return text, (), ()
    rest, named, others, at = [], {}, [], 0
    for match in _WORD.finditer(text):
        key, value = match[1], match[2] or match[3] or match[4]
        if key and key not in wanted:
            continue
        upload = _upload(value, folder)
        if upload is None:
            continue
        rest.append(text[at : match.start()])
        at = match.end()
        if key and key not in named:
            named[key] = upload
        else:
            others.append(upload)
    for name in wanted:
        if name not in named and others:
            named[name] = others.pop(0)
    given = [(name, named[name]) for name in wanted if name in named]
    left = re.sub(" {2,}", " ", "".join([*rest, text[at:]])).strip()
    return left, tuple((name, upload.name) for name, upload in given), (*(upload for _, upload in given), *others)


def attach(form: Form, folder: Path) -> tuple[Form, tuple[tuple[str, str], ...], tuple[Upload, ...]]:
    """A filled form's values by name, and the files whose paths were typed into it.

    A file that can't be read is an error beside its input in the Form returned.
    """
    args, uploads = [], []
    for field in form.inputs:
        value = field.value
        if field.kind is InputKind.FILE and value and not field.error:
            try:
                uploads.append(read_upload(folder / Path(value).expanduser()))
            except (Refused, RuntimeError) as error:  # RuntimeError: the home of somebody whom the system doesn't know
                form = with_error(form, field.name, str(error))
            else:
                value = uploads[-1].name
        args.append((field.name, value))
    return form, tuple(args), tuple(uploads)


def read_upload(path: Path) -> Upload:
    """One file. Raises NotFound where it can't be read, TooLong over 20 MB."""
    try:
        with path.open("rb") as file:
            content = file.read(UPLOAD_LIMIT + 1)
    except OSError as error:
        raise NotFound(f"{clean(str(path.absolute()))} can't be read: {error.strerror}.") from error
    if len(content) > UPLOAD_LIMIT:
        raise TooLong(f"{clean(path.name)} has over {size(UPLOAD_LIMIT)}; split it into smaller files.")
    return Upload(path.name, content)


def keep_file(folder: Path, name: str, content: bytes) -> Path:
    """Writes the content into the folder under a safe form of the name, next to whatever has that name already.

    What is kept may be personal: nobody but the account that the process runs under can read it. The path returned is
    a whole one. Raises OSError where the folder can't be written to, and then nothing is left behind.
    """
    safe = safe_name(name)
    stem, suffix = Path(safe).stem, Path(safe).suffix
    for number in range(1, TRIES):
        path = folder.absolute() / (safe if number == 1 else f"{stem}-{number}{suffix}")
        try:
            path.touch(mode=OWNER_ONLY, exist_ok=False)
        except FileExistsError:
            continue
        try:
            path.write_bytes(content)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path
    raise FileExistsError(17, "too many files of that name", safe)


def safe_name(name: str) -> str:
    """A file name without folders, blanks at its ends, a leading dot or signs that some system forbids."""
    cleaned = re.sub(r'[<>:"/\\|?*\x00-\x1f⏎]+', "-", clean(name)).strip(" .-")
    stem, dot, suffix = cleaned.rpartition(".")
    if not dot or len(suffix) > 10:
        stem, suffix = cleaned, ""
    else:
        suffix = "." + suffix
    short = stem.strip().encode()[: NAME_BYTES - len(suffix.encode())].decode(errors="ignore").strip()
    return (short or "file") + suffix


def _upload(value: str, folder: Path) -> Upload | None:
    try:
        path = (folder / Path(value).expanduser()).resolve()
        if path.is_file():
            return read_upload(path)
    except (OSError, RuntimeError, ValueError):
        return None  # too long for a path, an unknown ~user, a NUL: no file's name
    if _LOOKS_LIKE_FILE.match(value) and not value.startswith(("http://", "https://")):
        if Path(value).is_absolute() or value.startswith("~"):
            raise NotFound(f"There is no file {clean(value)}.")
        raise NotFound(
            f"There is no file {clean(value)} in {clean(str(folder.absolute()))}. Type its path from there, or in full."
        )
    return None
