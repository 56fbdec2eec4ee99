"""Sentences on parameter files: found, expected, repair, twice.

The form is that of `auditlib.problems.sentences`, of which they are a part.
"""

# kind: (found zh, found en, expected zh, expected en, repair zh, repair en)
ON_PARAMETERS: dict[str, tuple[str, str, str, str, str, str]] = {
    "yaml_syntax": (
        "无法读懂：{found}",
        "not readable: {found}",
        "YAML 格式",
        "YAML",
        "检查该行的缩进、冒号和引号",
        "Check indentation, colons and quotes of the line",
    ),
    "yaml_alias": (
        "使用了锚点或引用（& 或 *）",
        "an anchor or alias (& or *)",
        "逐项写出的值",
        "every value written out",
        "把引用的内容直接写出",
        "Write the value out",
    ),
    "yaml_duplicate": (
        "同一个键写了两次，先见于第 {other} 行",
        "the key stands twice, first in row {other}",
        "每个键一次",
        "every key once",
        "删去其中一个",
        "Delete one of them",
    ),
    "unknown_key": (
        "不认识的键 {found}{near}",
        "the unknown key {found}{near}",
        "{expected}",
        "one of {expected}",
        "改正拼写，或删去该行",
        "Correct the spelling, or delete the line",
    ),
    "missing_key": (
        "没有这个键",
        "the key is missing",
        "{expected}",
        "{expected}",
        "补上该键",
        "Add the key",
    ),
    "bad_value": (
        "{found}",
        "{found}",
        "{expected}",
        "{expected}",
        "改正该值",
        "Correct the value",
    ),
    "no_such_file": (
        "没有这个文件",
        "the file does not exist",
        "{expected}",
        "{expected}",
        "核对名称",
        "Check the name",
    ),
}
