"""The dossier database contract, version 1, as SQLAlchemy Core tables: every relation, every column, what it means.

No relation has a column for a person. What is not declared here is never selected, copied, logged or exported.
Text codes are case-sensitive; times are Viet Nam wall time without zone; valid_from and valid_to are inclusive, NULL is open.
"""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

VERSION: Final = 1
METADATA: Final = sa.MetaData()

CHANNELS: Final = ("counter", "online", "post")
STAGES: Final = ("registered", "shipped", "delivered", "undelivered")
LEVELS: Final = ("province", "district", "commune", "vertical", "other")
AREA_LEVELS: Final = ("province", "district", "commune")
SUCCESSION_KINDS: Final = ("agency", "area", "procedure")
INCIDENT_KINDS: Final = ("complaint", "lost", "misplaced", "damaged")

NOT_IN_CODE_LIST: Final = 0
NOT_RECEIVED: Final = (1, 3)  # mới đăng ký, không được tiếp nhận
OPEN: Final = (2, 4, 5, 6)  # được tiếp nhận, đang xử lý, chờ bổ sung, chờ nghĩa vụ tài chính
SETTLED: Final = (9, 10)  # đã xử lý xong, đã trả kết quả
RETURNED: Final = 10
STATUSES: Final = tuple(range(11))


def _column(name: str, kind: type[sa.types.TypeEngine[Any]], meaning: str, *, null: bool = True, optional: bool = False) -> sa.Column[Any]:
    return sa.Column(name, kind(), nullable=null, comment=meaning, info={"optional": optional})


def _relation(name: str, meaning: str, *columns: sa.Column[Any], required: bool = False) -> sa.Table:
    return sa.Table(name, METADATA, *columns, comment=meaning, info={"required": required})


DOSSIERS: Final = _relation(
    "dossiers",
    "One row per countable dossier.",
    _column("dossier_id", sa.Text, "Opaque key, unique.", null=False),
    _column("agency_code", sa.Text, "The agency that owns the dossier; NULL is shown as “chưa gán đơn vị”, never dropped."),
    _column("procedure_code", sa.Text, "National code of the procedure where there is one."),
    _column("area_code", sa.Text, "The area where it is handled; never the applicant's address.", optional=True),
    _column("received_channel", sa.Text, "counter, online or post; NULL = not recorded."),
    _column("returned_channel", sa.Text, "counter, online or post; NULL = not recorded."),
    _column("postal_stage", sa.Text, "Of a return by post: registered, shipped, delivered or undelivered.", optional=True),
    _column("received_at", sa.DateTime, "Hand-over to the agency.", null=False),
    _column("due_at", sa.DateTime, "Current due time."),
    _column("completed_at", sa.DateTime, "Result ready."),
    _column("returned_at", sa.DateTime, "Result handed over; status 10 only."),
    _column("status", sa.SmallInteger, "National status 1..10; 0 = not in the code list.", null=False),
    _column("postal_fee", sa.BigInteger, "Postal charge in đồng (revenue of the post), not a fee collected for the agency.", optional=True),
    required=True,
)

AGENCIES: Final = _relation(
    "agencies",
    "Every agency, also those without a dossier.",
    _column("agency_code", sa.Text, "Key, unique.", null=False),
    _column("agency_name", sa.Text, "Full name.", null=False),
    _column("short_name", sa.Text, "Name for charts.", optional=True),
    _column("level", sa.Text, "province, district, commune, vertical (central agency in the province) or other.", null=False),
    _column("parent_code", sa.Text, "The agency above it.", optional=True),
    _column("area_code", sa.Text, "The area it serves.", optional=True),
    _column("valid_from", sa.Date, "First day of existence.", optional=True),
    _column("valid_to", sa.Date, "Last day of existence.", optional=True),
    required=True,
)

PROCEDURES: Final = _relation(
    "procedures",
    "Names and sectors of procedures.",
    _column("procedure_code", sa.Text, "National code, key.", null=False),
    _column("procedure_name", sa.Text, "Official name."),
    _column("sector_code", sa.Text, "Code of the sector."),
    _column("sector_name", sa.Text, "Name of the sector."),
    _column("level", sa.Text, "Level at which it is handled."),
)

AGENCY_PROCEDURES: Final = _relation(
    "agency_procedures",
    "The postal list: which agency offers which procedure by post.",
    _column("agency_code", sa.Text, "The agency.", null=False),
    _column("procedure_code", sa.Text, "The procedure.", null=False),
    _column("postal_receive", sa.Boolean, "Dossiers may be sent in by post."),
    _column("postal_return", sa.Boolean, "Results may be returned by post."),
    _column("decision", sa.Text, "The decision that lists it."),
    _column("valid_from", sa.Date, "First day on the list."),
    _column("valid_to", sa.Date, "Last day on the list."),
)

AREAS: Final = _relation(
    "areas",
    "Geography; unique by (area_code, valid_from), because codes are re-used. A dossier's area is the one valid on its received_at.",
    _column("area_code", sa.Text, "Statistical code.", null=False),
    _column("area_name", sa.Text, "Name with the kind of unit."),
    _column("level", sa.Text, "province, district or commune."),
    _column("parent_code", sa.Text, "The area above it."),
    _column("valid_from", sa.Date, "First day of this meaning of the code."),
    _column("valid_to", sa.Date, "Last day of this meaning of the code."),
    _column("population", sa.BigInteger, "Inhabitants."),
    _column("latitude", sa.Double, "Degrees north."),
    _column("longitude", sa.Double, "Degrees east."),
)

SUCCESSIONS: Final = _relation(
    "successions",
    "Who follows whom in a reorganisation; many-to-many.",
    _column("kind", sa.Text, "agency, area or procedure.", null=False),
    _column("predecessor_code", sa.Text, "The code that ends.", null=False),
    _column("successor_code", sa.Text, "The code that carries on.", null=False),
    _column("effective_on", sa.Date, "First day of the successor."),
)

SERVICE_POINTS: Final = _relation(
    "service_points",
    "Postal service points.",
    _column("point_code", sa.Text, "Key.", null=False),
    _column("point_name", sa.Text, "Name."),
    _column("area_code", sa.Text, "Commune."),
    _column("latitude", sa.Double, "Degrees north."),
    _column("longitude", sa.Double, "Degrees east."),
    _column("opened_on", sa.Date, "First day."),
    _column("closed_on", sa.Date, "Last day."),
)

POSTAL_INCIDENTS: Final = _relation(
    "postal_incidents",
    "Complaints, losses and damage of the postal service.",
    _column("incident_id", sa.Text, "Key.", null=False),
    _column("agency_code", sa.Text, "The agency concerned."),
    _column("area_code", sa.Text, "The area concerned."),
    _column("kind", sa.Text, "complaint, lost, misplaced or damaged.", null=False),
    _column("reported_on", sa.Date, "Day of the report.", null=False),
    _column("settled_on", sa.Date, "Day it was settled."),
    _column("compensation", sa.BigInteger, "Compensation in đồng."),
)

COVERAGE: Final = _relation(
    "coverage",
    "For which days a feed covers which agency: tells “chưa phát sinh” from “chưa có số liệu”.",
    _column("agency_code", sa.Text, "The agency; NULL = all agencies."),
    _column("covered_from", sa.Date, "First day covered."),
    _column("covered_to", sa.Date, "Last day covered."),
)

LOAD_INFO: Final = _relation(
    "load_info",
    "The date of the data; one row.",
    _column("as_of", sa.Date, "Last day of the data."),
    _column("loaded_at", sa.DateTime, "When it was loaded."),
    _column("source_name", sa.Text, "Where it came from."),
)

RELATIONS: Final = tuple(METADATA.tables.values())
