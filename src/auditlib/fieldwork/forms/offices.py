"""Questionnaires for groups, villages, the county and its cadres and deputies."""

from collections.abc import Mapping
from dataclasses import replace

from auditlib.fieldwork.forms.asking import Asking, looked_up
from auditlib.fieldwork.forms.household import unit_of, village_of
from auditlib.fieldwork.forms.questions import (
    LANGUAGES,
    Field,
    Form,
    Label,
    Question,
    group,
    photo,
)
from auditlib.language import Words
from auditlib.plan import Plan
from auditlib.tables import TABLES

OFFICE_LANGUAGES = ("zh", "en")
PHOTO = Label("照片", "picture")


def screening_form(plan: Plan, *, version: str, year: int) -> Form:
    """Return the questionnaire of a villager group and its unregistered households."""
    units, homes = "screening_units", "screening_households"
    a = Asking(plan, year, (units, homes))
    code = "substr(${unit}, 1)"
    number = (
        f"concat('U', {code}, '-', substr(concat('00', ${{number}}), "
        "string-length(${number}) - 1))"
    )
    questions = (
        *_meta(),
        a.ask(units, "phase"),
        village_of(a, units),
        replace(unit_of(), target=Field(units, "unit")),
        Question(
            "calculate",
            "group",
            target=Field(units, "group"),
            calculation=looked_up("groups", "unit", "group"),
        ),
        *(
            a.ask(units, c)
            for c in ("population", "households", "within", "source", "complete", "method")
        ),
        *group(
            homes,
            Label("未建档立卡户", "Unregistered households"),
            Question(
                "calculate",
                "number",
                calculation="position(..)",
            ),
            Question("calculate", "study_id", target=Field(homes, "study_id"), calculation=number),
            *(a.ask(homes, c) for c in ("persons", "risks", "suspected")),
            repeat=True,
        ),
    )
    return _form(
        a,
        "screening",
        Label("村组普查排查", "Screening of a group"),
        version,
        questions,
        repeats=(homes,),
        files=("villages", "groups"),
        instance_name="${unit}",
    )


def village_form(plan: Plan, *, version: str, year: int) -> Form:
    """Return the questionnaire of a village: its items and policy lines, one by one."""
    checks, lines = "village_checks", "policy_lines"
    a = Asking(plan, year, (checks, lines))
    items = {code: item.name for code, item in plan.village_items.items()}
    policies = {
        code: Words(p.name.zh, f"policy, {p.name.en}") for code, p in plan.policy_lines.items()
    }
    questions = (
        *_meta(),
        village_of(a, checks),
        Question("geopoint", "location", Label("在村部定位", "Position, at the village office")),
        *_series(a, checks, "village", items, pictures=True),
        *_series(a, lines, "village", policies, pictures=True),
    )
    return _form(
        a,
        "village",
        Label("行政村检查", "Village questionnaire"),
        version,
        questions,
        files=("villages",),
        instance_name="${village}",
    )


def county_form(plan: Plan, *, version: str, year: int) -> Form:
    """Return the questionnaire of the county: documents, services, inputs, leaders' visits."""
    a = Asking(plan, year, ("documents", "county_services", "funds", "leader_visits"))
    papers = {code: paper.name for code, paper in plan.documents.items()}
    services = {
        code: Words(f"{s.name.zh}（{s.unit}）", f"{s.name.en} ({s.unit})")
        for code, s in plan.county_services.items()
    }
    funds = TABLES["funds"].columns
    visits = [c.name for c in TABLES["leader_visits"].columns if c.name != "village"]
    questions = (
        *_meta(),
        *_series(a, "documents", "document", papers, pictures=False),
        *_series(a, "county_services", "service", services, pictures=False),
        *group(
            "funds",
            Label("资金与人员", "Funds and staff"),
            *(a.ask("funds", column.name) for column in funds),
            repeat=True,
        ),
        *group(
            "leader_visits",
            Label("党政主要领导遍访", "Visits of the principal leaders"),
            village_of(a, "leader_visits"),
            *(_leader(a, column) for column in visits),
            repeat=True,
        ),
    )
    return _form(
        a,
        "county",
        Label("县级资料检查", "County documents"),
        version,
        questions,
        repeats=("funds", "leader_visits"),
        files=("villages",),
        instance_name="'county'",
    )


def interview_form(plan: Plan, *, version: str, year: int) -> Form:
    """Return the questionnaire for one cadre, deputy or CPPCC member."""
    table = "interviews"
    a = Asking(plan, year, (table,))
    questions = (
        *_meta(),
        Question(
            "calculate",
            "interview",
            target=Field(table, "interview"),
            calculation="once(concat('I', substr(uuid(), 24)))",
        ),
        a.ask(table, "phase"),
        replace(a.within_fieldwork(a.ask(table, "date")), default="today()"),
        *(a.ask(table, column) for column in ("class", "topics", "recognition", "note")),
    )
    title = Label(
        "干部和代表委员访谈", "Interview of cadres and deputies", "간부, 대표, 위원 면담표"
    )
    return _form(
        a,
        "interview",
        title,
        version,
        questions,
        languages=tuple(LANGUAGES),
        instance_name="${interview}",
    )


def _leader(a: Asking, column: str) -> Question:
    question = a.ask("leader_visits", column)
    if column == "leader":
        kept = a.lists["leader"]
        a.choose("leader", {code: kept[code] for code in a.plan.leader_visits.leaders})
    return question


def _meta() -> tuple[Question, ...]:
    """Return times and the log of the tablet: about the interview, not part of a table."""
    return (
        Question("start", "start"),
        Question("end", "end"),
        Question("audit", "audit", parameters="track-changes=true"),
    )


def _series(
    a: Asking, table: str, of: str, codes: Mapping[str, Words], *, pictures: bool
) -> tuple[Question, ...]:
    """Return a group of questions for every code of a table's key, one row each."""
    skipped = {"village", of, *TABLES[table].key}
    columns = [c.name for c in TABLES[table].columns if c.name not in skipped]
    found: list[Question] = []
    for code, words in codes.items():
        about = Label.of(words)
        given = (_sections(a, code, a.ask(table, c, code=code, of=about)) for c in columns)
        asked = [question for question in given if question is not None]
        if pictures:
            label = Label(f"{about.zh}：{PHOTO.zh}", f"{about.en}: {PHOTO.en}")
            asked.append(photo(a.name(table, "photo", code), label))
        found += group(f"{table}_{code}", about, *asked)
    zh = TABLES[table].zh
    return group(table, Label(zh, table.replace("_", " ").capitalize()), *found)


def _sections(a: Asking, code: str, question: Question) -> Question | None:
    """Return the question of missing sections with the sections that this document must have."""
    if question.target is None or question.target.column != "missing":
        return question
    sections = a.plan.documents[code].sections
    a.lists.pop("document_sections", None)
    if not sections:
        return None
    words = a.plan.document_sections
    name = a.choose(f"sections_{code}", {s: Label.of(words[s]) for s in sections})
    partly = f"${{{a.name('documents', 'found', code)}}} = 'partly'"
    return replace(question, type=f"select_multiple {name}").only_if(partly)


def _form(
    a: Asking,
    form_id: str,
    title: Label,
    version: str,
    questions: tuple[Question, ...],
    *,
    instance_name: str,
    languages: tuple[str, ...] = OFFICE_LANGUAGES,
    repeats: tuple[str, ...] = (),
    files: tuple[str, ...] = (),
) -> Form:
    return Form(
        id=form_id,
        title=title,
        version=version,
        languages=languages,
        tables=a.tables,
        questions=questions,
        choices=a.lists,
        instance_name=instance_name,
        repeats=repeats,
        files=files,
    )
