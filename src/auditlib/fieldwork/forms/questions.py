"""What a questionnaire is: questions in order, each with the column that its answer fills.

The records know nothing of files. A question is a row of the sheet `survey` of an
XLSForm; a choice is a row of `choices`.

Source: XLSForm reference, xlsform.org.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from auditlib.language import Words

LANGUAGES = {"zh": "中文 (zh)", "en": "English (en)", "ko": "조선어 (ko)"}
"""Languages of a questionnaire under the names that tablets show."""


@dataclass(frozen=True)
class Label:
    """Words of a questionnaire; `ko` follows the spelling of Korean in China, or is empty."""

    zh: str
    en: str
    ko: str = ""

    def __getitem__(self, language: str) -> str:
        """Return the words in `zh`, `en` or `ko`; English stands in where Korean is missing."""
        return {"zh": self.zh, "en": self.en, "ko": self.ko or self.en}[language]

    def filled(self, **values: object) -> "Label":
        """Return the label with the values put into its braces."""
        return Label(self.zh.format(**values), self.en.format(**values), self.ko.format(**values))

    @classmethod
    def of(cls, words: Words, ko: str = "") -> "Label":
        """Return the label of words in two languages and their Korean."""
        return cls(words.zh, words.en, ko)


Choices = Mapping[str, Label]
"""Choices of one list: name of the answer, label."""


@dataclass(frozen=True)
class Field:
    """Where an answer goes: table and column.

    `code` names the row where a table is asked once for every code of its key,
    such as the village items.
    """

    table: str
    column: str
    code: str = ""


@dataclass(frozen=True)
class Question:
    """One row of the survey: a question, a computed value, or the border of a group.

    `target` is empty for what steers the interview only: groups, notes, photographs
    and the choices from which an identifier is made.
    """

    type: str
    name: str
    label: Label | None = None
    hint: Label | None = None
    target: Field | None = None
    required: bool = False
    relevant: str = ""
    constraint: str = ""
    message: Label | None = None
    calculation: str = ""
    default: str = ""
    appearance: str = ""
    filter: str = ""
    parameters: str = ""

    def only_if(self, *conditions: str) -> "Question":
        """Return the question asked only if all conditions hold; empty ones count as true."""
        kept = [c for c in (self.relevant, *conditions) if c]
        joined = kept[0] if len(kept) == 1 else " and ".join(f"({c})" for c in kept)
        return replace(self, relevant=joined)


@dataclass(frozen=True)
class Form:
    """One questionnaire: the tables that it fills, its questions, its lists of choices.

    `repeats` names the tables that stand in a repeat, with the name of the group.
    """

    id: str
    title: Label
    version: str
    languages: tuple[str, ...]
    tables: tuple[str, ...]
    questions: tuple[Question, ...]
    choices: Mapping[str, Choices]
    instance_name: str
    repeats: tuple[str, ...] = ()
    files: tuple[str, ...] = field(default=())

    def fields(self) -> dict[str, Field]:
        """Return where the answer to every question goes, by the name of the question."""
        return {q.name: q.target for q in self.questions if q.target is not None}

    def question(self, name: str) -> Question:
        """Return the question of that name.

        Raises
        ------
        KeyError
            If the questionnaire has none of that name.
        """
        for question in self.questions:
            if question.name == name:
                return question
        raise KeyError(name)


def group(
    name: str, label: Label, *questions: Question, relevant: str = "", repeat: bool = False
) -> tuple[Question, ...]:
    """Return the questions between the borders of a group, or of a repeat."""
    kind = "repeat" if repeat else "group"
    return (
        Question(f"begin_{kind}", name, label, relevant=relevant),
        *questions,
        Question(f"end_{kind}", name),
    )


def note(name: str, label: Label, relevant: str = "") -> Question:
    """Return a sentence for the interviewer, without an answer."""
    return Question("note", name, label, relevant=relevant)


def photo(name: str, label: Label, relevant: str = "") -> Question:
    """Return the request for a photograph; its file stays with the export."""
    return Question(
        "image", name, label, NO_PERSON, relevant=relevant, parameters="max-pixels=1600"
    )


NO_PERSON = Label(
    "不拍人脸、证件",
    "No faces and no identity papers in the picture",
    "얼굴과 증명서는 찍지 마십시오",
)
