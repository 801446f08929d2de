"""The commands of `python -m dashboard`, one module an idea; each imports what it needs when it runs, so that `--help` stays quick."""

from dashboard.commands.accounts import account
from dashboard.commands.answers import ask, check
from dashboard.commands.boundaries import boundaries
from dashboard.commands.documents import docs
from dashboard.commands.extract import refresh
from dashboard.commands.files import export
from dashboard.commands.serve import run, seed
from dashboard.commands.warehouse import advise, schema

ALL = (run, seed, refresh, check, ask, export, schema, advise, docs, account, boundaries)
