"""Reading: what a file must be before its content matters."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from planner.config import yaml_tree
from planner.config.document import Origin
from planner.config.yaml_tree import MAX_NODES, parse, read_document
from planner.errors import InputError, Problem

Write = Callable[[str | bytes], Path]


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    loader = getattr(yaml, request.param, None)
    if loader is None:
        pytest.skip("PyYAML was built without libyaml")
    monkeypatch.setattr(yaml_tree, "_LOADER", loader)


def refused(path: Path) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read_document(path)
    assert caught.value.exit_code == 2
    return list(caught.value.problems)


def only(path: Path) -> Problem:
    (problem,) = refused(path)
    return problem


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1e6", 1e6),
        ("1E+3", 1e3),
        (".5", 0.5),
        ("5.", 5.0),
        ("-0.25", -0.25),
        ("007", 7),
        ("0x1F", 31),
        ("0o17", 15),
        ("+5", 5),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("yes", "yes"),
        ("off", "off"),
        ("30_000", "30_000"),
        ("1,5", "1,5"),
        ("2026-01-01", "2026-01-01"),
        ("12:30", "12:30"),
        ("'5'", "5"),
        ('"true"', "true"),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("1e999", math.inf),
        ("9" * 5000, math.inf),
    ],
)
@pytest.mark.usefixtures("either_parser")
def test_scalars_follow_the_core_schema_of_yaml_1_2(written: str, value: object) -> None:
    found = parse(f"a: {written}", "f").data["a"]
    assert found == value
    assert type(found) is type(value)


def test_nan_is_a_float() -> None:
    assert math.isnan(parse("a: .nan", "f").data["a"])


@pytest.mark.usefixtures("either_parser")
def test_every_key_and_item_knows_its_line(write: Write) -> None:
    document = read_document(
        write("# title\na:\n  b: 1\n  c:\n    - x\n\n    - {d: 2}\ne: >-\n  two\n  lines\nf: 3\n")
    )
    lines = {location: origin.line for location, origin in document.origins.items()}
    assert lines == {
        ("a",): 2,
        ("a", "b"): 3,
        ("a", "c"): 4,
        ("a", "c", 0): 5,
        ("a", "c", 1): 7,
        ("a", "c", 1, "d"): 7,
        ("e",): 8,
        ("f",): 11,
    }
    assert document.data == {"a": {"b": 1, "c": ["x", {"d": 2}]}, "e": "two lines", "f": 3}
    assert document.origin(("a", "c", 1, "gone")) == Origin("plan.yaml", 7)


def test_missing_file_names_the_nearest(write: Write) -> None:
    path = write("a: 1")
    problem = only(path.with_name("plam.yaml"))
    assert "no file" in problem.message
    assert "plan.yaml" in problem.remedy


@pytest.mark.parametrize("name", ["", "no-such-folder/x.yaml", "x" * 5000, "nul\0byte"])
def test_impossible_paths(tmp_path: Path, name: str) -> None:
    assert only(tmp_path / name).message


def test_folder_and_device(tmp_path: Path) -> None:
    assert "folder" in only(tmp_path).message
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "ordinary" in only(pipe).message


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_unreadable_file(write: Write) -> None:
    path = write("a: 1")
    path.chmod(0)
    assert "may not be read" in only(path).message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "empty"),
        ("\n \n", "empty"),
        ("# only\n# this\n", "no settings"),
        ("---\n", "no settings"),
    ],
)
def test_nothing_in_it(write: Write, content: str, words: str) -> None:
    problem = only(write(content))
    assert words in problem.message
    assert problem.file == "plan.yaml"


def test_not_utf8_gives_byte_and_line(write: Write) -> None:
    problem = only(write(b"a: 1\nb: caf\xe9\n"))
    assert "not UTF-8" in problem.message
    assert "byte 11 is 0xE9" in problem.message
    assert problem.line == 2


def test_utf16_and_byte_order_mark(write: Write) -> None:
    assert "byte 0 is 0xFF" in only(write("a: 1".encode("utf-16"))).message
    assert read_document(write("\ufeffa: 1")).data == {"a": 1}
    assert "byte 6" in only(write(b"\xef\xbb\xbfa: \xe9")).message


def test_control_character(write: Write) -> None:
    problem = only(write("a: 1\nb: \x1b[31m\n"))
    assert "U+001B" in problem.message
    assert (problem.line, "column 4" in problem.message) == (2, True)


def test_fifty_megabytes_are_refused_in_milliseconds(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as stream:
        stream.truncate(50_000_000)
    started = time.perf_counter()
    problem = only(path)
    assert time.perf_counter() - started < 0.05
    assert "50.0 MB" in problem.message
    assert "1 MB" in problem.message


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a:\n\tb: 1", 2, "tab"),
        ("a: 1\nb: [1, 2\nc: 3\n", 2, "`[` that opens here is not closed"),
        ("a: 1\nb: {c: 1\n", 2, "`{` that opens here is not closed"),
        ("a: 1\nb: 'x\nc: 3\n", 2, "quote that opens here is not closed"),
        ("a: b: c", 1, "a second `key:`"),
        ("a:\n  b: 1\n c: 2", 3, "does not fit those above"),
        ("a: 1\nb 2\nc: 3", 3, "no colon"),
        ("a: @home", 1, "cannot stand here"),
        ("a: ]", 1, "closing bracket"),
        ("a: - 1", 1, "list item"),
        ('a: "\\q"', 1, "backslash"),
        ("a: !x!y 1", 1, "tag"),
        ("a: !<x", 1, "tag"),
        ("a: *", 1, "alias"),
        ("%YAML 3.0\n---\na: 1", 1, "version of YAML"),
    ],
)
@pytest.mark.usefixtures("either_parser")
def test_what_is_not_yaml(write: Write, text: str, line: int, words: str) -> None:
    problem = only(write(text))
    assert problem.message.startswith("not valid YAML")
    assert words in problem.message
    assert "column" in problem.message
    assert problem.line == line
    assert problem.remedy


@pytest.mark.usefixtures("either_parser")
def test_no_syntax_error_is_told_in_the_parsers_words(write: Write) -> None:
    for text in (
        'a: "\\UFFFFFFFF"',
        'a: "\\ud800"',
        "a: |x\n y",
        "a: &",
        "%FOO\n---\na: [",
        "a: 'it's'",
    ):
        problem = only(write(text))
        assert "expected <" not in problem.message
        assert "while" not in problem.message


def test_duplicate_keys_give_both_lines(write: Write) -> None:
    problem = only(write("a:\n  b: 1\n  c: 2\n  b: 3\n"))
    assert (problem.path, problem.line) == ("a.b", 4)
    assert "lines 2 and 4" in problem.message


@pytest.mark.parametrize(
    ("text", "path", "tag"),
    [
        (
            "a:\n  b: !!python/object/apply:os.system ['true']",
            "a.b",
            "!!python/object/apply:os.system",
        ),
        ("a:\n  - 1\n  - !foo 3", "a.1", "!foo"),
        ("a: !!str 5", "a", "!!str"),
        ("a: !!binary aGk=", "a", "!!binary"),
        ("!!map {a: 1}", "", "!!map"),
    ],
)
@pytest.mark.usefixtures("either_parser")
def test_tags_build_nothing(write: Write, text: str, path: str, tag: str) -> None:
    problem = only(write(text))
    assert problem.path == path
    assert f"tag {tag} " in problem.message
    assert problem.line == text.count("\n") + 1


def test_several_documents(write: Write) -> None:
    problem = only(write("a: 1\n---\nb: 2\n"))
    assert "second document" in problem.message
    assert problem.line == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a:\n  1: x", "key 1 is not text"),
        ("a:\n  true: x", "key true is not text"),
        ("a:\n  null: x", "key null"),
        ("a:\n  ? [b]\n  : x", "list or a mapping where text"),
    ],
)
def test_keys_must_be_text(write: Write, text: str, words: str) -> None:
    problem = only(write(text))
    assert words in problem.message
    assert (problem.path, problem.line) == ("a", 2)


def test_merge_keys_are_refused_with_a_remedy(write: Write) -> None:
    problem = only(write("base: &b {x: 1}\na:\n  <<: *b\n"))
    assert (problem.path, problem.line) == ("a.<<", 3)
    assert "alias" in problem.remedy


def test_aliases_are_copies_with_lines(write: Write) -> None:
    document = read_document(write("a: &x\n  b: 1\nc: *x\n"))
    assert document.data == {"a": {"b": 1}, "c": {"b": 1}}
    assert document.data["a"] is not document.data["c"]
    assert document.origin(("c",)).line == 3
    assert document.origin(("c", "b")).line == 2


def test_aliases_to_nothing_and_to_themselves(write: Write) -> None:
    first, second = refused(write("a: *gone\nb: &me\n  c: [*me]\n"))
    assert (first.path, first.line, "names nothing" in first.message) == ("a", 1, True)
    assert (second.path, second.line, "without end" in second.message) == ("b.c.0", 3, True)


def test_alias_bombs(write: Write) -> None:
    wide = "\n".join(
        ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]"]
        + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    )
    assert "50,000 values" in only(write(wide)).message
    deep = "\n".join(
        ["a0: &a0 [1]"] + [f"a{n}: &a{n} {'[' * 40}*a{n - 1}{']' * 40}" for n in range(1, 400)]
    )
    assert "50 levels" in only(write(deep)).message


@pytest.mark.parametrize("piece", ["[", "- ", "{a: ", "? ", "[[{a: "])
@pytest.mark.usefixtures("either_parser")
def test_nesting_bombs(write: Write, piece: str) -> None:
    problem = only(write("x: 1\ny:\n " + piece * (900_000 // len(piece))))
    assert "levels deep" in problem.message


def test_more_values_than_any_scenario_has(write: Write) -> None:
    problem = only(write("a: [" + "1," * (MAX_NODES + 5) + "]"))
    assert "50,000 keys and values" in problem.message


@pytest.mark.parametrize("text", ["- a\n- b", "just words", "5", "[a: 1]"])
def test_top_level_must_be_a_mapping(write: Write, text: str) -> None:
    problem = only(write(text))
    assert "top level" in problem.message
    assert problem.allowed


def test_everything_at_once(write: Write) -> None:
    found = refused(write("a: !foo 1\nb: 1\nb: 2\n1: x\n<<: {}\nc: *gone\n---\nd: 1\n"))
    assert [problem.line for problem in found] == [1, 3, 4, 5, 6, 7]


def test_escape_codes_never_reach_the_terminal(write: Write) -> None:
    problem = only(write('"a\\e[31m": 1\n"a\\e[31m": 2\n'))
    assert "\x1b" not in problem.render()
    assert "\\x1b[31m" in problem.render()
