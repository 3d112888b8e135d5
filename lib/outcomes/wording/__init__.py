"""What a wording is, and what is wrong with it: pure functions on text."""
