"""What could name a person: identity numbers, telephones, bare names; how they are hidden.

Identity numbers are checked as the standard says: a province, a day that exists, and
the check digit MOD 11-2. The county digits are not compared with today's divisions:
numbers keep the code of the place and year in which they were given. Numbers and
telephones are found by their form; a name only where it stands alone, by its surname,
so a name inside a longer text is not found.

Source: GB 11643-1999, Citizen identification number; ISO 7064, MOD 11-2.
"""

import re
import unicodedata
from datetime import date

PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
"""First two digits of division codes that identity numbers were given under (GB/T 2260)."""

MACHINE = re.compile(
    r"[A-Z]-[0-9a-f]{12}|[0-9a-f]{32,}|(uuid:)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
"""Identifiers that a machine made: digits in them are nobody's telephone."""

HIDDEN_NUMBER = "〔号码已隐去〕"
HIDDEN_NAME = "〔姓名已隐去〕"

_CHECK = "10X98765432"

_NUMBERS = re.compile(
    r"(?<![0-9])(?:"
    r"[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?\d{4}[ -]?\d{3}[0-9Xx]"  # any check digit
    r"|[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"  # of 15 digits, until 1999
    r"|(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}"  # mobile telephone
    r"|0[1-9]\d{1,2}[ -]?\d{3,4}[ -]?\d{4}"  # telephone with its area code
    r")(?![0-9])"
)

_SHORTEST = 10
"""Characters of the shortest of these numbers."""

_NARROW = {c: unicodedata.normalize("NFKC", chr(c)) for c in (0x3000, *range(0xFF00, 0xFF5F))}
"""Every full-width character with the half-width one in its place."""

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧肖程曹袁邓许傅沈曾彭吕苏"
    "卢蒋蔡贾丁魏薛叶阎闫余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯"
    "邵孟龙段雷钱汤尹黎易常武乔贺赖龚文朴玄池禹卞"
)
_COMPOUND = "欧阳|司徒|上官|诸葛|司马|皇甫|尉迟|公孙|慕容|夏侯|令狐|宇文|长孙|东方|南宫|独孤"
_NO_NAME = set(
    "村乡镇县市区组屯沟局办委部会院校站所厅省州党政府书记主任长表户人口名单元年月日号册簿页项款额位式度案排融"
    "务业网电路水房屋利全量绩龄序教育卫生厂场店司队班级类型书件报据图片照标准法规定料费账收支数无未不有的了是"
)
_NAME = re.compile(rf"(?:{_COMPOUND})[一-鿿]{{1,2}}|[{_SURNAMES}][一-鿿]{{1,2}}")
_FILE = re.compile(
    r"\.(?:jpe?g|png|heic|gif|bmp|webp|tiff?|mp4|mov|3gp|mp3|m4a|amr|wav|pdf|docx?|xlsx?|zip)$",
    re.I,
)
_RUN_OF_HAN = re.compile("[一-鿿]+")


def identity_fault(text: str) -> str:
    """Return what is wrong with an identity number; empty if nothing is.

    Returns
    -------
    str
        `form`, `province`, `day` or `check`; `old` for a number of 15 digits, which
        has no check digit.
    """
    number = text.strip().upper()
    if re.fullmatch(r"\d{15}", number):
        number, old = f"{number[:6]}19{number[6:]}X", True
    elif re.fullmatch(r"\d{17}[0-9X]", number):
        old = False
    else:
        return "form"
    if number[:2] not in PROVINCES:
        return "province"
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return "day"
    if old:
        return "old"
    return "" if number[-1] == check_digit(number[:17]) else "check"


def check_digit(digits: str) -> str:
    """Return the check digit of the first 17 digits of an identity number, `0`-`9` or `X`.

    Source: ISO 7064, MOD 11-2: the weight of the i-th digit from the right is 2**i mod 11.
    """
    total = sum(int(d) * pow(2, 17 - i, 11) for i, d in enumerate(digits))
    return _CHECK[total % 11]


def has_number(text: str) -> bool:
    """Say whether a text holds what looks like an identity number or a telephone."""
    return len(text) >= _SHORTEST and bool(_NUMBERS.search(_narrow(text)))


def is_name(text: str) -> bool:
    """Say whether a text is nothing but what looks like a person's name in Chinese."""
    bare = text.strip()
    return bool(_NAME.fullmatch(bare)) and not set(bare[1:]) & _NO_NAME


def names_person_in_file(text: str) -> bool:
    """Say whether a text is the name of a photograph, recording or paper that names a person."""
    return bool(_FILE.search(text.strip())) and hide(text) != text


def hide(text: str) -> str:
    """Return a text with numbers, and names that stand alone in it, hidden.

    A name stands alone between blanks, signs, digits or letters.
    """
    if len(text) < _SHORTEST and text.isascii():  # too short for a number, and no name
        return text
    narrow = _narrow(text)
    for found in reversed(list(_NUMBERS.finditer(narrow))):
        text = text[: found.start()] + HIDDEN_NUMBER + text[found.end() :]
    return _RUN_OF_HAN.sub(lambda run: HIDDEN_NAME if is_name(run[0]) else run[0], text)


def _narrow(text: str) -> str:
    """Return the text with digits and letters half-width, letter for letter."""
    return text.translate(_NARROW)
