"""The county's result sheet: the result alone, to be signed and filed beside the report.

Source: plan, 六（四）: one result for every county, of its own.
"""

from auditlib.report import county
from auditlib.report.documents.blocks import (
    Block,
    Grid,
    Note,
    OfficeDocument,
    Signature,
)
from auditlib.report.documents.county import verdicts
from auditlib.report.documents.dossier import Dossier, day, paper, signing, year_of
from auditlib.report.documents.standing import standing
from auditlib.report.page import percent
from auditlib.report.tables import Shown


def result_sheet(file: Dossier) -> OfficeDocument:
    """Return the result sheet."""
    page, year = file.page, year_of(file.params)
    title = page.says(
        f"{page.name.zh}{year}年贫困县退出\n专项评估检查结果",
        f"{page.name.en}: result of the special evaluation\nof the county's exit from poverty, {year}",
    )
    blocks: list[Block] = [standing(file)]
    blocks += _figures(file)
    blocks.append(Signature(signing(page, file.params.round.evaluator.name)))
    return paper(page, file.params.round, title, blocks)


def _figures(file: Dossier) -> list[Block]:
    page, record = file.page, file.report
    blocks: list[Block] = [Grid(verdicts(file))]
    if file.rectification.recheck:
        blocks.append(Grid(county.result_sheet(page, record)))
    stands = county.reasons(page, record)
    blocks += [Grid(stands)] if isinstance(stands, Shown) else []
    raw = percent(record.raw_incidence)
    blocks += [
        Note(
            page.says(
                f"判定用不加权的点估计和精确分数；综合贫困发生率为推算数，查实数直接相加为{raw}（下限）。"
                f"数据截至{day(page)}。",
                f"Unweighted point estimates in exact fractions decide. The incidence is expanded; found "
                f"counts alone give {raw} (lower bound). Data as of {day(page)}.",
            )
        ),
    ]
    return blocks
