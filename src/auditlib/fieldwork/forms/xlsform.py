"""A questionnaire as the sheets of an XLSForm workbook: survey, choices, settings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from auditlib.fieldwork.forms.questions import LANGUAGES, Form, Label, Question

WORDS = ("label", "hint", "constraint_message")

PLAIN = (
    "required",
    "relevant",
    "constraint",
    "calculation",
    "default",
    "appearance",
    "choice_filter",
    "parameters",
)


@dataclass(frozen=True)
class FormSheet:
    """One sheet of the workbook: its name, its headings and its rows of text."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def form_sheets(form: Form) -> tuple[FormSheet, ...]:
    """Return the three sheets of a questionnaire, in a fixed order."""
    return (_survey(form), _choices(form), _settings(form))


def _in_languages(headings: Iterable[str], languages: Sequence[str]) -> list[str]:
    return [f"{heading}::{LANGUAGES[code]}" for heading in headings for code in languages]


def _words(label: Label | None, languages: Sequence[str]) -> list[str]:
    return [label[code] if label else "" for code in languages]


def _survey(form: Form) -> FormSheet:
    headings = ("type", "name", *_in_languages(WORDS, form.languages), *PLAIN)
    return FormSheet("survey", headings, tuple(_row(q, form.languages) for q in form.questions))


def _row(question: Question, languages: Sequence[str]) -> tuple[str, ...]:
    end = question.type.startswith("end_")
    return (
        question.type,
        question.name,
        *_words(None if end else question.label, languages),
        *_words(question.hint, languages),
        *_words(question.message, languages),
        "yes" if question.required else "",
        question.relevant,
        question.constraint,
        question.calculation,
        question.default,
        question.appearance,
        question.filter,
        question.parameters,
    )


def _choices(form: Form) -> FormSheet:
    headings = ("list_name", "name", *_in_languages(("label",), form.languages))
    rows = tuple(
        (name, code, *_words(label, form.languages))
        for name, choices in form.choices.items()
        for code, label in choices.items()
    )
    return FormSheet("choices", headings, rows)


def _settings(form: Form) -> FormSheet:
    headings = ("form_title", "form_id", "version", "default_language", "instance_name")
    row = (
        f"{form.title.zh} {form.title.en}",
        form.id,
        form.version,
        LANGUAGES[form.languages[0]],
        form.instance_name,
    )
    return FormSheet("settings", headings, (row,))
