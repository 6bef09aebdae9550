"""What is kept of a run: one folder, never overwritten, whole or not there at all."""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from planner.analysis.results import Results
from planner.errors import InputError, Problem, StoreError

RESULTS, MANIFEST, SAMPLES = "results.json", "manifest.json", "samples.parquet"


def fingerprint(resolved: dict[str, Any]) -> str:
    """Return the SHA-256 of a resolved config, whatever its layout or order of writing."""
    text = json.dumps(resolved, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def new_run_folder(parent: Path, name: str) -> Iterator[Path]:
    """Make a folder of a new name under `parent`; remove it again if the run fails.

    Raises
    ------
    StoreError
        If there is no space or no permission; nothing is left behind.
    """
    is_new = not parent.exists()
    with told_plainly(parent):
        folder = _reserve(parent, name)
        try:
            yield folder
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            if is_new:
                with suppress(OSError):
                    parent.rmdir()
            raise


@contextmanager
def told_plainly(where: Path) -> Iterator[None]:
    """Turn an error of the file system into one that says what to do.

    Raises
    ------
    StoreError
    """
    try:
        yield
    except OSError as error:
        remedies = {
            errno.ENOSPC: "free some space, or choose another disk with --out",
            errno.EDQUOT: "free some of your quota, or choose another disk with --out",
            errno.EFBIG: "raise the limit on file sizes, or keep less with --keep summary",
            errno.EACCES: "choose a folder that you may write to with --out",
            errno.EROFS: "choose a folder that you may write to with --out",
            errno.ENOTDIR: "choose a folder, not a file, with --out",
            errno.EEXIST: "choose a folder, not a file, with --out",
        }
        remedy = remedies.get(error.errno or 0, "choose another folder with --out")
        reason = error.strerror or str(error)
        raise StoreError(
            f"cannot keep the run in {where}: {reason}\n  remedy  {remedy}; nothing was left behind"
        ) from error


def _reserve(parent: Path, name: str) -> Path:
    parent.mkdir(parents=True, exist_ok=True)
    attempt = 1
    while True:
        folder = parent / (name if attempt == 1 else f"{name}-{attempt}")
        try:
            folder.mkdir()
        except FileExistsError:
            attempt += 1
            continue
        return folder


def write_json(path: Path, data: Any) -> None:
    """Write indented JSON; a number that is not finite is an error, not a token no reader knows."""
    path.write_text(json.dumps(data, indent=1, allow_nan=False, ensure_ascii=False) + "\n", "utf-8")


def write_results(folder: Path, results: Results) -> None:
    """Write ``results.json``."""
    write_json(folder / RESULTS, asdict(results))


@dataclass(frozen=True)
class KeptRun:
    """A run folder's results and manifest."""

    folder: Path
    results: Results
    manifest: dict[str, Any]


def read_run(folder: Path) -> KeptRun:
    """Return what a run folder keeps.

    Raises
    ------
    InputError
        If it is no run folder, or its files are damaged or of another version.
    """
    from pydantic import TypeAdapter, ValidationError

    def refuse(problem: str, remedy: str) -> InputError:
        return InputError([Problem("", problem, remedy=remedy, file=str(folder))])

    again = "make the run again with 'planner run'"
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        results = TypeAdapter(Results).validate_json((folder / RESULTS).read_bytes())
    except FileNotFoundError as error:
        missing = Path(error.filename).name
        raise refuse(
            f"this is no run folder: it has no {missing}",
            "name the folder that 'planner run' printed",
        ) from error
    except OSError as error:
        raise refuse(f"the run cannot be read: {error.strerror}", again) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise refuse(f"{RESULTS} is damaged or of another version: {place}", again) from error
    except ValueError as error:
        raise refuse(f"{MANIFEST} is damaged", again) from error
    if not isinstance(manifest, dict):
        raise refuse(f"{MANIFEST} is damaged", again)
    return KeptRun(folder, results, manifest)
