"""Sentences about the units: verdicts kept apart, who is to be reminded, what can be done next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pandas as pd

from dashboard import text
from dashboard.content.evaluation_facts import Facts, names_of
from dashboard.content.evaluation_volumes import score_rows, score_sums
from dashboard.pages import adoption_words
from queries import metrics
from queries.adoption import Verdict
from queries.call_list import CallList, Reason
from queries.postal_list import Idleness, IdleProcedures
from queries.push import Change, NewlyActive

_SAID: Final = {
    Verdict.RETURNS_BY_POST: "có trả kết quả qua bưu chính",
    Verdict.NOT_BY_POST: "có trả kết quả nhưng chưa trả qua bưu chính",
    Verdict.CHANNEL_NOT_RECORDED: "có trả kết quả nhưng không ghi nhận hình thức trả, chưa kết luận được",
    Verdict.NO_RESULT: "không có kết quả nào được trả",
    Verdict.NO_DATA: "chưa có số liệu",
}
_REASONS: Final = {
    Reason.NEVER: "chưa từng trả qua bưu chính",
    Reason.STOPPED: "đã ngừng trả",
    Reason.BELOW_NORM: "trả thấp hơn mức thường thấy của chính mình",
}


def verdicts(facts: Facts) -> Iterator[str]:
    """How many units have each verdict; of one unit, its own."""
    units = facts.units
    if units.empty:
        return
    if len(units) == 1:
        row = units.iloc[0]
        if not any(facts.hides(row[name], of_unit=True) for name in ("returned", "returned_recorded", "returned_by_post")):
            yield f"{adoption_words.title(units)}."
        return
    number = units["verdict"].value_counts()
    parts = [f"{text.whole(number[verdict])} đơn vị {words}" for verdict, words in _SAID.items() if verdict in number]
    yield f"Trong {text.whole(len(units))} đơn vị tồn tại trong kỳ: {'; '.join(parts)}."


def zero_returned(facts: Facts) -> Iterator[str]:
    """The units without a result by post by name, each verdict apart; only the first is a shortcoming of the unit."""
    for verdict in (Verdict.NOT_BY_POST, Verdict.CHANNEL_NOT_RECORDED, Verdict.NO_RESULT, Verdict.NO_DATA):
        found = facts.units[facts.units["verdict"] == verdict]
        if found.empty:
            continue
        results = int(found["returned"].sum())
        alone = len(found) == 1
        meanwhile = (
            f" (đã trả {text.whole(results)} kết quả bằng hình thức khác)" if verdict == Verdict.NOT_BY_POST and not facts.hides(results, of_unit=alone) else ""
        )
        yield f"{text.whole(len(found))} đơn vị {_SAID[verdict]}{meanwhile}: {names_of(found)}."


def fallen_silent(facts: Facts) -> Iterator[str]:
    """Who returned by post in the compared period and does not now, and who began."""
    if not facts.is_compared:
        return
    frame = facts.asked.data.ask(NewlyActive(), facts.asked.filters)
    for change, words in (
        (Change.NEWLY_SILENT, f"{facts.compared_name} có trả kết quả qua bưu chính, kỳ này không còn"),
        (Change.NEWLY_ACTIVE, f"{facts.compared_name} chưa trả kết quả qua bưu chính, kỳ này đã có"),
    ):
        found = frame[frame["change"] == change]
        if len(found):
            yield f"{text.whole(len(found))} đơn vị {words}: {names_of(found)}."


def idle_procedures(facts: Facts) -> Iterator[str]:
    """How far the postal list is used."""
    reading = facts.reading(metrics.ACTIVE_PROCEDURES)
    if not reading.is_known or not reading.below:
        return
    active, listed = int(reading.now), int(reading.below)
    head = (
        f"Trong {text.whole(listed)} thủ tục thuộc danh mục thực hiện qua bưu chính, {text.whole(active)} thủ tục ({text.percent(active, listed)}) có phát sinh"
    )
    if active == listed:
        yield f"{head}."
        return
    other, nothing = _idle(facts)
    parts = [(other, "có hồ sơ bằng hình thức khác"), (nothing, "không có hồ sơ nào")]
    said = " và ".join(f"{text.whole(number)} thủ tục {words}" for number, words in parts if number)
    yield f"{head}; {text.whole(listed - active)} thủ tục chưa phát sinh, gồm {said}."


def _idle(facts: Facts) -> tuple[int, int]:
    kinds = facts.asked.data.ask(IdleProcedures(), facts.asked.filters)["kind"].value_counts()
    return int(kinds.get(Idleness.OTHER_CHANNELS, 0)), int(kinds.get(Idleness.NO_DOSSIER, 0))


def calls(facts: Facts) -> Iterator[str]:
    """Whom the list of units to be reminded holds, by reason."""
    frame = _calls(facts)
    if frame.empty:
        yield "Không có đơn vị nào phải nhắc về trả kết quả qua bưu chính."
        return
    for reason, words in _REASONS.items():
        found = frame[frame["reason"] == reason]
        if len(found):
            yield f"{text.whole(len(found))} đơn vị {words}: {names_of(found, 20)}."


def next_calls(facts: Facts) -> Iterator[str]:
    """To remind the units of the call list."""
    frame = _calls(facts)
    if frame.empty:
        return
    number = frame["reason"].value_counts()
    parts = [f"{text.whole(number[reason])} đơn vị {words}" for reason, words in _REASONS.items() if reason in number]
    if len(frame) == 1:
        yield f"Nhắc {frame['agency_name'].iloc[0]} về trả kết quả qua bưu chính ({parts[0].removeprefix('1 ')}); bắt đầu từ thủ tục đơn vị khác đã làm được."
        return
    yield f"Nhắc {text.whole(len(frame))} đơn vị về trả kết quả qua bưu chính: {text.join_names(parts)}; bắt đầu từ thủ tục đơn vị khác đã làm được."


def _calls(facts: Facts) -> pd.DataFrame:
    return facts.asked.data.ask(CallList(), facts.asked.filters)


def next_recording(facts: Facts) -> Iterator[str]:
    """To record channels, and to connect feeds."""
    for verdict, words in (
        (Verdict.CHANNEL_NOT_RECORDED, "Ghi hình thức trả của từng kết quả trên hệ thống"),
        (Verdict.NO_DATA, "Kết nối lại nguồn số liệu"),
    ):
        found = facts.units[facts.units["verdict"] == verdict]
        if len(found):
            yield f"{words}: {names_of(found, 6)}."


def next_procedures(facts: Facts) -> Iterator[str]:
    """To look through the postal list."""
    other, nothing = _idle(facts)
    if other:
        yield f"Hướng dẫn người dân chọn bưu chính ở {text.whole(other)} thủ tục trong danh mục đang có hồ sơ nhưng chưa phát sinh qua bưu chính."
    if nothing:
        yield f"Rà soát {text.whole(nothing)} thủ tục trong danh mục không có hồ sơ nào trong kỳ."


def next_overdue(facts: Facts) -> Iterator[str]:
    """To settle what is overdue at the date of the data."""
    reading = facts.reading(metrics.OVERDUE)
    if reading.is_known and reading.now:
        yield f"Giải quyết {facts.told(reading.now)} hồ sơ đang quá hạn (tại ngày {facts.as_of})."


def next_thresholds(facts: Facts) -> Iterator[str]:
    """What is missing to the next threshold, with both sums."""
    for row in score_rows(facts):
        if text.is_missing(row["missing"]):
            continue
        noun = "thủ tục" if row["metric"] == metrics.ACTIVE_PROCEDURES.key else "kết quả" if row["metric"] == metrics.POSTAL_RETURN_RATE.key else "hồ sơ"
        yield (
            f"{row['label']}: kỳ này {score_sums(row, facts)}, "
            f"cần thêm {text.whole(row['missing'])} {noun} để đạt ngưỡng {text.number(float(row['next_threshold']) * 100)}% ({row['note']})."
        )
