"""Sentences on what is still to be filled in; the form is that of `sentences`."""

ON_BLANKS: dict[str, tuple[str, str, str, str, str, str]] = {
    "to_fill_in": (
        "尚未填写",
        "not filled in yet",
        "{expected}",
        "{expected}",
        "在冒号后填写，说明见该行“#”之后",
        "Write it after the colon; the remark after # on that line says what belongs there",
    ),
    "empty_table": (
        "还没有数据行",
        "no row yet",
        "{row_zh}一行",
        "a row for {row_en}",
        "从标题的下一行起填写",
        "Begin in the row below the headings",
    ),
}
