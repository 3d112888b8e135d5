"""The published run that is shown beside the live pages: its folder, and its page for a choice."""

import os
from pathlib import Path

from outcomes import paths
from outcomes.batch.manifest import MANIFEST, read_manifest

CHOICES = ("framework", "outcome", "locality", "comparator", "as_of")


class Published:
    """The run to show: that of a run file, or else the newest of outputs/.

    Parameters
    ----------
    run_file : Path, optional
        Its run is shown, once it has been made.
    """

    def __init__(self, run_file: Path | None = None):
        self._run_file = run_file
        self._known: dict[Path, tuple[int, dict | None]] = {}

    def latest(self) -> tuple[Path, dict] | None:
        """Return the folder and the manifest of the run, or None if there is none yet."""
        outputs = paths.outputs_folder()
        if self._run_file:
            folders = [outputs / self._run_file.stem]
        else:
            folders = [manifest.parent for manifest in outputs.glob(f"*/{MANIFEST}")]
        runs = [(folder, self._manifest(folder)) for folder in folders]
        made = [(folder, manifest) for folder, manifest in runs if manifest]
        return max(made, key=lambda run: run[1]["made"], default=None)

    def find(self, choices: dict[str, str]) -> str | None:
        """Return the address of the page of these choices below the run's folder, or None."""
        run = self.latest()
        asked = {name: choices.get(name, "") for name in CHOICES}
        for page in run[1]["pages"] if run else ():
            if not page["error"] and page["page"] == asked:
                return f"{run[0].name}/{page['name']}.html"
        return None

    def file(self, address: str) -> Path | None:
        """Return the file of an address below the run's folder, or None if it is none of its pages.

        Only what the manifest lists is served: no notebook, no manifest, no folder, nothing that a
        link leads out to.
        """
        run = self.latest()
        if run is None:
            return None
        folder, manifest = run
        pages = {f"{page['name']}.html" for page in manifest["pages"] if not page["error"]}
        name = address.removeprefix(f"{folder.name}/")
        if name == address or name not in {"index.html", *pages}:
            return None
        path = Path(os.path.realpath(folder / name))
        inside = path.is_relative_to(os.path.realpath(folder))
        return path if inside and path.is_file() else None

    def _manifest(self, folder: Path) -> dict | None:
        """Return a folder's manifest, read again only when it has changed."""
        try:
            changed = (folder / MANIFEST).stat().st_mtime_ns
        except OSError:
            return None
        if self._known.get(folder, (None,))[0] != changed:
            self._known[folder] = (changed, read_manifest(folder))
        return self._known[folder][1]
