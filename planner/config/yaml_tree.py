"""Read a YAML file as plain data with the line of every part, and refuse what is not plain.

Only the event stream of PyYAML is used: no object is ever built from a tag, and nesting and
aliases are counted before they can cost anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from planner.config.document import Document, Location, Origin, dotted
from planner.config.scalars import resolve
from planner.config.text_file import read_text
from planner.config.wording import shorten, show
from planner.config.yaml_syntax import syntax_problem
from planner.errors import InputError, Problem

MAX_DEPTH = 50
MAX_NODES = 50_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def read_document(path: Path) -> Document:
    """Read one YAML mapping.

    Parameters
    ----------
    path : Path
        At most 1 MB; the size is looked at before anything is read.

    Raises
    ------
    InputError
        With every problem that could be found.
    """
    parsed = parse(read_text(path), path.name)
    if not isinstance(parsed.data, dict):
        raise InputError(
            (
                Problem(
                    path="",
                    message="the file does not hold `key: value` lines at its top level",
                    value=show(parsed.data),
                    allowed="a mapping, such as `scenario: my-question`",
                    file=path.name,
                    line=1,
                ),
            )
        )
    return Document(parsed.data, parsed.origins, path)


@dataclass(frozen=True)
class Parsed:
    """Plain data and the origin of every key's value and list item, below a location."""

    data: Any
    origins: dict[Location, Origin]


def parse(text: str, file: str, within: Location = ()) -> Parsed:
    """Parse one YAML document.

    Parameters
    ----------
    text : str
    file : str
        Name to show in problems.
    within : Location
        Where in a document the text will stand; counts towards the nesting.

    Raises
    ------
    InputError
        With every problem that could be found.
    """
    unprintable = _UNPRINTABLE.search(text)
    if unprintable:
        raise InputError((_unprintable_problem(text, unprintable, file),))
    composer = _Composer(text, file)
    root = composer.document(within)
    if composer.problems or root is None:
        raise InputError(tuple(composer.problems))
    expansion = _Expansion(file)
    data = expansion.expand(root, within)
    return Parsed(data, expansion.origins)


def _unprintable_problem(text: str, found: re.Match[str], file: str) -> Problem:
    before = text[: found.start()]
    column = found.start() - (before.rfind("\n") + 1) + 1
    return Problem(
        path="",
        message=f"a control character (U+{ord(found[0]):04X}) at column {column}",
        allowed="printable text",
        remedy="remove the character; is this really a text file?",
        file=file,
        line=before.count("\n") + 1,
    )


@dataclass(frozen=True)
class _Node:
    """A scalar, the items of a list, or (key, line of key, value) of a mapping."""

    value: str | int | float | bool | list[_Node] | tuple[tuple[str, int, _Node], ...] | None
    line: int


class _Composer:
    """Builds nodes from events, collecting problems; aliases point to the same node."""

    def __init__(self, text: str, file: str) -> None:
        self.problems: list[Problem] = []
        self._text = text
        self._file = file
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=_LOADER))
        self._anchors: dict[str, _Node | None] = {}
        self._count = 0

    def document(self, within: Location) -> _Node | None:
        """Return the only document, or None when problems say why there is none."""
        try:
            next(self._events)
            if isinstance(next(self._events), yaml.StreamEndEvent):
                self._add((), None, *self._emptiness())
                return None
            root = self._node(next(self._events), within)
            next(self._events)
            after = next(self._events)
            if isinstance(after, yaml.DocumentStartEvent):
                line = _line(after)
                message = "a second document starts here; a file holds one"
                self._add((), line, message, "remove the `---` line, or split the file")
        except (yaml.YAMLError, ValueError, OverflowError) as error:
            # The pure Python parser lets the error of an impossible \U code through.
            self.problems.append(syntax_problem(error, self._file))
            return None
        if root.value is None:
            self._add((), None, *self._emptiness())
        return root

    def _emptiness(self) -> tuple[str, str]:
        remedy = "write the settings, or start from a file that works"
        if not self._text.strip():
            return "the file is empty", remedy
        return "the file holds no settings, only comments or markers", remedy

    def _add(
        self, location: Location, line: int | None, message: str, remedy: str, value: str = ""
    ) -> None:
        self.problems.append(
            Problem(
                dotted(location), message, remedy=remedy, value=value, file=self._file, line=line
            )
        )

    def _node(self, event: Any, location: Location) -> _Node:
        line = _line(event)
        self._count += 1
        if len(location) > MAX_DEPTH or self._count > MAX_NODES:
            deep = len(location) > MAX_DEPTH
            message = (
                f"nested more than {MAX_DEPTH} levels deep"
                if deep
                else f"the file holds more than {MAX_NODES:,} keys and values"
            )
            remedy = "check the brackets and the indentation" if deep else "is this the right file?"
            self._add(location[:3] if deep else (), line, message, remedy)
            raise InputError(tuple(self.problems))
        if isinstance(event, yaml.AliasEvent):
            return self._alias(str(event.anchor), location, line)
        if event.tag is not None:
            self._add(
                location,
                line,
                f"the YAML tag {_tag_as_written(event.tag)} is not accepted",
                "remove the word that starts with `!`; put quotes around a text",
            )
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        node = _Node(self._value(event, location), line)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _value(self, event: Any, location: Location) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            return resolve(event.value) if event.implicit[0] else self._quoted(event, location)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[_Node] = []
            while not isinstance(item := next(self._events), yaml.SequenceEndEvent):
                items.append(self._node(item, (*location, len(items))))
            return items
        return self._entries(location)

    def _quoted(self, event: Any, location: Location) -> str:
        # Only the pure Python parser lets half a surrogate pair through, and no file can hold it.
        text = str(event.value)
        if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
            line = _line(event)
            self._add(location, line, "a \\u code that is not a character", "write the character")
        return text

    def _entries(self, location: Location) -> tuple[tuple[str, int, _Node], ...]:
        entries: dict[str, tuple[str, int, _Node]] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            line = _line(event)
            merges = (
                isinstance(event, yaml.ScalarEvent) and event.implicit[0] and event.value == "<<"
            )
            key = self._key(self._node(event, (*location, "(key)")), location, line)
            inside = (*location, key)
            value = self._node(next(self._events), inside)
            if merges:
                self._add(
                    inside,
                    line,
                    "merge keys `<<` are not accepted",
                    "write the keys out; an alias `*name` may stand for a whole value",
                )
            elif key in entries:
                first = entries[key][1]
                self._add(
                    inside,
                    line,
                    f"the key `{shorten(key)}` is given twice, on lines {first} and {line}",
                    "remove one of the two",
                )
            else:
                entries[key] = (key, line, value)
        return tuple(entries.values())

    def _key(self, node: _Node, location: Location, line: int) -> str:
        if isinstance(node.value, str):
            return node.value
        if isinstance(node.value, list | tuple):
            shown = "(a list or mapping)"
            message = "a key is a list or a mapping where text is needed"
            remedy = "check the brackets"
        else:
            shown = show(node.value)
            message = f"the key {shown} is not text"
            remedy = "name the entry, or put quotes around a name that is made of digits"
        self._add(location, line, message, remedy)
        return shown

    def _alias(self, name: str, location: Location, line: int) -> _Node:
        node = self._anchors.get(name)
        if node is not None:
            return node
        if name in self._anchors:
            message = f"the alias `*{shorten(name)}` stands inside what it names, without end"
            remedy = "write the value out"
        else:
            message = f"the alias `*{shorten(name)}` names nothing above it"
            remedy = f"write `&{shorten(name)}` before the value meant, or put quotes around a text"
        self._add(location, line, message, remedy)
        # Stands in for the missing value, so that the rest of the file is still looked at.
        return _Node("", line)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _tag_as_written(tag: str) -> str:
    core = "tag:yaml.org,2002:"
    return shorten("!!" + tag.removeprefix(core) if tag.startswith(core) else tag)


class _Expansion:
    """Turns nodes into plain data, every alias into a copy, up to a limit on size and depth."""

    def __init__(self, file: str) -> None:
        self.origins: dict[Location, Origin] = {}
        self._file = file
        self._count = 0

    def expand(self, node: _Node, location: Location) -> Any:
        """Return a node as plain data, and note the origin of each of its parts."""
        self._count += 1
        if self._count > MAX_NODES or len(location) > MAX_DEPTH:
            limit = f"{MAX_NODES:,} values" if self._count > MAX_NODES else f"{MAX_DEPTH} levels"
            message = f"the file is too large once its aliases are written out: over {limit}"
            remedy = "use fewer aliases and smaller lists"
            raise InputError((Problem("", message, remedy=remedy, file=self._file),))
        if isinstance(node.value, list):
            return [
                self._part(item, (*location, i), item.line) for i, item in enumerate(node.value)
            ]
        if isinstance(node.value, tuple):
            return {key: self._part(v, (*location, key), line) for key, line, v in node.value}
        return node.value

    def _part(self, node: _Node, location: Location, line: int) -> Any:
        self.origins[location] = Origin(self._file, line)
        return self.expand(node, location)
