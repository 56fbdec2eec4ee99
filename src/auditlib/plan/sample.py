"""Chapter four: villages, households and groups wanted in the sample."""

from collections.abc import Mapping
from typing import Literal

from auditlib.plan.records import Amount, Named, Provision, Range, Record, Share


class VillageQuota(Provision):
    """Number of villages in a county.

    `per_type` villages are wanted of every type, so that its variance can be
    estimated; a village less probable than `rare` is worth a warning.
    """

    target: int
    minimum: int
    maximum: int
    per_type: int
    rare: Share


class TownshipQuota(Provision):
    """Villages wanted in every township, or in every area that stands in its place."""

    each: int
    area: Literal["township", "terrain"] = "township"


class Remoteness(Provision):
    """A village is remote if one of the three holds; fixed before the draw."""

    far_km: float
    long_minutes: float
    weak_score: float


class HouseholdSize(Provision):
    """Households to be visited, by registered persons of the county."""

    boundary_persons: int
    small_total: int
    large_from: int
    large_to: int
    large_to_persons: int
    lifted_share: Share


class LiftedQuota(Provision):
    """Lifted households of a county, and their spread over villages."""

    at_least: int
    per_village_least: int
    per_village_most: int
    available_margin: Share


class UnregisteredQuota(Provision):
    """Unregistered households to be visited."""

    at_least: int


class Precision(Provision):
    """Confidence and margin of the plan; share, deff and response assumed for the size."""

    level: Share
    margin: Share
    share: Share
    deff: Share
    response: Share


class DirectDraw(Provision):
    """What a direct draw of households from the whole county assumes in place of `precision`."""

    deff: Share


class BlindSpots(Provision):
    """A village nearer than `near_km` to the county seat lies in the dark beneath the lamp."""

    near_km: float


class Sampling(Record):
    """Everything the plan says of the sample."""

    villages: VillageQuota
    poor_villages: Amount
    remote: Amount
    townships: TownshipQuota
    remoteness: Remoteness
    households: HouseholdSize
    lifted: LiftedQuota
    unregistered: UnregisteredQuota
    precision: Precision
    direct: DirectDraw
    groups: Range
    still_poor: Range
    reserves: Amount
    blind_spots: BlindSpots
    replaceable: tuple[str, ...]
    ineligible: tuple[str, ...]


class FieldworkLimits(Provision):
    """Response below which a village is marked, and what back-checks allow.

    `backchecked` of the completed visits are asked again; numbers may differ by
    `tolerance` of the first answer; `level` is that of the control limits. A question
    answered in less than `fast` seconds was not read aloud.
    """

    low_response: Share
    backchecked: Share
    tolerance: Share
    type_limits: Mapping[str, Share]
    level: Share
    fast: float
    effects: tuple[str, ...]
    compared: tuple[str, ...]


class QualityLine(Named):
    """One check of the field work's quality; see `auditlib.fieldwork.quality.QualityCheck`."""

    table: str
    column: str
    kind: str
    values: str = ""
    low: float | None = None
    high: float | None = None
    when: str = ""
    equals: str = ""
    severity: str


class Privacy(Provision):
    """A cell of fewer households than this is not shown."""

    fewest_households: int
