"""Take out of an executed notebook what differs from run to run and says nothing.

Left out are times, paths, random identifiers and versions; what papermill was
given as parameters stays, and which cells failed or never ran. The same inputs
then give the same bytes.
"""

import json
from pathlib import Path

from nbformat import NotebookNode

KEPT = ("parameters", "exception", "failure")


def tidy(notebook: NotebookNode, root: Path) -> NotebookNode:
    """Return the notebook without times, paths and random identifiers; it is changed in place.

    In the text of errors, the project's folder `root` becomes a dot.
    """
    run = notebook.metadata.get("papermill", {})
    notebook.metadata["papermill"] = {name: run[name] for name in KEPT if name in run}
    notebook.metadata.get("language_info", {}).pop("version", None)
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number:02d}"
        status = cell.metadata.get("papermill", {}).get("status")
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        if cell.cell_type == "code" and status in ("pending", "failed"):
            cell.metadata["papermill"] = {"status": status}  # what did not run is told
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output["traceback"] = [line.replace(str(root), ".") for line in output.traceback]
    return notebook


def dump(notebook: NotebookNode) -> bytes:
    """Return the notebook as bytes: sorted keys, so that equal notebooks are equal bytes."""
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def write(path: Path, notebook: NotebookNode) -> None:
    """Write the notebook, making the folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(dump(notebook))
