"""From frame and design to the drawn sample of a phase, checked against the register."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from auditlib.errors import SelectionError
from auditlib.files.divisions import divisions
from auditlib.files.sealing import read_secret
from auditlib.files.stages import numbered
from auditlib.files.writing import csv_text, read_csv_text, workbook_bytes
from auditlib.indicators.measure import Population
from auditlib.pipeline.audit import Audit
from auditlib.pipeline.preparing import FRAME_TABLES, Prepared, prepare
from auditlib.pipeline.store import Result
from auditlib.report.field_lists import field_lists, known_households
from auditlib.report.font import font_face
from auditlib.sampling.batches import plan_days
from auditlib.sampling.commitment import (
    Draw,
    check_appended,
    check_register,
    require_unchanged,
    seed_of,
)
from auditlib.sampling.county import Sample, draw_county
from auditlib.sampling.design import Design
from auditlib.sampling.direct import chances_of_villages
from auditlib.sampling.frame import Frame
from auditlib.sampling.imported import OfficeList
from auditlib.sampling.left_out import compare_left_out
from auditlib.sampling.pseudonym import household_id
from auditlib.sampling.published import design_bytes, digest, frame_bytes
from auditlib.sampling.redraw import published_row, redraw_page
from auditlib.sampling.register import register_rows, registered_draws
from auditlib.sampling.summary import Sampling, summarise

__all__ = ["FRAME_TABLES", "Drawn", "draw_phase", "publish"]


@dataclass(frozen=True)
class Drawn:
    """All about one draw; `sample` is None before it, or where nobody holds the nonce."""

    prepared: Prepared
    draw: Draw
    nonce: str
    sample: Sample | None

    @property
    def frame(self) -> Frame:
        """The frame."""
        return self.prepared.frame

    @property
    def design(self) -> Design:
        """The design."""
        return self.prepared.design

    @property
    def population(self) -> Population:
        """Persons of the county by registry status."""
        return self.prepared.population

    @property
    def members(self) -> dict[str, int]:
        """Registered members of every household, by study identifier."""
        return self.prepared.members

    @property
    def registry(self) -> pd.DataFrame:
        """The registered households."""
        return self.prepared.registry

    @property
    def office(self) -> OfficeList | None:
        """The list that the office drew; None where the evaluator draws."""
        return self.prepared.office


def draw_phase(audit: Audit, phase: str) -> Drawn:
    """Return the frame, the design and the sample of a phase.

    Raises
    ------
    InputError
        As `prepare`.
    SelectionError
        No draw is registered; the register was altered; frame or design differ from
        what was committed.
    """
    nonce = _nonce(audit, phase)
    prepared = prepare(audit, phase, nonce=nonce)
    register = prepared.register
    if not register:
        raise SelectionError.no_register(audit.params.county.code, phase)
    check_register(register)
    check_appended(_published_register(audit, phase), register)
    draw = register[-1]
    require_unchanged(draw, prepared.frame, prepared.design, **_published(audit, phase, draw))
    nonce = draw.nonce or nonce
    sample = None
    if draw.public_number and nonce:
        seed = seed_of(draw, nonce)
        sample = draw_county(prepared.frame, prepared.design, seed, office=prepared.office)
    return Drawn(prepared, draw, nonce, sample)


def nonce_name(audit: Audit, phase: str) -> str:
    """Return where the team keeps the nonce while the round is sealed."""
    return f"secrets/{audit.params.round.round}/{audit.params.county.code}-{phase}.nonce"


def _nonce(audit: Audit, phase: str) -> str:
    """Return the nonce: revealed in the register, or kept by the team, or empty."""
    revealed = audit.revealed_nonce(phase)
    if revealed:
        return revealed
    path = audit.root / nonce_name(audit, phase)
    return read_secret(path, expected="nonce") if path.is_file() else ""


def _folder(phase: str) -> tuple[str, str]:
    """Return the folder in which a phase's public files stand, and how their names begin."""
    if phase == "first":
        return numbered("sampling"), ""
    return numbered("rectification"), "recheck_"


def _published(audit: Audit, phase: str, draw: Draw) -> dict[str, Any]:
    """Return the frame and design files of an earlier run, if they are those of the draw."""
    folder, before = _folder(phase)
    found: dict[str, Any] = {}
    for name, file, wanted in (
        ("old_frame", "frame.csv", draw.frame_digest),
        ("old_design", "design.json", draw.design_digest),
    ):
        path = audit.folder / folder / f"{before}{file}"
        if path.is_file() and digest(path.read_bytes()) == wanted:
            found[name] = path.read_bytes()
    return found


def _published_register(audit: Audit, phase: str) -> list[Draw]:
    """Return the register as an earlier run published it; empty if none did."""
    folder, before = _folder(phase)
    path = audit.folder / folder / f"{before}register.csv"
    if not path.is_file():
        return []
    rows = read_csv_text(path).to_dict("records")
    return registered_draws({str(k): str(v) for k, v in row.items()} for row in rows)


def publish(audit: Audit, drawn: Drawn) -> Result[Sampling]:
    """Return the record of a draw with its public files; sealed draws tell no drawn unit."""
    sample = drawn.sample
    open_ = drawn.draw.state == "revealed" and audit.params.round.state == "revealed"
    plan = audit.params.plan
    inputs = drawn.prepared.inputs
    record = summarise(
        drawn.frame,
        drawn.design,
        sample,
        drawn.prepared.sizes,
        draw=drawn.draw,
        plan=plan.sampling,
        sealed=not open_,
        limit=audit.params.limit(plan.indicators.wrong_exit_rate),
        level=audit.params.round.level,
        facts=drawn.prepared.facts(audit.key),
        left_out=compare_left_out(
            inputs["left_out"], inputs["villages"]["village"], divisions(audit.params.county.code)
        ),
        releases=inputs["releases"],
        batches=inputs["batches"],
        linkage=inputs["linkage"],
    )
    frame, design = frame_bytes(drawn.frame), design_bytes(drawn.design)
    register = pd.DataFrame(register_rows(drawn.prepared.register, revealed=open_))
    files = {"frame.csv": frame, "design.json": design}
    files["register.csv"] = csv_text(register).encode()
    tables: dict[str, pd.DataFrame] = {"blind_spots": _blind_spots(record)}
    if record.left_out.given:
        tables["left_out"] = _left_out(record)
    if not inputs["batches"].empty:
        files["batches.csv"] = csv_text(_public_batches(inputs["batches"])).encode()
    if open_ and sample:
        rows = [published_row(row) for row in sample.rows]
        tables["sample"] = pd.DataFrame(rows)
        tables["villages"] = _villages(drawn, sample)
        imported = drawn.office.content() if drawn.office else b""
        if imported:
            files["imported.csv"] = imported
        page = redraw_page(
            frame,
            design,
            rows,
            draw=drawn.draw,
            nonce=drawn.nonce,
            imported=imported,
            mark=audit.page.mark,
            font=font_face(),
        )
        files["redraw.html"] = page.encode()
        files["field_lists.xlsx"] = _lists(audit, drawn, sample)
    return Result(record, tables, files)


def _lists(audit: Audit, drawn: Drawn, sample: Sample) -> bytes:
    """Return the field lists of all teams, as they were sealed."""
    units = [household_id(h, key=audit.key) for h in drawn.registry["household"]]
    phase = "recheck" if drawn.design.phase.endswith("recheck-") else "first"
    days = plan_days(sample, drawn.prepared.batches(phase))
    lists = field_lists(
        audit.page, sample, known_households(drawn.registry, units, audit.page), days
    )
    title = audit.params.county.name[audit.page.language]
    return workbook_bytes(lists, mark=audit.page.mark, title=title)


def _blind_spots(record: Sampling) -> pd.DataFrame:
    """Return every village of the frame that is easily overlooked, with the reason."""
    rows = [(village, spot.reason) for spot in record.blind_spots for village in spot.villages]
    return pd.DataFrame(sorted(rows), columns=["village", "reason"])


def _left_out(record: Sampling) -> pd.DataFrame:
    """Return the units left out of the frame, each with its reason."""
    columns = ["unit", "name", "township_name", "kind", "reason"]
    rows = [[getattr(each, name) for name in columns] for each in record.left_out.units]
    return pd.DataFrame(rows, columns=columns)


def _public_batches(batches: pd.DataFrame) -> pd.DataFrame:
    """Return the public sheet of sealed batches: no village, no key."""
    columns = ["phase", "batch", "team", "leader", "opens", "file", "digest"]
    return batches[columns].sort_values(["phase", "opens", "batch"])


def _villages(drawn: Drawn, sample: Sample) -> pd.DataFrame:
    """Return every village of the frame with its probability, and whether it was drawn.

    On a list that the office drew, a village counts as the list states it, and as
    certain where it states nothing; a village not on the list has no probability then.
    Under a direct draw (A25) the probability is the chance that the village is met.
    """
    direct = drawn.design.direct
    met = chances_of_villages(drawn.frame, drawn.design.quotas.lifted) if direct else {}
    chances = {(c.township, c.kind): c.probability for c in drawn.design.cells}
    sampled = {v.code: v.probability for v in sample.villages}
    lifted = {s.village: s for s in sample.lifted}
    stated = drawn.office.probabilities if drawn.office else {}

    def chance(code: str, township: str, kind: str) -> str:
        if direct:
            return str(met[code])
        if drawn.office is None:
            return str(chances[township, kind])
        return str(sampled.get(code, stated.get(code, "")))

    return pd.DataFrame(
        {
            "village": v.code,
            "township": v.township,
            "kind": v.kind,
            "probability": chance(v.code, v.township, v.kind),
            "drawn": int(v.code in sampled),
            "lifted_listed": len(drawn.frame.lifted.get(v.code, ())),
            "lifted_drawn": len(lifted[v.code].drawn) if v.code in lifted else 0,
        }
        for v in drawn.frame.villages
    )
