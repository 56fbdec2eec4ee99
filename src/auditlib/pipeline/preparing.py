"""Frame and design of a phase, from the frame tables: all that is fixed before the seed."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pandas as pd

from auditlib.errors import SelectionError
from auditlib.files.inputs import Inputs, check_registry
from auditlib.indicators.measure import Population
from auditlib.pipeline.audit import Audit
from auditlib.problems import InputError
from auditlib.sampling.batches import Batch
from auditlib.sampling.commitment import Draw
from auditlib.sampling.design import DIRECT, Design, make_design
from auditlib.sampling.facts import Facts, HouseholdFacts, VillageFacts
from auditlib.sampling.frame import Frame
from auditlib.sampling.imported import OfficeList
from auditlib.sampling.plan import Sizes, make_frame, make_quotas, make_rules, make_sizes
from auditlib.sampling.pseudonym import household_id, village_id

STRICT = (
    "villages",
    "left_out",
    "groups",
    "registry_households",
    "registry_persons",
    "draws",
    "imported_villages",
)
"""Tables of which no row may be set aside: they decide who can be drawn."""

_OF_HOUSEHOLD = ("household", "exit_year", "cause", "members")

FRAME_TABLES = (*STRICT, "releases", "batches", "linkage")


@dataclass(frozen=True)
class Prepared:
    """What a draw needs before its seed, and the register as it stands.

    `office` is the list that the office drew, None where the evaluator draws.
    """

    inputs: Inputs
    frame: Frame
    design: Design
    sizes: Sizes
    register: tuple[Draw, ...]
    office: OfficeList | None
    population: Population
    members: dict[str, int]

    @property
    def registry(self) -> pd.DataFrame:
        """The registered households."""
        return self.inputs["registry_households"]

    def batches(self, phase: str) -> tuple[Batch, ...]:
        """Return the batches of a phase, as the team planned them; empty if none are planned."""
        table = self.inputs["batches"]
        own = table[table["phase"] == phase]
        return tuple(
            Batch(row.batch, row.team, row.opens.isoformat(), int(row.per_day))
            for row in own.itertuples()
        )

    def facts(self, key: bytes) -> Facts:
        """Return what frame tables say of villages and households beyond the frame itself."""
        villages, registry = self.inputs["villages"], self.registry
        return Facts(
            {
                village_id(row.village): VillageFacts(
                    terrain=row.terrain,
                    km=None if pd.isna(row.distance_km) else float(row.distance_km),
                    latitude=None if pd.isna(row.latitude) else float(row.latitude),
                    longitude=None if pd.isna(row.longitude) else float(row.longitude),
                    inspected=row.inspected,
                    border=row.border,
                )
                for row in villages.itertuples()
            },
            {
                household_id(household, key=key): HouseholdFacts(
                    exit_year="" if pd.isna(year) else str(int(year)),
                    cause=cause,
                    members=int(members),
                )
                for household, year, cause, members in zip(
                    *(registry[name].tolist() for name in _OF_HOUSEHOLD), strict=True
                )
            },
        )


def prepare(audit: Audit, phase: str, *, nonce: str = "") -> Prepared:
    """Return frame, design and register of a phase.

    Parameters
    ----------
    audit
        Parameters and inputs.
    phase
        `first` or `recheck`.
    nonce
        Hides the office's list in its digest; needed only where there is such a list.

    Raises
    ------
    InputError
        A frame table has a problem, or does not add up to the county's populations:
        who counts in the frame decides every denominator, so nothing is set aside here.
    SelectionError
        The office handed over a list of villages, and households are to be drawn directly.
    """
    strict, inputs = audit.read(*STRICT), audit.read(*FRAME_TABLES)
    people = audit.params.county.populations
    where = f"params/counties/{audit.params.county.code}.yaml"
    problems = [*strict.errors]
    if not problems:
        problems += check_registry(inputs, registered=people.registered, file=where)
    if problems:
        raise InputError(problems)
    plan, switches = audit.params.plan, audit.params.switches
    frame = make_frame(
        inputs["villages"],
        inputs["groups"],
        inputs["registry_households"],
        plan=plan.sampling,
        statuses={"lifted": plan.registry.lifted, "still_poor": plan.registry.still_poor},
        key=audit.key,
    )
    sizes = make_sizes(
        plan.sampling,
        registered_persons=people.registered,
        lifted_listed=sum(len(units) for units in frame.lifted.values()),
        draw=switches["draw"],
    )
    literal = switches["remote"] == "literal_halves"
    office = office_list(inputs["imported_villages"]) if phase == "first" else None
    rules = make_rules(plan.sampling, switches)
    if office:
        if switches["draw"] == DIRECT:
            raise SelectionError.list_and_direct(office.source)
        rules["imported"] = office.commitment(nonce)
    design = make_design(
        frame,
        make_quotas(plan.sampling, sizes, literal_halves=literal),
        rules=rules,
        phase=audit.params.round.ticket_prefix + ("" if phase == "first" else "recheck-"),
    )
    return Prepared(
        inputs=inputs,
        frame=frame,
        design=design,
        sizes=sizes,
        register=tuple(read_register(inputs["draws"], audit.params.county.code, phase)),
        office=office,
        population=audit.population(inputs),
        members=audit.members(inputs),
    )


def office_list(table: pd.DataFrame) -> OfficeList | None:
    """Return the list that the office drew; None where there is none."""
    if table.empty:
        return None
    chances = {
        village_id(village): str(Fraction(str(p)))
        for village, p in zip(table["village"], table["probability"], strict=True)
        if not pd.isna(p)
    }
    listed = table.loc[table["listed"] == "yes", "village"]
    return OfficeList(
        source="、".join(sorted(set(table["source"]))),
        villages=tuple(sorted(map(village_id, listed))),
        probabilities=chances,
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
