"""Match the headings of one sheet of an export: which column each fills, and which stay out.

Group names before a heading are taken off one by one, whatever stands between them.
Columns with names, identity numbers or telephones are recognised and left behind.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from auditlib.fieldwork.forms import Field
from auditlib.fieldwork.intake.layouts import LEFT, POINT, Layout, plain

META: Mapping[str, tuple[str, ...]] = {
    "key": ("key", "instanceid", "meta-instanceid", "meta/instanceid", "meta:instanceid"),
    "parent_key": ("parent_key",),
    "root_uuid": ("meta/rootuuid", "rootuuid", "meta-rootuuid"),
    "id": ("_id",),
    "uuid": ("_uuid",),
    "index": ("_index",),
    "parent_index": ("_parent_index",),
    "parent_table": ("_parent_table_name",),
    "parent_id": ("_submission__id",),
    "parent_uuid": ("_submission__uuid",),
    "parent_root_uuid": ("_submission_meta/rootuuid", "_submission__rootuuid"),
    "version": ("formversion", "formdef_version", "__version__", "_version_"),
    "submitted": ("submissiondate", "_submission_time", "completiondate"),
    "edits": ("edits",),
    "review": ("reviewstate", "review_status", "_validation_status"),
    "encrypted": ("status",),
}
"""Columns that the servers add: what they say, and the headings under which they stand."""

SERVER = re.compile(
    r"^(_tags|_notes|_status|_attachments|_geolocation|_xform_id_string|_bamboo.*|_submitted_by"
    r"|_submission_.*|submitter(id|name)|attachments(present|expected)|deviceid|devicephonenum"
    r"|subscriberid|simid|simserial|username|email|phonenumber|caseid|duration|isvalidated"
    r"|set-?of-.*|setof.*|.*_count(_\d+)*|review_(comments|corrections|quality)|instancename"
    r"|audit(_url)?|text_audit|start|end|starttime|endtime|today|.*_url|text_audit.*|generated_.*"
    r"|reserved_name_for_field_.*)$"
)
"""Other columns of servers and devices; nothing in them is an answer."""

PRIVATE = re.compile(
    r"姓名|户主|联系人|电话|手机|证件|身份证|住址|微信"
    r"|(^|[_\-/ ])(first|last|full|head|sur|respondent|person|member|child)?_?name($|[_\-/ 0-9])"
    r"|phone|mobile|telephone|(^|[_\-/ ])tel($|[_\-/ ])|id_?(card|number|no)($|[_\-/ ])"
    r"|identity|passport|이름|성명|전화|신분증",
    re.IGNORECASE,
)
"""Headings that name a person or tell how to reach one."""

SEPARATORS = re.compile(r"[-/:.|*>\\\\]")

PARTS = ("latitude", "longitude", "altitude", "accuracy", "precision")


NUMBERED = re.compile(r"_(\d{1,3})$")
NUMBERED_TWICE = re.compile(r"_(\d{1,3})_(\d{1,3})$")
"""A repeat beside the main columns, and a repeat within one: `age_2`, `age_1_2`."""


@dataclass(frozen=True)
class Heading:
    """What became of one heading: `role` says it, `target` which column it fills.

    Roles: `answer`, `option` (one choice of several, `code`), `part` of a position,
    `number`ed answer of a repeat (`line` counts from 1; the second line of the first in a
    repeat within a repeat is 1002), `meta` (`code` says which),
    `private`, `left`, `unknown`, `empty`.
    """

    text: str
    role: str
    target: Field = LEFT
    code: str = ""
    line: int = 0


@dataclass(frozen=True)
class Matched:
    """The headings of a sheet under one layout; `score` counts columns that are filled."""

    layout: Layout
    headings: tuple[Heading, ...]
    score: int = field(default=0)


def meta_of(headings: Sequence[str]) -> dict[str, int]:
    """Return where the servers' own columns stand; the first of several names wins."""
    found: dict[str, int] = {}
    texts = [plain(h) for h in headings]
    for what, names in META.items():
        for name in names:
            if name in texts and what not in found:
                found[what] = texts.index(name)
    return found


def match(
    headings: Sequence[str], layout: Layout, options: Mapping[str, Mapping[str, str]]
) -> Matched:
    """Return what becomes of every heading under a layout.

    Parameters
    ----------
    headings
        Headings as they stand.
    layout
        The sheet that it may be.
    options
        For every column with several choices, `table.column`: plain name or label of a
        choice, and its code.
    """
    found = tuple(_one(text, layout, options) for text in headings)
    filled = {(h.target, h.line) for h in found if h.role in ("answer", "option", "part")}
    numbered = {h.target for h in found if h.role == "number"}
    return Matched(layout, found, len(filled) + len(numbered))


def _one(text: str, layout: Layout, options: Mapping[str, Mapping[str, str]]) -> Heading:
    whole = plain(text)
    if not whole:
        return Heading(text, "empty")
    for what, names in META.items():
        if whole in names and not layout.plain:
            return Heading(text, "meta", code=what)
    target = next((layout.headings[c] for c in suffixes(whole) if c in layout.headings), None)
    if target == POINT:
        return Heading(text, "answer", POINT)
    if target is not None and target != LEFT:
        return Heading(text, "answer", target)
    if target is None:
        special = _part(text, whole, layout) or _option(text, whole, layout.headings, options)
        special = special or _numbered(text, whole, layout, options)
        if special:
            return special
    if PRIVATE.search(text):
        return Heading(text, "private")
    if target is not None or any(SERVER.fullmatch(c) for c in suffixes(whole)):
        return Heading(text, "left")
    return Heading(text, "unknown")


def suffixes(whole: str) -> list[str]:
    """Return a heading, and what is left when group names are taken off one by one."""
    found = [whole]
    for separator in SEPARATORS.finditer(whole):
        found.append(whole[separator.end() :])
    return found


def _part(text: str, whole: str, layout: Layout) -> Heading | None:
    """Return the heading of one part of a position: `location-Latitude`, `_location_latitude`."""
    for part in PARTS:
        if not whole.endswith(part):
            continue
        rest = re.sub(r"[-_/:.]+$", "", whole[: -len(part)])
        for candidate in (*suffixes(rest), *suffixes(rest.lstrip("_"))):
            for name in (candidate, candidate.lstrip("_")):
                if layout.headings.get(name) == POINT:
                    return Heading(text, "part", POINT, code=part)
    return None


def _option(
    text: str,
    whole: str,
    headings: Mapping[str, Field],
    options: Mapping[str, Mapping[str, str]],
) -> Heading | None:
    """Return the heading of one choice: `policies/health`, `policies_health`, or by labels."""
    for cut in re.finditer(r"[-/:._]+", whole):
        before, after = whole[: cut.start()], whole[cut.end() :]
        target = next((headings[c] for c in suffixes(before) if c in headings), None)
        if target is None or not target.table:
            continue
        code = options.get(f"{target.table}.{target.column}", {}).get(after)
        if code:
            return Heading(text, "option", target, code=code)
    return None


def _numbered(
    text: str, whole: str, layout: Layout, options: Mapping[str, Mapping[str, str]]
) -> Heading | None:
    """Return the heading of a repeat's answer beside the main ones: `age_1`, `age_2`."""
    for end in (NUMBERED.search(whole), NUMBERED_TWICE.search(whole)):
        if not end or not layout.wide:
            return None
        base = whole[: end.start()]
        line = int("".join(f"{int(n):03d}" for n in end.groups()))
        target = next((layout.wide[c] for c in suffixes(base) if c in layout.wide), None)
        if target is None:
            if option := _option(text, base, layout.wide, options):
                return Heading(text, "number", option.target, code=option.code, line=line)
        elif target in (LEFT, POINT):
            return Heading(text, "left")
        else:
            return Heading(text, "number", target, line=line)
    return None
