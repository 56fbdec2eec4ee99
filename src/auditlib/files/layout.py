"""What the layout of a sheet says of its rows: merged and hidden cells, totals, headings again.

Rows at fault are set aside; what is read all the same becomes a note.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import chain

from auditlib.files.structure import column_letters
from auditlib.files.workbooks import Sheet
from auditlib.problems import Place, Problem, note, problem

TOTALS = {"合计", "总计", "小计", "共计", "total", "totals", "subtotal", "grand total", "sum"}
FULL_SHEETS = (65_536, 1_048_576)  # rows of a sheet of Excel 97 and of Excel today
LONGEST_TEXT = 32_767  # characters of a cell in Excel

Rows = Sequence[tuple[int, Sequence[str]]]
Found = dict[int, list[Problem]]


def rows_at_fault(
    sheet: Sheet, rows: Rows, start: int, columns: Mapping[str, int], place: Place
) -> tuple[Found, Found]:
    """Return problems by row: of rows that are no row of the table, and of rows that are.

    Parameters
    ----------
    sheet
        Cells and structure.
    rows
        Row numbers and cells below the headings, empty rows left out.
    start
        Row of the headings, from 0.
    columns
        Place of every column that is read, from 0.
    place
        File and sheet.
    """
    headings = sheet.rows[start]
    wanted = [headings[j].strip() for j in columns.values()]
    names = set(wanted)
    cells = set(chain.from_iterable(row for _, row in rows))
    repeated = any(cell.strip() in names for cell in cells)
    totals = _totals(cells)
    width = len(headings)
    letters = {j: column_letters(j) for j in columns.values()}
    lines = _spanned(sheet, columns)
    whole: Found = {}
    parts: Found = {}
    for number, row in rows:
        if repeated and _again(row, wanted, columns):
            whole[number] = [problem("repeated_heading", replace(place, row=number))]
        elif totals and not totals.isdisjoint(row[:6]):
            whole[number] = [problem("total_row", replace(place, row=number))]
        elif found := list(_cells_at_fault(sheet, row, number, place, width, letters, lines)):
            parts[number] = found
    return whole, parts


def _totals(cells: Set[str]) -> set[str]:
    """Return the cells that call a row a total."""
    whole = "\n".join(cells).casefold()
    if not any(total in whole for total in TOTALS):  # as in most tables
        return set()
    return {cell for cell in cells if len(cell) < 24 and cell.strip("：: ").casefold() in TOTALS}


def _again(row: Sequence[str], wanted: Sequence[str], columns: Mapping[str, int]) -> bool:
    """Say whether most cells of a row are the headings of their columns."""
    values = [row[j].strip() if j < len(row) else "" for j in columns.values()]
    return sum(a == b for a, b in zip(values, wanted, strict=True)) > len(wanted) / 2


def _cells_at_fault(
    sheet: Sheet,
    row: Sequence[str],
    number: int,
    place: Place,
    width: int,
    letters: Mapping[int, str],
    lines: Mapping[int, str],
) -> Iterator[Problem]:
    """Yield what is wrong with one row; `letters` names the columns that are read."""
    if len(row) > width and any(map(str.strip, row[width:])):
        yield problem("ragged_row", replace(place, row=number), found=len(row), wanted=width)
    if not sheet.name and len(row) < width:
        yield problem("short_row", replace(place, row=number), found=len(row), wanted=width)
    if not sheet.name and width > 2 and "\n" in "".join(row):
        for cell in row:
            if "\n" in cell and max(line.count(",") for line in cell.split("\n")) >= width - 1:
                here = replace(place, row=number)
                yield problem("swallowed_rows", here, found=cell.count("\n"))
    index = number - 1
    if index in lines:
        yield problem("merged_cells", replace(place, row=number), found=lines[index])
    if sheet.structure.unfinished:
        for j, column in letters.items():
            if (index, j) in sheet.structure.unfinished:
                here = replace(place, row=number, column=column)
                yield problem("formula_without_result", here)


def _spanned(sheet: Sheet, columns: Mapping[str, int]) -> dict[int, str]:
    """Return the merged range that a row has a part in, by row, where a column read lies in it."""
    read = set(columns.values())
    found: dict[int, str] = {}
    for top, left, bottom, right in sheet.structure.merged:
        if read.intersection(range(left, right + 1)):
            name = f"{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}"
            found |= dict.fromkeys(range(top, min(bottom, len(sheet.rows)) + 1), name)
    return found


def notes_on(
    sheet: Sheet, rows: Rows, start: int, columns: Mapping[str, int], place: Place
) -> list[Problem]:
    """Return what the reader of a sheet should know though its rows are used."""
    return [
        *_notes_on_headings(sheet, rows, start, place),
        *_notes_on_hidden(sheet, rows, columns, place),
        *_notes_on_size(sheet, rows, columns, place),
    ]


def _notes_on_headings(sheet: Sheet, rows: Rows, start: int, place: Place) -> Iterator[Problem]:
    headings = sheet.rows[start]
    above = [i for i in range(start) if sum(bool(c.strip()) for c in sheet.rows[i]) > 1]
    if above:
        yield note("rows_above", replace(place, row=start + 1), found=len(above))
    for j in range(len(headings)):
        if not headings[j].strip() and any(j < len(row) and row[j].strip() for _, row in rows):
            yield note("no_heading", replace(place, row=start + 1, column=column_letters(j)))


def _notes_on_hidden(
    sheet: Sheet, rows: Rows, columns: Mapping[str, int], place: Place
) -> Iterator[Problem]:
    structure = sheet.structure
    if structure.hidden:
        yield note("hidden_sheet", place)
    hidden = [number for number, _ in rows if number - 1 in structure.hidden_rows]
    if hidden:
        yield note("hidden_rows", replace(place, row=hidden[0]), found=len(hidden))
    for j in sorted(structure.hidden_columns.intersection(columns.values())):
        yield note("hidden_column", replace(place, column=column_letters(j)))
    if structure.linked:
        yield note("linked_workbook", place)
    if structure.macros:
        yield note("macros", place)


def _notes_on_size(
    sheet: Sheet, rows: Rows, columns: Mapping[str, int], place: Place
) -> Iterator[Problem]:
    if len(sheet.rows) in FULL_SHEETS:
        yield note("full_sheet", place, found=len(sheet.rows))
    read = set(columns.values())
    for number, row in rows:
        if len("".join(row)) < LONGEST_TEXT:
            continue
        for j, cell in enumerate(row):
            if len(cell) == LONGEST_TEXT and j in read:
                here = replace(place, row=number, column=column_letters(j))
                yield note("cut_text", here, found=LONGEST_TEXT)


def mixed_types(
    texts: Sequence[str], numbers: Collection[int], at: Callable[[int], Place]
) -> list[Problem]:
    """Return a note if some cells of a column of numbers are stored as text."""
    as_text = [i for i, text in enumerate(texts) if text.strip() and i not in numbers]
    if not as_text or not numbers:
        return []
    return [note("mixed_types", at(as_text[0]), text=len(as_text), numbers=len(numbers))]
