"""How the sample was drawn, in the words of the papers."""

from auditlib.report.documents.dossier import Dossier
from auditlib.sampling.design import DIRECT


def how_drawn(file: Dossier) -> tuple[tuple[str, str], tuple[str, str]]:
    """Say how households were drawn, and groups where it was not inside the drawn villages."""
    s = file.sampling
    how = (
        f"按县、村、户三级分层随机抽样，从{s.villages_listed}个行政村中抽取{s.villages}个",
        f"By county, village and household {s.villages} of {s.villages_listed} villages were drawn at "
        "random within strata",
    )
    if s.method == DIRECT:
        lifted, listed = s.sizes.lifted, s.sizes.lifted_listed
        how = (
            f"从全县{listed:,}户脱贫户中直接随机抽取{lifted:,}户，每户概率相同，不先抽村，村的各项配额不作保证"
            f"（读法A25），所抽户分布在{s.villages_listed}个行政村中的{s.villages}个",
            f"{lifted:,} of the county's {listed:,} lifted households were drawn at random, all with the same "
            "chance and no villages first, so that no quota on villages is secured (reading A25); they live in "
            f"{s.villages} of {s.villages_listed} villages",
        )
    screened = {
        "inside": ("", ""),
        "outside": (
            "普查村组从样本村以外抽取（读法A33）。",
            "The groups screened were drawn outside the drawn villages (reading A33). ",
        ),
        "anywhere": (
            "普查村组从全县抽取（读法A33）。",
            "The groups screened were drawn from the whole county (reading A33). ",
        ),
    }[s.groups_from]
    return how, screened
