"""Refusal: why a key does nothing, and which one would."""

from collections.abc import Mapping

from engine import EngineError


class Refusal(EngineError):
    """An error whose words name keys: there stands ``{id}`` of the action."""


def words_of(error: EngineError, keys: Mapping[str, str]) -> str:
    """What to say of it, with keys by ids of actions."""
    return str(error).format_map(keys) if isinstance(error, Refusal) else str(error)
