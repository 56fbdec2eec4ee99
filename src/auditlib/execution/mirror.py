"""A project behind a URL, mirrored file by file into a folder here.

Any file system that fsspec knows will do: `file`, `s3`, `gcs`, `abfs`, `sftp`, …
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import fsspec

from auditlib.files.writing import digest
from auditlib.pipeline.store import DONE


def is_url(place: str) -> bool:
    """Say whether a place is a URL and not a folder here."""
    return "://" in place


class Mirror:
    """What of a project was fetched, and what of its results was sent back.

    Parameters
    ----------
    project, results
        URLs, or folders here.
    root
        Folder in which to work.
    folder
        Name of the folder of results below it.
    """

    def __init__(self, project: str, results: str, root: Path, folder: str) -> None:
        self.root = root
        self.folder = folder
        self._project, self._project_path = fsspec.url_to_fs(project)
        self._results, self._results_path = fsspec.url_to_fs(results)
        self._known: dict[str, str] = {}  # digest of what lies there

    def fetch(self, *names: str) -> None:
        """Fetch files and folders of the project; those that are missing stay missing."""
        for name in names:
            for path in _files(self._project, f"{self._project_path}/{name}"):
                inside = path.removeprefix(f"{self._project_path}/")
                self._get(self._project, path, self.root / inside)

    def fetch_beside(self, folder: str, ending: str) -> None:
        """Fetch the files of a folder of the project with an ending, not those further down."""
        top = f"{self._project_path}/{folder}"
        if self._project.isdir(top):
            names = self._project.ls(top, detail=False)
            self.fetch(*(f"{folder}/{Path(n).name}" for n in names if str(n).endswith(ending)))

    def fetch_results(self, *names: str, only: Callable[[str], bool] = lambda name: True) -> None:
        """Fetch results; of files that `only` refuses, note with an empty file that they exist."""
        for name in names:
            top = f"{self._results_path}/{name}"
            for path in _files(self._results, top):
                inside = path.removeprefix(f"{self._results_path}/")
                here = self.root / self.folder / inside
                if only(path.removeprefix(f"{top}/")):
                    self._get(self._results, path, here)
                    self._known[inside] = digest(here)
                else:
                    here.parent.mkdir(parents=True, exist_ok=True)
                    here.touch()

    def publish(self, *names: str) -> None:
        """Send back files and folders; what is no longer here is removed there.

        Only what differs is sent. Within a folder the note that it is done goes last, so
        that one who comes in between finds it undone.
        """
        for name in names:
            here = self.root / self.folder / name
            found = sorted(here.rglob("*")) if here.is_dir() else [here]
            files = [path for path in found if path.is_file()]
            inside = {str(path.relative_to(self.root / self.folder)) for path in files}
            for there in list(_files(self._results, f"{self._results_path}/{name}")):
                if there.removeprefix(f"{self._results_path}/") not in inside:
                    self._results.rm(there)
            for path in sorted(files, key=lambda path: path.name == DONE):
                self._put(path)

    def _get(self, system: fsspec.AbstractFileSystem, path: str, here: Path) -> None:
        here.parent.mkdir(parents=True, exist_ok=True)
        system.get_file(path, str(here))

    def _put(self, here: Path) -> None:
        inside = str(here.relative_to(self.root / self.folder))
        found = digest(here)
        if self._known.get(inside) == found:
            return
        there = f"{self._results_path}/{inside}"
        self._results.makedirs(there.rpartition("/")[0], exist_ok=True)
        self._results.put_file(str(here), there)
        self._known[inside] = found


def _files(system: fsspec.AbstractFileSystem, path: str) -> Iterator[str]:
    """Yield a file, or all files below a folder, in order; nothing if there is none."""
    if system.isfile(path):
        yield path
    elif system.exists(path):
        yield from sorted(str(file) for file in system.find(path))
