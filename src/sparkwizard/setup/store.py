"""Profiles and the draft on disk: strict when read, whole or not at all when written.

A profile file may be edited by hand: saving keeps its comments. It never holds a secret: neither
reading nor saving lets one pass.
"""

import os
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import msgspec

from sparkwizard.errors import ProfileError, StorageError
from sparkwizard.provisioning.mapping.default_rules import DEFAULT_GROUP_MAPPING, DEFAULT_MAPPING
from sparkwizard.provisioning.types import MappingRule, Reason
from sparkwizard.setup.places import Places, replacing, storage_error, write_private
from sparkwizard.setup.profile import Profile
from sparkwizard.setup.wire import Toml, check_name, decode, encode

__all__ = [
    "Draft",
    "LoadedProfile",
    "ProfileEntry",
    "delete_profile",
    "discard_draft",
    "effective_group_mapping",
    "effective_mapping",
    "list_profiles",
    "load_draft",
    "load_profile",
    "profile_path",
    "profile_text",
    "save_draft",
    "save_profile",
]

MAX_BYTES = 5 * 1024 * 1024


class LoadedProfile(msgspec.Struct, frozen=True):
    """Hold a profile, the file it came from, and the folder that relative paths start from."""

    profile: Profile
    path: Path
    base_dir: Path


class ProfileEntry(msgspec.Struct, frozen=True):
    """Name one profile of the folder; ``problem`` says why it can't be loaded."""

    name: str
    path: Path
    problem: Reason | None = None


class Draft(msgspec.Struct, frozen=True):
    """Hold an unfinished profile, the step it was left at, and the profile it would change."""

    profile: Profile
    step: str = ""
    editing: str = ""


def load_profile(ref: str, places: Places) -> LoadedProfile:
    """Load a profile by name, or by path if ``ref`` has a separator or ends in ``.toml``.

    Raises ``ProfileError``; for an unknown name it tells the nearest or all that are there.
    """
    path = Path(ref).expanduser().absolute() if _is_path(ref) else _find(ref, places)
    return LoadedProfile(_read(path), path, path.resolve().parent)


def save_profile(profile: Profile, places: Places, path: Path | None = None) -> Path:
    """Save a profile and return where it is; comments of the file that was there are kept.

    Without ``path`` it goes to the file of this name in the folder of profiles, whatever that is
    called; another profile is not overwritten.
    Raises ``ProfileError`` or ``StorageError``.
    """
    check_name(profile.name)
    content = encode(profile)
    target = path or _saved_at(profile.name, places)
    _refuse_secrets(content, target)
    before = _text(target) if target.exists() else ""
    if path is None and before:
        _refuse_other_profile(profile.name, before, target)
    with replacing(target, keep_mode=True) as file:
        file.write(_merged(before, content).encode())
    return target


def profile_text(profile: Profile) -> str:
    """Return a profile as the text of a file of its own; it is written nowhere."""
    return _merged("", encode(profile))


def list_profiles(places: Places) -> tuple[ProfileEntry, ...]:
    """Return the profiles of the folder by name; one that is damaged is told, not left out."""
    try:
        files = sorted(places.profiles_dir.glob("*.toml"))
    except OSError as error:
        raise storage_error(error, places.profiles_dir, "read") from error
    entries = map(_entry, files)
    return tuple(sorted(entries, key=lambda entry: (entry.name.casefold(), entry.path)))


def delete_profile(ref: str, places: Places) -> None:
    """Delete the file of a profile, also a damaged one; raises ``ProfileError``."""
    path = Path(ref).expanduser().absolute() if _is_path(ref) else _find(ref, places)
    try:
        path.unlink()
    except FileNotFoundError as error:
        raise _no_file(path) from error
    except OSError as error:
        raise storage_error(error, path, "deleted") from error


def save_draft(draft: Draft, places: Places) -> None:
    """Keep an unfinished profile, readable by its owner only.

    Raises ``ProfileError`` where a secret stands in a field that is none, or ``StorageError``.
    """
    content = encode(draft.profile) | {"draft": {"step": draft.step, "editing": draft.editing}}
    _refuse_secrets(content, places.draft_path)
    write_private(places.draft_path, _merged("", content).encode())


def load_draft(places: Places) -> Draft | None:
    """Return the draft that was kept, None if there is none; raises ``ProfileError``."""
    path = places.draft_path
    if not path.exists():
        return None
    content = _parsed(_text(path), path)
    state = content.pop("draft", {})
    known = cast("dict[str, object]", state) if isinstance(state, dict) else {}
    return Draft(
        decode(content, path, draft=True), str(known.get("step", "")), str(known.get("editing", ""))
    )


def discard_draft(places: Places) -> None:
    """Remove the draft, if there is one; raises ``StorageError``."""
    try:
        places.draft_path.unlink(missing_ok=True)
    except OSError as error:
        raise storage_error(error, places.draft_path, "deleted") from error


def effective_mapping(profile: Profile) -> tuple[MappingRule, ...]:
    """Return the rules of a profile; one without any uses those of Microsoft's gallery app."""
    return profile.mapping or DEFAULT_MAPPING


def effective_group_mapping(profile: Profile) -> tuple[MappingRule, ...]:
    """Return the rules for groups; a profile without any uses those of Microsoft's gallery app."""
    return profile.groups.mapping or DEFAULT_GROUP_MAPPING


def profile_path(name: str, places: Places) -> Path:
    """Return where the profile of this name is saved: a file name that every system accepts."""
    return places.profiles_dir / f"{_file_name(name)}.toml"


# Finding


def _is_path(ref: str) -> bool:
    separators = {os.sep, os.altsep or os.sep, "/"}
    return any(mark in ref for mark in separators) or ref.lower().endswith(".toml")


def _saved_at(name: str, places: Places) -> Path:
    usual = profile_path(name, places)
    same = [entry.path for entry in list_profiles(places) if entry.name == name]
    return same[0] if len(same) == 1 and not usual.exists() else usual


def _find(name: str, places: Places) -> Path:
    usual = profile_path(name, places)
    entries = list_profiles(places)
    # The name inside counts: the file may have been copied or renamed.
    same = [entry.path for entry in entries if entry.name == name]
    if usual in same or not same:
        same = [usual] if usual.exists() else []
    if len(same) == 1:
        return same[0]
    if same:
        files = ", ".join(path.name for path in same)
        raise ProfileError(
            f"Several profiles are named “{name}”: {files}.", fix="Tell the path of one of them."
        )
    raise ProfileError(f"There is no profile “{name}”.", fix=_known(name, entries))


def _known(name: str, entries: tuple[ProfileEntry, ...]) -> str:
    names = {entry.name.casefold(): entry.name for entry in entries}
    import difflib  # noqa: PLC0415 -- for slips of the pen

    if near := difflib.get_close_matches(name.casefold(), names, n=1):
        return f"Did you mean “{names[near[0]]}”?"
    if names:
        return "There are: " + ", ".join(f"“{known}”" for known in list(names.values())[:10]) + "."
    return "No profile was saved yet: make one in the window, or tell the path of a file."


def _entry(path: Path) -> ProfileEntry:
    try:
        return ProfileEntry(_read(path).name, path)
    except (ProfileError, StorageError) as error:
        return ProfileEntry(path.stem, path, Reason(error.code, str(error)))


_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE | re.ASCII)
_MAX_FILE_NAME = 120  # bytes; room for ".toml" and for the temporary name while it is written


def _file_name(name: str) -> str:
    """Return a name without what Windows, macOS or Linux refuse; a change is marked by a digest."""
    safe = _FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).strip(" .")
    safe = safe.encode("utf-8", "replace")[:_MAX_FILE_NAME].decode("utf-8", "ignore")
    if safe == name and not _DEVICES.fullmatch(safe):
        return safe
    import hashlib  # noqa: PLC0415 -- for what can't be the name of a file

    digest = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{safe or 'profile'}-{digest}" if not _DEVICES.fullmatch(safe) else f"profile-{digest}"


# Reading


def _read(path: Path) -> Profile:
    return decode(_parsed(_text(path), path), path)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ProfileError(f"{path} is too large for a profile.", fix="Choose another file.")
        # utf-8-sig: Notepad puts a byte order mark in front, which TOML does not know
        return path.read_bytes().decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise _no_file(path) from error
    except UnicodeDecodeError as error:
        raise ProfileError(f"{path} is not UTF-8 text.", fix="Save it again as UTF-8.") from error
    except OSError as error:
        raise storage_error(error, path, "read") from error


def _no_file(path: Path) -> ProfileError:
    return ProfileError(
        f"There is no profile file {path}.", fix="Check the path, or use the name of a profile."
    )


def _parsed(text: str, path: Path) -> dict[str, object]:
    try:
        content: dict[str, object] = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError: an integer without end
        line = re.search(r"at line (\d+)", str(error))
        where = f"line {line[1]}" if line else "the end"
        raise ProfileError(
            f"{path} is not valid TOML at {where}.",
            fix="Correct that line: texts stand in quotes, sections in [brackets].",
        ) from error
    _refuse_secrets(content, path)
    return content


def _refuse_other_profile(name: str, before: str, path: Path) -> None:
    try:
        other = tomllib.loads(before).get("name")
    except (ValueError, RecursionError):
        other = None
    if other != name:
        raise ProfileError(
            f"{path} holds another profile: “{other or 'unreadable'}”.",
            fix="Choose another name, or delete that profile first.",
        )


# Writing


def _merged(before: str, content: Mapping[str, Toml]) -> str:
    """Return the new text: the old one, comments and all, with what changed."""
    from sparkwizard.setup.toml_comments import with_comments_of  # noqa: PLC0415  tomlkit is slow to import and only writing needs it

    return with_comments_of(before, content)


# Secrets


_SECRET_KEYS = re.compile(r"token|secret|password|passphrase|credential|api_?key", re.IGNORECASE)
_SECRET_VALUES = (
    re.compile(r"\bBearer\s+[\w.~+/=-]{16,}", re.IGNORECASE),
    re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"),  # a JSON web token
    re.compile(r"[\w-]{40,300}_[A-Z0-9]{4}_[0-9a-f-]{36}"),  # a Webex access token
    re.compile(r"(?!Y2lzY29zcGFyazov)[A-Za-z0-9_-]{64,}"),  # any long token; not a Webex id
    re.compile(r"https?://[^/\s@]*:[^/\s@]*@.*"),  # a password in an address
)
_WHOLE_VALUES = frozenset(_SECRET_VALUES[3:])


def _refuse_secrets(content: Mapping[str, object], path: Path) -> None:
    for key, value in _leaves(content):
        if _SECRET_KEYS.search(key) or _looks_secret(value):
            raise ProfileError(
                f"{path}: {key[:60]} looks like a secret, and a profile never holds one.",
                fix="Remove it, and enter the token in the window or as SPARKWIZARD_TOKEN. "
                "If others could read the file, revoke the token.",
            )


def _looks_secret(value: str) -> bool:
    return any(
        pattern.fullmatch(value.strip()) if pattern in _WHOLE_VALUES else pattern.search(value)
        for pattern in _SECRET_VALUES
    )


def _leaves(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _leaves(inner, str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, key)
    else:
        yield key, value if isinstance(value, str) else ""
