"""Read a text file that a user names, and say in plain words why it cannot be read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from planner.config.wording import did_you_mean, listing, nearest, shorten
from planner.errors import InputError, Problem

MAX_BYTES = 1_000_000
_SUFFIXES = (".yaml", ".yml")


def read_text(path: Path) -> str:
    """Return the content of a UTF-8 file, without a byte order mark.

    Parameters
    ----------
    path : Path
        An ordinary file of at most 1 MB; its size is looked at before anything is read.

    Raises
    ------
    InputError
        Missing, a folder, too large, not readable, or not UTF-8.
    """
    raw = _bytes_of(path)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # The codec counts from after a byte order mark.
        offset = error.start + (3 if raw.startswith(b"\xef\xbb\xbf") else 0)
        raise InputError(
            (
                Problem(
                    path="",
                    message=f"the file is not UTF-8 text: byte {offset} is 0x{raw[offset]:02X}",
                    allowed="UTF-8",
                    remedy="save the file again with the encoding UTF-8",
                    file=path.name,
                    line=raw.count(b"\n", 0, offset) + 1,
                ),
            )
        ) from None


def _bytes_of(path: Path) -> bytes:
    """Return the content of a regular file of at most `MAX_BYTES`."""

    def refuse(message: str, remedy: str) -> InputError:
        shown = path.name or str(path)
        return InputError((Problem(path="", message=message, remedy=remedy, file=shown),))

    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            raise refuse("this is a folder, not a file", "name a YAML file in it")
        if not stat.S_ISREG(status.st_mode):
            raise refuse("this is not an ordinary file", "name a YAML file")
        if status.st_size > MAX_BYTES:
            size = f"{status.st_size / 1e6:,.1f} MB"
            raise refuse(
                f"the file is too large: {size} where at most 1 MB is read",
                "a scenario takes a few kB; is this the right file?",
            )
        with open(path, "rb") as stream:
            return stream.read(MAX_BYTES)
    except FileNotFoundError:
        raise refuse(f"there is no file {shorten(str(path))}", _other_file(path)) from None
    except PermissionError:
        raise refuse("the file may not be read", "change its permissions") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise refuse(f"the file cannot be read: {reason}", "check the path") from None


def _other_file(path: Path) -> str:
    try:
        names = sorted(p.name for p in path.parent.iterdir() if p.suffix in _SUFFIXES)
    except OSError:
        return "check the path: its folder cannot be opened"
    if nearest(path.name, names):
        return did_you_mean(path.name, names, "")
    if names:
        return f"check the path; the folder has {listing(names)}"
    return "check the path; the folder has no YAML file"
