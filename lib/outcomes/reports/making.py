"""Makes reports: reads what they are made from, writes every format, or leaves nothing behind."""

import json
import shutil
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp

from outcomes import paths
from outcomes.baseline import load_baseline
from outcomes.errors import RunError
from outcomes.model import Page
from outcomes.model.evidence import EVIDENCE
from outcomes.parameters import load_parameters
from outcomes.parameters.partners import partners_for
from outcomes.reports.baseline import baseline_report
from outcomes.reports.choosing import choosing_blocks, crosswalk_blocks
from outcomes.reports.document import Document
from outcomes.reports.material import Material, load_material
from outcomes.reports.printed import write_pdf
from outcomes.reports.slides import write_slides
from outcomes.reports.strategy import strategy
from outcomes.reports.voting import ballot_blocks
from outcomes.reports.web import write_web
from outcomes.reports.word import write_word
from outcomes.services import load_services

WRITERS = {"html": write_web, "docx": write_word, "pdf": write_pdf, "pptx": write_slides}


def make_baseline(page: Page, out: Path | None = None) -> Path:
    """Write the baseline report on a place in every format; return its folder.

    Raises
    ------
    DataError
        If the place's store is empty.
    RunError
        If the folder is there already, or cannot be written.
    """
    material = load_material(_checked(page, EVIDENCE))
    folder, version = _folder(page, out)
    overview = material.evidence.overview
    document = baseline_report(
        material,
        load_services(page, overview),
        ballot_blocks(overview),
        choosing_blocks(page) + crosswalk_blocks(page.framework),
        version=version,
    )
    return _write({"baseline": document}, folder, material, version)


def make_strategies(page: Page, outcomes: list[str], out: Path | None = None) -> Path:
    """Write the commissioning strategy of some outcomes, or of each, in every format.

    Raises
    ------
    ParameterError
        If there is no such outcome.
    DataError, RunError
        As `make_baseline`.
    """
    parameters = load_parameters()
    outcomes = outcomes or [o.id for o in parameters.framework(page.framework).outcomes]
    pages = [_checked(page, outcome) for outcome in outcomes]
    partners = partners_for(parameters, page.framework, page.locality)
    material = load_material(_checked(page, EVIDENCE))
    folder, version = _folder(page, out)
    documents = {
        f"strategy_{page.outcome}": strategy(
            load_baseline(page), material, partners, version=version
        )
        for page in pages
    }
    return _write(documents, folder, material, version)


def _checked(page: Page, outcome: str) -> Page:
    return load_parameters().page(**page.model_dump() | {"outcome": outcome})


def _folder(page: Page, out: Path | None) -> tuple[Path, int]:
    """Return the folder to write, which is not there yet, and the number of the report."""
    folder = paths.outputs_folder() / "reports"
    start = f"{page.framework}_{page.locality}_v"
    ends = (path.name.removeprefix(start) for path in folder.glob(f"{start}*"))
    version = 1 + max((int(end) for end in ends if end.isdecimal()), default=0)
    if out and out.exists():
        raise RunError(
            f"{out}: it is there already, and a report is never written over another; name a new "
            "folder"
        )
    return out or folder / f"{start}{version}", version


def _write(documents: dict[str, Document], folder: Path, material: Material, version: int) -> Path:
    """Write all documents and the manifest into a new folder, at once or not at all."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        partial = Path(mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise RunError(f"{folder}: cannot be written there ({error.strerror})") from None
    try:
        for name, document in documents.items():
            for ending, write in WRITERS.items():
                write(document, partial / f"{name}.{ending}")
        manifest = json.dumps(_manifest(material, partial, version), indent=1, ensure_ascii=False)
        (partial / "manifest.json").write_text(f"{manifest}\n", encoding="utf-8")
        partial.chmod(0o755)
        partial.rename(folder)
    except OSError as error:
        raise RunError(f"{folder}: cannot be written there ({error.strerror})") from None
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return folder


def _manifest(material: Material, folder: Path, version: int) -> dict:
    overview = material.evidence.overview
    under = overview.version
    return {
        "version": version,
        "framework": overview.framework.id,
        "framework_version": under.newest.number if under.newest else None,
        "framework_changed_since": under.changed,
        "locality": overview.page.locality,
        "comparator": overview.page.comparator,
        "as_of": overview.page.as_of,
        "data_version": overview.data_version,
        "stage": material.log.stage,
        "overrides": [change.override for change in material.log.stages if change.override],
        "files": {
            path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())
        },
    }
