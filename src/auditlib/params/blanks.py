"""The parameter files of a new round and a new county, as text to be filled in.

Whatever only people know stays empty, with a remark that says what belongs there;
reading such a file names every empty key.
"""

from collections.abc import Iterable, Mapping

from auditlib.language import Language


def round_text(
    round: str,
    counties: Iterable[str],
    *,
    language: Language,
    tables: Mapping[str, Mapping[str, str]],
) -> str:
    """Return the text of a new round's file.

    Parameters
    ----------
    round
        Name of the file and the round.
    counties
        Codes.
    language
        Of its reports.
    tables
        File and sheet of every table.
    """
    listed = "\n".join(f'  - "{code}"' for code in counties)
    where = "\n".join(
        f"    {name}: {{{', '.join(f'{key}: {value}' for key, value in place.items())}}}"
        for name, place in tables.items()
    )
    return f"""\
# 冒号后空着的都要填；“#”后是说明。Fill in whatever is empty after its colon; remarks follow a #.
round: {round}
title:
  zh:                       # 本轮评估的名称，印在每份报告上 on every report
  en:                       # 英文名称 the same in English
as_of:                      # 数据截至日，如今天；晚于此日的一律不认 nothing after this day counts
language: {language}                # 报告语言 zh 或 en
state: sealed               # sealed 名单封存；实地调查结束、公开密码后改为 revealed
synthetic: false            # 真实数据
counties:
{listed}
evaluator:
  name:                     # 第三方评估机构 the evaluating institution
  tender:                   # 招标编号 number of the tender
  contract:                 # 合同编号 number of the contract
income_line:
  value:                    # 国家扶贫标准，元/人·年 poverty line, yuan per person and year
  year:                     # 标准的年度，如 2018 its year
  source:                   # 出处：文件名和文号 where it is laid down
pseudonym_key: secrets/{round}.key    # 化名密钥，已生成，妥善保存 made already; keep it
inputs:
  folder: data/{round}      # 各县的表在其下 <县代码>/ the counties' tables, below their codes
  tables:
{where}
# 要改动方案的规定，写在这里并说明理由，每份报告都会列出：
# A rule of the plan is changed here, with a reason that every report prints:
# overrides:
#   - reason: 小县，行政村不足30个
#     plan: {{sampling: {{villages: {{target: 26}}}}}}
#     readings: {{deadlines: early}}
"""


def county_text(
    code: str, *, zh: str, en: str, classes: Mapping[str, str], regions: Mapping[str, str]
) -> str:
    """Return the text of a new county's file; classes and regions are named by code."""
    kinds = "、".join(f"{name} {words}" for name, words in classes.items())
    areas = "、".join(f"{name} {words}" for name, words in regions.items())
    return f"""\
# 只写事实，不写规则。冒号后空着的都要填。Facts only, never rules; fill in whatever is empty.
code: "{code}"
name:
  zh: {zh}
  en: {en}
class:                      # {kinds}
# region:                   # 仅属下列地区时填写并去掉#：{areas}
status: awaiting_fieldwork  # 有了调查数据后删去此行 delete this line once there are field data
populations:                # 农业户籍人口：total = registered + unregistered
  total:                    # 全县 all
  registered:               # 建档立卡（含已脱贫） registered, lifted included
  unregistered:             # 未建档立卡 not registered
  date:                     # 时点，如 2018-12-31
  source:                   # 来源：省级部门及文件 office and document
"""
