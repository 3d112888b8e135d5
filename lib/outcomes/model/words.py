"""Words for closed sets that sentences, tables and charts share: one phrase for one idea."""

FIFTHS = {
    True: ("worst", "second-worst", "middle", "second-best", "best"),
    False: ("lowest", "second-lowest", "middle", "second-highest", "highest"),
}
"""What each fifth of the areas is called, the first one first, by whether 1 is best."""

RULES = {
    "outside_limits": "outside the limits",
    "trend_of_seven": "seven or more in a row going one way",
    "two_of_three": "two of three close to a limit",
    "run_of_seven": "seven or more in a row on one side",
}
"""What makes a point of a control chart special."""

WHOLE = 20
"""A table of areas is whole up to this many rows; of more, it shows those that matter."""
