"""Tables known before the field work: villages, groups, registry, draws.

Source: provincial registry extract (户编号, 人编号, 脱贫属性 …) and village list.
"""

from auditlib.language import Words
from auditlib.tables.columns import (
    Column,
    Kind,
    Reference,
    Table,
    code,
    date,
    identifier,
    integer,
    number,
    private,
    text,
    yes_no,
)

VILLAGE_CODE = r"\d{12}"
DIGEST = r"[0-9a-f]{64}"


def village(required: bool = True) -> Column:
    """Return the column of a village's 12-digit code."""
    return identifier("village", "行政村代码", "村代码", required=required, pattern=VILLAGE_CODE)


VILLAGES = Table(
    "villages",
    "行政村名单",
    Words("抽样框中的一个行政村", "a village of the frame"),
    key=("village",),
    county_of="village",
    origin="province",
    columns=(
        village(),
        text("village_name", "行政村", "村名", required=True),
        identifier("township", "乡镇代码", pattern=r"\d{9}"),
        text("township_name", "乡镇", "乡(镇)", required=True),
        yes_no("ever_poor", "贫困村（含出列村）", "是否贫困村"),
        number("distance_km", "到县城距离", unit="km"),
        number("minutes", "到县城时间", unit="min"),
        number("infrastructure_score", "基础设施得分", maximum=100),
        code("terrain", "地形", "terrain"),
        integer("population", "农业户籍人口"),
        integer("unregistered_persons", "未建档立卡人口"),
        number("latitude", "纬度", required=False, minimum=-90, maximum=90, unit="°"),
        number("longitude", "经度", required=False, minimum=-180, maximum=180, unit="°"),
        code("inspected", "此前是否检查过", "yes_no", required=False),
        code("border", "是否乡镇交界", "yes_no", required=False),
    ),
)

LEFT_OUT = Table(
    "left_out",
    "抽样框外单位",
    Words("不列入抽样框的一个单位", "a unit left out of the frame"),
    key=("unit",),
    county_of="unit",
    origin="province",
    columns=(
        identifier("unit", "单位代码", "行政村代码", pattern=VILLAGE_CODE),
        text("unit_name", "单位名称", "单位", required=True),
        text("township_name", "乡镇", "乡(镇)", required=True),
        code("kind", "单位类别", "left_out_kind"),
        text("reason", "不列入原因", required=True),
        integer("population", "农业户籍人口", required=False),
    ),
)

GROUPS = Table(
    "groups",
    "村民小组名单",
    Words("一个村民小组", "a villager group"),
    key=("village", "group"),
    county_of="village",
    references=(Reference("village", "villages"),),
    origin="province",
    columns=(
        village(),
        identifier("group", "组号", "村民小组"),
        integer("unregistered_households", "未建档立卡户数"),
        integer("unregistered_persons", "未建档立卡人口"),
    ),
)

REGISTRY_HOUSEHOLDS = Table(
    "registry_households",
    "建档立卡户",
    Words("一个建档立卡户", "a registered household"),
    key=("household",),
    county_of="village",
    references=(Reference("village", "villages"),),
    origin="province",
    columns=(
        identifier("household", "户编号", inner=True),
        village(),
        identifier("group", "组号", "村民小组"),
        code("status", "脱贫属性", "status", "户脱贫属性"),
        integer("exit_year", "脱贫年度", required=False, minimum=2014, maximum=2030),
        code("attribute", "贫困户属性", "attribute"),
        code("cause", "主要致贫原因", "cause", "致贫原因1"),
        integer("members", "人数", minimum=1),
        code("excluded", "剔除原因", "excluded", required=False),
        text("proof", "剔除证明"),
        private("head_name", "户主姓名"),
        private("telephone", "联系电话", "户联系电话"),
    ),
)

REGISTRY_PERSONS = Table(
    "registry_persons",
    "建档立卡人口",
    Words("一个建档立卡人员", "a registered person"),
    key=("person",),
    references=(Reference("household", "registry_households"),),
    origin="province",
    columns=(
        identifier("person", "人编号", inner=True),
        identifier("household", "户编号", inner=True),
        private("name", "姓名"),
        private("identity_number", "证件号码", form="identity"),
        private("telephone", "联系电话", "人联系电话"),
        code("relation", "与户主关系", "relation"),
        date("birth", "出生日期"),
        code("schooling", "文化程度", "schooling", required=False),
        code("health", "健康状况", "health", required=False),
        code("labour", "劳动技能", "labour", required=False),
    ),
)

DRAWS = Table(
    "draws",
    "抽签登记",
    Words("一次抽签", "a draw"),
    key=("county", "phase", "number"),
    columns=(
        identifier("county", "县代码", pattern=r"\d{6}"),
        integer("number", "次序", minimum=1),
        code("phase", "调查阶段", "phase", "轮次"),
        identifier("frame_digest", "抽样框摘要", pattern=DIGEST),
        identifier("design_digest", "设计摘要", pattern=DIGEST),
        identifier("nonce_digest", "密码摘要", pattern=DIGEST),
        date("committed", "公布摘要日期"),
        identifier("public_number", "公开号码", required=False, pattern=r"\d+"),
        date("drawn", "抽签日期", required=False),
        text("witnesses", "见证人（职务）"),
        identifier("nonce", "密码", required=False),
        text("reason", "重抽原因"),
    ),
)

RELEASES = Table(
    "releases",
    "名单启封与告知登记",
    Words("一次启封或告知", "a batch opened or disclosed"),
    key=("release",),
    columns=(
        identifier("release", "登记编号"),
        identifier("county", "县代码", pattern=r"\d{6}"),
        identifier("batch", "批次"),
        date("released", "日期"),
        Column("to", "对象", Kind.TEXT),
        Column("by", "经手人（职务）", Kind.TEXT),
        text("reason", "事由", required=True),
        identifier("digest", "密文摘要", required=False, pattern=DIGEST),
    ),
)

IMPORTED_VILLAGES = Table(
    "imported_villages",
    "省办提供村名单",
    Words("名单上的一个行政村", "a village on a list that the office drew"),
    key=("village",),
    county_of="village",
    references=(Reference("village", "villages"),),
    columns=(
        village(),
        yes_no("listed", "是否在名单上"),
        number("probability", "入样概率", required=False, maximum=1),
        text("source", "抽取单位", required=True),
    ),
)

BATCHES = Table(
    "batches",
    "封存批次表",
    Words("一个封存批次", "a sealed batch"),
    key=("phase", "batch"),
    columns=(
        code("phase", "调查阶段", "phase", "轮次"),
        identifier("batch", "批次", pattern=r"[A-Za-z0-9-]+"),
        identifier("team", "调查组", pattern=r"[A-Za-z0-9-]+"),
        text("leader", "组长（职务）", required=True),
        date("opens", "启封日期", ahead=True),
        integer("per_day", "每日户数", minimum=1),
        identifier("recipient", "组长公钥", required=False, pattern=r"age1[0-9a-z]{58}"),
        identifier("file", "密文文件", required=False),
        identifier("digest", "密文摘要", required=False, pattern=DIGEST),
    ),
)

FRAME_TABLES = (
    VILLAGES,
    LEFT_OUT,
    GROUPS,
    REGISTRY_HOUSEHOLDS,
    REGISTRY_PERSONS,
    DRAWS,
    RELEASES,
    IMPORTED_VILLAGES,
    BATCHES,
)
