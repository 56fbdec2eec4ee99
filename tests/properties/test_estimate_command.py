"""`auditlib estimate` on anyone's table: any file, every problem at once, the same answer."""

import json

import pandas as pd
import pytest

from auditlib.cli import main
from auditlib.estimation import LONELY_RULES, METHODS, estimate

TABLE = pd.DataFrame(
    {
        "村": ["a", "a", "b", "b", "c", "c", "d", "d"],
        "层": [1, 1, 1, 1, 2, 2, 2, 2],
        "村总数": [9, 9, 9, 9, 7, 7, 7, 7],
        "权数": [4.5, 4.5, 4.5, 4.5, 3.5, 3.5, 3.5, 3.5],
        "人口": [3, 2, 4, 1, 2, 2, 3, 5],
        "错退": [0, 2, 0, 0, 2, 0, 0, 0],
        "类型": ["x", "y"] * 4,
    }
)
RATIO = ["--statistic", "ratio", "--variable", "错退", "--per", "人口", "--weights", "权数"]
DESIGN = ["--units", "村", "--strata", "层", "--populations", "村总数"]


@pytest.fixture
def write(tmp_path):
    """Return a function that writes the table as a file of some kind."""

    def write(kind: str, table: pd.DataFrame = TABLE):
        path = tmp_path / ("t.xlsx" if kind == "xlsx" else "t.csv")
        match kind:
            case "xlsx":
                with pd.ExcelWriter(path) as book:
                    pd.DataFrame({"说明": ["见下表"]}).to_excel(
                        book, sheet_name="说明", index=False
                    )
                    table.to_excel(book, sheet_name="样本", index=False)
            case "tab" | "semicolon":
                sep = "\t" if kind == "tab" else ";"
                table.to_csv(path, index=False, sep=sep, encoding="utf-16" if sep == "\t" else None)
            case _:
                table.to_csv(path, index=False, encoding=kind)
        return str(path)

    return write


@pytest.mark.parametrize("kind", ["utf-8", "utf-8-sig", "gb18030", "tab", "semicolon", "xlsx"])
def test_a_table_gives_the_same_answer_whatever_file_it_stands_in(kind, write, capsys):
    sheet = ["--sheet", "样本"] if kind == "xlsx" else []

    code = main(["estimate", write(kind), *RATIO, *DESIGN, *sheet, "--json"])

    answer = json.loads(capsys.readouterr().out)
    expected = estimate(
        TABLE,
        statistic="ratio",
        variable="错退",
        per="人口",
        weights="权数",
        units="村",
        strata="层",
        populations="村总数",
    )
    assert code == 0
    assert [answer[name] for name in ("estimate", "se", "df", "low", "high", "deff", "n")] == [
        pytest.approx(v)
        for v in (
            expected.value,
            expected.se,
            expected.df,
            expected.low,
            expected.high,
            expected.deff,
            expected.n,
        )
    ]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("lonely", LONELY_RULES)
def test_every_interval_and_rule_has_its_name_on_the_command_line(method, lonely, write, capsys):
    options = ["--interval", method, "--lonely", lonely, "--df", "inf", "--level", "0.9"]

    assert main(["estimate", write("utf-8"), *RATIO, *DESIGN, *options, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert (answer["interval"], answer["df"], answer["level"]) == (method, "inf", 0.9)


def test_conditions_choose_and_leave_out_rows(write, capsys):
    def n(*conditions, table=TABLE):
        where = [part for condition in conditions for part in ("--where", condition)]
        arguments = ["--statistic", "mean", "--variable", "人口", *where, "--json"]
        assert main(["estimate", write("utf-8", table), *arguments]) == 0
        return json.loads(capsys.readouterr().out)["n"]

    holes = TABLE.assign(人口=[3, None, 4, 1, 2, 2, 3, 5])
    assert n("类型=x") == 4
    assert n("类型=x", "层=2") == 2
    assert n("村=a", "村=b") == 4
    assert n("村!=a") == 6
    assert n("人口!=", table=holes) == 7


def test_every_problem_is_named_at_once_with_its_place(write, capsys):
    broken = TABLE.astype(str)
    broken.loc[1, "人口"], broken.loc[4, "人口"], broken.loc[2, "权数"] = "", "n/a", "-1"

    code = main(["estimate", write("xlsx", broken), *RATIO, *DESIGN, "--sheet", "样本"])

    said = capsys.readouterr().err.splitlines()
    assert code == 2
    assert len(said) == 3
    assert "t.xlsx · sheet 样本 · row 3 · column 人口: nothing; expected a number" in said[0]
    assert "row 6 · column 人口: 'n/a'" in said[1]
    assert "row 4 · column 权数: '-1'; expected a number, 0 or more" in said[2]


@pytest.mark.parametrize(
    ("arguments", "sentences"),
    [
        (["--statistic", "mean", "--variable", "人囗", "--units", "乡"], ["人囗", "乡"]),
        (["--statistic", "ratio", "--variable", "错退"], ["denominator is not given"]),
        (["--statistic", "mean", "--variable", "人口", "--where", "层"], ["COLUMN=VALUE"]),
        (["--statistic", "mean", "--variable", "人口", "--where", "层=9"], ["nothing to estimate"]),
    ],
)
def test_a_mistake_is_answered_by_a_sentence_and_exit_code_2(arguments, sentences, write, capsys):
    assert main(["estimate", write("utf-8"), *arguments]) == 2
    said = capsys.readouterr().err
    assert all(sentence in said for sentence in sentences)
    assert "Traceback" not in said


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("y,w\n1,000,2\n3,4\n", "row 2: 3 cells; expected 2"),
        ("y,w\n1,2,3,4\n3,4\n", "row 2: 3 cells; expected 2"),
        ("y,w\n\n\n7,\n", "row 4 · column w: nothing"),
        ('y,w\n1,"2\n3,4\n', "never closed"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_at_its_place(text, sentence, tmp_path, capsys):
    path = tmp_path / "t.csv"
    path.write_text(text, "utf-8")

    assert (
        main(["estimate", str(path), "--statistic", "mean", "--variable", "y", "--weights", "w"])
        == 2
    )
    assert sentence in capsys.readouterr().err


def test_a_missing_file_sheet_or_row_is_said(write, capsys, tmp_path):
    mean = ["--statistic", "mean", "--variable", "人口"]

    assert main(["estimate", str(tmp_path / "none.csv"), *mean]) == 2
    assert main(["estimate", write("xlsx"), *mean, "--sheet", "别处"]) == 2
    assert main(["estimate", write("utf-8", TABLE.iloc[:0]), *mean]) == 2

    said = capsys.readouterr().err
    assert "does not exist" in said
    assert "only the sheets" in said
    assert "no row below the heading" in said


@pytest.mark.parametrize("method", ["logit", "wald"])
def test_limits_that_bound_nothing_come_with_a_warning_and_those_that_do(method, write, capsys):
    """R's logit of a share without events stops near 2.6e-12, and Wald's limits are 0."""
    path = write("utf-8", TABLE.assign(错退=0))
    asked = ["--statistic", "share", "--variable", "错退", "--weights", "权数", *DESIGN, "--json"]

    main(["estimate", path, *asked, "--interval", method])
    said = capsys.readouterr()
    main(["estimate", path, *asked])
    honest = json.loads(capsys.readouterr().out)

    answer = json.loads(said.out)
    assert answer["high"] < 1e-10 < 0.1 < honest["high"]
    assert f"{honest['low']:.4g} to {honest['high']:.4g}" in answer["warning"]
    assert answer["warning"] in said.err
    assert "warning" not in honest
