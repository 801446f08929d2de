"""What stands around every request: refusals before it is looked at, headers, time and counting, the audit, and what operators ask."""

from dashboard.guard.rules import ADMINISTRATOR, LOCAL_READER, Reader, Rules
from dashboard.guard.wiring import seal, watch

__all__ = ["ADMINISTRATOR", "LOCAL_READER", "Reader", "Rules", "seal", "watch"]
