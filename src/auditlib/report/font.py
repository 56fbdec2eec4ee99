"""The font that pages carry with them."""

import base64
from importlib.resources import files

FILE = "AuditlibSansSC-Regular.woff2"


def font_face() -> str:
    """Return the rule that holds the font itself, so that Chinese shows on every machine."""
    content = (files("auditlib.report") / "fonts" / FILE).read_bytes()
    font = base64.b64encode(content).decode()
    return (
        '@font-face { font-family: "Auditlib Sans SC"; font-display: swap; '
        f'src: url(data:font/woff2;base64,{font}) format("woff2"); }}\n'
    )
