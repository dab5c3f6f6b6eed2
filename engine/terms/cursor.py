"""A place in the tokens of a text, and the names of the columns that it may use."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from unicodedata import normalize

from engine.quoting import MAX_CHARACTERS, shown
from engine.terms.expressions import quoted
from engine.terms.faults import NoColumnError, TermError
from engine.terms.limits import MAX_NESTING
from engine.terms.tokens import END, NAME, NUMBER, SIGN, Token, tokens_of
from engine.wording import listed

MAX_LISTED = 12  # names in a message
MAX_COMPARED = 1000  # names that a wrong one is compared with


class Cursor:
    """The next token of a text."""

    def __init__(self, text: str, names: Sequence[str]) -> None:
        self.text, self.names = text, tuple(names)
        self.tokens = tokens_of(text)
        self._next = 0
        self._nesting = 0
        # x1 stands for x₁ too
        self._spelt: dict[str, str] = {}
        for name in reversed(self.names):
            self._spelt[normalize("NFKC", name)] = name

    @property
    def token(self) -> Token:
        """The next token."""
        return self.tokens[self._next]

    @property
    def following(self) -> Token:
        """The one after it."""
        return self.tokens[min(self._next + 1, len(self.tokens) - 1)]

    def at(self, *signs: str) -> bool:
        """Whether the next token is one of these signs."""
        return self.token.kind == SIGN and self.token.text in signs

    def take(self) -> Token:
        """The next token; then the one after it is the next."""
        token = self.token
        self._next = min(self._next + 1, len(self.tokens) - 1)
        return token

    def expect(self, sign: str, where: str) -> None:
        """Take a sign; TermError if something else is there."""
        if not self.at(sign):
            raise self.fault(f"'{sign}' expected {where}, {self.found()}")
        self.take()

    def expect_end(self, wanted: str) -> None:
        """TermError unless the text ends here."""
        if self.token.kind != END:
            raise self.fault(f"{wanted} expected, {self.found()}")

    def found(self) -> str:
        """What is at the next token, for a message."""
        if self.token.kind == END:
            return "but the text ends here"
        source = self.text[self.token.position : self.token.end]
        return f"not {shown(source)}"

    def fault(self, what: str, token: Token | None = None) -> TermError:
        """An error at the next token, or at another one."""
        return TermError(self.text, (token or self.token).position, what)

    def no_column(self, token: Token) -> NoColumnError:
        """An error at a name that no column has."""
        return NoColumnError(self.text, token.position, no_column(token.text, self.names))

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Count what is inside brackets; TermError if there are too many."""
        self._nesting += 1
        if self._nesting > MAX_NESTING:
            raise self.fault(f"more than {MAX_NESTING} brackets or signs in each other")
        yield
        self._nesting -= 1

    def known(self, name: str) -> str | None:
        """The column of this name, as it is spelt in the data."""
        return name if name in self.names else self._spelt.get(normalize("NFKC", name))

    def column(self) -> str:
        """Take the name of a column."""
        token = self.take()
        name = self.known(token.text) if token.kind == NAME else None
        if name is not None:
            return name
        if token.kind == NAME:
            raise self.no_column(token)
        self._next -= token.kind != END
        raise self.fault(f"a column expected, {self.found()}", token)

    def level(self) -> str:
        """Take a level: a name, a number, or a text in quotation marks."""
        sign = "-" if self.at("-") and self.following.kind == NUMBER else ""
        if sign:
            self.take()
        token = self.token
        if token.kind in (END, SIGN) or (token.kind == NAME and token.quoted):
            raise self.fault(f'a level expected, such as 4 or "a b", {self.found()}')
        return sign + self.take().text


def no_column(name: str, names: Sequence[str]) -> str:
    """What is said of an unknown name: the most similar one, if there is one, and the others."""
    near = []
    if len(name) <= MAX_CHARACTERS:
        near = get_close_matches(name, [*names[:MAX_COMPARED]], n=1)
    meant = f"; did you mean {quoted(near[0])}? There are: " if near else "; there are: "
    return f"no column {shown(name)}{meant}{listed([*map(quoted, names)], MAX_LISTED) or 'none'}"
