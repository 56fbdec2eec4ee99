"""Korean words of the code lists, in the spelling that Korean newspapers of Yanbian use.

Terms of the plan keep the Chinese word in brackets where no Korean one is settled, so
that interviewer and household mean the same thing.
"""

from collections.abc import Mapping

KOREAN: Mapping[str, Mapping[str, str]] = {
    "yes_no": {"yes": "예", "no": "아니오"},
    "phase": {"first": "제1차 조사", "recheck": "재검사"},
    "visit_kind": {
        "lifted": "빈곤해탈호(脱贫户)",
        "still_poor": "미해탈 빈곤호(未脱贫户)",
        "unregistered": "서류미등록호(非建档立卡户)",
        "purposive": "중점확인호(重点核查户)",
    },
    "disposition": {
        "completed": "완료",
        "partial": "도중에 중단",
        "refused": "조사 거절",
        "absent": "여러차례 방문했으나 사람이 없음",
        "moved": "이사함",
        "extinct": "가족성원이 남아있지 않음",
        "not_found": "그런 호가 없음",
    },
    "others_present": {
        "none": "없음",
        "family": "가족",
        "neighbour": "이웃",
        "village_cadre": "촌간부",
        "township_cadre": "향진간부",
        "other": "기타",
    },
    "frequency": {
        "daily": "매일",
        "weekly": "매주 몇번",
        "monthly": "매달 몇번",
        "rarely": "거의 먹지 않음",
    },
    "source_of_goods": {
        "own": "자체생산",
        "bought": "자체구매",
        "children": "자녀의 부양",
        "charity": "구제, 기부",
        "other": "기타",
    },
    "met": {"met": "도달", "basic": "기본적으로 도달", "unmet": "미달"},
    "housing_kind": {
        "ordinary": "일반주택",
        "relocated": "타지이전주택(易地搬迁)",
        "renovated": "위험주택개조주택(危房改造)",
    },
    "housing_grade": {"A": "A급", "B": "B급", "C": "C급", "D": "D급"},
    "school_status": {
        "in_school": "재학",
        "dropped_out": "중퇴",
        "health": "건강원인으로 입학하지 않음",
        "home_teaching": "가정방문교육(送教上门)",
        "not_of_age": "취학년령이 아님",
        "finished": "의무교육을 마침",
    },
    "recognition": {
        "recognise": "인정함",
        "basically": "기본적으로 인정함",
        "not": "인정하지 않음",
        "no_answer": "태도를 표시하지 않음",
    },
    "policy_lines": {
        "registration": "서류작성 및 등록(建档立卡)",
        "health": "건강빈곤부축",
        "education": "교육빈곤부축",
        "housing": "위험주택개조",
        "relocation": "타지이전 빈곤부축",
        "water": "식수안전",
        "industry": "산업빈곤부축",
        "employment": "취업빈곤부축",
        "finance": "금융빈곤부축",
        "allowance": "사회보험, 최저생활보장 빈곤부축",
        "residence": "촌주재 부축(驻村帮扶)",
    },
    "interview_classes": {
        "county_cadre": "현급간부",
        "township_cadre": "향진간부",
        "village_cadre": "촌간부",
        "county_deputy": "현인대 대표",
        "township_deputy": "향진인대 대표",
        "county_cppcc": "현정협 위원",
    },
    "interview_topics": {
        "responsibility": "빈곤해탈 난관공략 책임의 시달",
        "work": "사업 전개정황",
        "measures": "정책조치의 관철",
        "results": "부축사업의 성과",
        "follow_up": "후속 부축계획",
        "consolidation": "공고 및 제고 사업배치",
    },
}

STANDARDS: Mapping[str, str] = {
    "income": "수입",
    "stability": "수입의 안정성",
    "food": "먹는 걱정이 없음(不愁吃)",
    "water": "안전한 식수",
    "clothing": "입는 걱정이 없음(不愁穿)",
    "schooling": "의무교육 보장",
    "medical": "기본의료 보장",
    "housing": "주택안전 보장",
}
"""Names of the two no-worries, three guarantees and income."""
