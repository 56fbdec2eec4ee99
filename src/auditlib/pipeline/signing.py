"""Sign a finished run of a county: its results and its ledger, for the next run to compare with."""

from auditlib.errors import AuditError
from auditlib.files.signed import name_of, signed_files
from auditlib.files.stages import STAGES, numbered
from auditlib.files.writing import write_text
from auditlib.findings.signed import FIRST, SignedRun, plain_events, sealed
from auditlib.language import Words
from auditlib.pipeline.audit import Audit
from auditlib.pipeline.ledger import sound_ledger
from auditlib.pipeline.store import intact
from auditlib.problems.personal import hide


def sign(audit: Audit, keys: dict[str, str], *, reason: str = "") -> SignedRun:
    """Write the next signed run of a county beside its data, and return it.

    Parameters
    ----------
    audit
        The county.
    keys
        By stage, the key under which its result must be kept for the run to be finished.
    reason
        Why events were entered with a day before the last signed run; empty if none were.

    Raises
    ------
    AuditError
        A stage has not been run from the inputs as they are.
    InputError
        The ledger has faults, its past was altered, or late entries have no reason.
    """
    results = _results(audit, keys)
    inputs = sound_ledger(audit, late_too=bool(reason.strip()))
    last = audit.signed.last
    record = inputs["case_record"].sort_values("number")["chain"]
    run = SignedRun(
        version=1,
        number=last.number + 1 if last else 1,
        round=audit.params.round.round,
        county=audit.params.county.code,
        day=audit.params.round.as_of,
        before=last.digest if last else FIRST,
        reason=hide(reason.strip()),
        record=str(record.iloc[-1]) if len(record) else "",
        results=results,
        events=plain_events(inputs["cases"]),
    )
    made = sealed(run, audit.key)
    path = audit.root / audit.params.folder() / name_of(made.number)
    if path in signed_files(path.parent.parent):  # never over one that is there
        raise AuditError(Words(f"{path.name} 已存在。", f"{path.name} exists already."))
    write_text(path, made.text())
    return made


def _results(audit: Audit, keys: dict[str, str]) -> dict[str, str]:
    """Return the digests of every result of a finished run, by path below the county's folder."""
    found: dict[str, str] = {}
    for stage in STAGES:
        folder = numbered(stage)
        kept = intact(audit.folder / folder)
        if kept is None or kept["key"] != keys[stage]:
            name = STAGES[stage]
            raise AuditError(
                Words(
                    f"{name.zh}阶段（{folder}）未按现有资料运行，不能签署；先运行 auditlib run。",
                    f"The stage {folder} has not been run from the inputs as they are, so the run "
                    "cannot be signed. Run `auditlib run` first.",
                )
            )
        found |= {f"{folder}/{file}": digest for file, digest in kept["files"].items()}
    return dict(sorted(found.items()))
