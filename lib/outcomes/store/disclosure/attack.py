"""The attack that decides: may a withheld number lie anywhere in a wide range.

It looks for two tables that agree with everything shown and differ by the threshold in that cell.
"""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from outcomes.store.disclosure.relations import Relations

REACH = 4
"""A table counts if no cell in it is further than this many thresholds from the truth."""
ROUNDS, WORTH_IT = 100, 2
"""Many cells are tried at once, as long as that settles more than trying them one by one."""
ENOUGH = 0.1
"""Once this share is found exposed it is covered first: the search is quicker with more hidden."""
SECONDS = 20.0
"""For one search; one that does not end counts as not found, so more is withheld."""


def exposed(
    relations: Relations, unknown: np.ndarray, floor: np.ndarray, safe: np.ndarray, width: float
) -> np.ndarray:
    """Return the unknown cells, of those not yet safe, that an attacker can pin within a width.

    Parameters
    ----------
    relations : Relations
        Of m cells.
    unknown : numpy.ndarray of bool, shape (m,)
        What the attacker does not know.
    floor : numpy.ndarray of float, shape (m,)
        The least that an attacker knows a cell to be.
    safe : numpy.ndarray of bool, shape (m,)
        Cells that need no proof. Those for which it is found here are set.
    width : float

    Returns
    -------
    numpy.ndarray of int
        Numbers of the cells. The proof is by whole numbers wherever the amounts are.
    """
    search = _Search(relations, unknown, floor, width)
    pending = np.flatnonzero(unknown & ~safe)
    rng = np.random.default_rng(0)  # the same figures are always withheld alike
    for _ in range(ROUNDS):
        before, ways = len(pending), rng.uniform(-1.0, 1.0, len(pending))
        search.look(pending, ways)
        search.look(pending, -ways)
        pending = search.unproven(pending)
        if before - len(pending) < WORTH_IT:
            break
    failed = []
    enough = 3 + ENOUGH * len(pending)
    while len(pending) and sum(map(len, failed)) < enough:
        _, first = np.unique(search.block[pending], return_index=True)
        for way in (1.0, -1.0):
            search.look(pending[first], np.full(len(first), way))
        failed.append(search.unproven(pending[first]))
        pending = search.unproven(np.delete(pending, first))
    failed = np.concatenate(failed) if failed else np.empty(0, dtype=int)
    safe[search.proven() & unknown] = True
    return failed


class _Search:
    """Tables that agree with all that is shown, and how far apart they lie in each cell."""

    def __init__(self, relations: Relations, unknown: np.ndarray, floor, width: float):
        self.relations, self.unknown, self.width = relations, unknown, width
        amount = relations.amount
        unseen = floor == 0
        self.least = np.where(unseen, 0.0, np.maximum(floor, amount - REACH * width))
        self.most = np.where(unseen, np.inf, amount + REACH * width)
        self.whole = (amount == np.round(amount)) & ~unseen
        self.low, self.high = amount.copy(), amount.copy()
        self.block = self._blocks()

    def _blocks(self) -> np.ndarray:
        """Return a number for each cell; only those with the same one bear on one another."""
        matrix = self.relations.matrix[:, np.flatnonzero(self.unknown)]
        joint = csr_array(abs(matrix).T @ abs(matrix))
        block = np.full(len(self.unknown), -1)
        block[self.unknown] = connected_components(joint, directed=False)[1]
        return block

    def proven(self) -> np.ndarray:
        """Return which cells two of the tables differ enough in; shape (m,)."""
        return self.high - self.low >= self.width - 1e-6

    def unproven(self, cells: np.ndarray) -> np.ndarray:
        """Return those of some cells that are not proven."""
        return cells[~self.proven()[cells]]

    def look(self, cells: np.ndarray, ways: np.ndarray) -> None:
        """Find a table that is as high (+1) or low (-1) as may be in some cells, and note it."""
        if not len(cells):
            return
        free = np.flatnonzero(np.isin(self.block, self.block[cells]) & self.unknown)
        matrix = self.relations.matrix[:, free]
        rows = np.diff(matrix.indptr) > 0
        matrix, amount = matrix[rows], self.relations.amount[free]
        aim = np.zeros(len(self.unknown))
        aim[cells] = -ways
        most = matrix @ amount + self.relations.gap[rows]
        least = np.where(self.relations.exact[rows], most, -np.inf)
        for presolve in (True, False):  # HiGHS 1.12 calls a few problems infeasible with it
            found = milp(
                aim[free],
                integrality=self.whole[free],
                bounds=Bounds(self.least[free], self.most[free]),
                constraints=LinearConstraint(matrix, least, most) if rows.any() else None,
                options={"time_limit": SECONDS, "presolve": presolve},
            ).x
            if found is not None:
                self._note(free, found, matrix, least, most)
                return

    def _note(self, free: np.ndarray, found: np.ndarray, matrix, least, most) -> None:
        """Widen the ranges by a table, if it does agree with all that is shown."""
        found = np.where(self.whole[free], np.round(found), found)
        sums = matrix @ found
        agrees = (sums <= most + 1e-6).all() and (sums >= least - 1e-6).all()
        if agrees and (found >= self.least[free] - 1e-6).all():
            self.low[free] = np.minimum(self.low[free], found)
            self.high[free] = np.maximum(self.high[free], found)
