"""The two languages of the product: every sentence for people exists in both."""

from dataclasses import dataclass
from typing import ClassVar, Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Words:
    """The same words in Chinese and in English."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    zh: str
    en: str

    def __getitem__(self, language: str) -> str:
        """Return the words in `zh` or `en`."""
        return self.zh if language == "zh" else self.en
