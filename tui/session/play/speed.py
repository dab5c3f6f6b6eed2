"""The speed of play, in steps a second: its levels, and how slowly a run begins."""

from math import inf

MAX = inf  # as fast as possible
LEVELS = (1, 2, 5, 10, 30, 60, 120, 300, 1000, 3000, 10_000, 30_000, MAX)
SLOWEST, FASTEST = LEVELS[0], LEVELS[-2]  # of the speeds that have a number

FIRST_SPEED = 12.0  # at step 0: each step can be seen
SLOW_STEPS = 80  # after which it is twice as fast
SMALL = 1000  # parameters; larger networks take their time anyway


def starting_speed(step: int, parameters: int) -> float:
    """The speed at a step, as long as nobody has chosen one: slow where a run of a small network
    begins, and ever faster. 200 steps take 8 seconds; after 15 it is as fast as possible.

    It depends on the step and not on the time, so that a run that is played again from its start
    begins slowly again, and one that is played backwards slows down as it comes there.
    """
    if parameters > SMALL:
        return MAX
    speed: float = FIRST_SPEED * (1.0 + (step / SLOW_STEPS) ** 1.5)
    return speed if speed < FASTEST else MAX


def slower(speed: float) -> float:
    """The next lower level: half the speed, about."""
    return max((level for level in LEVELS if level < speed), default=SLOWEST)


def faster(speed: float) -> float:
    """The next higher level: double the speed, about."""
    return min((level for level in LEVELS if level > speed), default=MAX)
