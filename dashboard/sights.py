"""What each role sees on each card: the one table to read and to change. A card that no line names is seen by administrators only (docs/decisions/0011)."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import Final

import pandas as pd

from config.language import say
from queries import organisation
from queries.addresses import NO_SUCH_CODE
from queries.data import Data
from queries.errors import NotAllowed
from queries.filters import Filters, Organisation
from queries.rights import Rights, Role


class Sight(StrEnum):
    """How a card is shown to a reader."""

    FULL = "full"  # of everything in the reader's scope
    RANKED = "ranked"  # a list of all agencies by their totals; details of the own ones only
    BESIDE = "beside"  # the own agencies in full beside the totals of others
    NONE = "none"


ROLE_NAMES: Final = {
    Role.VIEWER: "xem toàn tỉnh",
    Role.HEAD: "thủ trưởng đơn vị",
    Role.POST_OPERATOR: "doanh nghiệp bưu chính",
    Role.ADMINISTRATOR: "quản trị",
}

_POSTAL: Final = [
    "overview.totals",
    "overview.months",
    "overview.channels",
    "overview.drivers",
    "overview.best_and_zero",
    "agencies.volumes",
    "agencies.months",
    "agencies.procedures",
    "agencies.unit",
    "agencies.similar",
    "areas.tiles",
    "areas.former_districts",
    "areas.volumes",
    "procedures.funnel",
    "procedures.stages",
    "procedures.pareto",
    "procedures.sectors",
    "procedures.idle",
    "procedures.volumes",
    "procedures.outside",
    "adoption.call_list",
    "adoption.others",
    "adoption.units",
    "adoption.changes",
    "adoption.pattern",
    "adoption.levels",
    "adoption.strip",
    "adoption.months",
    "adoption.cohort",
    "adoption.meaning",
    "potential.pairs",
    "potential.units",
    "potential.procedures",
    "potential.kinds",
    "potential.funnel",
    "change.split",
    "change.signal",
    "change.rate",
    "change.funnel_limits",
    "change.by_procedure",
    "change.by_area",
    "change.by_channel",
    "score.province",
    "score.what_if",
    "score.cheapest",
    "score.units",
    "pace.targets",
    "briefing.calendar",
    "briefing.ways",
    "data.state",
    "data.metrics",
    "data.organisation",
    "data.keys",
]
# Figures that mean something for the whole province only: scores, targets, limits and benchmarks over all agencies.
_OF_THE_PROVINCE: Final = ("score.", "pace.", "potential.", "change.funnel_limits", "data.state")

SIGHTS: Final[dict[Role, dict[str, Sight]]] = {
    Role.VIEWER: dict.fromkeys([*_POSTAL, "agencies.overdue", "data.relations"], Sight.FULL),
    Role.POST_OPERATOR: dict.fromkeys(_POSTAL, Sight.FULL),
    Role.HEAD: {
        **dict.fromkeys([address for address in [*_POSTAL, "agencies.overdue"] if not address.startswith(_OF_THE_PROVINCE)], Sight.FULL),
        "agencies.volumes": Sight.RANKED,
        "agencies.unit": Sight.BESIDE,
        "agencies.similar": Sight.BESIDE,
    },
}

_NAMES: Final = frozenset({"agency_code", "agency_name", "short_name", "level", "is_known", "kind", "code", "name", "is_asked"})
_PLACES: Final = frozenset({"basis", "volume_ratio", "rank", "ranked", "benchmark_numerator", "benchmark_denominator", "points_below_best"})
_SUMS: Final = ("received", "received_by_post", "returned", "returned_by_post", "returned_recorded")
_RATES: Final = tuple(f"postal_{of}_rate{part}" for of in ("receipt", "return") for part in ("", "_numerator", "_denominator"))
TOTALS: Final = _NAMES | _PLACES | {name + suffix for name in (*_SUMS, *_RATES) for suffix in ("", "_before")}
"""The columns that may be seen of an agency outside the scope; any other is missing there."""


def sight(address: str, rights: Rights) -> Sight:
    """How a card is shown under these rights."""
    if rights.role is Role.ADMINISTRATOR:
        return Sight.FULL
    found = SIGHTS[rights.role].get(address, Sight.NONE)
    return Sight.FULL if found in (Sight.RANKED, Sight.BESIDE) and not rights.agencies else found  # an empty scope sees nothing, not a ranking


def is_seen(address: str, rights: Rights) -> bool:
    """Whether a card is shown at all under these rights."""
    return sight(address, rights) is not Sight.NONE


def refuse_unseen(address: str, name: str, rights: Rights) -> None:
    """Raise NotAllowed for a card that is not shown under these rights."""
    if not is_seen(address, rights):
        sentence = say("Tài khoản của bạn ({}) không được xem “{}”. Nếu cần cho công việc, hãy đề nghị quản trị cấp quyền.", ROLE_NAMES[rights.role], name)
        raise NotAllowed(f"{address} is not for {rights.role}", sentence=sentence)


def seen(address: str, name: str, data: Data, filters: Filters) -> tuple[Data, Filters]:
    """The data and the filters for a card. Raises NotAllowed for a card, or for totals of others under filters, that these rights do not show."""
    refuse_unseen(address, name, data.rights)
    how = sight(address, data.rights)
    if how is Sight.FULL or data.whole is None:
        return data, filters
    _refuse_details(filters)
    if how is Sight.RANKED:
        return data.whole, replace(filters, agencies=())
    return data.whole, replace(filters, agencies=_only_own(filters, data))


def without_details(frame: pd.DataFrame, shown: Data, own: Data) -> pd.DataFrame:
    """The frame of a card with everything but totals taken out of the rows of agencies outside the scope; the frame itself where all is of the scope."""
    if shown is own:
        return frame
    code = "agency_code" if "agency_code" in frame else "code"
    mine = frame[code].isin(own.catalogue.agencies["agency_code"])
    if "kind" in frame:
        mine |= frame["kind"] == "asked"
    hidden = [name for name in frame.columns if name not in TOTALS]
    return frame.assign(**{str(name): frame[name].where(mine) for name in hidden})


def _refuse_details(filters: Filters) -> None:
    """A total of another agency is a total: no procedure, sector, area or channel, no free days, no group of agencies."""
    narrow = filters.areas or filters.procedures or filters.sectors or filters.channels or filters.start or filters.end
    if narrow or filters.organisation is Organisation.COMPARABLE:
        sentence = say(
            "Đơn vị khác chỉ xem được bằng số tổng theo tháng, quý, năm: không theo thủ tục, lĩnh vực, địa bàn, hình thức, ngày tự "
            "chọn hay nhóm đơn vị. Hãy bỏ các bộ lọc đó để so sánh; số liệu của đơn vị mình vẫn ở các thẻ khác."
        )
        raise NotAllowed("totals of others are not filtered", sentence=sentence)


def _only_own(filters: Filters, data: Data) -> tuple[str, ...]:
    """The asked codes whose figures in this view are the scope's own: a former agency is not shown as its successor."""
    whole = data.whole or data
    mapping, own = organisation.today(whole.catalogue, filters.organisation, "agency"), set(data.catalogue.agencies["agency_code"])
    return tuple(code for code in filters.agencies if mapping.get(code, code) in own) or (NO_SUCH_CODE,)
