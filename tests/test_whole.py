"""A file is written whole or not at all."""

import pytest

from outcomes.whole import whole


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "figures.csv"
    path.write_text("old", encoding="utf-8")
    return path


def test_the_new_file_stands_at_the_end_and_not_before(file):
    with whole(file) as partial:
        partial.write_text("new", encoding="utf-8")
        assert partial.parent == file.parent
        assert file.read_text(encoding="utf-8") == "old"
    assert file.read_text(encoding="utf-8") == "new"
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("error", [OSError, ValueError, KeyboardInterrupt])
def test_after_an_error_the_old_file_stands_and_nothing_is_left(file, error):
    def write_half() -> None:
        with whole(file) as partial:
            partial.write_text("half", encoding="utf-8")
            raise error

    with pytest.raises(error):
        write_half()
    assert file.read_text(encoding="utf-8") == "old"
    assert list(file.parent.iterdir()) == [file]


def test_an_error_before_anything_is_written_is_told_as_it_is(file):
    with pytest.raises(ZeroDivisionError), whole(file):
        raise ZeroDivisionError


def test_a_name_that_cannot_be_taken_leaves_nothing(tmp_path):
    (tmp_path / "folder" / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="folder"), whole(tmp_path / "folder") as partial:
        partial.write_text("new", encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_what_a_killed_one_left_is_written_over(file):
    (file.parent / ".figures.csv.partial").write_text("left over, and longer", encoding="utf-8")
    with whole(file) as partial:
        partial.write_text("new", encoding="utf-8")
    assert file.read_text(encoding="utf-8") == "new"
    assert list(file.parent.iterdir()) == [file]
