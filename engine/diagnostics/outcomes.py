"""The results of several tests, each computed on first access and kept."""

from functools import cached_property

from engine.diagnostics.test_result import CannotTest, DiagnosticTest


class Outcomes:
    """Results of tests by their keys; ``_made`` computes one, or raises CannotTest."""

    def test(self, key: str) -> DiagnosticTest | None:
        """The result of a test, by its key of ``ABOUT``; None if it is not possible."""
        outcome = self._outcome(key)
        return outcome if isinstance(outcome, DiagnosticTest) else None

    def note(self, key: str) -> str:
        """Why a test is not possible, or a remark on its result; usually ""."""
        outcome = self._outcome(key)
        return outcome.note if isinstance(outcome, DiagnosticTest) else outcome

    @cached_property
    def _outcomes(self) -> dict[str, DiagnosticTest | str]:
        return {}

    def _outcome(self, key: str) -> DiagnosticTest | str:
        if key not in self._outcomes:
            try:
                self._outcomes[key] = self._made(key)
            except CannotTest as error:
                self._outcomes[key] = str(error)
        return self._outcomes[key]

    def _made(self, key: str) -> DiagnosticTest:
        raise NotImplementedError(key)
