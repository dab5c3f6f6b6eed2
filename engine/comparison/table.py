"""Tables of analysis of variance: tests of terms, or of two models."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AnovaRow:
    """A line of a table: a term, or the residuals.

    Attributes:
        term: its name.
        freedom: degrees of freedom.
        sum_of_squares: of least squares; of a generalised linear model the difference of the
            deviances, of the row of the residuals the deviance.
        statistic: F or χ²; NaN where there is no test.
        p_value: its upper tail; NaN where there is no test.
        aic: of ``drop_one``: that of the model without the term, of the first row the model's.
            NaN in other tables, and of a quasi-likelihood.
        note: why there is no test; "" if there is one.

    Example:
        >>> import engine
        >>> line = engine.ols([1, 2, 3, 4], [1, 3, 2, 5])
        >>> row = engine.compare(engine.ols([0, 0, 0, 0], [1, 3, 2, 5]), line).rows[0]
        >>> row.freedom, round(row.sum_of_squares, 6)
        (1, 6.05)
    """

    term: str
    freedom: int
    sum_of_squares: float
    statistic: float
    p_value: float
    aic: float
    note: str


@dataclass(frozen=True)
class AnovaTable:
    """Tests of the terms of a model, or of two models.

    Attributes:
        rows: one for each test.
        residual: the row of the residuals of the (larger) model.
        test: "F", or "chi2" for the likelihood ratio, where the dispersion is known.

    Example:
        >>> import engine
        >>> line = engine.ols([1, 2, 3, 4], [1, 3, 2, 5])
        >>> table = engine.compare(engine.ols([0, 0, 0, 0], [1, 3, 2, 5]), line)
        >>> table.test, table.residual.freedom
        ('F', 2)
    """

    rows: tuple[AnovaRow, ...]
    residual: AnovaRow
    test: str
