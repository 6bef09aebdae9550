"""Files that a config names: always inside the config's own folder."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from planner.config.document import Document, Location
from planner.config.wording import show
from planner.errors import InputError

_ALLOWED = "the name of a file in the config's folder or below it, such as `{example}`"


def inside_folder(
    document: Document, location: Location, text: str, example: str = "my-catalog.yaml"
) -> Path:
    """Return the file that `text` names, seen from the folder of the config.

    Parameters
    ----------
    document : Document
        The config.
    location : Location
        Where in the config `text` stands, for the error.
    text : str
        A relative path.
    example : str
        A name of the kind that is meant, for the error.

    Raises
    ------
    InputError
        For an absolute path, one with ``..``, one that a link leads out of the folder, or one that
        is no file.
    """

    def refuse(message: str, remedy: str) -> InputError:
        problem = document.problem(
            location,
            message,
            allowed=_ALLOWED.format(example=example),
            remedy=remedy,
            value=show(text),
        )
        return InputError((problem,))

    windows = PureWindowsPath(text)
    if PurePosixPath(text).is_absolute() or windows.drive or windows.root:
        raise refuse("an absolute path", "copy the file beside the config and write its name")
    if ".." in windows.parts:
        raise refuse("a path with `..` in it", "copy the file beside the config and write its name")
    folder = document.path.parent
    try:
        found = (folder / text).resolve(strict=True)
        inside = found.is_relative_to(folder.resolve(strict=True))
    except FileNotFoundError:
        raise refuse("there is no such file", "check the name") from None
    except (OSError, ValueError, RuntimeError):
        raise refuse("this path cannot be used", "check the name") from None
    if not inside:
        raise refuse("a link leads out of the config's folder", "copy the file beside the config")
    if not found.is_file():
        raise refuse("this is not a file", f"name a file such as `{example}`")
    # Not `found`: messages show the name that the user wrote.
    return folder / text
