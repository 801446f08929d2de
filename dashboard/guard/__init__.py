"""What stands around every request: refusals before it is looked at, headers, time and counting, the audit, and what operators ask."""

from dashboard.guard.health import OPEN_PATHS as HEALTH_PATHS
from dashboard.guard.languages import SWITCHES
from dashboard.guard.noted import noting
from dashboard.guard.rules import Rules
from dashboard.guard.wiring import seal, watch

OPEN_PATHS = (*HEALTH_PATHS, *SWITCHES)

__all__ = ["OPEN_PATHS", "Rules", "noting", "seal", "watch"]
