"""Taken-in rows as an office writes them: Chinese headings, Chinese labels of codes."""

import re
from collections.abc import Mapping

import pandas as pd

from auditlib.tables import CodeList, Column, Kind, Table

UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that a workbook cannot hold; they are shown as � and never left out."""

LONGEST = 32_000  # characters of a cell; the whole text stays in the history


def office_rows(
    table: Table, rows: pd.DataFrame, codelists: Mapping[str, CodeList]
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return headings and rows of a table: the columns it has, in their order.

    Parameters
    ----------
    table
        The table.
    rows
        Its rows as text, codes as codes; other columns are left out.
    codelists
        Codes of every list.
    """
    columns = [column for column in table.columns if column.kind is not Kind.PRIVATE]
    texts = [_column(rows[column.name], column, codelists) for column in columns]
    return tuple(column.zh for column in columns), list(zip(*texts, strict=True))


def _column(texts: pd.Series, column: Column, codelists: Mapping[str, CodeList]) -> list[str]:
    known = {text: _shown(text, column, codelists) for text in set(texts)}
    return [known[text] for text in texts]


def _shown(text: str, column: Column, codelists: Mapping[str, CodeList]) -> str:
    if column.kind in (Kind.CODE, Kind.CODES) and text:
        codes = codelists[column.codes]
        parts = text.split() if column.kind is Kind.CODES else [text]
        if all(part in codes for part in parts):
            return "；".join(codes[part].zh for part in parts)
    clean = UNWRITABLE.sub("\ufffd", text)
    return clean if len(clean) <= LONGEST else f"{clean[:LONGEST]}…"
