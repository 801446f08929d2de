"""Working days in Việt Nam: Monday to Friday without public holidays, with the days in lieu and the days swapped by decree, from the library `holidays`."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase


@cache
def _calendar(year: int) -> HolidayBase:
    """The holidays of a year."""
    from holidays import country_holidays  # reads three hundred modules: only who asks for working days waits for it, once

    return country_holidays("VN", years=year, expand=False, language="vi")


def is_working_day(day: date) -> bool:
    """Whether offices are open on a day."""
    return _calendar(day.year).is_working_day(day)


def working_days(first: date, last: date) -> int:
    """Working days from the first to the last day, both counted; 0 when the last day lies before the first."""
    return sum(is_working_day(first + timedelta(days=number)) for number in range((last - first).days + 1))
