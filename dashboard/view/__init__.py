"""Drawings turned into Dash components: shell, filter bar, cards, tables."""

from dashboard.view.account import Account
from dashboard.view.controls import CONTROLS, control_options, control_values, filters_of, search_of
from dashboard.view.look import Look
from dashboard.view.shell import page, shell

__all__ = ["CONTROLS", "Account", "Look", "control_options", "control_values", "filters_of", "page", "search_of", "shell"]
