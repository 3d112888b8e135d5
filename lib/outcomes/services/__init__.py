"""What a service did for its customers, beside what happened to everyone. Claims no cause.

Joins the measures in parameters/measures with client tables and with population curves.
"""

from outcomes.services.lines import service_result
from outcomes.services.load import load_service, load_services

__all__ = ["load_service", "load_services", "service_result"]
