"""Code lists of the tables: code, Chinese label, English label.

Lists that the plan itself sets (documents, policy lines, prohibitions, steps,
risk groups, standards, indicators) are not here: they come from `params/plan.yaml`.
Registry codes follow the headings of the provincial registry export.
"""

from auditlib.language import Words
from auditlib.tables.columns import CodeList


def _list(**labels: tuple[str, str]) -> CodeList:
    return {code.rstrip("_"): Words(zh, en) for code, (zh, en) in labels.items()}


CODES: dict[str, CodeList] = {
    "yes_no": _list(yes=("是", "yes"), no=("否", "no")),
    "phase": _list(first=("首轮", "first round"), recheck=("复核", "re-check")),
    "status": _list(
        not_lifted=("未脱贫", "not lifted"),
        to_be_lifted=("预脱贫", "to be lifted"),
        lifted=("已脱贫", "lifted"),
        returned=("返贫", "returned to poverty"),
    ),
    "attribute": _list(
        ordinary=("一般贫困户", "ordinary poor household"),
        low_allowance=("低保贫困户", "subsistence-allowance household"),
        extreme=("特困贫困户", "extreme-poverty support household"),
    ),
    "cause": _list(
        illness=("因病", "illness"),
        disability=("因残", "disability"),
        schooling=("因学", "cost of schooling"),
        disaster=("因灾", "disaster"),
        land=("缺土地", "lack of land"),
        water=("缺水", "lack of water"),
        skills=("缺技术", "lack of skills"),
        labour=("缺劳力", "lack of labour"),
        funds=("缺资金", "lack of funds"),
        transport=("交通条件落后", "poor transport"),
        motivation=("自身发展动力不足", "lack of motivation"),
        other=("其他", "other"),
    ),
    "excluded": _list(
        extinct=("自然消亡", "naturally extinct"), moved=("整户搬离", "whole household moved away")
    ),
    "left_out_kind": _list(
        residents=("居民委员会", "residents' committee"),
        farm=("农牧渔场", "state farm, pasture, fishery or breeding station"),
        forest=("林业局、林场", "forest bureau or forest farm"),
        zone=("开发区", "development zone"),
        other=("其他", "other"),
    ),
    "relation": _list(
        head=("户主", "head"),
        spouse=("配偶", "spouse"),
        child=("子女", "child"),
        grandchild=("孙子女", "grandchild"),
        parent=("父母", "parent"),
        other=("其他", "other"),
    ),
    "schooling": _list(
        none=("文盲或半文盲", "none"),
        primary=("小学", "primary"),
        junior=("初中", "junior secondary"),
        senior=("高中", "senior secondary"),
        college=("大专", "college"),
        university=("本科及以上", "university"),
    ),
    "health": _list(
        healthy=("健康", "healthy"),
        chronic=("长期慢性病", "chronic illness"),
        serious=("患有大病", "serious illness"),
        disabled=("残疾", "disabled"),
    ),
    "labour": _list(
        ordinary=("普通劳动力", "ordinary"),
        skilled=("技能劳动力", "skilled"),
        weak=("弱或半劳动力", "weak or half"),
        lost=("丧失劳动力", "lost"),
        none=("无劳动力", "none"),
    ),
    "visit_kind": _list(
        lifted=("脱贫户", "lifted household"),
        still_poor=("未脱贫户", "household still poor"),
        unregistered=("非建档立卡户", "unregistered household"),
        purposive=("重点核查户", "purposive case"),
    ),
    "disposition": _list(
        completed=("完成", "completed"),
        partial=("中途中断", "broken off"),
        refused=("拒访", "refused"),
        absent=("多次无人", "absent at every visit"),
        moved=("已搬离", "moved away"),
        extinct=("已消亡", "no member left"),
        not_found=("查无此户", "not found"),
    ),
    "others_present": _list(
        none=("无", "nobody"),
        family=("家人", "family"),
        neighbour=("邻居", "neighbours"),
        village_cadre=("村干部", "village cadre"),
        township_cadre=("乡镇干部", "township cadre"),
        other=("其他", "others"),
    ),
    "frequency": _list(
        daily=("每天", "daily"),
        weekly=("每周数次", "several times a week"),
        monthly=("每月数次", "several times a month"),
        rarely=("很少", "rarely"),
    ),
    "source_of_goods": _list(
        own=("自产", "own production"),
        bought=("自购", "bought"),
        children=("子女赡养", "support by children"),
        charity=("救济捐助", "charity"),
        other=("其他", "other"),
    ),
    "met": _list(
        met=("达标", "met"), basic=("基本达标", "basically met"), unmet=("未达标", "not met")
    ),
    "housing_kind": _list(
        ordinary=("一般住房", "ordinary house"),
        relocated=("易地搬迁住房", "relocation house"),
        renovated=("危房改造住房", "renovated house"),
    ),
    "housing_grade": _list(
        A=("A级", "grade A"),
        B=("B级", "grade B"),
        C=("C级", "grade C"),
        D=("D级", "grade D"),
    ),
    "school_status": _list(
        in_school=("在校", "in school"),
        dropped_out=("辍学", "dropped out"),
        health=("因健康原因未入学", "out of school for health"),
        home_teaching=("送教上门", "taught at home"),
        not_of_age=("非适龄", "not of school age"),
        finished=("已完成义务教育", "compulsory schooling finished"),
    ),
    "screening_method": _list(
        census=("普查", "census"),
        screening=("排查", "screening"),
        participatory=("参与式调查", "participatory"),
        linkage=("数据比对", "record linkage"),
    ),
    "recognition": _list(
        recognise=("认可", "recognises"),
        basically=("基本认可", "basically recognises"),
        not_=("不认可", "does not recognise"),
        no_answer=("不表态", "no answer"),
    ),
    "case_kind": _list(wrong_exit=("疑似错退", "wrong exit"), missed=("疑似漏评", "missed")),
    "case_event": _list(
        opened=("提出", "opened"),
        put_to_village=("现场向村两委核实", "put to the two village committees"),
        put_to_county=("反馈县里核实", "put to the county"),
        put_to_department=("提请省市部门鉴定", "put to the departments"),
        evidence=("提交证据", "evidence submitted"),
        appeal=("县方申诉", "county's appeal"),
        decided=("认定", "decided"),
        reopened=("重新核查", "reopened"),
    ),
    "role": _list(
        interviewer=("调查员", "interviewer"),
        lead_expert=("带队专家", "lead expert"),
        team_leader=("评估队长", "team leader"),
        quality_officer=("质量控制员", "quality officer"),
        village_committees=("村两委", "two village committees"),
        county=("被评估县", "evaluated county"),
        department=("省市部门", "department"),
    ),
    "disclosure": _list(
        item=("问题项", "the item"),
        household=("该户", "the household"),
        member=("该成员", "the member"),
        evidence=("本问题证据", "evidence of this case"),
        answers=("农户的回答", "the household's answers"),
        other_cases=("其他样本或问题", "other units or cases"),
    ),
    "outcome": _list(
        verified=("核实", "verified"),
        dismissed=("排除", "dismissed"),
        unresolved=("未能核实", "not settled"),
    ),
    "evidence_kind": _list(
        official=("部门凭证", "official record"),
        expert=("专业鉴定", "expert appraisal"),
        observation=("现场查看", "own observation"),
        statement=("当事人陈述", "statement"),
    ),
    "change": _list(
        clear=("明显改善", "clearly improved"),
        some=("有所改善", "somewhat improved"),
        none=("未改善", "not improved"),
    ),
    "found": _list(yes=("有", "yes"), partly=("不完整", "in part"), no=("无", "no")),
    "severity": _list(
        minor=("一般", "minor"), serious=("较重", "serious"), prominent=("突出", "prominent")
    ),
    "leader": _list(
        party_secretary=("县委书记", "county Party secretary"),
        county_head=("县长（市长）", "county head"),
    ),
    "discipline_action": _list(
        recorded=("记录", "recorded"),
        suspended=("暂停评估", "suspended"),
        resumed=("恢复评估", "resumed"),
        terminated=("终止评估", "terminated"),
        veto_proposed=("提请一票否决", "veto proposed"),
        vetoed=("一票否决", "vetoed"),
        referred=("移交追责", "referred"),
    ),
    "authority": _list(
        evaluator=("第三方评估机构", "evaluating institution"),
        leading_group=("省扶贫开发领导小组", "provincial leading group"),
        discipline=("纪检监察机关", "discipline inspection"),
    ),
    "payer": _list(
        evaluator=("评估机构", "evaluator"),
        county=("被评估县", "evaluated county"),
        other=("其他", "other"),
    ),
    "request_kind": _list(
        document=("文件资料", "document"), meeting=("座谈会", "meeting"), table=("报表", "table")
    ),
    "adequacy": _list(
        suited=("相适应", "suits the task"),
        partly=("基本相适应", "suits it in part"),
        not_suited=("不相适应", "does not suit it"),
    ),
    "help_kind": _list(
        vehicle=("车辆租赁", "vehicle hire"),
        lodging=("住宿", "lodging"),
        meals=("伙食", "meals"),
        guide=("向导或翻译", "guide or interpreter"),
        other=("其他", "other"),
    ),
    "incident_kind": _list(
        traffic=("交通安全", "traffic"),
        personal=("人身安全", "personal safety"),
        food=("饮食安全", "food safety"),
    ),
    "approval_kind": _list(
        approved=("批准退出", "exit approved"),
        refused=("不予退出", "exit refused"),
        spot_passed=("国家抽查合格", "spot check passed"),
        spot_failed=("国家抽查不合格", "spot check failed"),
        announced=("向社会公告", "announced to the public"),
    ),
    "earlier_level": _list(
        county=("县级自查", "county's self-check"),
        municipal=("市级初审", "municipal review"),
    ),
    "action_event": _list(
        measure=("整改措施", "measure taken"),
        closed=("销号", "closed"),
        reopened=("重新打开", "reopened"),
        withdrawn=("撤销", "withdrawn"),
    ),
    "origin": _list(
        evaluator=("评估人员自行采集", "collected by the evaluator"),
        document=("地方提供的文件资料", "documents of the locality"),
        province=("省级部门数据", "data of the province"),
    ),
    "objection_outcome": _list(
        upheld=("成立", "upheld"), dismissed=("不成立", "dismissed"), open=("办理中", "open")
    ),
    "person_role": _list(
        enumerator=("调查员", "enumerator"),
        expert=("专家", "expert"),
        leader=("队长", "leader"),
        guide=("向导或翻译", "guide or interpreter"),
    ),
    "variable_type": _list(
        type1=("一类变量", "type 1"), type2=("二类变量", "type 2"), type3=("三类变量", "type 3")
    ),
    "funds_item": _list(
        special_funds=("财政专项扶贫资金", "special poverty funds"),
        integrated_funds=("统筹整合涉农资金", "integrated agriculture funds"),
        resident_staff=("驻村干部", "resident staff"),
        office_staff=("扶贫部门人员", "office staff"),
    ),
    "quality_kind": _list(
        missing=("空白", "missing"),
        range=("超限", "out of range"),
        outlier=("离群", "outlier"),
        holds=("等于某值", "holds a value"),
        logic=("逻辑", "logic"),
        repeated=("重复", "repeated"),
        version=("旧版问卷", "older form version"),
        share=("比例过高", "share too high"),
    ),
    "quality_severity": _list(
        hard=("必须改正", "must be mended"),
        soft=("必须说明", "must be explained"),
        watch=("留意", "to be watched"),
    ),
    "duplicate_decision": _list(
        keep=("采用", "keep"), drop=("不采用", "drop"), new_id=("改用新编号", "new identifier")
    ),
}
