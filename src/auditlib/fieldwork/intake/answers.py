"""The answers of one sheet, column by column, as the tables write them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from auditlib.fieldwork.forms import Field
from auditlib.fieldwork.intake.exports import Recognised
from auditlib.fieldwork.intake.headings import Heading
from auditlib.fieldwork.intake.layouts import HOUSEHOLD, POINT
from auditlib.fieldwork.intake.values import months_first, normaliser, point
from auditlib.sampling.pseudonym import household_id
from auditlib.tables import TABLES, CodeList

UNCHOSEN = {"", "0", "0.0", "false", "no", "n", "否", "n/a"}

Texts = list[str]


@dataclass(frozen=True)
class Answers:
    """Answers of a sheet by field, all of the same length; `torn` rows have two for one.

    `lines` holds the answers of repeats that stand beside the main ones, by line.
    """

    columns: Mapping[Field, Texts]
    torn: frozenset[int]
    lines: Mapping[int, Mapping[Field, Texts]]


def read_answers(
    recognised: Recognised,
    rows: Sequence[Sequence[str]],
    codelists: Mapping[str, CodeList],
    *,
    key: bytes = b"",
) -> Answers:
    """Return the answers of the rows of a sheet that has a layout; `key` makes pseudonyms."""
    matched = recognised.matched
    if matched is None:
        raise ValueError("the sheet has no layout")
    width = len(matched.headings)
    raw = _columns(rows, width)
    torn: set[int] = set()
    answers: dict[Field, Texts] = {}
    lines: dict[int, dict[Field, Texts]] = {}
    for target, places in _places(matched.headings, ("answer",)).items():
        texts = [raw[j] for j, _ in places]
        if target == POINT:
            _keep_point(answers, texts, matched.headings, raw)
        else:
            answers[target] = _one(_plain(target, texts, recognised, codelists), torn)
    if POINT not in _places(matched.headings, ("answer",)):
        _keep_point(answers, [], matched.headings, raw)
    for target, places in _places(matched.headings, ("option",)).items():
        chosen = _chosen(target, [(h.code, raw[j]) for j, h in places], codelists)
        whole = answers.get(target)
        answers[target] = (
            chosen if whole is None else [w or c for w, c in zip(whole, chosen, strict=True)]
        )
    for (target, line), places in _by_line(matched.headings).items():
        of_line = lines.setdefault(line, {})
        plain = [raw[j] for j, h in places if not h.code]
        options = [(h.code, raw[j]) for j, h in places if h.code]
        if plain:
            of_line[target] = _one(_plain(target, plain, recognised, codelists), torn)
        elif options:
            of_line[target] = _chosen(target, options, codelists)
    every = {line: _pseudonymous(columns, key) for line, columns in sorted(lines.items())}
    return Answers(_pseudonymous(answers, key), frozenset(torn), every)


def _pseudonymous(columns: Mapping[Field, Texts], key: bytes) -> dict[Field, Texts]:
    """Return the columns with study identifiers in place of numbers of the registry."""
    found = {f: texts for f, texts in columns.items() if f.column != HOUSEHOLD}
    for target, texts in columns.items():
        if target.column == HOUSEHOLD:
            own = found.get(Field(target.table, "study_id"), [""] * len(texts))
            found[Field(target.table, "study_id")] = [
                given or (household_id(number, key=key) if number else "")
                for given, number in zip(own, texts, strict=True)
            ]
    return found


def _columns(rows: Sequence[Sequence[str]], width: int) -> list[Sequence[str]]:
    """Return the columns of the rows; short rows are filled up, what is too long is cut."""
    if not rows:
        return [() for _ in range(width)]
    even = [
        row if len(row) == width else [*row[:width], *[""] * (width - len(row))] for row in rows
    ]
    return list(zip(*even, strict=True))


def _places(
    headings: Sequence[Heading], roles: Sequence[str]
) -> dict[Field, list[tuple[int, Heading]]]:
    found: dict[Field, list[tuple[int, Heading]]] = {}
    for j, heading in enumerate(headings):
        if heading.role in roles:
            found.setdefault(heading.target, []).append((j, heading))
    return found


def _by_line(headings: Sequence[Heading]) -> dict[tuple[Field, int], list[tuple[int, Heading]]]:
    found: dict[tuple[Field, int], list[tuple[int, Heading]]] = {}
    for j, heading in enumerate(headings):
        if heading.role == "number":
            found.setdefault((heading.target, heading.line), []).append((j, heading))
    return found


def _plain(
    target: Field,
    texts: Sequence[Sequence[str]],
    recognised: Recognised,
    codelists: Mapping[str, CodeList],
) -> list[Texts]:
    if target.column == HOUSEHOLD:
        return [[cell.strip() for cell in text] for text in texts]
    column = TABLES[target.table].column(target.column)
    distinct = [set(text) for text in texts]
    first = recognised.source == "surveycto" and months_first(t for d in distinct for t in d)
    write = normaliser(column, codelists, source=recognised.source, months_first=first)
    return [_written(text, write) for text in texts]


def _written(texts: Sequence[str], write: Callable[[str], str]) -> Texts:
    known = {text: write(text) for text in set(texts)}
    return [known[text] for text in texts]


def _one(columns: Sequence[Texts], torn: set[int]) -> Texts:
    """Return one column of several that stand for the same; two answers that differ are torn."""
    if len(columns) == 1:
        return columns[0]
    found = []
    for i, texts in enumerate(zip(*columns, strict=True)):
        given = list(dict.fromkeys(text for text in texts if text))
        if len(given) > 1:
            torn.add(i)
        found.append(given[0] if given else "")
    return found


def _chosen(
    target: Field, options: Sequence[tuple[str, Sequence[str]]], codelists: Mapping[str, CodeList]
) -> Texts:
    """Return the codes chosen, from columns that say yes or no to one choice each."""
    order = {
        code: i
        for i, code in enumerate(codelists[TABLES[target.table].column(target.column).codes])
    }
    marks = []
    for code, texts in sorted(options, key=lambda option: order[option[0]]):
        known = {text: text.strip().casefold() not in UNCHOSEN for text in set(texts)}
        marks.append((code, [known[text] for text in texts]))
    return [
        " ".join(dict.fromkeys(code for code, chosen in marks if chosen[i]))
        for i in range(len(marks[0][1]))
    ]


def _keep_point(
    answers: dict[Field, Texts],
    whole: Sequence[Sequence[str]],
    headings: Sequence[Heading],
    raw: Sequence[Sequence[str]],
) -> None:
    """Add latitude and longitude of the visits, from one cell or from columns of their own."""
    parts = {h.code: raw[j] for j, h in enumerate(headings) if h.role == "part"}
    if not whole and not {"latitude", "longitude"} <= parts.keys():
        return
    pairs = [point(text) if text.strip() else ("", "") for text in whole[0]] if whole else []
    for i, name in enumerate(("latitude", "longitude")):
        own = [text.strip() for text in parts.get(name, [""] * len(pairs))]
        both = [pair[i] for pair in pairs] or own
        answers[Field("household_visits", name)] = [
            one or other for one, other in zip(both, own, strict=True)
        ]
