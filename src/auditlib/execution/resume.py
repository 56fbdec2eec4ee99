"""What is done already, and what has changed where something is not.

A notebook is done if it was made from just these inputs, parameters, code and
results before it, in this environment, and if all that it left is still as it was
made. Everything else runs again; to force a run is never needed to be right.
"""

import json
import platform
import shutil
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Any

from auditlib import pipeline
from auditlib.errors import AuditError
from auditlib.execution.log import RUN_LOG
from auditlib.execution.places import Place
from auditlib.files.stages import numbered
from auditlib.files.writing import digest, plain, write_text
from auditlib.language import Words
from auditlib.pipeline.consolidate import FAILURES
from auditlib.pipeline.store import DONE, code_digest, intact, make_key

CONSOLIDATED = "consolidated.done.json"

UNCHANGED = Words(
    "输入、参数、程序和前序结果均未变", "made from the same inputs, parameters and code"
)
NEW = Words("尚未运行", "not run before")
ALTERED = Words("结果文件缺失或被改动", "a file of the result is missing or was altered")
WANTED = Words("按要求重新运行", "asked for")

_CHANGED = {
    "code": Words("程序已改", "the code changed"),
    "environment": Words("环境已改", "the environment changed"),
    "source": Words("笔记本已改", "the notebook changed"),
    "params": Words("参数已改", "parameters changed"),
    "secrets": Words("密钥已改", "a secret changed"),
}

Made = dict[str, Any]
"""What a finished notebook was made from, and the digests of what it left."""


@cache
def environment() -> str:
    """Return the SHA-256 of Python's version and those of the libraries that auditlib names."""
    needed = [line for line in metadata.requires("auditlib") or () if "extra ==" not in line]
    versions = {name: metadata.version(name) for name in sorted(needed)}
    text = json.dumps([platform.python_version(), versions], sort_keys=True)
    return sha256(text.encode()).hexdigest()


def digest_once() -> None:
    """Digest what all counties share; their threads would do it side by side, each for itself."""
    environment()
    code_digest()


def origin_of(place: Place, audit: pipeline.Audit, stage: str) -> Made:
    """Return what a county's notebook is made from now."""
    return {
        "result": pipeline.stage_origin(audit, stage),
        "source": digest(place.source(audit.params.county.code, stage)),
        "environment": environment(),
    }


def why_again(place: Place, audit: pipeline.Audit, stage: str) -> Words | None:
    """Say why a county's notebook must run again; None if it is done."""
    county = audit.params.county.code
    folder = place.folder / county / numbered(stage)
    made = _read(folder / DONE)
    if made is None:
        return NEW
    try:
        now = origin_of(place, audit, stage)
    except AuditError:  # the notebook itself will tell what is wrong with the input
        return Words("输入无法读取", "an input cannot be read")
    if changed := list(_differences(made, now)):
        return Words("；".join(w.zh for w in changed), "; ".join(w.en for w in changed))
    manifest = intact(folder)
    if manifest is None or manifest["key"] != make_key(now["result"]):
        return ALTERED
    return None if made["left"] == _left(place, county, stage) else ALTERED


def mark_done(place: Place, county: str, stage: str, origin: Made) -> bool:
    """Note that a notebook is finished, if the result it left was made from what we thought.

    An input that was changed while the notebook ran leaves it undone.
    """
    folder = place.folder / county / numbered(stage)
    manifest = intact(folder)
    if manifest is None or manifest["key"] != make_key(origin["result"]):
        return False
    made = {**origin, "left": _left(place, county, stage)}
    write_text(folder / DONE, json.dumps(made, indent=1, ensure_ascii=False) + "\n")
    return True


def withdraw(place: Place, county: str, stage: str) -> bool:
    """Take away the result of a stage that no longer holds; say whether there was one."""
    folder = place.folder / county / numbered(stage)
    paths = (place.kept(county, stage), place.page(county, stage))
    there = folder.is_dir() or any(path.is_file() for path in paths)
    shutil.rmtree(folder, ignore_errors=True)
    for path in paths:
        path.unlink(missing_ok=True)
    return there


def round_origin(place: Place, opened: pipeline.Round) -> Made:
    """Return what the consolidated report is made from now."""
    reports = {code: _digest(place.kept(code, "report")) for code in opened.record.counties}
    told = json.dumps(
        [plain(opened.plan), plain(opened.record), dict(opened.switches), plain(opened.names)],
        sort_keys=True,
    )
    return {
        "result": {
            "code": code_digest(),
            "params": sha256(told.encode()).hexdigest(),
            "inputs": {**reports, FAILURES: _digest(place.folder / FAILURES)},
            "before": {},
        },
        "source": digest(place.source("", "consolidated")),
        "environment": environment(),
    }


def why_consolidate(place: Place, origin: Made) -> Words | None:
    """Say why the consolidated report must be made again; None if it is done."""
    made = _read(place.folder / CONSOLIDATED)
    if made is None:
        return NEW
    if changed := list(_differences(made, origin)):
        return Words("；".join(w.zh for w in changed), "; ".join(w.en for w in changed))
    return None if made["left"] == _left_of_round(place) else ALTERED


def mark_consolidated(place: Place, origin: Made) -> None:
    """Note that the consolidated report is finished."""
    made = {**origin, "left": _left_of_round(place)}
    text = json.dumps(made, indent=1, ensure_ascii=False) + "\n"
    write_text(place.folder / CONSOLIDATED, text)


def _differences(made: Made, now: Made) -> Iterator[Words]:
    for name in ("source", "environment"):
        if made.get(name) != now[name]:
            yield _CHANGED[name]
    old, new = made.get("result", {}), now["result"]
    for name in ("code", "params", "secrets"):
        if old.get(name) != new.get(name):
            yield _CHANGED[name]
    for file in _changed(old.get("inputs", {}), new["inputs"]):
        yield Words(f"{file} 已改", f"{file} changed")
    for stage in _changed(old.get("before", {}), new["before"]):
        yield Words(f"前序 {stage} 已改", f"{stage} changed")


def _changed(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    return sorted(name for name in {*old, *new} if old.get(name) != new.get(name))


def _left(place: Place, county: str, stage: str) -> dict[str, str]:
    """Return the digests of notebook and page."""
    return {
        "notebook": _digest(place.kept(county, stage)),
        "page": _digest(place.page(county, stage)),
    }


def _left_of_round(place: Place) -> dict[str, str]:
    """Return the digests of everything that the consolidated report leaves."""
    others = (CONSOLIDATED, FAILURES, RUN_LOG)
    files = [p for p in sorted(place.folder.iterdir()) if p.is_file() and p.name not in others]
    found = {path.name: digest(path) for path in files}
    return {**found, "page": _digest(place.page("", "consolidated"))}


def _digest(path: Path) -> str:
    return digest(path) if path.is_file() else ""


def _read(path: Path) -> Made | None:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "left" in found else None
