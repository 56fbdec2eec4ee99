"""The household questionnaire, first round and re-check: visits, members, recognition.

The groups of answers are the plan's standards, test by test: what a test looks at is
asked, and asked only of those to whom the test applies.
"""

from dataclasses import replace

from auditlib.fieldwork.forms.asking import Asking, any_of, looked_up
from auditlib.fieldwork.forms.korean import STANDARDS
from auditlib.fieldwork.forms.questions import (
    LANGUAGES,
    Field,
    Form,
    Label,
    Question,
    group,
    note,
    photo,
)
from auditlib.plan import Check, Plan
from auditlib.tables import CODES
from auditlib.tables import TABLES as INPUT_TABLES

VISITS, PERSONS, RECOGNITION = "household_visits", "visit_persons", "recognition"
TABLES = (VISITS, PERSONS, RECOGNITION)

ANSWERED = "${disposition} = 'completed' or ${disposition} = 'partial'"

SAMPLED = Label(
    "样本编号（从名单中选）",
    "Study identifier (from the list)",
    "표본번호 (명단에서 선택)",
)
GROUP_OF = Label("所在村组", "Group of the household", "소속 촌민소조")
NUMBER = Label(
    "本户在该组普查排查中的序号",
    "Number of the household in the screening of its group",
    "해당 소조 조사에서의 호의 순번",
)
TYPED = Label(
    "样本编号（问带队专家）",
    "Study identifier (ask the lead expert)",
    "표본번호 (인솔전문가에게 문의)",
)
SPOKEN = Label(
    "请先说明来意：我们受委托独立了解扶贫情况，不记录姓名，可以不回答任何问题。",
    "Explain first: we are independent, record no names, and no question must be answered.",
    "먼저 방문취지를 설명하십시오: 우리는 위탁을 받고 독립적으로 빈곤부축정황을 알아봅니다. "
    "이름은 기록하지 않으며 어떤 질문에도 대답하지 않을수 있습니다.",
)
LOCATION = Label(
    "在住房旁定位", "Position, taken beside the house", "주택옆에서 위치를 기록하십시오"
)


def household_form(plan: Plan, *, form_id: str, phase: str, version: str, year: int) -> Form:
    """Return the household questionnaire of a phase.

    Parameters
    ----------
    plan
        The plan with the round's overrides.
    form_id
        Name of the form on the server, ASCII.
    phase
        `first` or `recheck`; every visit carries it.
    version
        Version of the form; every visit carries it.
    year
        Year of the income that is asked for.
    """
    a = Asking(plan, year, TABLES)
    recheck = phase == "recheck"
    questions = (
        *_hidden(phase, version),
        *_cover(a),
        *_members(a),
        *_standards(a),
        *group(
            "policy",
            Label("享受的政策", "Policies received", "받은 정책혜택"),
            a.ask(VISITS, "policies"),
            relevant=ANSWERED,
        ),
        *_recognition(a),
        *_observations(a),
    )
    title = Label("农户调查", "Household questionnaire", "농가조사표")
    if recheck:
        title = Label("复核农户调查", "Household questionnaire, re-check", "재검사 농가조사표")
    return Form(
        id=form_id,
        title=title,
        version=version,
        languages=tuple(LANGUAGES),
        tables=TABLES,
        questions=questions,
        choices=a.lists,
        instance_name="concat(${study_id}, ' ', ${visit_id})",
        repeats=(PERSONS,),
        files=("villages", "households", "groups", "enumerators"),
    )


def _hidden(phase: str, version: str) -> tuple[Question, ...]:
    """Return what the tablet fills in by itself."""

    def value(name: str, calculation: str) -> Question:
        return Question("calculate", name, target=Field(VISITS, name), calculation=calculation)

    audit = "location-priority=balanced location-min-interval=60 location-max-age=120"
    return (
        Question("start", "started", target=Field(VISITS, "started")),
        Question("end", "ended", target=Field(VISITS, "ended")),
        Question("audit", "audit", parameters=f"{audit} track-changes=true"),
        value("visit_id", "once(concat('F', substr(uuid(), 24)))"),
        value("phase", f"'{phase}'"),
        value("form_version", f"'{version}'"),
    )


def _cover(a: Asking) -> tuple[Question, ...]:
    kinds = a.ask(VISITS, "kind")
    listed = any_of("kind", ("lifted", "still_poor"))
    reserve = looked_up("households", "sampled", "reserve")
    sampled = Question(
        "select_one_from_file households.csv",
        "sampled",
        SAMPLED,
        required=True,
        relevant=listed,
        appearance="minimal autocomplete",
        filter="village=${village} and kind=${kind}",
    )
    replaces = replace(
        a.ask(VISITS, "replaces"),
        type="select_one_from_file households.csv",
        relevant=f"({listed}) and {reserve} = 'yes'",
        constraint="",
        message=None,
        required=True,
        appearance="minimal autocomplete",
        filter="village=${village} and kind=${kind} and reserve='no'",
    )
    identifier = (
        "coalesce(${sampled}, coalesce(${typed}, if(${unit} != '' and ${number} != '', "
        "concat('U', substr(${unit}, 1), '-', substr(concat('00', ${number}), "
        "string-length(${number}) - 1)), '')))"
    )
    return group(
        "cover",
        Label("封面", "Cover", "표지"),
        note("introduction", SPOKEN),
        replace(
            a.ask(VISITS, "enumerator"),
            type="select_one_from_file enumerators.csv",
            constraint="",
            message=None,
            appearance="minimal autocomplete",
        ),
        village_of(a, VISITS),
        kinds,
        sampled,
        replaces,
        unit_of(relevant="${kind} = 'unregistered'"),
        number_of(relevant="${kind} = 'unregistered'"),
        Question(
            "text",
            "typed",
            TYPED,
            required=True,
            relevant="${kind} = 'purposive'",
            constraint="regex(., '^[A-Z]-[0-9A-Za-z-]+$')",
            message=Label(
                "字母、连字符、编号，如 H-0123",
                "A letter, a hyphen and the number, as H-0123",
                "자모, 련결부호, 번호순서로 적으십시오. 례: H-0123",
            ),
        ),
        Question("calculate", "study_id", target=Field(VISITS, "study_id"), calculation=identifier),
        a.ask(VISITS, "disposition"),
        Question("geopoint", "location", LOCATION),
    )


def village_of(a: Asking, table: str) -> Question:
    """Return the choice of the village from the list that goes with the form."""
    return replace(
        a.ask(table, "village"),
        type="select_one_from_file villages.csv",
        constraint="",
        message=None,
        appearance="minimal autocomplete",
    )


def unit_of(relevant: str = "") -> Question:
    """Return the choice of a villager group from the list that goes with the form."""
    return Question(
        "select_one_from_file groups.csv",
        "unit",
        GROUP_OF,
        required=True,
        relevant=relevant,
        appearance="minimal autocomplete",
        filter="village=${village}",
    )


def number_of(relevant: str = "") -> Question:
    """Return the number of an unregistered household in its group, 1 to 999."""
    return Question(
        "integer",
        "number",
        NUMBER,
        required=True,
        relevant=relevant,
        constraint=". >= 1 and . <= 999",
        message=Label("1至999之间", "From 1 to 999", "1에서 999 사이여야 합니다"),
    )


def _members(a: Asking) -> tuple[Question, ...]:
    tests = [c for s in a.plan.standards.values() for c in s.tests.values() if c.who == "member"]
    first = (
        Question("calculate", "line", target=Field(PERSONS, "line"), calculation="position(..)"),
        a.ask(PERSONS, "age"),
        a.ask(PERSONS, "registered"),
    )
    return group(
        PERSONS,
        Label("家庭成员", "Members of the household", "가정성원"),
        *first,
        *_answers(a, PERSONS, tests),
        relevant=ANSWERED,
        repeat=True,
    )


def _standards(a: Asking) -> tuple[Question, ...]:
    found: list[Question] = []
    for name, standard in a.plan.standards.items():
        tests = [check for check in standard.tests.values() if check.who == "household"]
        asked = _answers(a, VISITS, tests)
        known = {q.name for q in found}
        asked = [q for q in asked if q.name not in known]
        if name in PICTURES:
            asked.append(photo(f"photo_{name}", PICTURES[name]))
        label = Label.of(standard.name, STANDARDS.get(name, ""))
        if asked:
            says = Label(
                f"方案{standard.clause}：{standard.says}",
                f"Plan, {standard.clause}: {standard.name.en}",
                f"방안 {standard.clause}: {label['ko']}",
            )
            found += group(
                f"standard_{name}", label, note(f"clause_{name}", says), *asked, relevant=ANSWERED
            )
    return tuple(found)


PICTURES = {
    "water": Label("水源或水龙头照片", "Picture of the tap or well", "수원 또는 수도꼭지 사진"),
    "housing": Label(
        "住房外观和鉴定牌照片",
        "Picture of the house and its plate",
        "주택외관과 감정표지판 사진",
    ),
}
"""Standards of which the interviewer takes a picture."""


def _answers(a: Asking, table: str, tests: list[Check]) -> list[Question]:
    """Return the questions that tests look at, each asked where one of its tests applies."""
    conditions: dict[str, list[str]] = {}
    for test in tests:
        for column in (*test.when, *([test.share_of] if test.share_of else [])):
            conditions.setdefault(column, []).append("")
        conditions.setdefault(test.answer, []).append(_applies(test))
        if test.proof:
            excused = any_of(test.answer, test.excused)
            conditions.setdefault(test.proof, []).append(excused)
        if test.proved_by:
            conditions.setdefault(test.proved_by, []).append(any_of(test.answer, test.kept_if))
        if test.renewed:
            grades = CODES[INPUT_TABLES[table].column(test.answer).codes]
            wanting = [code for code in grades if code not in test.kept_if]
            for column, codes in test.renewed.when.items():
                conditions.setdefault(column, []).append(any_of(test.answer, wanting))
                renewed = any_of(column, codes)
                conditions.setdefault(test.renewed.answer, []).append(renewed)
                conditions.setdefault(test.renewed.proved_by, []).append(renewed)
    return [
        a.ask(table, column).only_if("" if "" in found else " or ".join(dict.fromkeys(found)))
        for column, found in conditions.items()
    ]


def _applies(test: Check) -> str:
    """Return the condition under which a test applies; empty if to everyone."""
    parts = [any_of(column, codes) for column, codes in test.when.items()]
    if test.ages:
        parts.append(f"${{age}} >= {test.ages[0]} and ${{age}} <= {test.ages[1]}")
    return parts[0] if len(parts) == 1 else " and ".join(f"({part})" for part in parts)


def _recognition(a: Asking) -> tuple[Question, ...]:
    who = any_of("kind", a.plan.recognition.kinds)
    columns = (*a.plan.recognition.objects, "overall", "persons")
    return group(
        RECOGNITION,
        Label("群众认可", "Recognition", "군중의 인정도"),
        *(a.ask(RECOGNITION, column) for column in columns),
        relevant=f"${{disposition}} = 'completed' and ({who})",
    )


def _observations(a: Asking) -> tuple[Question, ...]:
    ordinary = a.plan.quality_checks["hour"]
    earliest, latest = f"{ordinary.low:g}", f"{ordinary.high:g}"
    hour = "number(format-date-time(${started}, '%H'))"
    unusual = f"{hour} < {earliest} or {hour} >= {latest}"
    return group(
        "observations",
        Label("调查员观察", "Interviewer's observations", "조사원 관찰"),
        note(
            "unusual_hour",
            Label(
                f"开始时间不在{earliest}至{latest}时之间，请在备注中说明",
                f"Begun outside {earliest} to {latest} o'clock: say why",
                f"시작시간이 {earliest}시부터 {latest}시 사이가 아닙니다. 비고에 리유를 적으십시오",
            ),
            relevant=unusual,
        ),
        a.ask(VISITS, "others_present"),
        a.ask(VISITS, "coached"),
        a.ask(VISITS, "note"),
    )
