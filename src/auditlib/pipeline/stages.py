"""What every stage computes: read, call the domain, return the record and its tables."""

from dataclasses import replace

from auditlib.fieldwork.summary import Fieldwork
from auditlib.files.writing import workbook_bytes
from auditlib.findings.summary import Findings
from auditlib.indicators.summary import Indicators
from auditlib.pipeline import phases
from auditlib.pipeline.audit import Audit
from auditlib.pipeline.drawing import draw_phase, publish
from auditlib.pipeline.judging import judge_phase
from auditlib.pipeline.quality import sheet_of_checks
from auditlib.pipeline.store import Result
from auditlib.report.case_list import case_sheets
from auditlib.report.quality_workbook import quality_workbook
from auditlib.report.quarantine import quarantine_sheet
from auditlib.sampling.summary import Sampling


def sampling(audit: Audit) -> Result[Sampling]:
    """Draw the first round's sample again and return its record and public files."""
    return publish(audit, draw_phase(audit, "first"))


def fieldwork(audit: Audit, sampled: Result[Sampling]) -> Result[Fieldwork]:
    """Return what of the sample was reached, and how."""
    inputs = audit.read(*phases.FIELD_TABLES)
    phase = phases.open_phase(inputs, "first", sampled)
    quotas = {quota.quota: quota.wanted for quota in sampled.record.quotas}
    wanted = {kind: quotas[kind] for kind in ("lifted", "unregistered", "still_poor")}
    reviewed = phases.review_fieldwork(
        phase, inputs, audit.params, wanted=wanted, groups=quotas["groups"]
    )
    page = audit.page
    sheets = quality_workbook(
        page,
        reviewed.record,
        sheet_of_checks(inputs, audit.params),
        flags=reviewed.tables["flags"],
        duplicates=reviewed.tables["duplicates"],
        times=reviewed.tables["times"],
        variables=reviewed.tables["variables"],
        purposive=reviewed.tables["purposive"],
        inputs=inputs,
    )
    books = {"quality.xlsx": workbook_bytes(sheets, mark=page.mark, title=sheets[0].name)}
    if inputs.problems:
        sheet = quarantine_sheet(page, inputs.problems)
        books["quarantine.xlsx"] = workbook_bytes([sheet], mark=page.mark, title=sheet.name)
    return replace(reviewed, files=books)


def findings(audit: Audit, sampled: Result[Sampling]) -> Result[Findings]:
    """Return which households fall short, and how every case was settled."""
    inputs = audit.read("registry_households", *phases.FIELD_TABLES, *phases.CASE_TABLES)
    phase = phases.open_phase(inputs, "first", sampled)
    found = phases.review_findings(phase, audit.params, audit.members(inputs), inputs=inputs)
    sheets = case_sheets(audit.page, found.tables["cases"], phase.cases, phase="first")
    book = workbook_bytes(sheets, mark=audit.page.mark, title="问题清单")
    return replace(found, files={"case_list.xlsx": book})


def indicators(
    audit: Audit,
    sampled: Result[Sampling],
    worked: Result[Fieldwork],
    found: Result[Findings],
) -> Result[Indicators]:
    """Return the four indicators, what they decide, how surely, and under which readings."""
    inputs = audit.read("registry_households", *phases.FIELD_TABLES)
    phase = phases.open_phase(inputs, "first", sampled)
    facts = phases.registry_facts(inputs["registry_households"], audit.members(inputs))
    response = worked.tables["response"]
    evidence = phases.gather_evidence(phase, found, response, facts, audit.params)
    population = audit.population(inputs)
    return Result(judge_phase(audit, evidence, population, phase, response))
