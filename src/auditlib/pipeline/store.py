"""Keep a stage's result with what it was made from, and find it again.

A result is used again only if its key is the same: the key digests the package,
the parameters, the input files and the keys of the stages before it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Generic, TypeVar

import pandas as pd

from auditlib.files.writing import (
    csv_text,
    digest,
    from_json,
    plain,
    read_csv_text,
    to_json,
    write_text,
)
from auditlib.pipeline.audit import Audit
from auditlib.report.page import numbered

R = TypeVar("R")

MANIFEST = "manifest.json"
DONE = "notebook.json"
"""What a run notes beside a stage's files when its notebook is finished; never removed here."""


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
        text = {name: table.astype(str) for name, table in self.tables.items()}
        object.__setattr__(self, "tables", text)


@cache
def code_digest() -> str:
    """Return the SHA-256 of the package's own source files."""
    whole = sha256()
    root = Path(str(files("auditlib")))
    for path in sorted(root.rglob("*.py")):
        whole.update(str(path.relative_to(root)).encode())
        whole.update(path.read_bytes())
    return whole.hexdigest()


def make_key(audit: Audit, stage: str, tables: Iterable[str], before: Iterable[str]) -> str:
    """Return the key of a stage: the same key means the same result.

    Parameters
    ----------
    audit
        Parameters and folder of inputs.
    stage
        Name of the stage.
    tables
        Input tables that it reads.
    before
        Keys of the stages before it.
    """
    folder = audit.root / audit.params.folder()
    sources = {source.file for source in audit.sources(tables).values()}
    parts = {
        "stage": stage,
        "code": code_digest(),
        "params": sha256(json.dumps(plain(audit.params), sort_keys=True).encode()).hexdigest(),
        "inputs": {
            n: digest(folder / n) if (folder / n).is_file() else "" for n in sorted(sources)
        },
        "before": list(before),
    }
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def save(audit: Audit, stage: str, key: str, result: Result[R]) -> dict[str, str]:
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
    manifest = {"stage": stage, "key": key, "files": dict(sorted(written.items()))}
    write_text(folder / MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=False) + "\n")
    return dict(sorted(written.items()))


def load(audit: Audit, stage: str, key: str, kind: type[R]) -> Result[R] | None:
    """Return a result kept earlier under the same key, None if there is none or it was altered."""
    folder = audit.folder / numbered(stage)
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return None
    kept = json.loads(manifest.read_text("utf-8"))
    if kept["key"] != key:
        return None
    for name, wanted in kept["files"].items():
        if not (folder / name).is_file() or digest(folder / name) != wanted:
            return None
    return Result(
        from_json(kind, (folder / f"{stage}.json").read_text("utf-8")),
        {
            name.removesuffix(".csv"): read_csv_text(folder / name)
            for name in kept["files"]
            if name.endswith(".csv")
        },
    )
