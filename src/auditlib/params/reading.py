"""Read a parameter file strictly: every key once, no anchors, plain values.

Text is text: `yes`, `2/100` and `001` stay as written; only whole numbers, decimal
numbers, `true`, `false`, `null` and ISO dates become values. Every key keeps its line.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from auditlib.problems import InputError, Place, Problem, problem
from auditlib.problems.personal import hide

LARGEST = 1 << 20  # bytes of a parameter file

Path_ = tuple[str | int, ...]


def _path(path: Path_) -> str:
    """Return a path of keys as it may be shown: what is no plain word is only counted."""
    plain = (str(key) if re.fullmatch(r"\w+", str(key), re.ASCII) else "…" for key in path)
    return hide(".".join(plain))


@dataclass(frozen=True, eq=False)
class Source:
    """A parameter file as read: its values, and the line of every key. Equal is only itself."""

    file: str
    values: Mapping[str, Any]
    lines: Mapping[Path_, int] = field(default_factory=dict)

    def place(self, path: Path_) -> Place:
        """Return file and line of a key, or of its nearest parent that the file has."""
        at = path
        while at and at not in self.lines:
            at = at[:-1]
        return Place(self.file, row=self.lines.get(at), column=_path(path))


def read(path: Path, name: str) -> Source:
    """Return the values of a parameter file; `name` is how errors call it.

    Raises
    ------
    InputError
        If the file is missing, cannot be read, is not YAML, has an anchor, or says a key twice.
    """
    if not path.is_file():
        raise InputError([problem("no_such_file", Place(name), expected=name)])
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError([problem("unreadable_file", Place(name))]) from error
    if len(content) > LARGEST:
        raise InputError([problem("too_large", Place(name), limit="1 MiB")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError([problem("wrong_encoding", Place(name))]) from error
    return parse(text, name)


@lru_cache(maxsize=8)  # the plan and the round are the same for every county and stage
def parse(text: str, name: str) -> Source:
    """Return the values of YAML text; nobody may change them.

    Raises
    ------
    InputError
        If the text is not YAML, has an anchor or alias, or says a key twice.
    """
    try:
        for token in yaml.scan(text, Loader=yaml.CSafeLoader):
            if isinstance(token, yaml.AnchorToken | yaml.AliasToken | yaml.TagToken):
                row = token.start_mark.line + 1
                raise InputError([problem("yaml_alias", Place(name, row=row))])
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        found = getattr(error, "problem", None) or "?"
        where = Place(name, row=mark.line + 1 if mark else None)
        raise InputError([problem("yaml_syntax", where, found=found)]) from error
    problems: list[Problem] = []
    lines: dict[Path_, int] = {}
    values = _value(node, (), lines, problems, name) if node else {}
    if not isinstance(values, dict):
        problems.append(problem("yaml_syntax", Place(name, row=1), found="no key"))
    if problems:
        raise InputError(problems)
    return Source(name, values, lines)


def _value(
    node: yaml.Node, path: Path_, lines: dict[Path_, int], problems: list[Problem], name: str
) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [
            _value(item, (*path, i), lines, problems, name) for i, item in enumerate(node.value)
        ]
    if isinstance(node, yaml.MappingNode):
        values: dict[str, Any] = {}
        for key, item in node.value:
            here = (*path, str(key.value))
            row = key.start_mark.line + 1
            if str(key.value) in values:
                place = Place(name, row=row, column=_path(here))
                problems.append(problem("yaml_duplicate", place, other=lines[here]))
            lines[here] = row
            values[str(key.value)] = _value(item, here, lines, problems, name)
        return values
    return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    text: str = node.value
    if getattr(node, "style", None):  # quoted or block text is text
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if re.fullmatch(r"-?(0|[1-9]\d*)", text):
        return int(text)
    if re.fullmatch(r"-?(0|[1-9]\d*)\.\d+", text):
        return float(text)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text
