"""The questionnaires: what the tables need and the plan rules, as XLSForms."""

from dataclasses import replace

from auditlib.fieldwork.forms.household import household_form
from auditlib.fieldwork.forms.lists import LISTS, make_lists
from auditlib.fieldwork.forms.offices import (
    county_form,
    interview_form,
    screening_form,
    village_form,
)
from auditlib.fieldwork.forms.questions import LANGUAGES, Field, Form, Label, Question, note
from auditlib.fieldwork.forms.xlsform import FormSheet, form_sheets
from auditlib.plan import Plan

__all__ = [
    "LANGUAGES",
    "LISTS",
    "Field",
    "Form",
    "FormSheet",
    "Label",
    "Question",
    "form_sheets",
    "make_forms",
    "make_lists",
]


def make_forms(plan: Plan, *, version: str, year: int, mark: str = "") -> tuple[Form, ...]:
    """Return every questionnaire of a round.

    Parameters
    ----------
    plan
        The plan with the round's overrides: its standards, lists and limits are asked.
    version
        Version of all forms, `yyyymmddrr`.
    year
        Year of the income that is asked for.
    mark
        Stands before every title and opens every form where the round is a demonstration.
    """
    forms = (
        household_form(plan, form_id="household", phase="first", version=version, year=year),
        household_form(plan, form_id="recheck", phase="recheck", version=version, year=year),
        screening_form(plan, version=version, year=year),
        village_form(plan, version=version, year=year),
        county_form(plan, version=version, year=year),
        interview_form(plan, version=version, year=year),
    )
    return tuple(_marked(form, mark) for form in forms) if mark else forms


def _marked(form: Form, mark: str) -> Form:
    title = replace(form.title, zh=f"[{mark}] {form.title.zh}")
    first = note("synthetic", Label(mark, mark, mark))
    return replace(form, title=title, questions=(first, *form.questions))
