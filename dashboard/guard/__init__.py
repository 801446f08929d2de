"""What stands around every request: refusals before it is looked at, headers, time and counting, the audit, and what operators ask."""

from dashboard.guard.rules import LOCAL_READER, Reader, Rules
from dashboard.guard.wiring import seal, watch

__all__ = ["LOCAL_READER", "Reader", "Rules", "seal", "watch"]
