from outcomes.parameters import load_parameters


def test_an_edited_file_is_read_again_without_a_restart(own_home):
    before = load_parameters()
    assert load_parameters() is before
    path = own_home / "parameters" / "comparators.yml"
    path.write_text(
        path.read_text(encoding="utf-8") + "\nours: {kind: list, title: x, areas: [X07000001]}\n",
        encoding="utf-8",
    )
    assert load_parameters().comparators["ours"].areas == ("X07000001",)
