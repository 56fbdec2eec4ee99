"""How a column is asked: the question in Chinese, English and, for households, Korean.

Amounts in braces come from `params/plan.yaml`, the year from the round. A column that
has no wording here is asked by its heading.
"""

from collections.abc import Mapping

from auditlib.fieldwork.forms.questions import Label

WORDING: Mapping[tuple[str, str], Label] = {
    # cover
    ("household_visits", "enumerator"): Label("调查员编号", "Interviewer's number", "조사원번호"),
    ("household_visits", "village"): Label("行政村", "Administrative village", "행정촌"),
    ("household_visits", "kind"): Label("调查户类型", "Kind of household", "조사호의 류형"),
    ("household_visits", "disposition"): Label("访问结果", "Result of the visit", "방문결과"),
    ("household_visits", "replaces"): Label(
        "本户为备选户，替换哪个样本户？",
        "This is a reserve. Which household does it replace?",
        "이 호는 예비호입니다. 어느 표본호를 대체합니까?",
    ),
    ("household_visits", "others_present"): Label(
        "访谈时还有谁在场？", "Who else was present?", "면담할 때 그외에 누가 있었습니까?"
    ),
    ("household_visits", "coached"): Label(
        "是否有人代答或提示？（调查员观察）",
        "Did somebody answer for the household or prompt it? (interviewer's observation)",
        "다른 사람이 대신 대답하거나 귀띔하였습니까? (조사원 관찰)",
    ),
    ("household_visits", "note"): Label(
        "备注（不写姓名、电话、证件号码）",
        "Notes (no names, telephones or identity numbers)",
        "비고 (이름, 전화번호, 증명서번호를 적지 마십시오)",
    ),
    # income
    ("household_visits", "income"): Label(
        "{year}年家庭人均纯收入（元/人）",
        "Net income per person in {year} (yuan)",
        "{year}년 가정의 인구당 순수입 (원/인)",
    ),
    ("household_visits", "one_off_income"): Label(
        "{year}年人均一次性收入，如补偿款、一次性补助（元/人）",
        "One-off income per person in {year}, such as compensation (yuan)",
        "{year}년 인구당 일차성 수입, 례하면 보상금, 일차성 보조금 (원/인)",
    ),
    ("household_visits", "income_stable"): Label(
        "收入来源是否稳定？（调查员判断）",
        "Are the sources of income stable? (interviewer's judgement)",
        "수입원천이 안정적입니까? (조사원 판단)",
    ),
    # food, water, clothing
    ("household_visits", "staple"): Label(
        "主食是否够吃？（米、面，每人每天约{staple_grams}克）",
        "Is there enough staple food? (rice or flour, about {staple_grams} g a person and day)",
        "주식은 충분합니까? (쌀, 밀가루, 한사람이 하루에 약 {staple_grams}그람)",
    ),
    ("household_visits", "vegetables"): Label(
        "蔬菜是否够吃？（每人每天约{vegetables_grams}克）",
        "Are there enough vegetables? (about {vegetables_grams} g a person and day)",
        "남새는 충분합니까? (한사람이 하루에 약 {vegetables_grams}그람)",
    ),
    ("household_visits", "protein"): Label(
        "肉、蛋、奶、豆制品多久吃一次？（每人每天约{protein_food_grams}克）",
        "How often are meat, eggs, milk or bean products eaten? "
        "(about {protein_food_grams} g a person and day)",
        "고기, 닭알, 우유, 콩제품을 얼마나 자주 먹습니까? "
        "(한사람이 하루에 약 {protein_food_grams}그람)",
    ),
    ("household_visits", "food_source"): Label(
        "食物从哪里来？", "Where does the food come from?", "식량은 어떻게 마련합니까?"
    ),
    ("household_visits", "water_quantity"): Label(
        "水量够用吗？", "Is there enough water?", "물의 량은 충분합니까?"
    ),
    ("household_visits", "water_quality"): Label(
        "水质合格吗？（看、闻无异常，或有检测报告）",
        "Is the water good? (nothing seen or smelt, or a test report)",
        "수질은 합격됩니까? (보거나 냄새를 맡아 이상이 없거나 검사보고가 있음)",
    ),
    ("household_visits", "water_access"): Label(
        "取水方便吗？", "Is water easy to fetch?", "물을 긷기가 편리합니까?"
    ),
    ("household_visits", "water_reliability"): Label(
        "供水稳定吗？（很少断水）",
        "Is the supply reliable? (seldom cut off)",
        "물공급은 안정적입니까? (단수가 드묾)",
    ),
    ("household_visits", "seasonal_clothes"): Label(
        "四季是否有换季衣服？",
        "Are there clothes for every season?",
        "사계절에 맞게 갈아입을 옷이 있습니까?",
    ),
    ("household_visits", "daily_clothes"): Label(
        "日常是否有换洗衣服？",
        "Is there a change of clothes for every day?",
        "평소에 빨아서 갈아입을 옷이 있습니까?",
    ),
    ("household_visits", "clothes_source"): Label(
        "衣物从哪里来？", "Where do the clothes come from?", "옷은 어떻게 마련합니까?"
    ),
    # medical care, housing, policies
    ("household_visits", "care_reached"): Label(
        "生病时看得上病吗？（能及时就诊）",
        "Can a doctor be reached when somebody is ill?",
        "병이 났을 때 제때에 진찰을 받을 수 있습니까?",
    ),
    ("household_visits", "care_afforded"): Label(
        "看病的费用负担得起吗？",
        "Can the household pay for the care it needs?",
        "치료비용을 감당할 수 있습니까?",
    ),
    ("household_visits", "housing_kind"): Label(
        "现住房属于哪一类？", "What kind of house is it?", "현재 주택은 어느 류형에 속합니까?"
    ),
    ("household_visits", "housing_grade"): Label(
        "住房鉴定等级（查看鉴定表或标识牌；没有则留空）",
        "Grade of the house (see the appraisal or the plate; leave empty if there is none)",
        "주택감정등급 (감정서나 표지판을 확인하고 없으면 비워두십시오)",
    ),
    ("household_visits", "repaired"): Label(
        "鉴定后是否已修缮加固？",
        "Has the house been repaired since?",
        "감정한 후 수리하고 보강하였습니까?",
    ),
    ("household_visits", "regrade"): Label(
        "修缮后重新鉴定的等级（查看鉴定表；没有则留空）",
        "Grade of the appraisal after the repair (leave empty if there is none)",
        "수리한 후 다시 감정한 등급 (감정서를 확인하고 없으면 비워두십시오)",
    ),
    ("household_visits", "regrade_no"): Label(
        "重新鉴定编号", "Number of that appraisal", "다시 감정한 번호"
    ),
    ("household_visits", "completed"): Label(
        "新房是否已完工？", "Is the new house completed?", "새집이 완공되였습니까?"
    ),
    ("household_visits", "appraised"): Label(
        "是否由有资质的单位鉴定？",
        "Was it appraised by a qualified body?",
        "자질을 갖춘 단위에서 감정하였습니까?",
    ),
    ("household_visits", "appraisal_no"): Label("鉴定编号", "Number of the appraisal", "감정번호"),
    ("household_visits", "moved_in"): Label(
        "是否已入住？", "Has the household moved in?", "이미 입주하였습니까?"
    ),
    ("household_visits", "policies"): Label(
        "享受了哪些政策？",
        "Which policies has the household received?",
        "어떤 정책의 혜택을 받았습니까?",
    ),
    # members
    ("visit_persons", "age"): Label("年龄（周岁）", "Age in full years", "만 나이"),
    ("visit_persons", "registered"): Label(
        "是否建档立卡人口？",
        "Registered as poor?",
        "서류에 등록된 빈곤인구(建档立卡人口)입니까?",
    ),
    ("visit_persons", "school_status"): Label("就学状况", "Is the child in school?", "취학상황"),
    ("visit_persons", "school_proof"): Label(
        "佐证编号（疾病证明或送教记录）",
        "Number of the proof (medical note or record of home teaching)",
        "증빙자료번호 (질병증명 또는 가정방문교육기록)",
    ),
    ("visit_persons", "insured"): Label(
        "是否参加新农合？",
        "Covered by the rural medical insurance?",
        "신형농촌합작의료(新农合)에 가입하였습니까?",
    ),
    ("visit_persons", "serious_illness_insurance"): Label(
        "是否有大病保险？",
        "Covered by the serious-illness insurance?",
        "중대질병보험(大病保险)에 가입하였습니까?",
    ),
    ("visit_persons", "chronic"): Label(
        "是否患慢性病？", "Has a chronic illness?", "만성병이 있습니까?"
    ),
    ("visit_persons", "chronic_aid"): Label(
        "是否享受慢病救助？",
        "Receives chronic-illness aid?",
        "만성병구조(慢病救助)를 받고 있습니까?",
    ),
    # recognition
    ("recognition", "policies"): Label(
        "对脱贫攻坚政策是否认可？",
        "Does the household recognise the policies against poverty?",
        "빈곤해탈 난관공략 정책을 인정합니까?",
    ),
    ("recognition", "measures"): Label(
        "对帮扶措施是否认可？",
        "Does it recognise the measures of assistance?",
        "부축조치를 인정합니까?",
    ),
    ("recognition", "results"): Label(
        "对帮扶成效是否认可？", "Does it recognise their results?", "부축성과를 인정합니까?"
    ),
    ("recognition", "exit"): Label(
        "对脱贫退出是否认可？",
        "Does it recognise the exit from poverty?",
        "빈곤퇴출(脱贫退出)을 인정합니까?",
    ),
    ("recognition", "overall"): Label(
        "总体上是否认可？", "Does it recognise the whole?", "전반적으로 인정합니까?"
    ),
    ("recognition", "persons"): Label(
        "回答以上问题的人数", "How many persons answered?", "이상의 질문에 대답한 인원수"
    ),
    # interviews
    ("interviews", "phase"): Label("调查阶段", "Phase of the survey", "조사단계"),
    ("interviews", "date"): Label("访谈日期", "Date of the interview", "면담날자"),
    ("interviews", "class"): Label("受访者类别", "Who is interviewed?", "면담대상의 류형"),
    ("interviews", "topics"): Label(
        "谈到了哪些内容？", "Which topics were covered?", "어떤 내용을 이야기하였습니까?"
    ),
    ("interviews", "recognition"): Label(
        "对本县退出是否认可？",
        "Does the interviewee recognise the county's exit?",
        "본 현의 빈곤퇴출을 인정합니까?",
    ),
    ("interviews", "note"): Label(
        "谈话要点（不写姓名）", "Main points (no names)", "담화요점 (이름을 적지 마십시오)"
    ),
    # screening
    ("screening_units", "village"): Label("行政村", "Administrative village"),
    ("screening_units", "population"): Label(
        "未建档立卡的农业户籍人口（人）", "Unregistered persons with agricultural hukou"
    ),
    ("screening_units", "households"): Label(
        "未建档立卡户数", "Unregistered households in the group"
    ),
    ("screening_units", "within"): Label(
        "其中：建档立卡户内的未登记人口（人）",
        "Of these, persons who live in registered households",
    ),
    ("screening_units", "source"): Label(
        "人口数来源（省级部门、公安）",
        "Source of the population figure (provincial office, police)",
    ),
    ("screening_units", "complete"): Label(
        "是否逐户查完？", "Was every household of the group seen?"
    ),
    ("screening_units", "method"): Label("普查排查方式", "Method of screening"),
    ("screening_households", "persons"): Label("本户人数", "Persons in the household"),
    ("screening_households", "risks"): Label(
        "属于哪些重点群体？", "Which risk groups does it belong to?"
    ),
    ("screening_households", "suspected"): Label("是否疑似漏评？", "Suspected of being missed?"),
    # village and county
    ("village_checks", "village"): Label("行政村", "Administrative village"),
    ("village_checks", "before"): Label("此前状况", "before"),
    ("village_checks", "after"): Label("现状", "now"),
    ("village_checks", "change"): Label("改善程度", "change"),
    ("village_checks", "evidence"): Label("证据编号", "number of the evidence"),
    ("policy_lines", "site_seen"): Label("是否实地查看", "site seen"),
    ("policy_lines", "eligible"): Label("应享受户数", "households entitled"),
    ("policy_lines", "covered"): Label("已享受户数", "households covered"),
    ("policy_lines", "problem"): Label("问题程度（没有则留空）", "severity of a problem, if any"),
    ("policy_lines", "evidence"): Label("证据编号", "number of the evidence"),
    ("policy_lines", "note"): Label("备注（不写姓名）", "notes (no names)"),
    ("documents", "found"): Label("是否具备", "is it there"),
    ("documents", "date"): Label("文件日期", "date of the document"),
    ("documents", "evidence"): Label("证据编号", "number of the evidence"),
    ("documents", "problem"): Label("问题程度（没有则留空）", "severity of a problem, if any"),
    ("documents", "missing"): Label("缺少的内容", "missing sections"),
    ("documents", "note"): Label("备注（不写姓名）", "notes (no names)"),
    ("county_services", "value"): Label("数值", "value"),
    ("county_services", "year"): Label("年度", "year"),
    ("county_services", "source"): Label("来源", "source"),
    ("funds", "year"): Label("投入年度", "Year of the input"),
    ("funds", "item"): Label("投入项目", "Kind of input"),
    ("funds", "amount"): Label("数量（万元或人）", "Amount (10,000 yuan, or persons)"),
    ("funds", "source"): Label("数据来源", "Source of the figure"),
    ("leader_visits", "village"): Label("遍访的贫困村", "Poor village visited"),
    ("leader_visits", "leader"): Label("遍访的领导（职务）", "Leader (post)"),
    ("leader_visits", "date"): Label("遍访日期", "Date of the visit"),
    ("leader_visits", "evidence"): Label("遍访证据编号", "Number of the evidence of the visit"),
}
