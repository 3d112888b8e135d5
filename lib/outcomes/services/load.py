"""The calls behind a place's page of services, and behind one service's report."""

import pandas as pd

from outcomes import paths
from outcomes.baseline import load_overview
from outcomes.model import Overview, Page
from outcomes.model.performance import Service, ServiceResult, ServicesPage
from outcomes.parameters import load_parameters
from outcomes.parameters.performance import service, services_of
from outcomes.services.clients import read_clients
from outcomes.services.lines import service_result


def load_services(page: Page, overview: Overview | None = None) -> ServicesPage:
    """Return the services of a place beside its population curves, which may be given.

    Raises
    ------
    ParameterError
        If a file in parameters/measures is wrong.
    DataError
        If the place's store is empty, or a table of clients is wrong.
    """
    found = services_of(load_parameters(), page.framework, page.locality)
    results = tuple(_result(name, one) for name, one in found.items())
    return ServicesPage(overview or load_overview(page), results)


def load_service(name: str) -> ServiceResult:
    """Return the measures of one service, without the population curves.

    Raises
    ------
    ParameterError, DataError
        As `load_services`; also if there is no such service.
    """
    return _result(name, service(load_parameters(), name))


def _result(name: str, one: Service) -> ServiceResult:
    clients = pd.DataFrame()
    if one.clients:
        clients = read_clients(paths.home() / one.clients.file, one.clients)
    return service_result(name, one, clients)
