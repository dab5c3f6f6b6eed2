"""What is typed: files that are there, answers that make sense, and what is hostile."""

from pathlib import Path
from random import Random

WHOLE = "a whole number"
"""Stands for one that is drawn."""

TYPED = {  # by the key that opens the dialog
    "ctrl+o": (
        "numbers.csv", "words.csv", "headless.csv", "semicolon.csv", "classes.tsv", "bad.csv",
        "one.csv", "saved.npz", "saved.npz", "saved.toml", "second.npz", "missing.npz", ".", "",
    ),
    "ctrl+s": ("saved.npz", "saved.toml", "second.npz", "saved.npz"),
    "W": ("saved.npz", "saved.toml", "second.npz", "nowhere/a.npz", "numbers.csv"),
    "e": ("0.5", "-1", "1e3", "0", "1e-300", "name", "B", "−2"),
    "a": ("1", "-1", "+1", "0.25", "yes", "ash", "1e6"),
    "g": (WHOLE, "1", "0", "9999999"),
    "G": (WHOLE, WHOLE, WHOLE, "0", "2000", "99999999999999"),
    "slash": ("data", "empty", "zero near", "area>1, n>=3", "on:1.1 off:1.2", "slope>2", "x", ""),
    "P": ("1 2 3", "1 20 35", "1 1 1", "5,6,7", "0 1 2"),
    "ctrl+p": ("theme", "step", "screen", "regions", "explain", "data", "settings", "zzz", "s"),
    "delete": ("A", "B", "C", "name"),
    "enter": ("0.5", "", "1"),
}  # fmt: skip

HOSTILE = (
    "", " ", "nan", "inf", "-inf", "1e400", "1e-400", "-0", "9" * 400, "日本語 é", "[bold]x[/", "[",
    "\x1b[31mred\x07", "\x00", "a\nb\r\nc\td", "~", "~nosuchuser/x.csv", "~nosuchuser/x.npz",
    "a" * 300 + ".npz", "a" * 300 + ".csv", "/dev/null", "/dev/null.csv", "/", "..", "../x.npz",
    "nnx1:", "nnx1:abc", "nnx1:Y2BgkKhWSkksSSxOLVGyUlDST0kt069KLcpXqgUAi__Mtw",
    "nnx1:Y2BgEKxWSkksSSxOLVGyUkrOLEpOUqrFJQgA", "{}", "{x}", "%s %d", "\\", "'\"", "\u202e abc",
    "🧠" * 20, "x" * 5000, "1 " * 500, ",".join("123456789"), "1_000", "٣", "½", "0x10", "--help",
)  # fmt: skip

FILES = {
    "numbers.csv": "a,b,y\n" + "".join(f"{i},{i * i % 7},{2 * i - i * i % 7}\n" for i in range(20)),
    "words.csv": "size,colour,price\n" + "".join(
        f"{i % 5},{('red', 'green')[i % 2]},{i % 5 * 3 + i % 2}\n" for i in range(16)
    ),
    "headless.csv": "".join(f"{i},{i % 3},{i + i % 3}\n" for i in range(12)),
    "semicolon.csv": "dose;dead\n" + "".join(
        f"{i / 4};{('no', 'yes')[i % 5 > i % 3]}\n" for i in range(20)
    ),
    "classes.tsv": "l\tw\tspecies\n" + "".join(
        f"{i % 5}\t{i % 4 - i % 3}\t{('ash', 'bay', 'cedar')[i % 3]}\n" for i in range(21)
    ),
    "large.csv": "x,y\n" + "".join(f"{i}e90,{i * i}e80\n" for i in range(1, 9)),
    "one.csv": "x,y\n1,2\n",
    "bad.csv": "x,y\n1,2\n3,[bold]four\n",
}  # fmt: skip
OWN = ("numbers.csv", "words.csv", "headless.csv", "semicolon.csv", "classes.tsv", "large.csv")
"""Those with which a run can begin."""


def hostile(rng: Random) -> str:
    """A text that nobody sensible types."""
    return rng.choice(HOSTILE)


def write_files(folder: Path) -> None:
    """The files that are there from the start."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
