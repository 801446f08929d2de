"""What can be wrong with the configuration, with a sentence for the person who wrote it."""

from __future__ import annotations


class BadSettings(Exception):
    """A setting or a configuration file cannot be used.

    The sentence (Vietnamese) says where the value stands, what was found and what is expected; it never shows a database address.
    """

    def __init__(self, message: str, *, sentence: str) -> None:
        super().__init__(message)
        self.sentence = sentence
