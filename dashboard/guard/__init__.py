"""What stands around every request: refusals before it is looked at, headers, time and counting, the audit, and what operators ask."""

from dashboard.guard.health import OPEN_PATHS
from dashboard.guard.noted import noting
from dashboard.guard.rules import Rules
from dashboard.guard.wiring import seal, watch

__all__ = ["OPEN_PATHS", "Rules", "noting", "seal", "watch"]
