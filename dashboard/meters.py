"""What is counted about the service itself, for Prometheus: requests, statements, answers, files, faults. No name, filter or address of a reader is a label.

The meters are made at import because that is how the library shares them between worker processes: it looks at PROMETHEUS_MULTIPROC_DIR then.
"""

from __future__ import annotations

import os
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60)

REQUESTS: Final = Counter("dashboard_requests", "Requests answered", ("route", "method", "status"))
REQUEST_SECONDS: Final = Histogram("dashboard_request_seconds", "Time to answer a request", ("route",), buckets=_SECONDS)
REFUSALS: Final = Counter("dashboard_refusals", "Requests refused before they were looked at", ("reason",))
STATEMENTS: Final = Counter("dashboard_statements", "Statements sent to the dossier database", ("outcome",))
STATEMENT_SECONDS: Final = Histogram("dashboard_statement_seconds", "Time of a statement, with fetching its rows", buckets=_SECONDS)
QUESTIONS: Final = Counter("dashboard_questions", "Questions asked by cards and files; what statements do not cover was kept from before")
FILES: Final = Counter("dashboard_files", "Files handed out", ("kind",))
CARD_FAULTS: Final = Counter("dashboard_card_faults", "Cards shown without figures because of a fault", ("card", "fault"))
INCIDENTS: Final = Counter("dashboard_incidents", "Unforeseen faults, each with an incident number in the log")
AUDIT_EVENTS: Final = Counter("dashboard_audit_events", "Events for the audit: kept, or lost because its store could not be written", ("outcome",))
DATABASE_UP: Final = Gauge("dashboard_database_up", "1 while the dossier database answers this worker", multiprocess_mode="livemin")
DATA_AS_OF: Final = Gauge("dashboard_data_as_of_timestamp_seconds", "Date of the data that readers see", multiprocess_mode="livemin")
WORKER_MEMORY: Final = Gauge("dashboard_worker_memory_bytes", "Resident memory of a worker after its last request", multiprocess_mode="liveall")


def exposition() -> bytes:
    """Every meter of all workers in Prometheus' text format; of this process alone where no folder is shared."""
    if not os.environ.get(FOLDER_VARIABLE):
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the package types it in part
    return generate_latest(registry)
