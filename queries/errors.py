"""What can go wrong between a question and its answer, each with a sentence for the reader."""

from __future__ import annotations


class DashboardError(Exception):
    """A fault with a precise English message for the log and a Vietnamese sentence for the reader.

    The sentence says what was wanted, what was found and what to do; it never carries SQL, a password or a stack trace.
    """

    def __init__(self, message: str, *, sentence: str) -> None:
        super().__init__(message)
        self.sentence = sentence


class DatabaseUnreachable(DashboardError):
    """The server does not answer or the file is not there."""


class AccessRefused(DashboardError):
    """The server answers and refuses the account, the password or the right to read."""


class SourceRefused(DashboardError):
    """The database or the folder of SELECTs does not keep the contract: relation, column or SELECT named."""


class RelationAbsent(DashboardError):
    """An optional relation that this question needs is not in the database."""


class QueryTooSlow(DashboardError):
    """A statement went over the time limit and was stopped."""


class QueryFailed(DashboardError):
    """The database gave an error that has no class of its own here."""


class NothingLoaded(DashboardError):
    """The database has the relations and not one dossier."""


class SourceChanging(DashboardError):
    """The data changed under a page at every try: a load is under way."""


class BadRequest(DashboardError):
    """A value typed by the reader or given on the command line cannot be understood."""


class NotAllowed(BadRequest):
    """What is asked is there, and whoever asks may not see it."""


class ExtractRefused(DashboardError):
    """The extract was not made; what is served stays as it is."""
