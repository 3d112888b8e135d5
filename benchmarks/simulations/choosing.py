"""Ballots of known voters: what intervals of agreement and flags of identical ballots achieve.

Run: python benchmarks/simulations/choosing.py

How often an interval of kappa holds the true one, and how often a set of identical whole ballots is
flagged: among honest voters, and where some ballots of a team are made identical.
"""

import numpy as np
import pandas as pd

from outcomes.statistics.choosing.agreement import agreement
from outcomes.statistics.choosing.identical import identical_ballots


def cast(rng, weights: np.ndarray, n: int, k: int = 4) -> np.ndarray:
    """Return n ballots, 1 chosen: k of the statements, one after another by their weights."""
    order = np.log(weights) + rng.gumbel(size=(n, len(weights)))
    return (order.argsort(axis=1).argsort(axis=1) >= len(weights) - k).astype(float)


def frame(ballots: list[np.ndarray]) -> pd.DataFrame:
    """Return the ballots of one team, an array an outcome, as a ballot's result is made from."""
    index = pd.MultiIndex.from_tuples(
        [(f"o{j}", f"s{i}") for j, part in enumerate(ballots) for i in range(part.shape[1])],
        names=["outcome", "statement"],
    )
    voters = [("team", voter) for voter in range(len(ballots[0]))]
    columns = pd.MultiIndex.from_tuples(voters, names=["group", "voter"])
    return pd.DataFrame(np.hstack(ballots).T, index=index, columns=columns)


def intervals(repeats: int) -> None:
    """Print how often an interval holds the true agreement, and agreement is told from lots."""
    rng = np.random.default_rng(1)
    print("kappa, voters; 95% intervals that hold it, not given; lots called agreement at 5%")
    for steep in (1.0, 1.3, 2.0, 4.0, 8.0):
        weights, m, k = steep ** np.arange(8), 8, 4
        popular = cast(rng, weights, 200_000).mean(axis=0)
        truth = ((popular**2).sum() - k * k / m) / (k - k * k / m)
        for n in (5, 10, 40):
            held = sure = given = 0
            for _ in range(repeats):
                row = agreement("o0", frame([cast(rng, weights, n)])).iloc[0]
                given += row["lower"] == row["lower"]
                held += row["lower"] <= truth <= row["upper"]
                sure += row["p"] < 0.05
            said = (held / given, 1 - given / repeats, sure / repeats)
            print(f"{truth:.2f} {n:3d}", *(f"{share:.3f}" for share in said), flush=True)


def sets(repeats: int) -> None:
    """Print how often a set is flagged, among honest voters and where some are made identical."""
    rng = np.random.default_rng(2)
    print("groups in which a set is flagged: voters, outcomes, preferences, planted, share")
    for n in (12, 60):
        for outcomes in (1, 3, 9):
            for kind in ("shared", "two camps"):
                for planted in (0, 3):
                    found = sum(_flagged(rng, n, outcomes, kind, planted) for _ in range(repeats))
                    print(
                        f"{n:3d} {outcomes} {kind:9s} {planted} {found / repeats:.3f}", flush=True
                    )


def _flagged(rng, n: int, outcomes: int, kind: str, planted: int) -> bool:
    steep = 2.0
    camp = np.arange(n) % 2 if kind == "two camps" else np.zeros(n, int)
    ballots = []
    for _ in range(outcomes):
        part = np.zeros((n, 8))
        for side in (0, 1):
            weights = rng.permutation(steep ** np.arange(8))
            part[camp == side] = cast(rng, weights, int((camp == side).sum()))
        part[:planted] = part[0] if planted else part[:0]
        ballots.append(part)
    found = identical_ballots(frame(ballots))
    return bool(found["flagged"].any())


if __name__ == "__main__":
    intervals(2000)
    sets(100)
