"""The attacker of benchmarks/attack.py finds nothing in protected tables, and much without."""

import importlib.util
import sys

import numpy as np
import pandas as pd
import pytest

from outcomes.model import DisclosureRule
from outcomes.store.disclosure import protect


@pytest.fixture(scope="module")
def attacker(project):
    path = project / "benchmarks" / "attack.py"
    spec = importlib.util.spec_from_file_location("attack", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["attack"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules["attack"]


def protected_by(rule: DisclosureRule):
    return lambda world: protect(world.table, world.areas, rule, changes=world.changes)


def test_nothing_is_found_in_200_protected_tables(attacker):
    tally = attacker.attack_many(protected_by(DisclosureRule()), 200, 1, 5, 40)
    assert tally.withheld > 1000
    assert tally.pinned == 0


@pytest.mark.parametrize("threshold", [3, 10])
def test_nothing_is_found_under_other_thresholds(attacker, threshold):
    rule = DisclosureRule(threshold=threshold)
    tally = attacker.attack_many(protected_by(rule), 10, 2, threshold, 40)
    assert tally.withheld > 0
    assert tally.pinned == 0


def test_much_is_found_if_only_small_numbers_are_withheld(attacker):
    tally = attacker.attack_many(lambda world: attacker.primary_only(world.table, 5), 15, 1, 5, 40)
    assert tally.pinned > 0.5 * tally.withheld > 0


def test_the_attacker_finds_what_is_left_by_hand(attacker):
    """A region of two counties: 3 = 11 - 8, and nothing once both counties are withheld."""
    people = np.array([3, 8]).reshape(2, 1, 1, 1)
    sums = [[1, 1], [1, 0], [0, 1]]
    rows = [{"code": c, "first": 0, "last": 0, "kind": "", "group": ""} for c in ("R", "A", "B")]
    rows = [row | {"sum": None, "unseen": False} for row in rows]
    matrix = attacker.csr_array(np.array(sums, dtype=float))
    table = attacker.make_table(rows, matrix, people, people + 100, with_bases=True)
    nothing = attacker.csr_array((1, 2))
    world = attacker.World(people, people + 100, table, None, None, matrix, nothing)
    one = attacker.primary_only(table, 5)
    assert attacker.attack(world, one, 5).tolist() == [False, True, False]
    both = one.copy()
    both.loc[2, ["value", "numerator", "denominator"]] = np.nan
    both.loc[2, "status"] = "withheld_small_number"
    assert not attacker.attack(world, both, 5).any()
    assert attacker.attack(world, both, 10).tolist() == [False, True, True]


class TestVintages:
    """A second release, in which some counts are revised, read beside the first."""

    def releases(self, attacker, number: int):
        """Return two worlds: the same areas and groups, a fifth of the people's cells revised."""
        rng = np.random.default_rng([3, number])
        first = attacker.make_world(rng, 60)
        revised = rng.random(first.counts.shape) < 0.2
        counts = np.where(revised, rng.poisson(4, first.counts.shape), first.counts)
        second = attacker.World(**vars(first) | {"counts": counts, "bases": first.bases + 20})
        second.table = first.table.assign(numerator=first.sums @ counts.ravel())
        if first.table["denominator"].notna().any():
            second.table["denominator"] = second.sums @ second.bases.ravel()
        return first, second

    def both(self, first, old, second, new) -> pd.DataFrame:
        """Return the newer release with what the older one tells: counts that are the same."""
        read = new.copy()
        told = old["numerator"].notna() & (old["numerator"] == second.table["numerator"])
        read.loc[told, ["numerator", "status"]] = old.loc[told, ["numerator", "status"]]
        return read

    def found(self, attacker, *, remember: bool) -> int:
        found = 0
        for number in range(12):
            first, second = self.releases(attacker, number)
            rule, options = DisclosureRule(), {"changes": first.changes}
            old = protect(first.table, first.areas, rule, **options)
            before = old if remember else None
            new = protect(second.table, first.areas, rule, before=before, **options)
            pinned = attacker.attack(second, self.both(first, old, second, new), 5)
            if pinned.any():
                bare = self.both(first, old, second, attacker.only_zeros(second.table))
                pinned &= ~attacker.attack(second, bare, 5)
            found += int(pinned.sum())
        return found

    def test_two_releases_together_tell_no_more(self, attacker):
        assert self.found(attacker, remember=True) == 0

    def test_without_the_first_in_mind_they_do(self, attacker):
        assert self.found(attacker, remember=False) > 0
