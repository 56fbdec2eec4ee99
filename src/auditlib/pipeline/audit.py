"""Open one county's audit: its checked parameters, its inputs, and where results go."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from auditlib.files.drawer import Drawer
from auditlib.files.inputs import Desk, Inputs, read_inputs
from auditlib.files.reading import Source
from auditlib.files.root import find_root
from auditlib.files.signed import NONE, SignedRuns, read_signed, signed_files
from auditlib.indicators.measure import Population
from auditlib.params import Params, load
from auditlib.problems import InputError, Place, problem
from auditlib.report.page import Page
from auditlib.sampling.pseudonym import household_id

DRAWER = "AUDITLIB_DRAWER"
"""Set by a run to the folder in which its notebooks share what they have read."""


@dataclass(frozen=True)
class Audit:
    """One county in one round; nothing of it changes while a notebook runs.

    `desk` and `memory` keep what was read and computed before, in this process only.
    """

    params: Params
    root: Path
    outputs: Path
    desk: Desk = field(default_factory=Desk, repr=False, compare=False)
    memory: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def folder(self) -> Path:
        """The county's folder of results."""
        return self.outputs / self.params.round.round / self.params.county.code

    @property
    def awaiting(self) -> str:
        """Why there are no field data yet; empty if there are."""
        if self.params.county.status == "awaiting_fieldwork":
            return "awaiting_fieldwork"
        sealed = self.params.round.state == "sealed" or not self.revealed_nonce("first")
        return "sealed" if sealed else ""

    def revealed_nonce(self, phase: str) -> str:
        """Return the nonce that the register reveals for the last draw; empty while sealed."""
        draws = self.read("draws")["draws"]
        own = draws[(draws["county"] == self.params.county.code) & (draws["phase"] == phase)]
        last = own.sort_values("number")["nonce"].tail(1)
        return str(last.iloc[0]).strip() if len(last) and not pd.isna(last.iloc[0]) else ""

    def sources(self, tables: Iterable[str]) -> dict[str, Source]:
        """Return file and sheet of those tables that the round names."""
        found = {}
        for name in tables:
            sheet = self.params.sheet(name)
            if sheet is not None:
                found[name] = Source(sheet.file, sheet.sheet)
        return found

    def read(self, *tables: str) -> Inputs:
        """Return input tables of the county, checked together with those they refer to."""
        return read_inputs(
            self.root / self.params.folder(),
            self.sources(self.params.tables()),
            tables,
            county=self.params.county.code,
            as_of=self.params.round.as_of,
            codelists=self.params.plan.codelists(),
            exit_years=self.params.plan.registry.exit_years,
            ladder=self.params.plan.ladder,
            desk=self.desk,
            signed=self.signed if "case_record" in tables else NONE,
        )

    @cached_property
    def signed(self) -> SignedRuns:
        """The county's signed runs; the key is needed only where there are any."""
        folder = self.root / self.params.folder()
        if not signed_files(folder):
            return NONE
        return read_signed(folder, key=self.key, county=self.params.county.code)

    def secret(self, name: str) -> bytes:
        """Return the content of a secret file of the round.

        Raises
        ------
        InputError
            The file is missing, or cannot be read.
        """
        path = self.root / name
        if not path.is_file():
            raise InputError([problem("no_such_file", Place(name), expected=name)])
        try:
            return path.read_bytes().strip()
        except OSError as error:
            raise InputError([problem("unreadable_file", Place(name))]) from error

    def secrets(self) -> list[Path]:
        """Return every secret file on which results of the county can depend."""
        held = self.root / "secrets" / self.params.round.round
        return [
            self.root / self.params.round.pseudonym_key,
            *sorted(held.glob(f"{self.params.county.code}-*")),
        ]

    @cached_property
    def key(self) -> bytes:
        """Secret of the round's pseudonyms; it lies outside the results, which are published.

        Raises
        ------
        InputError
            The file is missing, or lies in the folder of results.
        """
        name = self.params.round.pseudonym_key
        if (self.root / name).resolve().is_relative_to(self.outputs.resolve()):
            where = Place(f"params/rounds/{self.params.round.round}.yaml", column="pseudonym_key")
            raise InputError([problem("key_in_outputs", where, outputs=self.outputs.name)])
        return self.secret(name)

    def members(self, inputs: Inputs) -> dict[str, int]:
        """Return the registered members of every household by study identifier."""
        registry = inputs["registry_households"]
        key = self.key
        pairs = zip(registry["household"].tolist(), registry["members"].tolist(), strict=True)
        return {household_id(h, key=key): int(members) for h, members in pairs}

    def population(self, inputs: Inputs) -> Population:
        """Return the persons of the county by registry status; excluded households are out."""
        registry = inputs["registry_households"]
        present = registry[registry["excluded"] == ""]
        plan, people = self.params.plan.registry, self.params.county.populations

        def persons(statuses: tuple[str, ...]) -> int:
            return int(present.loc[present["status"].isin(statuses), "members"].sum())

        return Population(
            still_poor=persons(plan.still_poor),
            lifted=persons(plan.lifted),
            unregistered=people.unregistered,
            total=people.total,
        )

    @cached_property
    def page(self) -> Page:
        """What tables and pictures must know of the county."""
        params = self.params
        villages = self.read("villages").tables["villages"]
        places = dict(zip(villages["village"], villages["village_name"], strict=True))
        places |= dict(zip(villages["township"], villages["township_name"], strict=True))
        return Page(
            language=params.round.language,
            synthetic=params.round.synthetic,
            round=params.round.round,
            county=params.county.code,
            name=params.county.name,
            class_name=params.plan.classes[params.county.class_].name,
            as_of=params.round.as_of,
            plan=params.plan,
            codes=params.plan.codelists(),
            places=places,
            limits={name: params.limit(rule) for name, rule in params.plan.indicators.items()},
        )


def open_audit(
    county: str | int,
    round: str = "jilin-2018-demo",
    params: str = "params",
    outputs: str = "outputs",
    *,
    root: Path | None = None,
    drawer: str | Path | None = None,
) -> Audit:
    """Open the audit of one county.

    Parameters
    ----------
    county
        Six-digit code, as text or number (papermill turns `-p county 220821` into a number).
    round
        Name of a file in `params/rounds/`.
    params, outputs
        Folders of parameters and results, below the project's root.
    root
        The project's root; looked for upward from the working directory if None.
    drawer
        Folder in which a run shares what it has read; the one in the environment if None.

    Raises
    ------
    InputError
        With every problem of the parameter files.
    """
    root = root or find_root(Path.cwd(), params)
    drawer = drawer or os.environ.get(DRAWER)
    desk = Desk(drawer=Drawer(Path(drawer)) if drawer else None)
    return Audit(load(root / params, round, str(county)), root, root / outputs, desk)
