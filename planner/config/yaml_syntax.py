"""What a YAML parser's complaint means, in words for someone who does not know the parser."""

from __future__ import annotations

from typing import Any

from planner.errors import Problem

_OPENED = {
    "quoted scalar": ("a quote", "close the quote"),
    "double-quoted scalar": ("a quote", "close the quote"),
    "flow sequence": ("a `[`", "close the bracket with `]` and put commas between the items"),
    "flow mapping": ("a `{`", "close the bracket with `}` and put commas between the entries"),
}

_COMPLAINTS: tuple[tuple[str, str, str], ...] = (
    (
        "unknown escape",
        "a backslash in double quotes starts a code that YAML does not have",
        "write the backslash twice, or use single quotes",
    ),
    (
        "hex",
        "a \\x or \\u code in double quotes is not complete",
        "write the character itself, or use single quotes",
    ),
    (
        "Unicode character escape",
        "a \\u code in double quotes is not a character",
        "write the character itself, or use single quotes",
    ),
    (
        "cannot start any token",
        "this character cannot stand here: a tab used for indentation, or an unquoted @, ` or %",
        "indent with spaces; put quotes around a text that starts with a sign",
    ),
    (
        "entries are not allowed",
        "a list item `- ` cannot start here",
        "start the list on the next line, indented",
    ),
    (
        "values are not allowed",
        "a second `key:` where a value was expected",
        "put quotes around a text with a colon in it; else check the indentation of this line "
        "and of the line above",
    ),
    (
        "could not find expected ':'",
        "a line above this one has no colon after its key",
        "write `key: value`, with a space after the colon",
    ),
    (
        "expected key",
        "this line does not fit those above it: other indentation, or text after a closing quote",
        "indent all keys of one mapping by the same number of spaces",
    ),
    (
        "<block end>",
        "this line does not fit those above it: other indentation, or text after a closing quote",
        "indent all keys of one mapping, and all items of one list, by the same number of spaces",
    ),
    (
        "'-' indicator",
        "this line does not continue the list above it",
        "start every item with `- `, all indented by the same number of spaces",
    ),
    (
        "node content",
        "a value was expected and a closing bracket or nothing usable came",
        "remove the bracket, or put quotes around the text",
    ),
    ("expected '>'", "a word that starts with `!` is a YAML tag", "put quotes around the text"),
    ("tag", "a word that starts with `!` is a YAML tag", "put quotes around the text"),
    (
        "alphabetic or numeric",
        "a word that starts with `*` or `&` is a YAML alias or anchor, and this one has no name",
        "put quotes around the text",
    ),
    (
        "comment or line break",
        "after `|` or `>` the text must start on the next line",
        "start the text on the next line, or put quotes around it",
    ),
    (
        "indentation indicators",
        "after `|` or `>` the text must start on the next line",
        "start the text on the next line, or put quotes around it",
    ),
    ("document start", "text before the start of the document", "remove what stands before it"),
    ("directive", "a line that starts with % is not understood", "remove the line"),
    ("incompatible", "the %YAML line names an unknown version of YAML", "remove the line"),
)


def syntax_problem(error: Exception, file: str) -> Problem:
    """Return the problem for what PyYAML raised, at its line and with its column.

    Parameters
    ----------
    error : Exception
        From libyaml or from the pure Python parser; their words differ.
    file : str
        Name to show.
    """
    mark: Any = getattr(error, "problem_mark", None)
    said = str(getattr(error, "problem", None) or "").strip()
    context = str(getattr(error, "context", None) or "")
    message, remedy = _in_plain_words(said)
    unclosed = next((what for kind, what in _OPENED.items() if context.endswith(kind)), None)
    opening = getattr(error, "context_mark", None)
    if unclosed and opening is not None and _never_closed(said):
        message, remedy = f"{unclosed[0]} that opens here is not closed properly", unclosed[1]
        mark = opening
    where = f" (column {mark.column + 1})" if mark is not None else ""
    return Problem(
        path="",
        message=f"not valid YAML: {message}{where}",
        remedy=remedy,
        file=file,
        line=None if mark is None else mark.line + 1,
    )


def _never_closed(said: str) -> bool:
    return "end of stream" in said or "document separator" in said or "',' or" in said


def _in_plain_words(said: str) -> tuple[str, str]:
    for part, message, remedy in _COMPLAINTS:
        if part in said:
            return message, remedy
    return said or "the text cannot be read", "check this line and the line above it"
