"""Files over HTTP: at once by their address, or in the background with their progress; the code of a picture; publishing a briefing."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

import flask
import werkzeug

from config.language import say, told
from dashboard import ops
from dashboard.content.stamp import CODE_PATH
from dashboard.exports.briefings import publish, template_of
from dashboard.exports.files import Subject, Wanted, asked_for, check, make, picture_stamp, refuse_unseen
from dashboard.exports.jobs import Broken, Jobs, Made, Progress, Stage
from dashboard.exports.office import Office
from dashboard.ops import Feed
from dashboard.pages import BRIEFING_PATH
from dashboard.tables import TableState
from dashboard.view.briefing_panel import PUBLISH_PATH
from queries.errors import BadRequest, DashboardError, NotAllowed

PREFIX: Final = "/tai-ve/"
FOLDERS: Final = {"trang/": Subject.PAGE, "trinh-bay/": Subject.BRIEFING, "": Subject.CARD}
MAY_NOT_PUBLISH: Final = "Chỉ quản trị được chốt số liệu đã báo cáo. Hãy gửi mã đối chiếu của bản này cho quản trị."
PNG_ADDRESS: Final = "data:image/png;base64,"
PNG: Final = b"\x89PNG\r\n\x1a\n"
MOST_BYTES: Final = 5_000_000
MOST_PIXELS: Final = 8_000


def register(server: flask.Flask, feed: Feed, office: Office) -> None:
    """Register the addresses of files."""
    desk = _Desk(Jobs(office.folder / "files", office.at_once, _fault), feed, office)
    server.add_url_rule(f"{PREFIX}<path:name>", "file", desk.file)
    server.add_url_rule("/lam-tep", "begin_file", desk.begin, methods=["POST"])
    server.add_url_rule("/ma", "picture_code", desk.picture, methods=["POST"])
    server.add_url_rule(PUBLISH_PATH, "publish", desk.publish, methods=["POST"])
    server.add_url_rule("/lam-tep/<job>", "file_progress", desk.progress)
    server.add_url_rule("/lam-tep/<job>/tep", "finished_file", desk.finished)


@dataclass(frozen=True)
class _Desk:
    """Where files are handed out; one maker per file, whoever asks."""

    jobs: Jobs
    feed: Feed
    office: Office

    def file(self, name: str) -> flask.Response:
        """The file at an address, as soon as it is made."""
        wanted = wanted_at(name, flask.request.query_string.decode("utf-8", errors="replace"))
        try:
            check(wanted, self.office)
        except BadRequest as error:
            return _words(error.sentence, 404)
        try:
            return _sent(self.jobs.wait(self._start(wanted)))
        except DashboardError as error:
            return _words(error.sentence, _status(error))

    def begin(self) -> flask.Response:
        """Start to make the file at the address `tep`; the answer names the job."""
        given = flask.request.get_json(silent=True)
        given = given if isinstance(given, dict) else {}
        target = urlsplit(str(given.get("tep", "")))
        wanted = wanted_at(target.path.removeprefix(PREFIX), target.query)
        try:
            check(wanted, self.office)
            wanted = replace(wanted, picture=_picture(str(given.get("anh", ""))))
            return _json({"viec": self._start(wanted)})
        except DashboardError as error:
            return _json({"loi": say(error.sentence)}, _status(error))

    def picture(self) -> flask.Response:
        """The stamp of a picture of the card `the` in the state `loc`."""
        given = flask.request.get_json(silent=True)
        address, query = (str(given.get(key, "")) for key in ("the", "loc")) if isinstance(given, dict) else ("", "")
        try:
            stamp = picture_stamp(address, query.lstrip("?"), self.feed.current(), self.office)
        except DashboardError as error:
            return _json({"loi": say(error.sentence)}, _status(error))
        return _json({"ma": stamp.code, "dong": [stamp.filters, stamp.made_line, stamp.code_link]})

    def publish(self) -> werkzeug.Response:
        """Freeze the figures of the briefing of a state under a name, and show what was kept."""
        query, name = (flask.request.form.get(key, "") for key in ("loc", "ten"))
        if not self.feed.rights().may_publish:
            return _words(MAY_NOT_PUBLISH, 403)
        wanted = Wanted(Subject.BRIEFING, TableState.from_query(query).template, "docx", query)
        try:
            asked = asked_for(wanted, self.feed.current(), self.office, BRIEFING_PATH)
            code = publish(template_of(wanted.address, self.office), asked, self.office, name)
        except DashboardError as error:
            return _words(error.sentence, _status(error))
        return flask.redirect(CODE_PATH + code, 303)

    def progress(self, job: str) -> flask.Response:
        """How far a job of the reader's scope is."""
        return _json(_told(self.jobs.progress(job) if self._is_mine(job) else None))

    def finished(self, job: str) -> flask.Response:
        """The file of a job of the reader's scope that is done."""
        try:
            return _sent(self.jobs.wait(job if self._is_mine(job) else "", 20))  # it is there, unless another reader has just begun it anew
        except Broken as error:
            return _words(error.sentence, 404)

    def _is_mine(self, job: str) -> bool:
        return self.jobs.is_of(job, self.feed.rights().key)

    def _start(self, wanted: Wanted) -> str:
        """The data are those of whoever asks: the thread that makes the file knows nobody."""
        rights = self.feed.rights()
        refuse_unseen(wanted, rights)
        narrow = self.feed.narrowing()
        return self.jobs.start(wanted.key, lambda tell: self.feed.steady(lambda data: make(wanted, data, self.office, tell), narrow), rights.key)


def wanted_at(name: str, query: str) -> Wanted:
    """The file that an address below `/tai-ve/` names; whether there is one, `check` says."""
    folder = next(folder for folder in FOLDERS if name.startswith(folder))
    address, _, kind = name.removeprefix(folder).rpartition(".")
    return Wanted(FOLDERS[folder], address, kind, query)


def _picture(address: str) -> bytes:
    """The PNG of a `data:` address; empty for none. Raises BadRequest for what is no PNG of a sensible size."""
    if not address:
        return b""
    try:
        found = b64decode(address.removeprefix(PNG_ADDRESS), validate=True) if address.startswith(PNG_ADDRESS) else b""
    except ValueError:
        found = b""
    sides = [int.from_bytes(found[at : at + 4]) for at in (16, 20)]
    if not found.startswith(PNG) or len(found) > MOST_BYTES or not all(0 < side <= MOST_PIXELS for side in sides):
        sentence = say("Ảnh của biểu đồ không dùng được: cần một ảnh PNG không quá 5 MB. Hãy tải lại trang rồi bấm lại.")
        raise BadRequest("no PNG", sentence=sentence)
    return found


def _told(found: Progress | None) -> dict[str, object]:
    if found is None:
        return {"buoc": Stage.FAILED, "loi": say("Tệp này không còn. Hãy bấm lại để làm lại.")}
    words = {"loi" if found.stage is Stage.FAILED else "dang": say(found.words)}
    return {"buoc": found.stage, "xong": found.done, "tong": found.total, **words}


def _sent(made: Made) -> flask.Response:
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "Cache-Control": "no-store"}
    return flask.Response(made.body, mimetype=made.mime, headers=headers)


def _json(content: dict[str, object], status: int = 200) -> flask.Response:
    response = flask.jsonify(content)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _words(words: str, status: int) -> flask.Response:
    return flask.Response(say(words) + "\n", status=status, mimetype="text/plain")


def _status(error: DashboardError) -> int:
    if isinstance(error, NotAllowed):
        return 403
    return 400 if isinstance(error, BadRequest) or (isinstance(error, Broken) and error.is_request) else 503


def _fault(error: Exception) -> str:
    number = ops.incident("a file could not be made", error)
    return told("Không làm được tệp này. Hãy thử lại; nếu còn lỗi, báo quản trị kèm mã sự cố {}.", number)  # a thread of its own has no reader
