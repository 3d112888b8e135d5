"""The rooms of the package, what each may import, and who alone may touch files."""

import ast
from pathlib import Path

import pytest

LIB = Path(__file__).resolve().parents[1] / "lib" / "outcomes"

GROUND = {"errors", "paths", "reads", "whole"}
INNER = {*GROUND, "model"}
SHOWING = {"charts", "tables", "narrative"}
MAY_IMPORT = {
    "errors": set(),
    "paths": {"errors"},
    "reads": set(),
    "whole": set(),
    "model": {"errors"},
    "parameters": INNER,
    "store": INNER,
    "statistics": {"model", "errors"},
    "evidence": {"model", "errors"},
    "sources": {*INNER, "parameters", "store", "statistics"},
    "charts": {"model", "errors"},
    "tables": {"model", "errors"},
    "narrative": {"model", "errors"},
    "wording": {"model", "errors"},
    "programme": {"model", "errors"},
    "ballots": {*INNER, "parameters", "statistics"},
    "baseline": {*INNER, "parameters", "store", "statistics", "evidence"},
    "services": {*INNER, "parameters", "statistics", "baseline"},
    "notebook": {*INNER, "parameters", "baseline", "services", *SHOWING},
    "apps": {
        *INNER,
        "parameters",
        "store",
        "baseline",
        "statistics",
        "notebook",
        "ballots",
        "wording",
        *SHOWING,
    },
    "reports": {
        *INNER,
        "parameters",
        "store",
        "baseline",
        "evidence",
        "notebook",
        "ballots",
        "services",
        "programme",
        *SHOWING,
    },
    "batch": {*INNER, "parameters", "store", "kernels"},
    "kernels": {"errors"},
    "serve": {*INNER, "parameters", "store", "batch", "kernels"},
    "cli_runs": {*INNER, "parameters", "store", "batch"},
    "cli_serve": {"serve"},
    "cli_framework": {
        *INNER,
        "parameters",
        "wording",
        "ballots",
        "baseline",
        "tables",
        "narrative",
    },
    "cli_ballots": {*INNER, "parameters", "ballots", "store", "tables", "narrative"},
    "cli_services": {*INNER, "parameters", "services", "tables", "narrative"},
    "cli_reports": {*INNER, "parameters", "reports"},
    "cli_programme": {*INNER, "parameters", "programme", "tables", "reports"},
    "cli": {
        *INNER,
        "parameters",
        "store",
        "sources",
        "narrative",
        "batch",
        "baseline",
        "cli_runs",
        "cli_serve",
        "cli_framework",
        "cli_ballots",
        "cli_services",
        "cli_reports",
        "cli_programme",
    },
}
"""One direction, no way back. A part that is not in the table fails too."""

ONLY_IN = {
    "papermill": {"batch"},
    "nbconvert": {"batch"},
    "matplotlib": {"charts", "notebook"},
    "geopandas": {"sources", "store"},
    "pyarrow": {"sources", "store"},
    "alembic": {"ballots"},
    "click": {
        "cli",
        "cli_runs",
        "cli_serve",
        "cli_framework",
        "cli_ballots",
        "cli_services",
        "cli_reports",
        "cli_programme",
    },
    "docx": {"reports"},
    "pptx": {"reports"},
    "ruamel": {"parameters"},
    "typst": {"reports"},
    "distributed": {"batch"},
    "jupyter_client": {"batch", "kernels", "serve"},
    "jupyter_server": {"serve"},
    "jupyterhub": {"serve"},
    "python_calamine": {"sources"},
    "requests": {"sources"},
    "sqlalchemy": {"ballots", "sources"},
    "tenacity": {"sources"},
    "tornado": {"serve"},
    "voila": {"serve"},
    "yaml": {"parameters"},
    "IPython": {"notebook"},
}
"""Outside packages that belong to some rooms alone."""

FILE_CALLS = {
    "read_csv", "read_excel", "read_parquet", "read_file", "to_csv", "to_parquet", "to_excel",
    "write_text", "write_bytes", "read_text", "read_bytes", "open", "mkdir", "unlink",
}  # fmt: skip
MAY_TOUCH_FILES = {
    "parameters", "sources", "store", "batch", "kernels", "serve", "ballots", "reports", "services",
    "whole",
}  # fmt: skip


def part_of(path: Path) -> str:
    return path.relative_to(LIB).parts[0].removesuffix(".py")


def modules() -> list[Path]:
    return [path for path in sorted(LIB.rglob("*.py")) if path != LIB / "__init__.py"]


def imported(path: Path) -> set[str]:
    """Return the dotted names that a module imports, at the top or inside a function."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide where a name comes from"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(LIB)))
def test_imports_point_down(path):
    part = part_of(path)
    assert part in MAY_IMPORT, f"{part} is a new room: say in this table what it may import"
    used = {name.split(".")[1] for name in imported(path) if name.startswith("outcomes.")}
    assert used - {part} <= MAY_IMPORT[part]


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(LIB)))
def test_outside_packages_stay_in_their_rooms(path):
    used = {name.split(".")[0] for name in imported(path)}
    for package, rooms in ONLY_IN.items():
        assert package not in used or part_of(path) in rooms


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(LIB)))
def test_only_some_rooms_touch_files(path):
    if part_of(path) in MAY_TOUCH_FILES:
        return
    calls = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }
    assert not calls & FILE_CALLS


def test_every_room_in_the_table_exists():
    assert {part_of(path) for path in modules()} == set(MAY_IMPORT)


def test_the_table_has_no_way_back():
    def reached(part: str, on_the_way: tuple[str, ...] = ()) -> None:
        assert part not in on_the_way, " -> ".join([*on_the_way, part])
        for below in MAY_IMPORT[part]:
            reached(below, (*on_the_way, part))

    for part in MAY_IMPORT:
        reached(part)


def test_no_outcome_place_or_indicator_is_named_in_code():
    """Outcomes, places and indicators are values; code that names one is a special case."""
    words = ("Essex", "E10000012", "Colchester", "employment_rate", "best_start", "X10000001")
    for path in modules():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        said = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                named = [word for word in words if word in node.value]
                assert id(node) in said or not named, f"{path}, line {node.lineno}: {named}"
