"""Invented answers of one visit: those of a household in order, and one thing that is not."""

from random import Random

HEALTHY_ANSWERS = {
    "income_stable": "yes",
    "staple": "yes",
    "vegetables": "yes",
    "protein": "daily",
    "food_source": "own bought",
    "water_quantity": "met",
    "water_quality": "met",
    "water_access": "met",
    "water_reliability": "met",
    "seasonal_clothes": "yes",
    "daily_clothes": "yes",
    "clothes_source": "bought",
    "care_reached": "yes",
    "care_afforded": "yes",
    "housing_kind": "ordinary",
    "housing_grade": "B",
}

BROKEN: dict[str, dict[str, str | float]] = {
    "income": {"income": 2_480.0, "one_off_income": 0.0},
    "stability": {"income_stable": "no"},
    "food": {"protein": "rarely"},
    "water": {"water_access": "unmet"},
    "clothing": {"seasonal_clothes": "no"},
    "medical": {"care_afforded": "no"},
    "housing": {"housing_grade": "C"},
}
"""One broken standard each, by the answer that breaks it."""

ITEMS = ("housing", "income", "water", "medical", "stability", "food")


def household_answers(line: float, item: str, random: Random) -> dict[str, str | float | None]:
    """Return the answers of a household; `item` is the standard it breaks, or ''."""
    income = round(line * random.lognormvariate(0.62, 0.33))
    answers: dict[str, str | float | None] = {
        **HEALTHY_ANSWERS,
        "income": float(max(income, round(line * 1.03))),
        "one_off_income": float(random.choice((0, 0, 0, 120, 260))),
        "protein": random.choices(("daily", "weekly"), (7, 3))[0],
        "water_quantity": random.choices(("met", "basic"), (8, 2))[0],
        "housing_grade": random.choices(("A", "B"), (45, 55))[0],
        "policies": " ".join(_policies(random)),
    }
    kind = random.choices(("ordinary", "renovated", "relocated"), (70, 26, 4))[0]
    answers["housing_kind"] = kind
    if kind != "ordinary":
        answers["moved_in"] = "yes"
    if kind == "renovated":
        answers |= {
            "completed": "yes",
            "appraised": "yes",
            "appraisal_no": f"JD{random.randrange(10**6):06d}",
        }
    if not item and random.random() < 0.008:
        answers["housing_grade"] = None
    return answers | BROKEN.get(item, {})


def _policies(random: Random) -> list[str]:
    """Return what a household has; the rarer lines look at the same rolls a second time."""
    always = ["registration", "health", "residence", "water"]
    often = {"industry": 0.7, "allowance": 0.4, "housing": 0.3, "employment": 0.25}
    rarely = {"education": 0.2, "finance": 0.15, "relocation": 0.05}
    rolls = {line: random.random() for line in often}
    told = [line for line, chance in often.items() if rolls[line] < chance]
    again = zip(rarely.items(), rolls.values(), strict=False)
    return always + told + [line for (line, chance), roll in again if roll * 97 % 1 < chance]


def member_answers(age: int, chronic: bool, random: Random) -> dict[str, str]:
    """Return the answers on one member who is insured and, if of age, in school."""
    school = "not_of_age"
    if 6 <= age <= 15:
        school = "in_school"
    answers = {
        "school_status": school,
        "insured": "yes",
        "serious_illness_insurance": "yes",
        "chronic": "yes" if chronic else "no",
        "chronic_aid": "yes" if chronic else "",
    }
    if school == "in_school" and random.random() < 0.02:
        answers |= {"school_status": "home_teaching", "school_proof": "JY0001"}
    return answers
