"""Tables, pictures, sentences and documents for people; the only place that writes per cent."""

from auditlib.report.page import Page

__all__ = ["Page"]
