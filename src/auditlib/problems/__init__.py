"""What is wrong with an input, in one sentence with its place and its repair.

All problems of all files are collected and shown at once. A sentence names
file, sheet, row and column, what was found, what was expected, what to do.
Free text, names, identity numbers and telephones are never repeated in it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal

from auditlib.errors import AuditError
from auditlib.language import Language, Words
from auditlib.problems.personal import hide
from auditlib.problems.sentences import SENTENCES


@dataclass(frozen=True)
class Place:
    """Where a problem stands; `row` counts as the spreadsheet does, headings are row 1.

    A person's name or number in the name of a file or sheet is hidden.
    """

    file: str
    sheet: str = ""
    row: int | None = None
    column: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "file", hide(self.file))
        object.__setattr__(self, "sheet", hide(self.sheet))

    def says(self, language: Language) -> str:
        """Return the place in words."""
        sheet, row, column = (
            ("工作表", "第{}行", "列") if language == "zh" else ("sheet", "row {}", "column")
        )
        parts = [self.file]
        parts += [f"{sheet} {self.sheet}"] if self.sheet else []
        parts += [row.format(self.row)] if self.row else []
        parts += [f"{column} {self.column}"] if self.column else []
        return (" · ").join(parts)


@dataclass(frozen=True)
class Problem:
    """One thing wrong at one place.

    `severity` is `error` where the row or file cannot be used, and `note` where
    it is used all the same and the reader should know.
    """

    kind: str
    place: Place
    found: Words
    expected: Words
    repair: Words
    severity: Literal["error", "note"] = "error"

    def says(self, language: Language) -> str:
        """Return the sentence in `zh` or `en`."""
        if language == "zh":
            sentence = f"{self.place.says('zh')}：{self.found.zh}；应为{self.expected.zh}。"
            return f"{sentence}{self.repair.zh}。"
        return (
            f"{self.place.says('en')}: {self.found.en}; expected {self.expected.en}. "
            f"{self.repair.en}."
        )


class InputError(AuditError):
    """Input that cannot be used; carries every problem found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.says("en") for problem in self.problems))

    def says(self, language: Language) -> str:
        """Return one line for every problem."""
        return "\n".join(problem.says(language) for problem in self.problems)


KINDS = tuple(SENTENCES)
"""Every kind of problem, in the order of `docs/errors.md`."""


def problem(kind: str, place: Place, **words: str | int | float | Words) -> Problem:
    """Return the problem of that kind; `words` fill its sentence, in both languages."""

    def fill(template: str, language: Language) -> str:
        return template.format(
            **{k: v[language] if isinstance(v, Words) else v for k, v in words.items()}
        )

    zh_found, en_found, zh_expected, en_expected, zh_repair, en_repair = SENTENCES[kind]
    return Problem(
        kind,
        place,
        Words(fill(zh_found, "zh"), fill(en_found, "en")),
        Words(fill(zh_expected, "zh"), fill(en_expected, "en")),
        Words(fill(zh_repair, "zh"), fill(en_repair, "en")),
    )


def note(kind: str, place: Place, **words: str | int | float | Words) -> Problem:
    """Return the same as a note: the value is used, and the reader should know."""
    return replace(problem(kind, place, **words), severity="note")


def shown(value: object, *, known: Iterable[str] = ()) -> Words:
    """Return a found value as it may be repeated: nothing that could name a person.

    Short values of digits and signs are repeated, with every run of digits masked
    that could be a telephone or an identity number; other text is only counted,
    unless it is `known`.
    """
    text = str(value).strip()
    if text in known:
        return Words(f"“{hide(text)}”", f"'{hide(text)}'")
    if len(text) <= 24 and text.isascii() and not re.search(r"[A-Za-z]{2}", text):
        masked = re.sub(r"\d{7,}", _masked, hide(text))
        return Words(f"“{masked}”", f"'{masked}'")
    return Words(f"{len(text)} 个字符的文字", f"a text of {len(text)} characters")


def _masked(run: re.Match[str]) -> str:
    """Return a run of digits as it stands if it can be a division code, else its length."""
    digits = run[0]
    return digits if 9 <= len(digits) <= 12 and digits[0] > "1" else f"…({len(digits)})"


def nearest(word: str, choices: Iterable[str]) -> Words:
    """Return the choice most like the word, as the end of a sentence; empty if none is like it."""
    near = get_close_matches(word, list(choices), n=1, cutoff=0.6)
    if not near:
        return Words("", "")
    return Words(f"（最接近的是“{hide(near[0])}”）", f" (nearest: {hide(near[0])})")
