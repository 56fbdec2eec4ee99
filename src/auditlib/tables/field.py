"""Tables of the field work: visits, members, screening, recognition, interviews, team.

Answers follow the modules of the household questionnaire: income, food, water,
clothing, schooling, medical care, housing, policies, recognition.
"""

from auditlib.language import Words
from auditlib.tables.columns import (
    Column,
    Reference,
    Table,
    code,
    date,
    identifier,
    integer,
    number,
    several,
    text,
    time,
    yes_no,
)
from auditlib.tables.frame import village

STUDY_ID = r"[A-Z]-[0-9A-Za-z-]+"
STAFF = r"[0-9A-Za-z_-]+"


def study_id(name: str, zh: str, *, required: bool = True) -> Column:
    """Return a column of study identifiers: the only name that a unit bears in a result."""
    return identifier(name, zh, required=required, pattern=STUDY_ID)


PHASE = code("phase", "调查阶段", "phase", "轮次")

HOUSEHOLD_VISITS = Table(
    "household_visits",
    "入户调查",
    Words("一次入户调查", "a visit to a household"),
    key=("visit_id",),
    county_of="village",
    references=(Reference("village", "villages"), Reference("enumerator", "enumerators")),
    columns=(
        identifier("visit_id", "调查编号"),
        PHASE,
        study_id("study_id", "样本编号"),
        code("kind", "调查户类型", "visit_kind"),
        village(),
        code("disposition", "访问结果", "disposition"),
        study_id("replaces", "替换样本编号", required=False),
        identifier("enumerator", "调查员编号", pattern=STAFF),
        time("started", "开始时间"),
        time("ended", "结束时间", required=False),
        number("latitude", "纬度", required=False, minimum=-90, maximum=90, unit="°"),
        number("longitude", "经度", required=False, minimum=-180, maximum=180, unit="°"),
        several("others_present", "在场其他人", "others_present"),
        yes_no("coached", "疑似代答或提示", required=False),
        identifier("form_version", "问卷版本", required=False),
        number("income", "人均纯收入", required=False, minimum=None, unit="yuan/person/year"),
        number("one_off_income", "人均一次性收入", required=False, unit="yuan/person/year"),
        yes_no("income_stable", "收入稳定（调查员判断）", required=False),
        yes_no("staple", "主食够吃", required=False),
        yes_no("vegetables", "蔬菜够吃", required=False),
        code("protein", "肉蛋奶豆", "frequency", required=False),
        several("food_source", "食物来源", "source_of_goods"),
        code("water_quantity", "水量", "met", required=False),
        code("water_quality", "水质", "met", required=False),
        code("water_access", "取水方便程度", "met", required=False),
        code("water_reliability", "供水保证率", "met", required=False),
        yes_no("seasonal_clothes", "四季换季衣服", required=False),
        yes_no("daily_clothes", "日常换洗衣服", required=False),
        several("clothes_source", "衣物来源", "source_of_goods"),
        yes_no("care_reached", "看得上病", required=False),
        yes_no("care_afforded", "看得起病", required=False),
        code("housing_kind", "住房类别", "housing_kind", required=False),
        code("housing_grade", "住房鉴定等级", "housing_grade", required=False),
        yes_no("repaired", "鉴定后已修缮加固", required=False),
        code("regrade", "修缮后重新鉴定等级", "housing_grade", required=False),
        identifier("regrade_no", "重新鉴定编号", required=False),
        yes_no("completed", "新房已完工", required=False),
        yes_no("appraised", "有资质单位鉴定", required=False),
        identifier("appraisal_no", "鉴定编号", required=False),
        yes_no("moved_in", "已入住", required=False),
        several("policies", "享受政策", "policy_lines"),
        text("note", "备注"),
    ),
)

VISIT_PERSONS = Table(
    "visit_persons",
    "家庭成员",
    Words("调查时的一名家庭成员", "a member met"),
    key=("visit_id", "line"),
    references=(Reference("visit_id", "household_visits"),),
    columns=(
        identifier("visit_id", "调查编号"),
        integer("line", "成员序号", minimum=1),
        integer("age", "年龄", maximum=120, unit="year"),
        yes_no("registered", "建档立卡"),
        code("school_status", "就学状况", "school_status", required=False),
        identifier("school_proof", "就学佐证", required=False),
        yes_no("insured", "参加新农合", required=False),
        yes_no("serious_illness_insurance", "大病保险", required=False),
        yes_no("chronic", "患慢性病", required=False),
        yes_no("chronic_aid", "慢病救助", required=False),
    ),
)

SCREENING_UNITS = Table(
    "screening_units",
    "普查排查村组",
    Words("一个普查或排查的村组", "a group screened"),
    key=("phase", "unit"),
    county_of="village",
    references=(Reference("village", "villages"),),
    columns=(
        PHASE,
        study_id("unit", "村组编号"),
        village(),
        identifier("group", "组号", "村民小组"),
        integer("population", "未建档立卡人口", minimum=1),
        integer("households", "未建档立卡户数", minimum=1),
        integer("within", "其中建档立卡户内未登记人口", required=False),
        text("source", "人口数来源", required=True),
        yes_no("complete", "普查排查完成"),
        code("method", "方式", "screening_method"),
    ),
)

SCREENING_HOUSEHOLDS = Table(
    "screening_households",
    "排查户",
    Words("排查到的一个非建档立卡户", "an unregistered household met in screening"),
    key=("phase", "study_id"),
    columns=(
        PHASE,
        study_id("study_id", "样本编号"),
        study_id("unit", "村组编号"),
        integer("persons", "人数", minimum=1),
        several("risks", "重点群体", "risk_groups"),
        yes_no("suspected", "疑似漏评"),
    ),
)

RECOGNITION = Table(
    "recognition",
    "群众认可",
    Words("一个调查户的认可情况", "answers of a visited household"),
    key=("visit_id",),
    references=(Reference("visit_id", "household_visits"),),
    columns=(
        identifier("visit_id", "调查编号"),
        code("policies", "对脱贫攻坚政策", "recognition"),
        code("measures", "对帮扶措施", "recognition"),
        code("results", "对帮扶成效", "recognition"),
        code("exit", "对脱贫退出", "recognition"),
        code("overall", "总体认可", "recognition"),
        integer("persons", "受访人数", required=False, minimum=1),
    ),
)

INTERVIEWS = Table(
    "interviews",
    "座谈访谈",
    Words("一名受访者", "a person interviewed"),
    key=("interview",),
    columns=(
        identifier("interview", "访谈编号"),
        PHASE,
        date("date", "日期"),
        code("class", "受访者类别", "interview_classes"),
        several("topics", "涉及内容", "interview_topics"),
        code("recognition", "对县退出", "recognition"),
        text("note", "备注"),
    ),
)

ENUMERATORS = Table(
    "enumerators",
    "调查人员",
    Words("一名调查人员", "a member of the team"),
    key=("enumerator",),
    columns=(
        identifier("enumerator", "调查员编号", pattern=STAFF),
        identifier("team", "组别"),
        code("role", "岗位", "person_role"),
        yes_no("korean", "会朝鲜语", required=False),
    ),
)

BACKCHECKS = Table(
    "backchecks",
    "回访复查",
    Words("一项回访复查", "one answer asked again"),
    key=("visit_id", "variable"),
    references=(Reference("visit_id", "household_visits"),),
    columns=(
        identifier("visit_id", "调查编号"),
        identifier("variable", "变量"),
        code("type", "变量类型", "variable_type"),
        text("value", "回访值", required=True),
        identifier("enumerator", "回访员编号", pattern=STAFF),
        date("date", "日期"),
    ),
)

QUESTION_TIMES = Table(
    "question_times",
    "填答时间",
    Words("一次调查中一题的用时", "the time of one question of a visit"),
    key=("visit_id", "question"),
    references=(Reference("visit_id", "household_visits"),),
    columns=(
        identifier("visit_id", "调查编号"),
        identifier("question", "题名"),
        number("seconds", "用时（秒）", unit="s"),
        integer("opened", "打开次数", required=False),
        integer("changed", "改动次数", required=False),
        number("pause", "此前停顿（分钟）", required=False, unit="min"),
    ),
)

CORRECTIONS = Table(
    "corrections",
    "更正登记",
    Words("一处更正", "a correction"),
    key=("correction",),
    columns=(
        identifier("correction", "更正编号"),
        identifier("table", "表"),
        text("row_key", "行主键", required=True, inner=True),
        identifier("column", "列"),
        text("old", "原值", inner=True),
        text("new", "新值", inner=True),
        identifier("who", "更正人（工号）", pattern=STAFF),
        date("when", "日期"),
        text("why", "理由", required=True),
    ),
)

DUPLICATES = Table(
    "duplicates",
    "重复处理",
    Words("对重复的一行的处理", "what was decided on a repeated row"),
    key=("table", "row_key", "fingerprint"),
    columns=(
        identifier("table", "表"),
        text("row_key", "行主键", required=True),
        identifier("fingerprint", "行指纹", required=False, pattern=r"[0-9a-f]{12}"),
        code("decision", "处理", "duplicate_decision"),
        identifier("new_id", "新编号", required=False),
        identifier("who", "处理人（工号）"),
        date("when", "日期"),
        text("why", "理由", required=True),
    ),
)

QUALITY_CHECKS = Table(
    "quality_checks",
    "质量检查",
    Words("一项质量检查", "a check of quality"),
    key=("check",),
    columns=(
        identifier("check", "检查编号"),
        text("says", "检查内容", required=True),
        identifier("table", "表"),
        identifier("column", "列"),
        code("kind", "检查类型", "quality_kind"),
        text("values", "取值"),
        number("low", "下限", required=False, minimum=None),
        number("high", "上限", required=False, minimum=None),
        identifier("when", "条件列", required=False),
        text("equals", "条件值"),
        code("severity", "性质", "quality_severity"),
    ),
)

LINKAGE = Table(
    "linkage",
    "数据比对登记",
    Words("一次数据比对", "a comparison with another list"),
    key=("linkage",),
    origin="province",
    columns=(
        identifier("linkage", "比对编号"),
        date("date", "日期"),
        text("list", "比对名单", required=True),
        text("fields", "比对字段", required=True),
        text("rule", "匹配规则", required=True),
        integer("compared", "比对人数"),
        integer("hits", "命中人数"),
        text("use", "用途", required=True),
    ),
)

CASES = Table(
    "cases",
    "问题核实台账",
    Words("一个疑似问题的一个环节", "an event of a case"),
    key=("case_id", "event_no"),
    columns=(
        identifier("case_id", "问题编号"),
        integer("event_no", "环节序号", minimum=1),
        PHASE,
        study_id("study_id", "样本编号"),
        integer("line", "成员序号", required=False, minimum=1),
        code("kind", "问题类型", "case_kind"),
        code("item", "问题项", "standards"),
        code("event", "环节", "case_event"),
        integer("level", "核实层级", maximum=3),
        code("role", "经办角色", "role"),
        date("date", "日期"),
        code("evidence_kind", "证据类型", "evidence_kind", required=False),
        identifier("evidence", "证据编号", required=False),
        identifier("evidence_digest", "证据摘要", required=False, pattern=r"[0-9a-f]{64}"),
        code("outcome", "认定结果", "outcome", required=False),
        integer("persons", "涉及人数", required=False, minimum=1),
        identifier("by", "经办人编号", required=False, pattern=STAFF),
        code("disclosed_to", "告知对象", "role", required=False),
        several("disclosed", "告知内容", "disclosure"),
        text("note", "备注"),
    ),
)

CASE_RECORD = Table(
    "case_record",
    "台账存证",
    Words("一个已存证的环节", "an event that was put on record"),
    key=("number",),
    columns=(
        integer("number", "序号", minimum=1),
        date("recorded", "存证日期"),
        identifier("case_id", "问题编号"),
        integer("event_no", "环节序号", minimum=1),
        identifier("event_digest", "环节摘要", pattern=r"[0-9a-f]{64}"),
        identifier("chain", "链摘要", pattern=r"[0-9a-f]{64}"),
    ),
)

FIELD_TABLES = (
    HOUSEHOLD_VISITS,
    VISIT_PERSONS,
    SCREENING_UNITS,
    SCREENING_HOUSEHOLDS,
    RECOGNITION,
    INTERVIEWS,
    ENUMERATORS,
    BACKCHECKS,
    QUESTION_TIMES,
    CORRECTIONS,
    DUPLICATES,
    QUALITY_CHECKS,
    LINKAGE,
    CASES,
    CASE_RECORD,
)
