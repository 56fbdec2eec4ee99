"""From a column of a table to the question that fills it, with the plan's limits.

Type, choices and limits come from the table; the words from `wording`; amounts, dates
and choices that are the plan's from `params/plan.yaml`. So a changed rule changes the form.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from auditlib.fieldwork.forms.korean import KOREAN
from auditlib.fieldwork.forms.questions import Choices, Field, Label, Question
from auditlib.fieldwork.forms.wording import WORDING
from auditlib.plan import Plan
from auditlib.tables import TABLES, CodeList, Column, Kind

NO_MORE_THAN = Label("不大于{most}", "At most {most}", "{most} 이하여야 합니다")
NO_LESS_THAN = Label("不小于{least}", "At least {least}", "{least} 이상이여야 합니다")
BETWEEN = Label(
    "{least}至{most}之间", "From {least} to {most}", "{least}에서 {most} 사이여야 합니다"
)
DAYS = Label(
    "不早于{first}，不晚于今天",
    "Not before {first} and not after today",
    "{first}보다 이르지 않고 오늘보다 늦지 않아야 합니다",
)
PAST = Label("不晚于今天", "Not after today", "오늘보다 늦지 않아야 합니다")
IDENTIFIER = Label(
    "编号只含字母、数字和连字符",
    "Letters, digits and hyphens only",
    "번호는 자모, 수자, 련결부호로만 이루어져야 합니다",
)
NONE_ALONE = Label(
    "“无”不能与其他选项同选",
    "“Nobody” excludes the other choices",
    "“없음”은 다른 선택과 함께 고를수 없습니다",
)


@dataclass(frozen=True)
class Asking:
    """What is needed to ask: the plan, its code lists, the year of the income asked for."""

    plan: Plan
    year: int
    tables: tuple[str, ...]
    lists: dict[str, Choices] = field(default_factory=dict)

    @property
    def codelists(self) -> Mapping[str, CodeList]:
        """Every code list of the tables."""
        return self.plan.codelists()

    def name(self, table: str, column: str, code: str = "") -> str:
        """Return the name of the question that fills a column.

        It is the column's own name, unless an earlier table of the form has the same
        one; then the table's name stands before it. Tables asked once for every code
        of their key put the key and the code before it: `item_road_before`.
        """
        if code:
            key = next(name for name in TABLES[table].key if name != "village")
            return f"{key}_{code}_{column}"
        earlier = self.tables[: self.tables.index(table)]
        taken = any(column in {c.name for c in TABLES[other].columns} for other in earlier)
        return f"{table}_{column}" if taken else column

    def ask(self, table: str, column: str, *, code: str = "", of: Label | None = None) -> Question:
        """Return the question for a column; `of` is what it asks about, as the village item."""
        about = TABLES[table].column(column)
        label = WORDING.get((table, column)) or Label(about.zh, about.name.replace("_", " "))
        label = label.filled(year=self.year, **self._amounts())
        if of is not None:
            label = Label(f"{of.zh}：{label.zh}", f"{of.en}: {label.en}")
        asked = Question(
            self._type(about),
            self.name(table, column, code),
            label,
            target=Field(table, column, code),
            required=about.required,
        )
        return self._limited(asked, about)

    def choose(self, name: str, choices: Choices) -> str:
        """Keep a list of choices under its name, and return the name."""
        self.lists[name] = choices
        return name

    def _amounts(self) -> dict[str, int]:
        return {k: v for s in self.plan.standards.values() for k, v in s.amounts.items()}

    def _type(self, column: Column) -> str:
        match column.kind:
            case Kind.CODE | Kind.CODES:
                korean = KOREAN.get(column.codes, {})
                self.choose(
                    column.codes,
                    {
                        code: Label.of(words, korean.get(code, ""))
                        for code, words in self.codelists[column.codes].items()
                    },
                )
                many = column.kind is Kind.CODES
                return f"select_{'multiple' if many else 'one'} {column.codes}"
            case Kind.INTEGER:
                return "integer"
            case Kind.NUMBER:
                return "decimal"
            case Kind.DATE:
                return "date"
            case Kind.TIME:
                return "dateTime"
            case _:
                return "text"

    def _limited(self, question: Question, column: Column) -> Question:
        least, most = column.minimum, column.maximum
        if column.kind is Kind.DATE:
            return replace(question, constraint=". <= today()", message=PAST)
        if column.kind is Kind.IDENTIFIER:
            return replace(question, constraint="regex(., '^[0-9A-Za-z_.-]+$')", message=IDENTIFIER)
        if column.kind is Kind.CODES and "none" in self.codelists[column.codes]:
            alone = "not(selected(., 'none') and count-selected(.) > 1)"
            return replace(question, constraint=alone, message=NONE_ALONE)
        if least is None and most is None:
            return question
        parts = [f". >= {least:g}"] if least is not None else []
        parts += [f". <= {most:g}"] if most is not None else []
        words = BETWEEN if len(parts) == 2 else NO_LESS_THAN if least is not None else NO_MORE_THAN
        return replace(
            question,
            constraint=" and ".join(parts),
            message=words.filled(
                least="" if least is None else f"{least:g}",
                most="" if most is None else f"{most:g}",
            ),
        )

    def within_fieldwork(self, question: Question) -> Question:
        """Return the question of a date, not before the evaluation opens in the plan."""
        opens = self.plan.steps["evaluation"].opens
        if opens is None:
            return question
        return replace(
            question,
            constraint=f". >= date('{opens}') and . <= today()",
            message=DAYS.filled(first=opens.isoformat()),
        )


def looked_up(items: str, name: str, column: str) -> str:
    """Return the value of a list's column in the row that a question chose."""
    return "/".join((f"instance('{items}')", "root", f"item[name=${{{name}}}]", column))


def any_of(name: str, codes: Sequence[str]) -> str:
    """Return the condition that a question's answer is one of the codes."""
    return " or ".join(f"${{{name}}} = '{code}'" for code in codes)
