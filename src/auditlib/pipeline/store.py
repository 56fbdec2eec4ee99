"""Keep a stage's result with what it was made from, and find it again.

A result is used again only if its key is the same: the key digests what the
result was made from, which is the package, the parameters, the input files and
the keys of the stages before it. The manifest keeps these as well, so that one
can say what has changed.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any, Generic, TypeVar

import pandas as pd

from auditlib.files.inputs import sheet_digest, with_references
from auditlib.files.signed import FOLDER, signed_files
from auditlib.files.stages import numbered
from auditlib.files.writing import (
    csv_text,
    digest_if_any,
    from_json,
    plain,
    read_csv_text,
    to_json,
    write_text,
)
from auditlib.pipeline.audit import Audit
from auditlib.plan import Plan

R = TypeVar("R")

MANIFEST = "manifest.json"
DONE = "notebook.json"
"""What a run notes beside a stage's files when its notebook is finished; never removed here."""


class KeptTables(Mapping[str, pd.DataFrame]):
    """Tables of a kept result, each made of its file's content when it is asked for."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._contents = contents
        self._tables: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._tables:
            self._tables[name] = read_csv_text(BytesIO(self._contents[name]))
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._contents)

    def __len__(self) -> int:
        return len(self._contents)


@dataclass(frozen=True)
class Result(Generic[R]):
    """What a stage returns: its record, its tables as text, and other files by name.

    Tables are text from the start, so that a result just computed and one read back
    from its files are the same.
    """

    record: R
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if isinstance(self.tables, KeptTables):
            return
        text = {name: table.astype(str) for name, table in self.tables.items()}
        object.__setattr__(self, "tables", text)


_BY_SHEET = ("corrections", "duplicates", "linkage")
"""Tables that lie beside the visits but concern the sample too: compared by their sheet."""

Origin = dict[str, Any]
"""What a result was made from: `code`, `params`, `secrets`, `inputs` and `before`."""


@cache
def code_digest() -> str:
    """Return the SHA-256 of the package's own files, pages and fonts included."""
    whole = sha256()
    root = Path(str(files("auditlib")))
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            whole.update(str(path.relative_to(root)).encode())
            whole.update(path.read_bytes())
    return whole.hexdigest()


def make_origin(
    audit: Audit, stage: str, tables: Iterable[str], before: Mapping[str, str]
) -> Origin:
    """Return what a stage's result is made from.

    Parameters
    ----------
    audit
        Parameters, as the stage sees them, and folder of inputs.
    stage
        Name of the stage.
    tables
        Input tables that it reads.
    before
        Keys of the stages before it.
    """
    folder = audit.root / audit.params.folder()
    tables = tuple(tables)
    read = audit.sources(with_references(tables))
    whole = {source.file for name, source in read.items() if name not in _BY_SHEET}
    found = {file: audit.desk.digest(folder / file) for file in whole}
    beside = {name: read[name] for name in _BY_SHEET if name in read}
    for name, source in {**beside, **audit.sources(["corrections", "duplicates"])}.items():
        if source.file not in whole:
            found[f"{source.file}#{name}"] = sheet_digest(folder, source, audit.desk)
    if "case_record" in tables:
        found |= {f"{FOLDER}/{path.name}": digest_if_any(path) for path in signed_files(folder)}
    return {
        "stage": stage,
        "code": code_digest(),
        "params": _digest_of_params(audit),
        "secrets": _digest_of([digest_if_any(path) for path in audit.secrets()]),
        "inputs": dict(sorted(found.items())),
        "before": dict(before),
    }


def _digest_of_params(audit: Audit) -> str:
    params = audit.params
    seen = [plain(params.round), plain(params.county), dict(params.switches)]
    return _digest_of([digest_of_plan(params.plan), *seen])


def digest_of_plan(plan: Plan) -> str:
    """Digest a plan, by far the largest of the parameters and mostly the same as before."""
    last = _LAST.get("plan")
    if last is None or last[0] is not plan:
        last = _LAST["plan"] = plan, _digest_of(plain(plan))
    return last[1]


_LAST: dict[str, tuple[Plan, str]] = {}
"""The plan digested last, and its digest; both at once, since counties run side by side."""


def make_key(origin: Origin) -> str:
    """Return the key of what a result is made from: the same key means the same result."""
    return _digest_of(origin)


def _digest_of(values: object) -> str:
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def save(audit: Audit, stage: str, origin: Origin, result: Result[R]) -> dict[str, str]:
    """Write a result into the stage's folder and return the digests of its files."""
    folder = audit.folder / numbered(stage)
    written: dict[str, str] = {}

    def keep(name: str, content: bytes) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        written[name] = sha256(content).hexdigest()

    if folder.is_dir():
        for old in folder.rglob("*"):
            if old.is_file() and old.name != DONE:
                old.unlink()
    keep(f"{stage}.json", to_json(result.record).encode())
    for name, table in result.tables.items():
        keep(f"{name}.csv", csv_text(table).encode())
    for name, content in result.files.items():
        keep(name, content)
    manifest = {
        "stage": stage,
        "key": make_key(origin),
        "files": dict(sorted(written.items())),
        "made_from": origin,
    }
    write_text(folder / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    return dict(sorted(written.items()))


def intact(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a stage's folder, None if it has none or a file was altered."""
    try:
        kept: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        same = all(digest_if_any(folder / name) == wanted for name, wanted in kept["files"].items())
    except (OSError, ValueError, KeyError, AttributeError):
        return None
    return kept if same else None


def load(audit: Audit, stage: str, key: str, kind: type[R]) -> Result[R] | None:
    """Return a result kept earlier under the same key, None if there is none or it was altered."""
    folder = audit.folder / numbered(stage)
    kept = intact(folder)
    if kept is None or kept["key"] != key:
        return None
    contents = {
        name.removesuffix(".csv"): (folder / name).read_bytes()
        for name in kept["files"]
        if name.endswith(".csv")
    }
    record = from_json(kind, (folder / f"{stage}.json").read_text("utf-8"))
    return Result(record, KeptTables(contents))
