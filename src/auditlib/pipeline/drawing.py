"""From the frame tables to the drawn sample of a phase, checked against the register."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from auditlib.errors import AuditError
from auditlib.files.inputs import check_registry
from auditlib.files.writing import workbook_bytes
from auditlib.indicators.measure import Population
from auditlib.language import Words
from auditlib.pipeline.audit import Audit
from auditlib.pipeline.store import Result
from auditlib.problems import InputError
from auditlib.report.field_lists import field_lists, known_households
from auditlib.report.page import numbered
from auditlib.sampling.commitment import Draw, check_register, require_unchanged, seed_of
from auditlib.sampling.county import Sample, draw_county
from auditlib.sampling.design import Design, make_design
from auditlib.sampling.frame import Frame
from auditlib.sampling.plan import Sizes, make_frame, make_quotas, make_rules, make_sizes
from auditlib.sampling.pseudonym import household_id
from auditlib.sampling.published import design_bytes, digest, frame_bytes
from auditlib.sampling.redraw import published_row, redraw_page
from auditlib.sampling.summary import Sampling, summarise

FRAME_TABLES = ("villages", "groups", "registry_households", "registry_persons", "draws")


@dataclass(frozen=True)
class Drawn:
    """Everything about one draw; `sample` is None as long as nobody here holds the nonce."""

    frame: Frame
    design: Design
    sizes: Sizes
    draw: Draw
    nonce: str
    sample: Sample
    population: Population
    members: dict[str, int]
    registry: pd.DataFrame


def draw_phase(audit: Audit, phase: str) -> Drawn:
    """Return the frame, the design and the sample of a phase.

    Raises
    ------
    InputError
        A frame table has a problem, or does not add up to the county's populations:
        who counts in the frame decides every denominator, so nothing is set aside here.
    AuditError
        No draw is registered, or frame or design differ from what was committed.
    """
    inputs = audit.read(*FRAME_TABLES)
    people = audit.params.county.populations
    where = f"params/counties/{audit.params.county.code}.yaml"
    problems = [*inputs.errors]
    if not problems:
        problems += check_registry(inputs, registered=people.registered, file=where)
    if problems:
        raise InputError(problems)
    plan = audit.params.plan
    registry = inputs["registry_households"]
    statuses = {"lifted": plan.registry.lifted, "still_poor": plan.registry.still_poor}
    frame = make_frame(
        inputs["villages"],
        inputs["groups"],
        registry,
        plan=plan.sampling,
        statuses=statuses,
        key=audit.key,
    )
    sizes = make_sizes(
        plan.sampling,
        registered_persons=people.registered,
        lifted_listed=sum(len(units) for units in frame.lifted.values()),
    )
    quotas = make_quotas(
        plan.sampling, sizes, literal_halves=audit.params.switches["remote"] == "literal_halves"
    )
    design = make_design(
        frame,
        quotas,
        rules=make_rules(plan.sampling),
        phase="" if phase == "first" else "recheck-",
    )
    register = read_register(inputs["draws"], audit.params.county.code, phase)
    if not register:
        raise _not_drawn(audit.params.county.code, phase)
    check_register(register)
    draw = register[-1]
    require_unchanged(draw, frame, design, **_published(audit, draw))
    nonce = draw.nonce or _sealed_nonce(audit, phase)
    return Drawn(
        frame=frame,
        design=design,
        sizes=sizes,
        draw=draw,
        nonce=nonce,
        sample=draw_county(frame, design, seed_of(draw, nonce)),
        population=audit.population(inputs),
        members=audit.members(inputs),
        registry=registry,
    )


def read_register(draws: pd.DataFrame, county: str, phase: str) -> list[Draw]:
    """Return the entries of the register of one county and phase, in their order."""
    own = draws[(draws["county"] == county) & (draws["phase"] == phase)].sort_values("number")
    return [
        Draw(
            number=int(row["number"]),
            frame_digest=row["frame_digest"],
            design_digest=row["design_digest"],
            nonce_digest=row["nonce_digest"],
            committed=row["committed"],
            public_number=row["public_number"],
            drawn=row["drawn"] if isinstance(row["drawn"], date) else None,
            witnesses=row["witnesses"],
            nonce=row["nonce"],
            reason=row["reason"],
        )
        for _, row in own.iterrows()
    ]


def _not_drawn(county: str, phase: str) -> AuditError:
    return AuditError(
        Words(
            f"{county} 没有 {phase} 轮次的抽签登记。请先用 auditlib commit 公布摘要并抽签。",
            f"No draw of phase {phase} is registered for {county}. "
            "Publish the digests and draw first.",
        )
    )


def _sealed_nonce(audit: Audit, phase: str) -> str:
    """Return the nonce that the team keeps while the round is sealed."""
    name = f"secrets/{audit.params.round.round}/{audit.params.county.code}-{phase}.nonce"
    return audit.secret(name).decode()


def _published(audit: Audit, draw: Draw) -> dict[str, Any]:
    """Return the frame and design files of an earlier run, if they are those of the draw."""
    folder = audit.folder / numbered("sampling")
    found: dict[str, Any] = {}
    for name, file, wanted in (
        ("old_frame", "frame.csv", draw.frame_digest),
        ("old_design", "design.json", draw.design_digest),
    ):
        path = folder / file
        if path.is_file() and digest(path.read_bytes()) == wanted:
            found[name] = path.read_bytes()
    return found


def publish(audit: Audit, drawn: Drawn) -> Result[Sampling]:
    """Return the record of a draw with its public files; sealed draws tell no drawn unit."""
    open_ = drawn.draw.state == "revealed" and audit.params.round.state == "revealed"
    record = summarise(
        drawn.frame,
        drawn.design,
        drawn.sample,
        drawn.sizes,
        draw=drawn.draw,
        plan=audit.params.plan.sampling,
        sealed=not open_,
    )
    frame, design = frame_bytes(drawn.frame), design_bytes(drawn.design)
    files = {"frame.csv": frame, "design.json": design}
    tables: dict[str, pd.DataFrame] = {}
    if open_:
        rows = [published_row(row) for row in drawn.sample.rows]
        tables["sample"] = pd.DataFrame(rows)
        tables["villages"] = _villages(drawn)
        page = redraw_page(frame, design, rows, draw=drawn.draw, nonce=drawn.nonce)
        files["redraw.html"] = page.encode()
        units = [household_id(h, key=audit.key) for h in drawn.registry["household"]]
        lists = field_lists(
            audit.page, drawn.sample, known_households(drawn.registry, units, audit.page)
        )
        title = audit.params.county.name[audit.page.language]
        files["field_lists.xlsx"] = workbook_bytes(lists, mark=audit.page.mark, title=title)
    return Result(record, tables, files)


def _villages(drawn: Drawn) -> pd.DataFrame:
    """Return every village of the frame with its probability, and whether it was drawn."""
    chances = {(c.township, c.kind): c.probability for c in drawn.design.cells}
    sampled = {v.code for v in drawn.sample.villages}
    lifted = {s.village: s for s in drawn.sample.lifted}
    return pd.DataFrame(
        {
            "village": v.code,
            "township": v.township,
            "kind": v.kind,
            "probability": str(chances[v.township, v.kind]),
            "drawn": int(v.code in sampled),
            "lifted_listed": len(drawn.frame.lifted.get(v.code, ())),
            "lifted_drawn": len(lifted[v.code].drawn) if v.code in lifted else 0,
        }
        for v in drawn.frame.villages
    )
