"""From the files in `params/` to checked records: plan, round and county.

Files merge plan, then round, then county: mappings merge, scalars and lists
replace. An unknown key fails and names the nearest known one. A round may change
a rule of the plan only with a reason; a county file holds facts alone.
"""

import re
import types
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from auditlib.language import Language, Words
from auditlib.params.reading import Path_, Source, read
from auditlib.params.records import County, Round, Sheet
from auditlib.plan import Plan, Rule
from auditlib.problems import InputError, Place, Problem, nearest, problem, shown
from auditlib.problems.personal import has_number, is_name
from auditlib.tables import TABLES

__all__ = ["County", "Params", "Round", "Sheet", "load"]

M = TypeVar("M", bound=BaseModel)

OPEN = (
    "classes",
    "regions",
    "threshold_in",
    "terrains",
    "risk_groups",
    "documents",
    "policy_lines",
    "village_items",
    "county_services",
)
"""Lists of the plan to which a round may add."""


@dataclass(frozen=True)
class Params:
    """The checked parameters of one county in one round."""

    plan: Plan
    round: Round
    county: County
    switches: Mapping[str, str]

    def limit(self, rule: Rule) -> Fraction:
        """Return the rule's threshold in this county's region."""
        return rule.threshold_in.get(self.county.region or "", rule.threshold)

    def sheet(self, table: str) -> Sheet | None:
        """Return where a table stands; None where neither round nor county names it."""
        return self.tables().get(table)

    def tables(self) -> Mapping[str, Sheet]:
        """Return where every table stands: the county's own names before the round's."""
        return {**self.round.inputs.tables, **self.county.inputs}

    def folder(self) -> str:
        """Return the folder of the county's inputs, below the project's root."""
        return f"{self.round.inputs.folder}/{self.county.code}"


def load(folder: Path, round: str, county: str) -> Params:
    """Return the parameters of a county in a round.

    Parameters
    ----------
    folder
        The folder `params`.
    round
        Name of a file in `params/rounds/`, without its ending.
    county
        Code of a file in `params/counties/`.

    Raises
    ------
    InputError
        With every problem of the three files.
    """
    plan, of_round, settings = load_round(folder, round)
    source = read(folder / "counties" / f"{county}.yaml", f"params/counties/{county}.yaml")
    of_county = _checked(County, source)
    _without_persons(source)
    problems = _facts(of_county, source, plan, county)
    if problems:
        raise InputError(problems)
    return Params(plan, of_round, of_county, settings)


def unfinished(folder: Path, round: str) -> tuple[Language, list[Problem]]:
    """Return the language of a round, and every problem of all its parameter files.

    Other than `load`, it goes on after the first file that cannot be used.
    """
    problems: list[Problem] = []
    language: Language = "en"
    codes: Iterable[object] = ()
    try:
        values = read(folder / "rounds" / f"{round}.yaml", f"params/rounds/{round}.yaml").values
        language = "zh" if values.get("language") == "zh" else "en"
        codes = values["counties"] if isinstance(values.get("counties"), list) else ()
        load_round(folder, round)
    except InputError as error:
        problems += error.problems
    for code in map(str, codes):
        try:
            name = f"params/counties/{code}.yaml"
            of_county = _checked(County, read(folder / "counties" / f"{code}.yaml", name))
            if not problems:
                load(folder, round, of_county.code)
        except InputError as error:
            problems += error.problems
    return language, problems


def load_round(folder: Path, round: str) -> tuple[Plan, Round, Mapping[str, str]]:
    """Return plan, round and switches, with the round's overrides applied.

    Raises
    ------
    InputError
        With every problem of the two files.
    """
    of_round = read(folder / "rounds" / f"{round}.yaml", f"params/rounds/{round}.yaml")
    records = _checked(Round, of_round)
    _without_persons(of_round)
    of_plan = read(folder / records.plan, f"params/{records.plan}")
    values: Mapping[str, Any] = of_plan.values
    problems: list[Problem] = []
    for i, override in enumerate(records.overrides):
        at: Path_ = ("overrides", i)
        problems += _unknown_rules(of_plan.values, override.plan, (*at, "plan"), of_round)
        values = merge(values, override.plan)
    if problems:
        raise InputError(problems)
    changed = values is not of_plan.values
    plan = _checked(Plan, Source(of_plan.file, values, of_plan.lines) if changed else of_plan)
    switches = plan.switches()
    options = plan.options()
    for i, override in enumerate(records.overrides):
        for switch, option in override.readings.items():
            place = of_round.place(("overrides", i, "readings", switch))
            if switch not in options:
                problems.append(_unknown_key(place, switch, options))
            elif option not in options[switch]:
                choices = ", ".join(options[switch])
                problems.append(problem("bad_value", place, found=shown(option), expected=choices))
            else:
                switches[switch] = option
    for table in records.inputs.tables:
        if table not in TABLES:
            place = of_round.place(("inputs", "tables", table))
            problems.append(_unknown_key(place, table, TABLES))
    if problems:
        raise InputError(problems)
    return plan, records, switches


def _without_persons(source: Source) -> None:
    """Refuse a parameter file that names a person: reports print parameters as they stand.

    A rule that a round lays over the plan may name things: 高原 is no person there.
    """

    def persons(value: Any, path: Path_) -> list[Problem]:
        if isinstance(value, Mapping):
            return [p for key, part in value.items() for p in persons(part, (*path, key))]
        if isinstance(value, list | tuple):
            return [p for i, part in enumerate(value) for p in persons(part, (*path, i))]
        of_rule = path[0] == "overrides" and "plan" in path
        if isinstance(value, str) and (has_number(value) or (is_name(value) and not of_rule)):
            return [problem("personal_in_params", source.place(path))]
        return []

    found = persons(source.values, ())
    if found:
        raise InputError(found)


def merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return `below` with `above` laid on it: mappings merge, everything else is replaced."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        merged[key] = merge(old, value) if both else value  # type: ignore[arg-type]
    return merged


def _unknown_rules(
    known: Any, changes: Mapping[str, Any], path: Path_, source: Source
) -> list[Problem]:
    """Return a problem for every key of an override that the plan does not have.

    A list of things may get a new one; it must then be whole, so that a misspelt key fails.
    """
    problems = []
    for key, value in changes.items():
        here = (*path, key)
        if key not in known and path[-1] in OPEN:
            continue
        if key not in known:
            problems.append(_unknown_key(source.place(here), key, known))
        elif isinstance(value, Mapping) and isinstance(known[key], Mapping):
            problems += _unknown_rules(known[key], value, here, source)
    return problems


def _facts(county: County, source: Source, plan: Plan, code: str) -> list[Problem]:
    """Return what is wrong with a county's facts."""
    problems = []

    def bad(path: Path_, found: object, expected: str) -> None:
        words = shown(found, known=_plain(found))
        problems.append(problem("bad_value", source.place(path), found=words, expected=expected))

    if county.code != code:
        bad(("code",), county.code, code)
    if county.class_ not in plan.classes:
        bad(("class",), county.class_, ", ".join(plan.classes))
    if county.region is not None and county.region not in plan.regions:
        bad(("region",), county.region, ", ".join(plan.regions))
    for step in county.due:
        if step not in plan.steps:
            problems.append(_unknown_key(source.place(("due", step)), step, plan.steps))
    for table in county.inputs:
        if table not in TABLES:
            problems.append(_unknown_key(source.place(("inputs", table)), table, TABLES))
    people = county.populations
    if people.total != people.registered + people.unregistered:
        problems.append(
            problem(
                "population_total",
                source.place(("populations", "total")),
                total=people.total,
                registered=people.registered,
                unregistered=people.unregistered,
            )
        )
    return problems


@lru_cache(maxsize=8)  # a file of the same content is the same source
def _checked(model: type[M], source: Source) -> M:
    try:
        return model.model_validate(source.values)
    except ValidationError as error:
        raise InputError([_problem(model, source, dict(e)) for e in error.errors()]) from error


def _problem(model: type[BaseModel], source: Source, error: dict[str, Any]) -> Problem:
    """Return pydantic's complaint as a sentence with file, line and key."""
    path: Path_ = tuple(error["loc"])
    place = source.place(path)
    match error["type"]:
        case "extra_forbidden" | "unexpected_keyword_argument":
            return _unknown_key(place, str(path[-1]), _keys(model, path[:-1]))
        case "missing":
            parent = source.place(path[:-1])
            here = Place(parent.file, row=parent.row, column=".".join(map(str, path)))
            return problem("missing_key", here, expected=str(path[-1]))
        case _ if error["input"] is None:
            return problem("to_fill_in", place, expected=_expectation(error))
        case _:
            found = error["input"]
            known = _plain(found)
            expected = _expectation(error)
            return problem("bad_value", place, found=shown(found, known=known), expected=expected)


_EXPECTED = {
    "string": Words("文字", "text"),
    "int": Words("整数", "a whole number"),
    "float": Words("数字", "a number"),
    "bool": Words("true 或 false", "true or false"),
    "date": Words("日期，如 2019-04-20", "a date such as 2019-04-20"),
    "model": Words("若干个键", "keys with values"),
    "dict": Words("若干个键", "keys with values"),
    "mapping": Words("若干个键", "keys with values"),
    "tuple": Words("一个列表", "a list"),
    "dataclass": Words("zh 和 en 两种文字", "words in zh and en"),
    "is": Words("分数，如 2/100", "an exact fraction such as 2/100"),
    "fraction": Words("分数，如 2/100", "an exact fraction such as 2/100"),
}


def _expectation(error: Mapping[str, Any]) -> Words:
    """Return in words what pydantic wanted of a value."""
    kind, context = str(error["type"]), error.get("ctx", {})
    match kind:
        case "literal_error" | "enum":
            choices = str(context.get("expected", ""))
            return Words(choices.replace(" or ", " 或 "), choices)
        case "string_pattern_mismatch":
            return Words(f"符合 {context['pattern']} 的文字", f"text like {context['pattern']}")
        case "string_too_short" | "too_short":
            return Words("非空的值", "a value that is not empty")
        case "greater_than":
            return Words(f"大于 {context['gt']} 的数", f"a number above {context['gt']}")
        case "greater_than_equal":
            return Words(f"不小于 {context['ge']} 的数", f"a number of at least {context['ge']}")
        case "value_error":
            said = str(error["msg"]).removeprefix("Value error, ")
            return Words(said, said)
    said = str(error["msg"]).removeprefix("Input should be ")
    return _EXPECTED.get(kind.split("_")[0], Words(said, said))


def _plain(value: object) -> list[str]:
    """Return a value that may be repeated: one plain word, or a number."""
    return [str(value)] if re.fullmatch(r"[\w.+/-]+", str(value), re.ASCII) else []


def _unknown_key(place: Place, key: str, known: Any) -> Problem:
    some = list(known)
    listed = ", ".join(some[:12]) + (" …" if len(some) > 12 else "")
    return problem(
        "unknown_key",
        place,
        found=shown(key, known=_plain(key)),
        near=nearest(key, some),
        expected=listed,
    )


def _keys(model: Any, path: Path_) -> list[str]:
    """Return the keys that the record at a path has, as the file writes them."""
    for step in path:
        if isinstance(model, type) and issubclass(model, BaseModel):
            field = next((f for n, f in model.model_fields.items() if step in (n, f.alias)), None)
            model = field.annotation if field else None
        else:
            model = get_args(model)[-1] if get_args(model) else None
        if get_origin(model) in (types.UnionType,):
            model = get_args(model)[0]
    if isinstance(model, type) and issubclass(model, BaseModel):
        return [f.alias or n for n, f in model.model_fields.items()]
    return ["zh", "en"]
