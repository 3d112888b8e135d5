"""Forecasts with ranges that hold, chances of meeting a target, scenarios, and what came true."""
