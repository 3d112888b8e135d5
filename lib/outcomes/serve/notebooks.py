"""The app notebooks: which there are, what each is called, and its cells."""

from dataclasses import dataclass
from pathlib import Path

import nbformat

from outcomes import paths


@dataclass(frozen=True)
class App:
    """One app: the name in its address, its title, a line about it, and its file."""

    name: str
    title: str
    about: str
    path: Path

    def cells(self) -> nbformat.NotebookNode:
        """Return the notebook with the cells that are run for a visitor, in order."""
        notebook = nbformat.read(self.path, as_version=4)
        notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        return notebook


def apps() -> dict[str, App]:
    """Return every app by its name, in the order of the names; what cannot be read is left out."""
    found = {}
    for path in sorted((paths.notebooks_folder() / "apps").glob("*.ipynb")):
        try:
            notebook = nbformat.read(path, as_version=4)
        except (OSError, ValueError, nbformat.reader.NotJSONError):
            continue
        said = notebook.metadata.get("outcomes", {})
        title = said.get("title") or path.stem.replace("_", " ").capitalize()
        found[path.stem] = App(path.stem, title, said.get("about", ""), path)
    return found
