"""The parts of the program that makes the fictional sample county."""
