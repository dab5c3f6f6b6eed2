"""A term of a model, and which columns of its design matrix are its own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelTerm:
    """A term, such as ``wt:C(cyl)``.

    Attributes:
        name: as it is shown.
        variables: what it is a product of, as in {"wt", "C(cyl)"}: a term contains another if it
            has all its variables.
        columns: the columns of the design matrix, without the intercept, from 0: one for a number,
            one for each level but the reference for a category.

    Example:
        >>> import engine
        >>> table = {"wt": [2.0, 3.0, 5.0], "cyl": [4, 6, 8]}
        >>> engine.design("wt + C(cyl)", table).terms[1].columns
        (1, 2)
    """

    name: str
    variables: frozenset[str]
    columns: tuple[int, ...]
