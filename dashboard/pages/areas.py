"""Địa bàn: where the post is used, commune by commune, and what the former districts did."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import pandas as pd

from config.errors import BadSettings
from config.language import say
from config.province import load_places, positions
from dashboard import figures, text
from dashboard.cards import Asked, Choice, Drawing, Page
from dashboard.figures import Tile
from dashboard.pages import areas_words as words
from dashboard.pages import phrases
from dashboard.pages.areas_map import map_of
from dashboard.pages.areas_rows import competing, has_figures, prepared, ranked, table
from dashboard.pages.areas_words import Look
from queries import geography, metrics
from queries.filters import Organisation
from queries.geography import DistrictVolumes
from queries.period import Kind as PeriodKind
from queries.period import month_index, of_months
from queries.volumes import AreaVolumes

PAGE: Final = Page("/dia-ban", "Địa bàn", "Hồ sơ và kết quả qua bưu chính theo xã, phường; trước 01/7/2025 theo cả huyện cũ.")
_SUM_OF_COMMUNES: Final = "Số liệu huyện là tổng các xã, phường, thị trấn của huyện."
_METRICS: Final = (metrics.RECEIVED_BY_POST, metrics.RETURNED_BY_POST, metrics.POSTAL_RETURN_RATE)


def bars(order: pd.DataFrame, look: Look, asked: Asked) -> figures.Figure:
    """The first areas of the ranking as bars, with the compared period as a thin marker where the ground is the same."""
    top = order[order["value"].notna()].head(words.BARS)
    records = top.to_dict("records")
    was = [_was(row, look) for row in records]
    return figures.bars(
        names=list(top["name"]),
        values=[None if text.is_missing(value) else float(value) for value in top["value"]],
        texts=[_printed(row["value"], row[look.base], look) for row in records],
        hovers=[_hover(row, look, asked) for row in records],
        links=list(top["link"]),
        comparison=was if any(value is not None for value in was) else None,
        comparison_name=phrases.capital(phrases.compared_name(asked)),
    )


def _was(row: Mapping[Hashable, Any], look: Look) -> float | None:
    """The same figure in the compared period; None for a rate, which has no marker."""
    was, people = row[f"{look.base}_was"], row.get("population")
    if look.unit == "%" or text.is_missing(was):
        return None
    if "trên" not in look.unit:
        return float(was)
    return None if text.is_missing(people) or not people else float(was) * 1000 / float(people)


def _printed(value: object, count: object, look: Look) -> str:
    if text.is_missing(value):
        return words.FEW if look.unit == "%" else text.MISSING
    return look.show(value) if look.unit == look.noun else f"{look.show(value)} · {text.whole(count)} {say(look.noun)}"


def _hover(row: Mapping[Hashable, Any], look: Look, asked: Asked) -> str:
    """Name, the figure, the counts behind it, people and change."""
    lines = [str(row["name"]), f"{say(look.label)}: {look.show(row['value']) if look.unit == '%' else text.number(row['value'])}"]
    lines.append(say("Tiếp nhận {} hồ sơ, {} qua bưu chính", text.whole(row["received"]), text.whole(row["received_by_post"])))
    lines.append(say("Trả {} kết quả, {} qua bưu chính", text.whole(row["returned"]), text.whole(row["returned_by_post"])))
    if not text.is_missing(row.get("population")):
        lines.append(say("Dân số {}", text.whole(row["population"])))
    if not text.is_missing(row[f"{look.base}_was"]):
        lines.append(say("{} so với {}", text.change(row[look.base], row[f"{look.base}_was"], look.noun), phrases.compared_name(asked)))
    return "\n".join(lines)


@PAGE.card("areas.tiles", "Sơ đồ xã, phường", AreaVolumes(), metrics=_METRICS)
def tiles(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """The communes of today as equal squares in about their place."""
    if (stand_in := words.without(asked)) is not None:
        return stand_in
    rows = prepared(frame, asked)
    if not has_figures(rows):
        return phrases.nothing(asked, "hồ sơ theo địa bàn")
    catalogue = asked.data.catalogue
    here = set(geography.shown(catalogue, asked.filters.organisation, words.counted(asked)))
    today = [key for key in geography.living(catalogue, "commune") if key in here]
    if not catalogue.areas.empty and not today:
        return _before_today(asked)
    rows = rows[rows["area_key"].isin(today)] if today else rows
    looks = words.looks_of(rows)
    look = words.look_of(asked, looks)
    order = ranked(rows, look)
    if order.empty:
        return replace(phrases.nothing(asked, "hồ sơ gắn với xã, phường"), lines=(words.not_recorded(frame, asked),))
    figure, why = _map("commune", order, today, look, asked)
    return Drawing(
        words.message(order, look, asked, say("xã, phường") if today else say("địa bàn")),
        phrases.subtitle(asked, look.label),
        figure=figure,
        table=table(rows, look, asked, interactive=False),
        choices=words.choices(asked, looks, look),
        note=words.joined(
            why,
            words.few(order, look, asked.data.rules.minimum_n),
            words.spanning(asked),
            words.late_figures(frame, asked),
            words.not_recorded(frame, asked),
            words.BCCI,
        ),
    )


def _before_today(asked: Asked) -> Drawing:
    """The period lies before the communes of today."""
    return Drawing(
        "Kỳ này nằm trước khi có các xã, phường hiện nay",
        lines=("Xem sơ đồ huyện cũ bên dưới, hoặc cộng số liệu của xã cũ về xã, phường kế thừa.",),
        choices=(Choice("Cộng về đơn vị hiện nay", asked.link(organisation=Organisation.NOW)),),
        is_empty=True,
    )


def _map(level: str, order: pd.DataFrame, keys: Sequence[str], look: Look, asked: Asked) -> tuple[figures.Figure, str]:
    """The tile map of the keys, or bars and the words that say why there is no map."""
    catalogue = asked.data.catalogue
    if catalogue.areas.empty:
        return bars(order, look, asked), say("Cơ sở dữ liệu không có danh mục địa bàn (bảng areas): chỉ có mã, không có sơ đồ, dân số và tên.")
    try:
        places = positions(load_places(), level)
    except BadSettings as error:
        return bars(order, look, asked), say("Không vẽ được sơ đồ. {}", error.sentence)
    codes = dict(zip(catalogue.areas["area_key"], catalogue.areas["area_code"], strict=True))
    placed = [key for key in keys if codes[key] in places]
    if not placed:
        return bars(order, look, asked), say("Chưa có vị trí của các địa bàn này trên sơ đồ (tệp config/province/tiles.csv): vẽ thành thanh xếp hạng.")
    known = {str(row["area_key"]): row for row in order.to_dict("records")}
    drawn = {codes[key]: _tile(key, places[codes[key]], known.get(key), look, asked) for key in placed}
    lost = [catalogue.area_names[key] for key in keys if key not in placed]
    outside = [key for key in placed if key not in known]
    why = say("Chưa có vị trí trên sơ đồ: {}; số liệu ở bảng.", text.join_names(lost, 5, "địa bàn")) if lost else ""
    figure, how = map_of(drawn, look)
    return figure, words.joined(why, say("Ô xám có dấu “–”: {}.", words.outside(asked)) if outside else "", how)


def _tile(key: str, place: tuple[int, int], row: Mapping[Hashable, Any] | None, look: Look, asked: Asked) -> Tile:
    name, link = asked.data.catalogue.area_names[key], asked.link(areas=(key,))
    if row is None:
        return Tile(words.tile_name(name), *place, None, text.MISSING, link, f"{name}\n{words.outside(asked)}")
    value = row["value"]
    number = None if text.is_missing(value) else float(str(value)) * (100 if look.unit == "%" else 1)
    shown = text.MISSING if number is None else look.show(value)
    return Tile(words.tile_name(name), *place, number, shown, link, _hover(row, look, asked))


@PAGE.card("areas.former_districts", "Huyện cũ (đến 30/6/2025)", DistrictVolumes(), metrics=_METRICS)
def former_districts(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """The former districts, their communes added up."""
    if (stand_in := words.without(asked)) is not None:
        return stand_in
    rows = prepared(frame, asked)
    if frame.empty or competing(rows, asked).empty:
        return _no_district(frame, asked)
    looks = words.looks_of(rows)
    look = words.look_of(asked, looks)
    order = ranked(competing(rows, asked), look)
    figure, why = _map("district", order, _districts(asked), look, asked)
    return Drawing(
        words.message(order, look, asked, say("huyện, thành phố")),
        phrases.subtitle(asked, look.label),
        figure=figure,
        table=table(rows, look, asked, interactive=False),
        choices=words.choices(asked, looks, look),
        note=words.joined(why, words.few(order, look, asked.data.rules.minimum_n), words.spanning(asked), words.crossing(asked), _SUM_OF_COMMUNES, words.BCCI),
    )


def _districts(asked: Asked) -> list[str]:
    areas = asked.data.catalogue.areas
    return list(areas.loc[areas["level"] == "district", "area_key"])


def _no_district(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """Why there is no former district in this view, and the way to one."""
    keys = _districts(asked)
    if not keys:
        return Drawing("Danh mục địa bàn của cơ sở dữ liệu này không có cấp huyện", is_empty=True)
    if asked.filters.organisation is not Organisation.THEN:
        link = asked.link(organisation=Organisation.THEN)
        line = say("Đang cộng số liệu về xã, phường hiện nay. Huyện không có một đơn vị kế thừa nên không nằm trong cách xem này.")
        return Drawing("Cách xem này không có huyện cũ", lines=(line,), choices=(Choice("Xem như tổ chức lúc đó", link),), is_empty=True)
    ended = [day for key, day in geography.last_days(asked.data.catalogue).items() if key in keys]
    if not ended or max(ended) >= (words.counted(asked)).start:
        return phrases.nothing(asked, "hồ sơ theo địa bàn")
    half = month_index(max(ended)) // 6 * 6
    last = of_months(half, half + 5, PeriodKind.HALF)
    link = asked.link(code=last.code(), start=None, end=None)
    title = say("Kỳ này không còn cấp huyện: huyện hết hiệu lực sau ngày {}", text.date_label(max(ended)))
    lines = tuple(line for line in (words.late_figures(frame, asked), words.crossing(asked)) if line)
    return Drawing(title, lines=lines, choices=(Choice(say("Xem {}", last.label()), link),), is_empty=True)


@PAGE.card("areas.volumes", "Xếp hạng địa bàn", AreaVolumes(), metrics=_METRICS)
def volumes(frame: pd.DataFrame, asked: Asked) -> Drawing:
    """The ranking of all areas, and everything counted about them."""
    if (stand_in := words.without(asked)) is not None:
        return stand_in
    rows = prepared(frame, asked)
    if not has_figures(rows):
        return phrases.nothing(asked, "hồ sơ theo địa bàn")
    looks = words.looks_of(rows)
    look = words.look_of(asked, looks)
    order = ranked(competing(rows, asked), look)
    coded = rows["area_key"].notna()
    former = say("“cũ”: địa bàn đã hết hiệu lực.") if rows["name"].ne(rows["area_name"]).any() else ""
    nameless = (
        say("Địa bàn không có trong danh mục được ghi bằng mã.") if asked.data.catalogue.areas.empty or bool((coded & rows["level"].isna()).any()) else ""
    )
    more = int(order["value"].notna().sum()) - words.BARS
    rest = say("Biểu đồ vẽ {} địa bàn đầu và {} địa bàn khác ở bảng.", words.BARS, text.whole(more)) if more > 0 else ""
    partial = bool(rows.loc[coded, "population"].isna().any()) and "trên" in look.unit
    no_people = say("Địa bàn không có dân số trong danh mục thì không tính trên 1.000 dân.") if partial else ""
    of_all = (words.not_recorded(frame, asked), words.late_figures(frame, asked), words.spanning(asked), words.not_comparable(rows, asked))
    return Drawing(
        words.lowest(order, look, asked, say("địa bàn")),
        phrases.subtitle(asked, look.label),
        figure=bars(order, look, asked),
        table=table(rows, look, asked, interactive=True),
        choices=words.choices(asked, looks, look),
        note=words.joined(rest, no_people, words.few(order, look, asked.data.rules.minimum_n), *of_all, former, nameless, words.BCCI),
    )
