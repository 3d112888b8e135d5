"""A survey of residents of the invented county: one row a respondent, three waves, 12 questions.

Addresses are drawn in clusters, as many in each district, so weights bring districts and ages back
to their size; young people answer less. Planted: answers of one cluster are alike; the share who
call the council good value falls by more than chance from the second wave to the third.
"""

import numpy as np

from generator.own import OURS
from generator.places import AREAS, DISTRICTS, WEIGHTS, random_numbers

WAVES = ("2022/23", "2023/24", "2024/25")
HEADINGS = ("respondent", "wave", "district", "cluster", "weight", "age_band", "sex",
            *(f"q{n}" for n in range(1, 13)))  # fmt: skip
AGES = {"16 to 34": (0.29, 0.55), "35 to 54": (0.33, 0.95), "55 to 74": (0.27, 1.35),
        "75 and over": (0.11, 1.15)}  # fmt: skip
"""Share of adults, and how readily they answer."""
CLUSTERS, EACH = 8, 12
"""Clusters in each district, and answers in each."""
AGREE = (0.44, 0.42, 0.51, 0.58, 0.47, 0.46, 0.53, 0.38, 0.34, 0.63, 0.29, 0.52)
CODES = ("1", "2", "3", "4", "9")
"""Strongly agree, tend to agree, tend to disagree, strongly disagree, don't know."""


def respondents() -> list[list]:
    """Return a row a respondent, all waves one after another."""
    numbers = random_numbers("survey/residents")
    ages = list(AGES)
    people, ready = (np.array(part) for part in zip(*AGES.values(), strict=True))
    answering = people * ready / (people * ready).sum()
    rows = []
    for wave, label in enumerate(WAVES):
        for code in OURS[1:]:
            size = float(WEIGHTS[DISTRICTS.index(code)]) / (CLUSTERS * EACH) / 1000
            local = numbers.normal(0, 0.15, 12)
            for cluster in range(1, CLUSTERS + 1):
                near = local + numbers.normal(0, 0.3, 12)
                for _ in range(EACH):
                    band = int(numbers.choice(len(ages), p=answering))
                    weight = size * people[band] / answering[band]
                    rows.append([
                        f"R{len(rows) + 1:05d}", label, AREAS[code].name,
                        f"{code[-2:]}-{wave + 1}-{cluster}", f"{weight:.4f}", ages[band],
                        ("Female", "Male")[int(numbers.integers(2))],
                        *_answers(numbers, near + 0.12 * (band - 1), wave),
                    ])  # fmt: skip
    return rows


def _answers(numbers: np.random.Generator, shift: np.ndarray, wave: int) -> list[str]:
    share = np.array(AGREE)
    share[0] -= (0, 0.01, 0.09)[wave]
    odds = np.log(share / (1 - share)) + shift
    agrees = numbers.random(12) < 1 / (1 + np.exp(-odds))
    strong, silent = numbers.random((2, 12))
    kinds = np.where(agrees, np.where(strong < 0.3, 0, 1), np.where(strong < 0.6, 2, 3))
    return [CODES[4 if quiet < 0.06 else kind] for quiet, kind in zip(silent, kinds, strict=True)]
