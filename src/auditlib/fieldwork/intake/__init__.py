"""From the exports of tablets and workbooks to the tables, with nothing lost."""

from auditlib.fieldwork.intake.exports import SOURCES, ExportSheet
from auditlib.fieldwork.intake.layouts import Layout, layouts_of, mapped_layouts, table_layouts
from auditlib.fieldwork.intake.logs import Log, LogUse, is_log
from auditlib.fieldwork.intake.office import office_rows
from auditlib.fieldwork.intake.reconciliation import (
    REASONS,
    Line,
    by_import,
    history,
    reconcile,
    set_aside,
)
from auditlib.fieldwork.intake.rows import UNPLACED
from auditlib.fieldwork.intake.settling import Settled, settle
from auditlib.fieldwork.intake.taking import HeadingUse, SheetUse, Taken, take

__all__ = [
    "REASONS",
    "SOURCES",
    "UNPLACED",
    "ExportSheet",
    "HeadingUse",
    "Layout",
    "Line",
    "Log",
    "LogUse",
    "Settled",
    "SheetUse",
    "Taken",
    "by_import",
    "history",
    "is_log",
    "layouts_of",
    "mapped_layouts",
    "office_rows",
    "reconcile",
    "set_aside",
    "settle",
    "table_layouts",
    "take",
]
