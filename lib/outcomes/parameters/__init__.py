"""Reads parameters/ and explains what is wrong in it. Never reads figures and writes nothing but schemas."""

from outcomes.parameters.library import Parameters, load_parameters
from outcomes.parameters.plans import read_plans, scenario_text, targets_text
from outcomes.parameters.schemas import schemas, write_schemas
from outcomes.parameters.yaml_files import read_model, read_yaml

__all__ = [
    "Parameters",
    "load_parameters",
    "read_model",
    "read_plans",
    "read_yaml",
    "scenario_text",
    "schemas",
    "targets_text",
    "write_schemas",
]
