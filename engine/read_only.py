"""Arrays that nobody writes to by mistake."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Number = TypeVar("Number", bound=np.generic)


def read_only(array: NDArray[Number]) -> NDArray[Number]:
    """The same array, which refuses to be written to from now on."""
    array.flags.writeable = False
    return array
