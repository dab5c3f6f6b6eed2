"""What a comparison has found, and its table."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Report:
    """How much has been compared; by quantity the largest difference, in units of its scale, and
    the number of the experiment; and what differs."""

    counts: Counter = field(default_factory=Counter)
    largest: dict[str, tuple[float, int]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


def table(report: Report) -> str:
    """The report as text, the largest differences first."""
    largest = sorted(report.largest.items(), key=lambda item: -item[1][0])
    lines = [f"{count:>12,} {name}" for name, count in report.counts.items()]
    lines += ["", "largest difference / scale, and the experiment"]
    lines += [f"{ratio:>12.1e} {name:<36} {number}" for name, (ratio, number) in largest]
    lines += ["", f"{len(report.failures)} experiments differ", *report.failures]
    return "\n".join(lines)
