"""Chooses what else to withhold, until no number that is withheld can be worked out."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import block_diag, coo_array, hstack, vstack

from outcomes.store.disclosure.attack import exposed
from outcomes.store.disclosure.relations import Relations


@dataclass
class Cover:
    """The cells of some tables: which are hidden, known from earlier, and may be hidden.

    Arrays have shape (m,) for m cells. `pair` is the other cell of the same row, or -1; `counted`
    says that a cell is a count and not a base. `goal` are cells that must not be pinned once they
    are hidden. `floor` is the least that an attacker knows a hidden cell to be.
    """

    relations: Relations
    hidden: np.ndarray
    known: np.ndarray
    free: np.ndarray
    goal: np.ndarray
    pair: np.ndarray
    counted: np.ndarray
    floor: np.ndarray
    threshold: int

    def __post_init__(self) -> None:
        entries = coo_array(self.relations.matrix)
        self.rows, self.cells = entries.coords
        self.signs = entries.data
        wholes = self.relations.exact[self.rows] & (self.signs < 0)
        self.wholes = self._per_cell(wholes)
        self.safe = ~self.goal
        self.hide(np.flatnonzero(self.hidden))

    def complete(self) -> np.ndarray:
        """Return which cells are hidden when nothing is left to be worked out.

        Where all that could cover a cell is known from earlier, the cell stays as it is.
        """
        while True:
            picked = self._for_weak_sums()
            if not len(picked):
                failed = exposed(
                    self.relations, self.unknown, self.floor, self.safe, self.threshold
                )
                if not len(failed):
                    return self.hidden
                picked = self._for_exposed(failed)
            self.hide(picked)

    def hide(self, cells: np.ndarray) -> None:
        """Hide cells: a count with its base, and a base with its count unless that is zero."""
        self.hidden[cells] = True
        other = self.pair[cells]
        other = other[(other >= 0) & ((self.relations.amount[other] > 0) | ~self.counted[other])]
        self.hidden[other] = True

    @property
    def unknown(self) -> np.ndarray:
        """Cells that an attacker has to work out."""
        return self.hidden & ~self.known

    @property
    def candidates(self) -> np.ndarray:
        """Cells that may be hidden besides."""
        return self.free & ~self.hidden & ~self.known

    def _per_row(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self.rows, values, minlength=self.relations.matrix.shape[0])

    def _per_cell(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self.cells, values, minlength=len(self.hidden))

    def _for_weak_sums(self) -> np.ndarray:
        """Return cells to hide because one sum alone pins what is hidden in it."""
        unknown = self.unknown[self.cells]
        spare = (self.relations.amount - self.floor)[self.cells] * unknown
        count, room = self._per_row(unknown), self._per_row(spare)
        one_sided = np.abs(self._per_row(self.signs * unknown)) == count
        at_stake = self._per_row(unknown & self.goal[self.cells]) > 0
        weak = self.relations.exact & at_stake & one_sided
        weak &= (count == 1) | (room < self.threshold)
        pick = weak[self.rows] & self.candidates[self.cells]
        pairs = pd.DataFrame({"owner": self.rows[pick], "cell": self.cells[pick]})
        pairs["room"] = room[pairs["owner"]]
        return self._best(pairs, weak)

    def _for_exposed(self, failed: np.ndarray) -> np.ndarray:
        """Return cells to hide because all sums together pin some; a hopeless one is settled."""
        picked = [np.empty(0, dtype=int)]
        for cell in failed:
            found = self._cheapest(cell)
            if found is None:
                self.safe[cell] = True
            else:
                self.hide(found)
                picked.append(found)
        picked = np.concatenate(picked)
        left = failed[~self.safe[failed]]
        if len(picked) or not len(left):
            return picked
        # Fractions of people would hide these cells, and whole people do not.
        near = np.flatnonzero(self._near(left[0], len(self.hidden)) & self.candidates)
        self.safe[left[0]] = not len(near)
        pairs = pd.DataFrame({"owner": left[0], "cell": near, "room": 0.0})
        return self._best(pairs, np.zeros(len(self.relations.exact)))

    def _cheapest(self, cell: int) -> np.ndarray | None:
        """Return the cells whose hiding lets a cell move, at the least loss; None if none do.

        Two tables are sought that agree with what stays shown and differ by the threshold in the
        cell; what is not hidden yet and has to differ in them is what to hide.
        """
        for steps in (2, 4, len(self.hidden)):
            movable = np.flatnonzero(self._near(cell, steps) & (self.unknown | self.candidates))
            found = self._moves(movable, cell)
            if found is not None:
                return movable[found & self.candidates[movable]]
        return None

    def _near(self, cell: int, steps: int) -> np.ndarray:
        """Return which cells are reached from one by so many relations."""
        near = np.zeros(len(self.hidden), dtype=bool)
        near[cell] = True
        for _ in range(steps):
            rows = self._per_row((near & (self.unknown | self.candidates))[self.cells]) > 0
            wider = self._per_cell(rows[self.rows]) > 0
            if (wider == near).all():
                break
            near = wider
        return near

    def _moves(self, cells: np.ndarray, target: int) -> np.ndarray | None:
        """Return which cells move in the cheapest pair of tables that differ enough in one."""
        matrix = self.relations.matrix[:, cells]
        rows = np.diff(matrix.indptr) > 0
        matrix, exact, gap = matrix[rows], self.relations.exact[rows], self.relations.gap[rows]
        amount = self.relations.amount[cells]
        loss = np.where(self.hidden[cells], 1e-3, np.log1p(amount) * (1 + 2 * self.wholes[cells]))
        apart = np.where(cells == target, 1.0, 0.0)
        signed = hstack([matrix, -matrix], format="csr")
        at_most = block_diag([signed[~exact]] * 2)
        down = amount - self.floor[cells]
        limits = np.concatenate([np.full(len(cells), np.inf), down] * 2)
        solved = linprog(
            np.tile(loss, 4),
            A_eq=block_diag([signed[exact]] * 2),
            b_eq=np.zeros(2 * exact.sum()),
            A_ub=vstack([at_most, np.r_[-apart, apart, apart, -apart][None]]),
            b_ub=np.r_[gap[~exact], gap[~exact], -float(self.threshold)],
            bounds=np.column_stack([np.zeros(4 * len(cells)), limits]),
            method="highs",
        )
        if solved.x is None:
            return None
        return solved.x.reshape(4, -1).max(axis=0) > 1e-6

    def _best(self, pairs: pd.DataFrame, active: np.ndarray) -> np.ndarray:
        """Return for each owner the cell whose loss is least.

        Parts before wholes; then what serves most sums; then what is large enough, the smallest.
        """
        amount = self.relations.amount[pairs["cell"]]
        serves = self._per_cell(active[self.rows].astype(float))
        small = amount - self.floor[pairs["cell"]] + pairs["room"] < self.threshold
        order = pairs.assign(
            whole=self.wholes[pairs["cell"]],
            serves=-serves[pairs["cell"]],
            small=small,
            amount=amount,
        ).sort_values(["owner", "whole", "serves", "small", "amount", "cell"])
        return order.drop_duplicates("owner")["cell"].unique()
