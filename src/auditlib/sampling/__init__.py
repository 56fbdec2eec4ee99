"""Samples that anyone can draw again, with known probabilities and every quota of the plan."""

from auditlib.sampling.commitment import (
    Draw,
    check_appended,
    check_register,
    commit,
    make_seed,
    nonce_digest,
    nonce_notes,
    require_unchanged,
    reveal,
    seed_of,
)
from auditlib.sampling.county import Sample, Selected, cutoffs, draw_county
from auditlib.sampling.design import Design, make_design
from auditlib.sampling.direct import draw_direct
from auditlib.sampling.draw import canonical, canonical_units, draw, ticket
from auditlib.sampling.frame import Access, Frame, Group, Village, freeze, remote_villages
from auditlib.sampling.groups import Screened, choose_visits
from auditlib.sampling.imported import ImportedList, import_list
from auditlib.sampling.notes import Note
from auditlib.sampling.operating import (
    chance_to_pass,
    chance_to_pass_in_clusters,
    most_errors_by_bound,
    most_errors_by_point,
)
from auditlib.sampling.published import (
    design_bytes,
    digest,
    frame_bytes,
    read_design,
    read_frame,
)
from auditlib.sampling.quotas import Quotas
from auditlib.sampling.redraw import Difference, published_row, redraw, redraw_page
from auditlib.sampling.response import Response, Visit, replacement_faults, village_response
from auditlib.sampling.size import PlanSize, SampleSize, achieved_margin, plan_size, sample_size

__all__ = [
    "Access",
    "Design",
    "Difference",
    "Draw",
    "Frame",
    "Group",
    "ImportedList",
    "Note",
    "PlanSize",
    "Quotas",
    "Response",
    "Sample",
    "SampleSize",
    "Screened",
    "Selected",
    "Village",
    "Visit",
    "achieved_margin",
    "canonical",
    "canonical_units",
    "chance_to_pass",
    "chance_to_pass_in_clusters",
    "check_appended",
    "check_register",
    "choose_visits",
    "commit",
    "cutoffs",
    "design_bytes",
    "digest",
    "draw",
    "draw_county",
    "draw_direct",
    "frame_bytes",
    "freeze",
    "import_list",
    "make_design",
    "make_seed",
    "most_errors_by_bound",
    "most_errors_by_point",
    "nonce_digest",
    "nonce_notes",
    "plan_size",
    "published_row",
    "read_design",
    "read_frame",
    "redraw",
    "redraw_page",
    "remote_villages",
    "replacement_faults",
    "require_unchanged",
    "reveal",
    "sample_size",
    "seed_of",
    "ticket",
    "village_response",
]
