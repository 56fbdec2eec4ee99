"""Where a project lies: the folder that has the parameter files."""

from pathlib import Path

from auditlib.errors import AuditError
from auditlib.language import Words


def find_root(start: Path, params: str) -> Path:
    """Return the nearest folder, from `start` upward, that has the folder of parameters.

    Raises
    ------
    AuditError
        No folder has it.
    """
    for folder in (start, *start.parents):
        if (folder / params / "rounds").is_dir():
            return folder
    raise AuditError(
        Words(
            f"在当前文件夹及其上级中找不到 {params}/rounds。"
            "请在项目文件夹中运行，或用参数 params 指明位置。",
            f"No {params}/rounds was found in this folder or above it. "
            "Run inside the project, or name the folder with the parameter `params`.",
        )
    )
