"""What the reader of a sample must be told, as data and as a sentence.

A note is no error: the draw goes on, and every report prints it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from auditlib.language import Language, Words


@dataclass(frozen=True)
class Note:
    """One thing that gave way, fell short or follows; `values` fill its sentence."""

    code: str
    values: Mapping[str, str | int]

    def says(self, language: Language) -> str:
        """Return the sentence in `zh` or `en`."""
        return SENTENCES[self.code][language].format(**self.values)


def note(code: str, **values: str | int) -> Note:
    """Return the note of that code."""
    return Note(code, values)


UNANSWERED = (
    "no_lifted",
    "one_village",
    "none_visited",
    "one_screened",
    "no_recognition",
    "one_recognition",
)
"""Notes that say which figures are not estimable; every report prints them."""

SENTENCES: Mapping[str, Words] = {
    # villages
    "poor": Words(
        "贫困村应抽{wanted}个，可行且最接近的是{got}个。",
        "{wanted} poor villages were wanted; the nearest that fits is {got}.",
    ),
    "remote": Words(
        "偏远村应抽{wanted}个，实际能抽{got}个。",
        "{wanted} remote villages were wanted; {got} can be had.",
    ),
    "per_kind": Words(
        "类型“{kind}”应至少抽{wanted}个村，只能抽{got}个。",
        "Type {kind} should give {wanted} villages or more; it can give {got}.",
    ),
    "villages": Words(
        "应抽{wanted}个村；能覆盖所有乡镇和类型的首个村数是{got}个。",
        "{wanted} villages were wanted; the first number that fits all townships and types "
        "is {got}.",
    ),
    "reach": Words(
        "为使预计可抽脱贫户达到{wanted}户，村数由{before}个增至{got}个。",
        "To expect {wanted} lifted households in the sample, villages rise from {before} to {got}.",
    ),
    "out_of_reach": Words(
        "抽{villages}个村预计只含{got}户脱贫户，少于{wanted}户；部分抽签结果可能不足额。",
        "{villages} villages are expected to hold {got} lifted households, fewer than {wanted}; "
        "some draws will fall short.",
    ),
    "census": Words(
        "全县只有{listed}个村，不多于下限{least}个，全部调查。",
        "The county has {listed} villages, no more than the minimum of {least}: all are visited.",
    ),
    "census_of_lifted": Words(
        "全县只有{listed}户脱贫户，不多于应查户数：全部调查，{villages}个村都去（A30）。",
        "The county has {listed} lifted households, no more than are wanted: all are visited, in "
        "all {villages} villages (A30).",
    ),
    "rare": Words(
        "类型“{kind}”有{villages}个村入样概率低于{limit}，最低{probability}，权数很大。",
        "{villages} villages of type {kind} have a probability below {limit}, the least "
        "{probability}; their weights are large.",
    ),
    # households and groups
    "lifted_short": Words(
        "应抽脱贫户{wanted}户，抽中村只有{got}户，全部调查。",
        "{wanted} lifted households were wanted; the drawn villages hold {got}, all are visited.",
    ),
    "remote_households": Words(
        "偏远村脱贫户应抽{wanted}户，只能抽{got}户。",
        "{wanted} lifted households were wanted in remote villages; {got} can be had.",
    ),
    "per_village": Words(
        "每村户数应在{least}至{most}户之间，{part}只能放宽至{low}至{high}户。",
        "{least} to {most} households a village were wanted; {part}: {low} to {high}.",
    ),
    "no_household": Words(
        "抽中村{village}没有脱贫户。", "Drawn village {village} has no lifted household."
    ),
    "still_poor_short": Words(
        "应抽未脱贫户{wanted}户，抽中村只有{got}户，全部调查。",
        "{wanted} households still poor were wanted; the drawn villages hold {got}, all visited.",
    ),
    "more_groups": Words(
        "为稳妥达到{wanted}户未建档立卡户，普查村组由{before}个增至{got}个。",
        "To be sure of {wanted} unregistered households, screened groups rise from {before} "
        "to {got}.",
    ),
    "groups_short": Words(
        "应普查至少{wanted}个村组，抽中村只有{got}个，全部普查。",
        "{wanted} groups or more were to be screened; the drawn villages have {got}, all screened.",
    ),
    "unregistered_short": Words(
        "抽中的{groups}个村组只有{got}户未建档立卡户，少于{wanted}户。",
        "The {groups} groups drawn hold {got} unregistered households, fewer than {wanted}.",
    ),
    "whole_villages": Words(
        "村{village}的村组全部普查，其概率与其他村组不同。",
        "All groups of village {village} are screened; their probability differs from the others'.",
    ),
    "few_uncertain": Words(
        "类型“{kind}”中只有{got}个不是必抽的村，方差估计不稳。",
        "Type {kind} has only {got} villages that were not certain; its variance is unsure.",
    ),
    "visits_short": Words(
        "应访问未建档立卡户{wanted}户，普查到{got}户，全部访问。",
        "{wanted} unregistered households were to be visited; screening met {got}, all visited.",
    ),
    "direct": Words(
        "全县直抽{got}户：每户概率相同；村数、贫困村比例、偏远比例、乡镇覆盖均不保证。",
        "{got} households drawn from the whole county: equal chances; number of villages, shares "
        "of poor and remote villages and cover of townships are not secured.",
    ),
    "direct_lifted_short": Words(
        "应抽脱贫户{wanted}户，抽样框只有{got}户，全部调查。",
        "{wanted} lifted households were wanted; the frame holds {got}, all are visited.",
    ),
    "direct_still_poor_short": Words(
        "应抽未脱贫户{wanted}户，抽样框只有{got}户，全部调查。",
        "{wanted} households still poor were wanted; the frame holds {got}, all visited.",
    ),
    "groups_direct": Words(
        "直抽没有样本村，普查村组从全县{listed}个村组中抽取，各组概率相同。",
        "A direct draw has no drawn villages: groups are drawn from all {listed} of the county, "
        "with equal chances.",
    ),
    "groups_anywhere": Words(
        "普查村组从全县{listed}个村组中抽取，不论是否在样本村，各组概率相同。",
        "Groups are drawn from all {listed} of the county, in drawn villages or not, with equal "
        "chances.",
    ),
    "groups_outside": Words(
        "普查村组从样本村以外抽取（全县共{listed}个村组）；给定样本村，村外各组概率相同。",
        "Groups are drawn outside the drawn villages (the county has {listed}); given which "
        "villages were drawn, every group outside has the same chance.",
    ),
    "groups_never": Words(
        "{villages}个村必然抽中，其{groups}个村组不可能在村外抽到：漏评率不代表这些村组。",
        "{villages} villages are certain to be drawn, so their {groups} groups can never be drawn "
        "outside: the missed rate does not stand for them.",
    ),
    "groups_no_outside": Words(
        "样本村以外没有村组，普查村组改在样本村内抽取。",
        "No group lies outside the drawn villages; groups are drawn inside them.",
    ),
    "direct_estimates": Words(
        "全县直抽：加权值和区间按户的简单随机抽样估计，并作有限总体校正；村只作分域。",
        "Direct draw: weighted figures and intervals rest on a simple random sample of "
        "households with finite population correction; villages are domains only.",
    ),
    # replacements
    "not_on_list": Words(
        "{unit}不在样本和备选名单中，不得计入比率。",
        "{unit} is neither drawn nor a reserve; it may enter no rate.",
    ),
    "visited_twice": Words("{unit}登记了两次。", "{unit} is entered twice."),
    "skipped": Words(
        "备选户{unit}启用时，排在前面的{earlier}尚未启用。",
        "Reserve {unit} was opened before {earlier}, which comes first.",
    ),
    "replaces_nobody": Words(
        "备选户{unit}未写明替换哪一户。", "Reserve {unit} does not say whom it replaces."
    ),
    "replaces_kept": Words(
        "备选户{unit}替换的{replaced}未被登记为可替换（{disposition}）。",
        "Reserve {unit} replaces {replaced}, whose disposition ({disposition}) calls for none.",
    ),
    "replaced_twice": Words(
        "{replaced}被替换了两次，第二次由{unit}替换。",
        "{replaced} was replaced twice, the second time by {unit}.",
    ),
    "drawn_replaces": Words(
        "{unit}是抽中户，不能作为替换户。", "{unit} was drawn, and replaces nobody."
    ),
    # response
    "no_response": Words(
        "村{village}没有一户完成调查，该村未进入估计。",
        "No household of village {village} responded; the village is missing from the estimate.",
    ),
    # figures that are not estimable
    "no_lifted": Words(
        "没有一户脱贫户完成调查（0 / 0）：脱贫人口错退率和综合贫困发生率不能估计，"
        "既不能认定达标，也不能认定未达标（{clause}）。",
        "No lifted household completed its visit (0 / 0): the wrong-exit rate and the composite "
        "incidence are not estimable, and count as neither kept nor broken ({clause}).",
    ),
    "one_village": Words(
        "完成调查的{households}户脱贫户都在同一个村，看不出村与村之间的差别："
        "脱贫人口错退率和综合贫困发生率不能估计（{clause}）。",
        "All {households} completed lifted households are in one village, which shows nothing of "
        "how villages differ: the wrong-exit rate and the composite incidence are not estimable "
        "({clause}).",
    ),
    "none_visited": Words(
        "没有入户调查任何非建档立卡户（{visited}户）：排查只能提出疑似，入户方能核实，"
        "漏评率和综合贫困发生率不能估计（{clause}）。",
        "No household that is not registered was visited ({visited}): screening only raises "
        "suspicions, which visits settle, so the missed rate and the composite incidence are not "
        "estimable ({clause}).",
    ),
    "one_screened": Words(
        "普查排查的户都在同一个村，看不出村与村之间的差别：漏评率和综合贫困发生率不能估计（{clause}）。",
        "All households screened are in one village, which shows nothing of how villages differ: "
        "the missed rate and the composite incidence are not estimable ({clause}).",
    ),
    "no_recognition": Words(
        "没有一户回答认可情况（{said} / {said}）：群众认可度不能估计（{clause}）。",
        "No household answered on recognition ({said} / {said}): the recognition rate is not "
        "estimable ({clause}).",
    ),
    "one_recognition": Words(
        "回答认可情况的{said}户都在同一个村：群众认可度不能估计（{clause}）。",
        "All {said} households that answered on recognition are in one village: the recognition "
        "rate is not estimable ({clause}).",
    ),
    # imported lists
    "probability_unknown": Words(
        "名单由{source}抽取，入样概率未知：比率和区间只对所查村成立，不能推断全县。",
        "The list was drawn by {source} with unknown probabilities: rates and intervals hold for "
        "the villages visited, and infer nothing for the county.",
    ),
    "probability_given": Words(
        "名单由{source}抽取并给出入样概率；推断以该概率属实为前提，无法由他人重抽核对。",
        "The list was drawn by {source}, who states the probabilities; inference rests on that "
        "statement, since nobody else can repeat the draw.",
    ),
    "list_sealed": Words(
        "村名单由{source}提供，封存期间不公布；其摘要已写入设计。",
        "The list of villages comes from {source} and is not published while sealed; "
        "its digest stands in the design.",
    ),
    "never_drawn": Words(
        "未入选的{left}个村入样概率未给出，无法确认其均大于零。",
        "No probability is given for the {left} villages not chosen, so none is known to be "
        "above zero.",
    ),
    "townships_missing": Words(
        "名单未覆盖{missing}个乡镇：{names}。", "The list leaves out {missing} townships: {names}."
    ),
    "too_few_villages": Words(
        "名单有{got}个村，少于下限{wanted}个。",
        "The list has {got} villages, fewer than the minimum of {wanted}.",
    ),
    # seed
    "guessable": Words(
        "密码只有{found}位数字；摘要公布后可被逐一试出，封存期间应不少于{wanted}位。",
        "The nonce has {found} digits; once its digest is public it could be found by trial. "
        "Take {wanted} or more while the round is sealed.",
    ),
}
