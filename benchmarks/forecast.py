"""How far the forecast can be trusted: its past beside other methods', its ranges, its chances.

    python benchmarks/forecast.py                      the project's published store
    python benchmarks/forecast.py --store sample       what a clone of the project has
    python benchmarks/forecast.py --quick              at most 60 areas an indicator
    python benchmarks/forecast.py --half B             one half of the areas alone

Every history of ELS, LAIT (10 figures or more) and CPOP (neither imputed nor projected) is cut at
every figure that has four or more before it; every method forecasts the next three periods from
what is left; what came is scored. The error is the absolute one in the history's own mean one-step
change up to the cut. Halves are halves of the areas, by a check sum of the code: what can be
chosen about our method was chosen on A, so B tells. Targets in 2020 or 2021 (by the middle of
their period) are told apart; so are other sources, and other spacings than yearly.
"""

import argparse
import os
import sys
import time
import warnings

from outcomes.errors import OutcomesError

MAIN = ("els", "lait", "cpop")
QUICK = 60
"""Areas of each indicator in a quick run."""


def one_core() -> None:
    """Keep numpy's libraries to one core; they look when they are first imported."""
    for library in ("OPENBLAS", "OMP", "MKL", "NUMEXPR"):
        os.environ[f"{library}_NUM_THREADS"] = "1"


def asked() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--store", default="published")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--half", choices=["A", "B", "both"], default="both")
    return parser.parse_args()


def main() -> int:
    """Print the proof; return 1 if there is nothing to score."""
    options, started = asked(), time.perf_counter()
    from forecasting.histories import fewer, numbered, read
    from forecasting.proof import print_apart, proof
    from outcomes.parameters import load_parameters
    from outcomes.store import open_store

    try:
        rule = load_parameters().store(options.store).disclosure
        rows = read(open_store(options.store, rule).require_filled())
    except OutcomesError as error:
        print(error, file=sys.stderr)
        return 1
    warnings.simplefilter("ignore")
    rows = numbered(fewer(rows, QUICK) if options.quick else rows)
    main_rows = rows["source"].isin(MAIN)
    print(f"# Proof of the forecast (store {options.store})\n")
    proof(rows[main_rows], options.half)
    print_apart(rows[main_rows], options.half, [3, 1])
    print_apart(rows[~main_rows], options.half, [12, 3, 1])
    print(f"Took {time.perf_counter() - started:.0f} s.")
    return 0


if __name__ == "__main__":
    one_core()
    raise SystemExit(main())
