"""Sign patterns as bits: 64 units a word, which are on at a point and which differ between two."""

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Bools, Ints

Words = NDArray[np.uint64]

WORD = 64


def packed(on: Bools) -> Words:
    """The patterns (R, n) as words (R, ⌈n/64⌉): unit j is bit j % 64 of word j // 64."""
    rows, n = on.shape
    eighths = np.packbits(on, axis=1, bitorder="little")
    whole = -(-n // WORD) * 8
    if eighths.shape[1] != whole:
        eighths = np.concatenate(
            [eighths, np.zeros((rows, whole - eighths.shape[1]), dtype=np.uint8)], axis=1
        )
    return eighths.view("<u8").astype(np.uint64, copy=False)


def unpacked(words: Words, n: int) -> Bools:
    """The patterns (R, n) that ``packed`` made words of."""
    eighths = words.astype("<u8", copy=False).view(np.uint8)
    return np.unpackbits(eighths, axis=1, count=n, bitorder="little").view(np.bool_)


def set_bits(words: Words) -> tuple[Ints, Ints]:
    """The row and the unit of every bit that is set in words (R, w): row by row, ascending."""
    flat = words.ravel()
    some = np.flatnonzero(flat)
    eighths = flat[some].astype("<u8", copy=False).view(np.uint8)
    bits = np.unpackbits(eighths, bitorder="little").view(np.bool_)  # nonzero is quick on Booleans
    at = np.flatnonzero(bits)
    word, unit = some.take(at // WORD), at % WORD
    width = words.shape[1]
    if width > 1:
        row = word // width
        return row, unit + (word - row * width) * WORD
    return word, unit


def single_bits(units: Ints, width: int) -> Words:
    """Words (R, width) in each of which one unit is on."""
    bit = np.left_shift(np.uint64(1), (units % WORD).astype(np.uint64))
    if width == 1:
        return bit[:, np.newaxis]
    words = np.zeros((units.size, width), dtype=np.uint64)
    words[np.arange(units.size), units // WORD] = bit
    return words


def prefixes(flips: Words, first: Bools) -> Words:
    """In each run of rows, the xor of the rows before; runs begin where ``first`` (R,) is set."""
    total = np.bitwise_xor.accumulate(flips, axis=0)
    total ^= flips  # of all rows before this one
    starts = first.nonzero()[0]
    total ^= total.take(starts.take(first.cumsum() - 1), axis=0)
    return total


def numbered(owners: Ints, words: Words) -> tuple[Ints, Ints]:
    """Number the distinct (owner, pattern) pairs 0, 1, …: each one's number, and where each number
    occurs. Two pairs may be taken for one, though hardly ever: to be checked by counting."""
    key = mixed(owners.astype(np.uint64))
    for column in words.T:
        key = mixed(key ^ column)
    count = key.size
    bits = max(4, int(count).bit_length())
    table = np.empty(1 << bits, dtype=np.intp)
    # of pairs in one slot of the table the last one wins; those unlike it try another slot
    pending, keys = np.arange(count), key
    slot = (keys >> np.uint64(64 - bits)).view(np.int64)
    table[slot] = pending
    chosen = table.take(slot)  # for each pair one with the same number
    lost = np.flatnonzero(key.take(chosen) != key)
    while lost.size:
        pending, keys = pending[lost], mixed(keys[lost])
        slot = (keys >> np.uint64(64 - bits)).view(np.int64)
        table[slot] = pending
        winner = table[slot]
        chosen[pending] = winner
        lost = np.flatnonzero(key[winner] != key[pending])
    winners = np.zeros(count, dtype=np.bool_)
    winners[chosen] = True
    places = np.flatnonzero(winners)
    number = np.empty(count, dtype=np.intp)
    number[places] = np.arange(places.size)
    return number.take(chosen), places


def mixed(x: Words) -> Words:
    """A bijection of words after which all bits look random: two rounds of multiply and shift."""
    x = (x ^ (x >> np.uint64(32))) * np.uint64(0xD1B54A32D192ED03)
    x ^= x >> np.uint64(29)
    x *= np.uint64(0xAEF17502108EF2D9)
    x ^= x >> np.uint64(32)
    return x
