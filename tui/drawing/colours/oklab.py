"""Packed 0xRRGGBB colours: in OKLab and OKLCH, mixed, and their contrast as in WCAG 2.1."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

RGB = NDArray[np.int32]
"""Packed colours of any shape."""
Floats = NDArray[np.float64]

# the matrices at https://bottosson.github.io/posts/oklab/
_RGB_TO_LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LMS_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_LAB_TO_LMS = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_LMS_TO_RGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)
_ENCODED = np.arange(256) / 255.0
_LINEAR = np.where(_ENCODED <= 0.04045, _ENCODED / 12.92, ((_ENCODED + 0.055) / 1.055) ** 2.4)
_RED, _GREEN, _BLUE = (share * _LINEAR for share in (0.2126, 0.7152, 0.0722))  # in luminance


def channels(rgb: ArrayLike) -> NDArray[np.int32]:
    """Red, green and blue along a last axis."""
    packed = np.asarray(rgb, dtype=np.int32)
    return np.stack([packed >> 16 & 255, packed >> 8 & 255, packed & 255], axis=-1)


def oklab(rgb: ArrayLike) -> Floats:
    """Lightness, a and b along a last axis."""
    lab: Floats = np.cbrt(_LINEAR[channels(rgb)] @ _RGB_TO_LMS.T) @ _LMS_TO_LAB.T
    return lab


def lightness(rgb: int) -> float:
    """The lightness of one colour, 0 … 1."""
    return float(oklab(rgb)[0])


def from_oklab(lab: ArrayLike) -> RGB:
    """Packed colours of OKLab colours along the last axis, clipped to what can be shown."""
    linear = np.clip((np.asarray(lab) @ _LAB_TO_LMS.T) ** 3 @ _LMS_TO_RGB.T, 0.0, 1.0)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    red, green, blue = np.moveaxis(np.rint(255 * encoded).astype(np.int32), -1, 0)
    packed: RGB = red << 16 | green << 8 | blue
    return packed


def from_oklch(lightness: Floats, chroma: Floats, hue: float) -> RGB:
    """Packed colours of lightness and chroma (n,); the hue is in degrees."""
    angle = np.radians(hue)
    return from_oklab(
        np.stack([lightness, chroma * np.cos(angle), chroma * np.sin(angle)], axis=-1)
    )


def mix(a: ArrayLike, b: ArrayLike, alpha: ArrayLike) -> RGB:
    """Colours (1 − alpha)·a + alpha·b, broadcast; alpha goes in sixteenths, to keep them few."""
    a, b = np.asarray(a, dtype=np.int32), np.asarray(b, dtype=np.int32)
    sixteenths = np.rint(np.clip(alpha, 0.0, 1.0) * 16).astype(np.int32)
    result = np.zeros(np.broadcast_shapes(a.shape, b.shape, sixteenths.shape), dtype=np.int32)
    for shift in (16, 8, 0):
        channel = (a >> shift & 255) * (16 - sixteenths) + (b >> shift & 255) * sixteenths
        result |= (channel + 8 >> 4) << shift
    return result


def luminance(rgb: ArrayLike) -> Floats:
    """Relative luminance, 0 … 1 (https://www.w3.org/TR/WCAG21/#dfn-relative-luminance)."""
    packed = np.asarray(rgb, dtype=np.int32)
    return np.asarray(_RED[packed >> 16 & 255] + _GREEN[packed >> 8 & 255] + _BLUE[packed & 255])


def contrast(a: ArrayLike, b: ArrayLike) -> Floats:
    """The contrast ratio of colours, 1 … 21."""
    first, second = luminance(a) + 0.05, luminance(b) + 0.05
    ratio: Floats = np.maximum(first, second) / np.minimum(first, second)
    return ratio
