"""Every error that a user can meet, each with its sentence and its repair.

A sentence names the place, what was found, what was expected and what to do.
Errors are for input that cannot be used; a county that breaks a rule of the
plan is a finding, not an error. Every class has an entry in `docs/errors.md`.
"""

from collections.abc import Iterable
from typing import Self

from auditlib.language import Language, Words


class AuditError(Exception):
    """What is asked cannot be done with what was given; the text says what to mend."""

    def says(self, language: Language) -> str:
        """Return the sentence in that language, or in English where it has no other."""
        words = self.args[0] if self.args else ""
        return words[language] if isinstance(words, Words) else str(words)

    def __str__(self) -> str:
        return self.says("en")

    def _render_traceback_(self) -> list[str]:
        """Show the sentence alone in a notebook: where the code stood helps nobody here."""
        return [self.says("zh"), self.says("en")]


class SelectionError(AuditError):
    """The sample cannot be drawn as asked."""

    @classmethod
    def too_few_units(cls, stratum: str, *, wanted: int, listed: int) -> Self:
        """More units are wanted from a stratum than its frame lists."""
        zh = (
            f"层“{stratum}”应抽取{wanted}个单元，但抽样框只列有{listed}个。"
            "请补全抽样框，或减少抽取数。"
        )
        en = (
            f"Stratum {stratum!r} should give {wanted} units, but the frame lists only {listed}. "
            "Complete the frame, or ask for fewer units."
        )
        return cls(Words(zh, en))

    @classmethod
    def out_of_range(cls, name: str, value: object, *, expected: str) -> Self:
        """A number lies outside the range in which it means something."""
        zh = f"{name} 为 {value}，应满足 {expected}。请改正该数。"
        return cls(Words(zh, f"{name} is {value}, but must satisfy {expected}. Correct it."))

    @classmethod
    def unusable_identifier(cls, unit: object, why: Words) -> Self:
        """An identifier cannot be hashed in one spelling only."""
        zh = f"标识码 {unit!r} {why.zh}。请在源表中改正；标识码须为不含逗号、引号的可见文本。"
        en = (
            f"Identifier {unit!r} {why.en}. Correct it in its table: identifiers are visible "
            "text without commas or quotation marks."
        )
        return cls(Words(zh, en))

    @classmethod
    def listed_twice(cls, first: str, second: str) -> Self:
        """Two identifiers have one canonical spelling."""
        zh = f"标识码 {first!r} 与 {second!r} 规范化后相同。每个单元只能列一次，请删去或改正其一。"
        en = (
            f"Identifiers {first!r} and {second!r} are the same unit once written canonically. "
            "List every unit once: delete or correct one of them."
        )
        return cls(Words(zh, en))

    @classmethod
    def same_ticket(cls, start: str, *, seed: str, stage: str) -> Self:
        """Two units of a stream share a ticket; they cannot be read again to be named."""
        zh = (
            f"种子 {seed}、阶段 {stage} 下有两个单元的签号均以 {start} 开头，"
            "说明有单元重复列入。请查找重复的标识码并删去其一。"
        )
        en = (
            f"Two units have a ticket that begins with {start} (seed {seed}, stage {stage}), "
            "so a unit is listed twice. Look for the repeated identifier and delete one."
        )
        return cls(Words(zh, en))

    @classmethod
    def unknown_village(cls, unit: str, village: str) -> Self:
        """A group or household lies in a village that the frame does not list."""
        zh = f"{unit} 所在行政村 {village} 不在村名单中。请补入该村，或改正该单元的行政村代码。"
        en = (
            f"{unit} lies in village {village}, which the frame does not list. "
            "Add the village, or correct the unit's village code."
        )
        return cls(Words(zh, en))

    @classmethod
    def empty_frame(cls) -> Self:
        """The frame lists no village."""
        en = "The frame lists no village. Fill the table of villages."
        return cls(Words("抽样框中没有行政村。请填写村名单。", en))

    @classmethod
    def list_and_direct(cls, source: str) -> Self:
        """The office handed over a list of villages, and households are to be drawn directly."""
        zh = (
            f"{source}提供了村名单，而本轮读法A25为全县直抽（draw: direct），两者不能并用。"
            "请取消表 imported_villages，或改回 draw: two_stage。"
        )
        en = (
            f"{source} handed over a list of villages, but this round draws households directly "
            "from the county (reading A25, draw: direct); one excludes the other. Leave out the "
            "table imported_villages, or go back to draw: two_stage."
        )
        return cls(Words(zh, en))

    @classmethod
    def missing_access(cls, village: str) -> Self:
        """A village cannot be called remote or not, since a figure is missing."""
        zh = f"行政村 {village} 缺少距离、时间或基础设施得分，无法判定是否偏远。请补填。"
        en = (
            f"Village {village} lacks distance, time or infrastructure score, so that it is "
            "neither remote nor other. Fill in the missing figure."
        )
        return cls(Words(zh, en))

    @classmethod
    def not_whole(cls, column: str, found: int) -> Self:
        """A column to be rounded does not add up to a whole number."""
        zh = f"待取整的列“{column}”合计余 {found}，不是整数。请重新生成抽样设计。"
        en = (
            f"Column {column!r} of the table to be rounded leaves {found} over a whole number. "
            "Make the design again."
        )
        return cls(Words(zh, en))

    @classmethod
    def columns_do_not_fit(cls) -> Self:
        """No expected table has these totals, with every township and village reached."""
        zh = "各类型村数无法同时覆盖所有乡镇且使每村都可能入样。请改变各类型村数，或增加总村数。"
        en = (
            "With these villages of every type, some township or village could never be drawn. "
            "Change the types' totals, or draw more villages."
        )
        return cls(Words(zh, en))

    @classmethod
    def design_differs(cls, cell: str, *, wanted: int, listed: int) -> Self:
        """The design counts other villages than the frame."""
        zh = f"设计在“{cell}”列有{wanted}个行政村，抽样框为{listed}个。请用同一抽样框重新生成设计。"
        en = (
            f"The design counts {wanted} villages in {cell!r}, the frame {listed}. "
            "Make the design from this very frame."
        )
        return cls(Words(zh, en))

    @classmethod
    def unreadable_line(cls, file: str, line: int, *, expected: str) -> Self:
        """A line of a published file cannot be read."""
        zh = f"公布的文件 {file} 第{line}行无法读取，应为 {expected}。请使用公布的原文件。"
        en = (
            f"Line {line} of the published {file} cannot be read; expected {expected}. "
            "Use the file as it was published."
        )
        return cls(Words(zh, en))

    @classmethod
    def unreadable_register(cls, expected: str) -> Self:
        """A published register of draws cannot be read."""
        zh = f"公布的抽签登记 register.csv 无法读取，应有各列 {expected}。请使用公布的原文件。"
        en = (
            f"The published register.csv cannot be read; expected columns {expected}. "
            "Use the file as it was published."
        )
        return cls(Words(zh, en))

    @classmethod
    def unreadable_design(cls, missing: str) -> Self:
        """A published design lacks an entry or is not JSON."""
        zh = f"设计文件缺少或无法读取“{missing}”。请使用公布的原文件。"
        en = f"The design file lacks {missing!r} or cannot be read. Use the file as published."
        return cls(Words(zh, en))

    @classmethod
    def too_few_digits(cls, *, found: int, wanted: int) -> Self:
        """The seed could be guessed."""
        zh = f"公开号码与密码合计只有{found}位数字，至少应有{wanted}位。请加长密码。"
        en = (
            f"Public number and nonce together have {found} digits, but need at least {wanted}. "
            "Take a longer nonce."
        )
        return cls(Words(zh, en))

    @classmethod
    def wrong_nonce(cls, number: int, *, published: str, found: str) -> Self:
        """The nonce revealed is not the nonce committed to."""
        zh = (
            f"第{number}次抽签公布的密码摘要为 {published}，所揭示密码的摘要为 {found}。"
            "请揭示抽签前封存的密码。"
        )
        en = (
            f"Draw {number} published the nonce digest {published}, but the nonce revealed has "
            f"{found}. Reveal the nonce that was sealed before the draw."
        )
        return cls(Words(zh, en))

    @classmethod
    def changed_since(cls, number: int, what: Words, changes: Iterable[Words]) -> Self:
        """Frame or design are no longer what the draw was made from."""
        listed = tuple(changes)
        zh = "；".join(change.zh for change in listed) or "（原文件不在，无法逐项列出）"
        en = "; ".join(change.en for change in listed) or "(the old file is not at hand to compare)"
        return cls(
            Words(
                f"第{number}次抽签后{what.zh}有变化：{zh}。请恢复原文件，或登记新的一次抽签并写明原因。",
                f"The {what.en} has changed since draw {number}: {en}. "
                "Restore the file, or enter a new, numbered draw with its reason.",
            )
        )

    @classmethod
    def drawn_already(cls, number: int) -> Self:
        """A sample is to be drawn again without a reason."""
        zh = (
            f"第{number}次抽签已经有效，不得无故重抽。"
            f"如须更正，请登记第{number + 1}次抽签并写明原因。"
        )
        en = (
            f"Draw {number} stands, and is not repeated without a reason. "
            f"For a correction enter draw {number + 1} and write down why."
        )
        return cls(Words(zh, en))

    @classmethod
    def broken_register(cls, number: int, what: Words) -> Self:
        """The register of draws was changed where it may only grow."""
        zh = f"抽签登记第{number}条{what.zh}。登记只能追加，请恢复原记录。"
        en = (
            f"Entry {number} of the register of draws {what.en}. "
            "The register only grows: restore the entry."
        )
        return cls(Words(zh, en))

    @classmethod
    def not_a_probability(cls, village: str, found: object) -> Self:
        """An imported list gives a village a probability outside (0, 1]."""
        zh = f"行政村 {village} 的入样概率为 {found}，应大于0且不超过1。请改正，或全部留空。"
        en = (
            f"Village {village} has the probability {found}, but it must be above 0 and at most 1. "
            "Correct it, or give no probabilities at all."
        )
        return cls(Words(zh, en))

    @classmethod
    def no_column(cls, file: str, name: str, *, columns: Iterable[str]) -> Self:
        """A list to draw from has no column of this name."""
        listed = ", ".join(columns)
        zh = f"{file} 没有“{name}”列，现有各列为：{listed}。请按表头原文填写列名。"
        return cls(
            Words(zh, f"{file} has no column {name!r}; it has: {listed}. Give one of these names.")
        )

    @classmethod
    def nothing_to_redraw(cls, folder: str) -> Self:
        """A folder holds no published draw."""
        zh = (
            f"{folder} 中没有公布的抽签（register.csv、frame.csv、design.json）。"
            "请指明县的结果文件夹。"
        )
        en = (
            f"{folder} holds no published draw (register.csv, frame.csv, design.json). "
            "Name the folder of results of a county."
        )
        return cls(Words(zh, en))

    @classmethod
    def no_sample(cls, folder: str) -> Self:
        """The nonce is revealed, but the sample to compare with is missing."""
        zh = f"{folder} 的密码已公开，但缺少公布的样本 sample.csv，无从比较。请取全公布的文件。"
        en = (
            f"The nonce of {folder} is revealed, but the published sample.csv is missing, so there "
            "is nothing to compare with. Get all published files."
        )
        return cls(Words(zh, en))

    @classmethod
    def still_sealed(cls, folder: str) -> Self:
        """A draw cannot be repeated before its nonce is revealed."""
        zh = (
            f"{folder} 的名单仍在封存，密码尚未公开，现在无法重抽；公布的摘要与文件相符。"
            "请在揭示后再核对。"
        )
        en = (
            f"The sample of {folder} is sealed and its nonce not revealed, so it cannot be drawn "
            "again yet; the published files agree with their digests. Come back after the reveal."
        )
        return cls(Words(zh, en))

    @classmethod
    def no_register(cls, county: str, phase: str) -> Self:
        """No draw of this county and phase is in the register."""
        zh = (
            f"{county} 没有 {phase} 阶段的抽签登记。"
            "请先用 auditlib commit 公布摘要，再当众抽公开号码。"
        )
        en = (
            f"No draw of phase {phase} is registered for {county}. Publish the digests with "
            "`auditlib commit`, then draw the public number before witnesses."
        )
        return cls(Words(zh, en))

    @classmethod
    def not_in_turn(cls, number: int, what: Words) -> Self:
        """A step of commit, number, reveal is taken before or after its turn."""
        zh = f"第{number}次抽签{what.zh}。顺序是：公布摘要、当众抽号、（实地调查后）揭示密码。"
        en = (
            f"Draw {number} {what.en}. The order is: commit, public number, "
            "and after the field work the reveal."
        )
        return cls(Words(zh, en))

    @classmethod
    def not_a_ledger(cls, file: str) -> Self:
        """An append-only register is not kept as a CSV file."""
        zh = f"{file} 不是 CSV 文件，无法逐条追加。请在轮次文件中把该登记表设为 .csv。"
        en = (
            f"{file} is no CSV file, so entries cannot be appended. "
            "Name a .csv file for this register in the round file."
        )
        return cls(Words(zh, en))


class SealError(AuditError):
    """A sealed batch cannot be made or opened as asked."""

    @classmethod
    def unusable_recipient(cls, team: str) -> Self:
        """A team leader's public key is no age key."""
        zh = (
            f"{team} 组长的公钥无法识别，应以 age1 开头。"
            "请组长重新生成（auditlib key），或留空改用口令。"
        )
        en = (
            f"The public key of team {team}'s leader is no age key (it begins with age1). "
            "Have the leader make one with `auditlib key`, or leave it empty and use a passphrase."
        )
        return cls(Words(zh, en))

    @classmethod
    def no_text(cls, file: str) -> Self:
        """A file of a key, a passphrase or a nonce is no text."""
        zh = f"{file} 不是文本文件（UTF-8），无法作为密钥、口令或密码。请指明正确的文件。"
        en = (
            f"{file} is no text in UTF-8, so it holds no key, passphrase or nonce. "
            "Name the right file."
        )
        return cls(Words(zh, en))

    @classmethod
    def no_folder(cls, path: str) -> Self:
        """The folder for lists cannot be made or written to."""
        zh = f"无法在 {path} 建立文件夹（同名文件已存在，或没有权限）。请另选文件夹。"
        en = (
            f"{path} cannot be made a folder (a file of that name stands there, or writing is not "
            "allowed). Choose another."
        )
        return cls(Words(zh, en))

    @classmethod
    def nothing_said(cls, option: str) -> Self:
        """An entry of the release log would be empty, or run over several lines."""
        zh = f"--{option} 为空或含换行；登记须写明对象、经手人和事由，各一行。请补填。"
        en = (
            f"--{option} is empty or has several lines; an entry says to whom, by whom and why, in "
            "a line each. Fill it in."
        )
        return cls(Words(zh, en))

    @classmethod
    def names_person(cls, option: str) -> Self:
        """An entry of the release log would hold a telephone or identity number."""
        zh = f"--{option} 含电话或证件号码；登记只写职务。请改写。"
        en = (
            f"--{option} holds a telephone or identity number; the log names offices only. "
            "Write it anew."
        )
        return cls(Words(zh, en))

    @classmethod
    def not_drawn(cls, number: int, file: str) -> Self:
        """Nothing can be sealed: there is no public number yet, or the nonce is not at hand."""
        zh = f"第{number}次抽签尚未抽出公开号码，或缺少密码文件 {file}，没有可封存的名单。请补齐。"
        en = (
            f"Draw {number} has no public number yet, or its nonce file {file} is missing, so "
            "there is no list to seal. Complete what is missing."
        )
        return cls(Words(zh, en))

    @classmethod
    def unusable_key(cls, file: str) -> Self:
        """A file holds no secret age key."""
        zh = f"{file} 中没有可用的私钥（AGE-SECRET-KEY-…）。请指明 auditlib key 生成的文件。"
        return cls(
            Words(
                zh,
                f"{file} holds no secret key (AGE-SECRET-KEY-…). Name the file that "
                "`auditlib key` made.",
            )
        )

    @classmethod
    def wrong_key(cls, file: str) -> Self:
        """The key or passphrase is not the one the batch was sealed for."""
        zh = f"{file} 不是用这把钥匙或口令封存的，未启封。请使用该批次组长本人的钥匙。"
        en = (
            f"{file} was not sealed for this key or passphrase, and stays closed. "
            "Use the key of the batch's own leader."
        )
        return cls(Words(zh, en))

    @classmethod
    def altered(cls, file: str, *, published: str, found: str) -> Self:
        """A sealed batch is not the one whose digest was published."""
        zh = (
            f"{file} 与公布的密文摘要不符（公布 {published[:12]}…，实际 {found[:12]}…），未启封。"
            "请取回原文件。"
        )
        en = (
            f"{file} is not the file whose digest was published ({published[:12]}…, found "
            f"{found[:12]}…), and stays closed. Fetch the original."
        )
        return cls(Words(zh, en))

    @classmethod
    def too_early(cls, batch: str, *, opens: object, day: object) -> Self:
        """A batch is opened before its day."""
        zh = f"批次 {batch} 定于 {opens} 启封，{day} 不得提前打开。请到日再启封。"
        en = f"Batch {batch} opens on {opens}, not on {day}. Open it on its day."
        return cls(Words(zh, en))

    @classmethod
    def not_yet(cls, day: object) -> Self:
        """A release is dated after today."""
        zh = f"登记日期 {day} 晚于今天。请写实际日期。"
        return cls(Words(zh, f"The release is dated {day}, after today. Give the real day."))

    @classmethod
    def unknown_batch(cls, name: str, *, sheet: str) -> Self:
        """A batch is not on the public sheet."""
        zh = f"公布的批次表 {sheet} 中没有 {name}，未启封。请核对文件名，或取回公布的批次表。"
        en = (
            f"The public sheet {sheet} lists no batch {name}; it stays closed. "
            "Check the file's name, or fetch the published sheet."
        )
        return cls(Words(zh, en))

    @classmethod
    def sealed_already(cls, folder: str) -> Self:
        """Batches of this draw were sealed before."""
        zh = f"{folder} 中已有公布的批次表。封存只做一次；如因重抽须重新封存，请另选文件夹。"
        en = (
            f"{folder} already holds a public sheet of batches. A draw is sealed once; "
            "after a new draw choose another folder."
        )
        return cls(Words(zh, en))

    @classmethod
    def among_results(cls, folder: str) -> Self:
        """A list would be written where everyone reads."""
        zh = f"{folder} 在公布结果的文件夹之内，名单不得写入其中。请另选文件夹。"
        return cls(Words(zh, f"{folder} lies inside the published results. Choose another folder."))

    @classmethod
    def too_few_villages(cls, *, batches: int, villages: int) -> Self:
        """There are more batches than villages."""
        zh = f"有{batches}个批次，却只抽中{villages}个村。请减少批次。"
        return cls(
            Words(zh, f"There are {batches} batches but only {villages} villages. Use fewer.")
        )

    @classmethod
    def key_exists(cls, file: str) -> Self:
        """A new key would overwrite a file."""
        zh = f"{file} 已经存在。请换一个文件名，以免覆盖。"
        return cls(
            Words(zh, f"{file} exists already. Choose another name; nothing is overwritten.")
        )

    @classmethod
    def no_batches(cls, file: str) -> Self:
        """The sheet of batches plans none for this phase."""
        zh = f"{file} 中该阶段没有计划批次。请每个批次填写一行，再封存。"
        en = f"In {file} no batch is planned for this phase. Fill in a row a batch, then seal."
        return cls(Words(zh, en))

    @classmethod
    def no_passphrase(cls, batch: str) -> Self:
        """A batch has neither a key nor a passphrase."""
        zh = f"批次 {batch} 既无公钥也无口令。请填写组长公钥，或用 --passphrases 指明口令文件。"
        en = (
            f"Batch {batch} has neither a public key nor a passphrase. Fill in the leader's key, "
            "or name a file of passphrases with --passphrases."
        )
        return cls(Words(zh, en))


class EstimationError(AuditError):
    """The figure cannot be estimated from this table, design or method."""

    @classmethod
    def no_column(cls, name: str, *, columns: Iterable[object]) -> Self:
        """The table has no column of this name."""
        listed = [str(column) for column in columns]
        zh = f"表中没有“{name}”列，现有各列为：{'、'.join(listed)}。请按表头原文填写列名。"
        en = (
            f"The table has no column {name!r}; its columns are: {', '.join(listed)}. "
            "Give one of these names, as the heading writes it."
        )
        return cls(Words(zh, en))

    @classmethod
    def unknown_word(cls, what: Words, found: object, *, allowed: Iterable[str]) -> Self:
        """A choice is not one of the words on offer."""
        choices = ", ".join(allowed)
        zh = f"{what.zh} {found!r} 无法识别，请从下列各项中选择：{choices}。"
        return cls(Words(zh, f"{what.en} {found!r} is not known. Choose one of: {choices}."))

    @classmethod
    def bad_option(cls, what: Words, found: object, *, expected: Words) -> Self:
        """An option has a value that means nothing here."""
        zh, en = ("没有给出", "not given") if found is None else (f"为 {found!r}", repr(found))
        return cls(
            Words(
                f"{what.zh}{zh}，应{expected.zh}。请改正该选项。",
                f"{what.en} is {en}, but must be {expected.en}. Correct it.",
            )
        )

    @classmethod
    def bad_length(cls, what: Words, *, wanted: int, found: int) -> Self:
        """A column is longer or shorter than the table."""
        zh = f"{what.zh}有{found}个值，而表有{wanted}行。请使每行恰有一个值。"
        en = (
            f"{what.en} has {found} values, but the table has {wanted} rows. "
            "Give one value for every row."
        )
        return cls(Words(zh, en))

    @classmethod
    def bad_cell(cls, what: Words, row: int, found: object, *, expected: Words) -> Self:
        """A cell cannot be used; rows are counted from 1 below the heading."""
        empty = found is None or found != found or found == ""
        zh = f"{what.zh}第{row}行{'为空' if empty else f'为 {found!r}'}，应{expected.zh}。"
        en = (
            f"{what.en}, row {row} {'is empty' if empty else f'is {found!r}'}, "
            f"but must be {expected.en}. "
        )
        zh += "请改正该单元格；若该行不应计入，请用条件将其排除。"
        en += "Correct the cell, or leave such rows out by a condition."
        return cls(Words(zh, en))

    @classmethod
    def bad_condition(cls, found: str) -> Self:
        """A condition has no equals sign."""
        zh = f"条件 {found!r} 无法理解，应写作“列名=值”。请改正。"
        return cls(Words(zh, f"The condition {found!r} must be written COLUMN=VALUE. Correct it."))

    @classmethod
    def varies(cls, what: Words, group: Words, *, low: float, high: float) -> Self:
        """A population or probability should be one number in its group, and is not."""
        zh = f"{what.zh}在{group.zh}内应为同一个数，却从 {low:.10g} 到 {high:.10g}。请改正该列。"
        en = (
            f"{what.en} should be one number in {group.en}, "
            f"but goes from {low:.10g} to {high:.10g}. Correct the column."
        )
        return cls(Words(zh, en))

    @classmethod
    def population_too_small(
        cls, what: Words, group: Words, *, sampled: int, listed: float
    ) -> Self:
        """More units were sampled than the population has."""
        zh = (
            f"{what.zh}称{group.zh}有 {listed:.10g} 个单元，样本中却有{sampled}个。"
            "请改正总体单元数，或核对单元标识码。"
        )
        en = (
            f"{what.en} says {listed:.10g} units in {group.en}, but {sampled} were sampled "
            "there. Correct the population, or the identifiers of the units."
        )
        return cls(Words(zh, en))

    @classmethod
    def both_given(cls, stage: int) -> Self:
        """A stage has populations and probabilities at once."""
        zh = (
            f"第{stage}阶段同时给出了总体单元数和入样概率，只能给一种："
            "简单随机抽样给总体单元数，不等概率抽样给入样概率。"
        )
        en = (
            f"Stage {stage} has both populations and probabilities. Give one of the two: "
            "populations for simple random sampling, probabilities for unequal chances."
        )
        return cls(Words(zh, en))

    @classmethod
    def too_many_stages(cls, what: Words, *, wanted: int, found: int) -> Self:
        """An option names more stages than there are stages of units."""
        zh = (
            f"{what.zh}列出了{found}个阶段，而单元只有{wanted}个阶段。"
            "请列出每个阶段的单元；仅当每行就是一个单元时，最后阶段可以省略。"
        )
        en = (
            f"{what.en} name {found} stages, but the units make {wanted}. Name the units of "
            "every stage; only the last may be left out, where every row is one unit."
        )
        return cls(Words(zh, en))

    @classmethod
    def unit_in_two_strata(cls, unit: object) -> Self:
        """A first-stage unit occurs in two strata."""
        zh = (
            f"第1阶段的单元 {unit!r} 出现在不止一个层中。请改正所属层；"
            "若各层内的单元各自从头编号，请用 nest 选项说明。"
        )
        en = (
            f"Unit {unit!r} of stage 1 occurs in more than one stratum. Correct the stratum, "
            "or, if units are numbered afresh in every stratum, say so with `nest`."
        )
        return cls(Words(zh, en))

    @classmethod
    def no_weights(cls) -> Self:
        """Weights are neither given nor derivable."""
        zh = "无法推算权数：有的阶段有总体单元数或入样概率，有的没有。请给出权数，或补全各阶段。"
        en = (
            "The weights cannot be computed, because some stages have a population or "
            "probability and others have none. Give the weights, or complete the stages."
        )
        return cls(Words(zh, en))

    @classmethod
    def one_unit(cls) -> Self:
        """The whole sample is one first-stage unit."""
        zh = "样本只有一个第1阶段单元，无从判断单元之间的差异。请核对单元列。"
        en = (
            "The sample has only one first-stage unit, so nothing can be said of the "
            "differences between units. Check the column of units."
        )
        return cls(Words(zh, en))

    @classmethod
    def lonely(cls, stratum: Words) -> Self:
        """A stratum has a single sampled unit, under the rule `fail`."""
        zh = (
            f"{stratum.zh}在样本中只有一个单元，无法估计其方差。请与相近的层合并，"
            "或另选孤单元规则：adjust、average、certainty、remove。"
        )
        en = (
            f"The sample has only one unit in {stratum.en}, which has no variance of its own. "
            "Merge the stratum with a like one, or choose a rule for lonely strata: "
            "adjust, average, certainty, remove."
        )
        return cls(Words(zh, en))

    @classmethod
    def nothing_to_average(cls, stage: int) -> Self:
        """The rule `average` finds no stratum with two sampled units."""
        zh = (
            f"第{stage}阶段的各层都只有一个样本单元，没有方差可取平均。"
            "请另选孤单元规则：adjust、certainty、remove。"
        )
        en = (
            f"At stage {stage} every stratum has only one sampled unit, so there is no variance "
            "to take the average of. Choose another rule for lonely strata: adjust, "
            "certainty, remove."
        )
        return cls(Words(zh, en))

    @classmethod
    def empty_domain(cls, domain: object = None) -> Self:
        """No row with a positive weight meets the conditions."""
        zh = "" if domain is None else f"对 {domain!r}，"
        en = "" if domain is None else f" for {domain!r}"
        zh += "没有权数为正的行满足条件，无从估计。请核对条件及相应各列的值。"
        en = (
            f"No row with a positive weight meets the conditions{en}, so there is nothing "
            "to estimate. Check the conditions, and the values of their columns."
        )
        return cls(Words(zh, en))

    @classmethod
    def zero_denominator(cls, domain: object = None) -> Self:
        """The ratio's denominator is zero."""
        zh = "" if domain is None else f"对 {domain!r}，"
        en = "" if domain is None else f" for {domain!r}"
        zh += "分母合计为零，比率没有意义。请核对分母与条件。"
        en = (
            f"The denominator adds up to zero{en}, so the ratio has no value. "
            "Check the denominator and the conditions."
        )
        return cls(Words(zh, en))

    @classmethod
    def not_a_rate(cls, method: str, value: float) -> Self:
        """An interval for rates is asked for something else."""
        zh = (
            f"区间方法 {method!r} 只用于各行都在0与分母之间的比率，"
            f"而该数 {value:.10g} 不是。请改用 wald。"
        )
        en = (
            f"The interval {method!r} is for rates, where every row lies between 0 and its "
            f"denominator; {value:.10g} is none. Use the interval 'wald'."
        )
        return cls(Words(zh, en))

    @classmethod
    def not_combinable(cls, reason: Words) -> Self:
        """Estimates cannot be put together as asked."""
        zh = f"这些估计值不能合并：{reason.zh}。请逐一给出来自相互独立样本的估计值。"
        en = (
            f"The estimates cannot be combined: {reason.en}. Give estimates from independent "
            "samples, each by itself."
        )
        return cls(Words(zh, en))


class FieldError(AuditError):
    """Questionnaires cannot be written, or exports cannot be taken in, as asked."""

    @classmethod
    def version_taken(cls, file: str, version: str, *, following: int) -> Self:
        """A questionnaire of this version exists with other questions."""
        zh = (
            f"{file} 已有版本 {version}，但内容不同：规则或清单在此后改过。"
            f"请用 --revision {following} 另出一版，以便区分两版的答案。"
        )
        en = (
            f"{file} exists as version {version} with other questions: a rule changed since. "
            f"Give --revision {following}, so that answers to the two can be told apart."
        )
        return cls(Words(zh, en))

    @classmethod
    def lists_in_public(cls, folder: str) -> Self:
        """Lists of sealed units would be written among the published results."""
        zh = (
            f"--out {folder} 在公开结果的文件夹内，封存的名单不得写入其中。"
            "请用 --out 另选一个不公开的文件夹。"
        )
        en = (
            f"--out {folder} lies in the folder of published results, where no sealed list may "
            "stand. Name a folder that is not published with --out."
        )
        return cls(Words(zh, en))

    @classmethod
    def revision_out_of_range(cls, found: int) -> Self:
        """The revision of the questionnaires has more than two digits."""
        zh = f"--revision 为 {found}，应为1至99的整数。请改正。"
        en = f"--revision is {found}; expected a whole number from 1 to 99. Correct it."
        return cls(Words(zh, en))
