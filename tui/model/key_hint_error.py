"""Errors whose messages name keys."""

from collections.abc import Mapping

from engine import EngineError


class KeyHintError(EngineError):
    """An error whose message says which key would help, as ``{id}`` of its action."""


def error_message(error: EngineError, keys: Mapping[str, str]) -> str:
    """The message of an error. ``keys`` are shown for the ids of actions."""
    return str(error).format_map(keys) if isinstance(error, KeyHintError) else str(error)
