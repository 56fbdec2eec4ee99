"""Every input table as data: columns, Chinese headings, type, unit, key, allowed values."""

from auditlib.language import Words
from auditlib.tables.codes import CODES
from auditlib.tables.columns import CodeList, Column, Kind, Reference, Table
from auditlib.tables.field import FIELD_TABLES
from auditlib.tables.frame import FRAME_TABLES
from auditlib.tables.official import OFFICIAL_TABLES

TABLES: dict[str, Table] = {
    table.name: table for table in (*FRAME_TABLES, *FIELD_TABLES, *OFFICIAL_TABLES)
}
"""Every input table by name, in the order of the work."""

__all__ = ["CODES", "TABLES", "CodeList", "Column", "Kind", "Reference", "Table", "Words"]
