"""Sign patterns as bits: 64 units a word."""

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Bools, Ints

Words = NDArray[np.uint64]

WORD = 64


def packed(on: Bools) -> Words:
    """The patterns (R, n) as words (R, ⌈n/64⌉): unit j is bit j % 64 of word j // 64."""
    rows, n = on.shape
    octets = np.packbits(on, axis=1, bitorder="little")
    width = -(-n // WORD) * 8
    if octets.shape[1] != width:
        padding = np.zeros((rows, width - octets.shape[1]), dtype=np.uint8)
        octets = np.concatenate([octets, padding], axis=1)
    return octets.view("<u8").astype(np.uint64, copy=False)


def unpacked(words: Words, n: int) -> Bools:
    """The patterns (R, n) from the words of ``packed``."""
    octets = words.astype("<u8", copy=False).view(np.uint8)
    return np.unpackbits(octets, axis=1, count=n, bitorder="little").view(np.bool_)


def set_bits(words: Words) -> tuple[Ints, Ints]:
    """The row and the unit of every bit that is set in words (R, w), in ascending order."""
    flat = words.ravel()
    nonzero = np.flatnonzero(flat)
    octets = flat[nonzero].astype("<u8", copy=False).view(np.uint8)
    bits = np.unpackbits(octets, bitorder="little").view(np.bool_)  # flatnonzero is fast on bool
    position = np.flatnonzero(bits)
    word, unit = nonzero.take(position // WORD), position % WORD
    width = words.shape[1]
    if width > 1:
        row = word // width
        return row, unit + (word - row * width) * WORD
    return word, unit


def single_bits(units: Ints, width: int) -> Words:
    """Words (R, width) with one unit on in each row."""
    bit = np.left_shift(np.uint64(1), (units % WORD).astype(np.uint64))
    if width == 1:
        return bit[:, np.newaxis]
    words = np.zeros((units.size, width), dtype=np.uint64)
    words[np.arange(units.size), units // WORD] = bit
    return words


def prefixes(flips: Words, first: Bools) -> Words:
    """The xor of the preceding rows of the same run; runs begin where ``first`` (R,) is set."""
    total = np.bitwise_xor.accumulate(flips, axis=0)
    total ^= flips  # of all preceding rows, without this one
    starts = first.nonzero()[0]
    total ^= total.take(starts.take(first.cumsum() - 1), axis=0)
    return total


def numbered(owners: Ints, words: Words) -> tuple[Ints, Ints]:
    """Number the distinct pairs (owner, pattern) 0, 1, …

    Returns the number of each pair, and for each number one place where it occurs. The pairs are
    compared by a hash of 64 bits, which is faster than sorting. Distinct pairs could get the same
    number, with a probability near 0: callers check how many numbers there are.
    """
    key = mixed(owners.astype(np.uint64))
    for column in words.T:
        key = mixed(key ^ column)
    count = key.size
    bits = max(4, int(count).bit_length())
    table = np.empty(1 << bits, dtype=np.intp)
    # the last pair written to a slot represents it; pairs with another key try another slot
    pending, keys = np.arange(count), key
    slot = (keys >> np.uint64(64 - bits)).view(np.int64)
    table[slot] = pending
    chosen = table.take(slot)  # the representative of each pair
    collided = np.flatnonzero(key.take(chosen) != key)
    while collided.size:
        pending, keys = pending[collided], mixed(keys[collided])
        slot = (keys >> np.uint64(64 - bits)).view(np.int64)
        table[slot] = pending
        candidate = table[slot]
        chosen[pending] = candidate
        collided = np.flatnonzero(key[candidate] != key[pending])
    represents = np.zeros(count, dtype=np.bool_)
    represents[chosen] = True
    places = np.flatnonzero(represents)
    number = np.empty(count, dtype=np.intp)
    number[places] = np.arange(places.size)
    return number.take(chosen), places


def mixed(x: Words) -> Words:
    """A hash: a bijection of 64-bit words, by two rounds of multiply and shift."""
    x = (x ^ (x >> np.uint64(32))) * np.uint64(0xD1B54A32D192ED03)
    x ^= x >> np.uint64(29)
    x *= np.uint64(0xAEF17502108EF2D9)
    x ^= x >> np.uint64(32)
    return x
