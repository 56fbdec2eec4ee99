"""Tables of checks, procedure and rectification: what offices did and what was seen.

The codes of documents, policy lines, services, steps and prohibitions are the plan's.
"""

from auditlib.language import Words
from auditlib.tables.columns import (
    Reference,
    Table,
    code,
    date,
    identifier,
    integer,
    number,
    several,
    text,
    yes_no,
)
from auditlib.tables.field import STAFF
from auditlib.tables.frame import village

VILLAGE_CHECKS = Table(
    "village_checks",
    "村级检查",
    Words("一个村的一项检查", "an item checked in a village"),
    key=("village", "item"),
    county_of="village",
    references=(Reference("village", "villages"),),
    columns=(
        village(),
        code("item", "检查项", "village_items"),
        code("before", "此前", "met"),
        code("after", "现状", "met"),
        code("change", "改善程度", "change"),
        identifier("evidence", "证据编号", required=False),
    ),
)

COUNTY_SERVICES = Table(
    "county_services",
    "县级公共服务",
    Words("一项县级指标", "a county indicator"),
    key=("service",),
    origin="document",
    columns=(
        code("service", "指标", "county_services"),
        number("value", "数值"),
        integer("year", "年度", minimum=2010, maximum=2030),
        text("source", "来源", required=True),
    ),
)

POLICY_LINES = Table(
    "policy_lines",
    "政策落实",
    Words("一条政策在一处现场", "a policy line seen at a site"),
    key=("line", "village"),
    county_of="village",
    references=(Reference("village", "villages"),),
    columns=(
        code("line", "政策", "policy_lines"),
        village(),
        yes_no("site_seen", "实地查看"),
        integer("eligible", "应享受户数"),
        integer("covered", "已享受户数"),
        code("problem", "问题程度", "severity", required=False),
        identifier("evidence", "证据编号", required=False),
        text("note", "备注"),
    ),
)

POLICY_RECORDS = Table(
    "policy_records",
    "政策兑现记录",
    Words("记录上一户已享受的一条政策", "a policy recorded as granted to a household"),
    key=("study_id", "line"),
    origin="document",
    columns=(
        identifier("study_id", "样本编号", pattern=r"[A-Z]-[0-9A-Za-z-]+"),
        code("line", "政策", "policy_lines"),
        identifier("evidence", "证据编号", required=False),
    ),
)

LEADER_VISITS = Table(
    "leader_visits",
    "党政主要领导遍访",
    Words("一次遍访", "a visit to a poor village"),
    key=("village", "leader", "date"),
    county_of="village",
    references=(Reference("village", "villages"),),
    origin="document",
    columns=(
        village(),
        code("leader", "领导", "leader"),
        date("date", "日期"),
        identifier("evidence", "证据编号", required=False),
    ),
)

FUNDS = Table(
    "funds",
    "资金与人员",
    Words("一年的一项投入", "a year's input"),
    key=("year", "item"),
    origin="document",
    columns=(
        integer("year", "年度", minimum=2010, maximum=2030),
        code("item", "项目", "funds_item"),
        number("amount", "数量（万元或人）"),
        text("source", "来源", required=True),
        code("judgement", "与任务是否相适应", "adequacy", required=False),
        text("basis", "判断依据"),
    ),
)

DOCUMENTS = Table(
    "documents",
    "文件资料",
    Words("一份应有的文件", "a document that should exist"),
    key=("document",),
    origin="document",
    columns=(
        code("document", "文件", "documents"),
        code("found", "是否具备", "found"),
        date("date", "文件日期", required=False),
        identifier("evidence", "证据编号", required=False),
        code("problem", "问题程度", "severity", required=False),
        several("missing", "缺少内容", "document_sections"),
        text("note", "备注"),
    ),
)

STEPS = Table(
    "steps",
    "程序步骤",
    Words("一个步骤的办理", "a step of the procedure"),
    key=("step",),
    origin="province",
    columns=(
        code("step", "步骤", "steps"),
        date("opened", "开始日期"),
        date("closed", "完成日期", required=False),
        text("actor", "责任单位", required=True),
        identifier("document", "文件编号", required=False),
        text("override", "提前开始的理由"),
    ),
)

NOTICES = Table(
    "notices",
    "公示",
    Words("一次公示", "a public notice"),
    key=("notice",),
    origin="province",
    columns=(
        identifier("notice", "公示编号"),
        date("published", "公示日期"),
        date("last_day", "截止日期", ahead=True),
        text("media", "媒体", required=True),
    ),
)

OBJECTIONS = Table(
    "objections",
    "异议",
    Words("一件异议", "an objection"),
    key=("objection",),
    references=(Reference("notice", "notices"),),
    origin="province",
    columns=(
        identifier("objection", "异议编号"),
        identifier("notice", "公示编号"),
        date("received", "收到日期"),
        date("closed", "办结日期", required=False),
        code("outcome", "结果", "objection_outcome"),
    ),
)

DISCIPLINE = Table(
    "discipline",
    "评估纪律台账",
    Words("一条纪律记录", "an entry of the discipline ledger"),
    key=("entry",),
    columns=(
        identifier("entry", "记录编号"),
        date("date", "日期"),
        code("code", "禁止事项", "prohibitions", required=False),
        code("severity", "程度", "severity"),
        code("action", "处理", "discipline_action"),
        code("authority", "决定机关", "authority"),
        identifier("document", "文件编号", required=False),
        text("finding", "情况", required=True),
        text("consequence", "后果"),
    ),
)

EXPENSES = Table(
    "expenses",
    "费用台账",
    Words("一笔费用", "an expense"),
    key=("expense",),
    columns=(
        identifier("expense", "费用编号"),
        date("date", "日期"),
        text("item", "事项", required=True),
        number("amount", "金额", unit="yuan"),
        code("payer", "付款方", "payer"),
    ),
)

TRAININGS = Table(
    "trainings",
    "培训登记",
    Words("一名调查人员的培训", "a person's training"),
    key=("enumerator", "date"),
    references=(Reference("enumerator", "enumerators"),),
    columns=(
        identifier("enumerator", "调查员编号", pattern=STAFF),
        date("date", "日期"),
        number("score", "成绩", maximum=100),
    ),
)

DECLARATIONS = Table(
    "declarations",
    "独立性声明",
    Words("一份独立性声明", "a declaration of independence"),
    key=("enumerator",),
    references=(Reference("enumerator", "enumerators"),),
    columns=(
        identifier("enumerator", "调查员编号", pattern=STAFF),
        date("date", "日期"),
        yes_no("conflict", "存在利益冲突"),
    ),
)

REQUESTS = Table(
    "requests",
    "资料需求登记",
    Words("向地方提出的一项需求", "something asked of the locality"),
    key=("request",),
    columns=(
        identifier("request", "需求编号"),
        date("date", "日期"),
        code("kind", "类别", "request_kind"),
        text("what", "内容", required=True),
    ),
)

LOGISTICS = Table(
    "logistics",
    "服务保障登记",
    Words("地方协助的一件事", "help of the locality"),
    key=("help",),
    columns=(
        identifier("help", "登记编号"),
        date("date", "日期"),
        code("kind", "事项", "help_kind"),
        text("arranged_by", "联系单位", required=True),
        code("payer", "付款方", "payer"),
    ),
)

SAFETY = Table(
    "safety",
    "安全事件登记",
    Words("一件安全事件", "a safety incident"),
    key=("incident",),
    columns=(
        identifier("incident", "事件编号"),
        date("date", "日期"),
        code("kind", "类别", "incident_kind"),
        code("severity", "程度", "severity"),
        number("days_lost", "误工天数"),
        text("action", "处置", required=True),
        date("closed", "办结日期", required=False),
    ),
)

EARLIER_RESULTS = Table(
    "earlier_results",
    "自查与初审结果",
    Words("县级自查或市级初审的一项指标", "an indicator found by county or city"),
    key=("level", "indicator"),
    origin="document",
    columns=(
        code("level", "环节", "earlier_level"),
        code("indicator", "指标", "indicators"),
        number("numerator", "分子"),
        number("denominator", "分母", minimum=1),
        identifier("document", "文件编号", required=False),
    ),
)

APPROVALS = Table(
    "approvals",
    "批准与公告",
    Words("一次批准或公告", "an approval or announcement"),
    key=("approval",),
    origin="province",
    columns=(
        identifier("approval", "登记编号"),
        date("date", "日期"),
        code("kind", "类别", "approval_kind"),
        code("authority", "机关", "roles"),
        identifier("document", "文件编号", required=False),
        text("media", "媒体"),
    ),
)

ORDERS = Table(
    "orders",
    "整改通知",
    Words("一项整改要求", "a rectification order"),
    key=("order",),
    columns=(
        identifier("order", "整改编号"),
        identifier("problem", "问题（指标或检查项）"),
        date("issued", "下达日期"),
        date("deadline", "整改期限", ahead=True),
        text("demand", "整改要求", required=True),
        text("issuer", "下达单位", required=True),
    ),
)

ACTIONS = Table(
    "actions",
    "整改进展",
    Words("一项整改进展", "a step taken under an order"),
    key=("order", "number"),
    references=(Reference("order", "orders"),),
    columns=(
        identifier("order", "整改编号"),
        integer("number", "序号", minimum=1),
        date("date", "日期"),
        text("what", "措施", required=True),
        identifier("case_id", "问题编号", required=False),
        identifier("evidence", "证据编号", required=False),
        code("event", "环节", "action_event"),
        code("closed_by", "认定角色", "role", required=False),
    ),
)

OFFICIAL_TABLES = (
    VILLAGE_CHECKS,
    COUNTY_SERVICES,
    POLICY_LINES,
    POLICY_RECORDS,
    LEADER_VISITS,
    FUNDS,
    DOCUMENTS,
    STEPS,
    NOTICES,
    OBJECTIONS,
    DISCIPLINE,
    EXPENSES,
    TRAININGS,
    DECLARATIONS,
    REQUESTS,
    LOGISTICS,
    SAFETY,
    EARLIER_RESULTS,
    APPROVALS,
    ORDERS,
    ACTIONS,
)
