"""The colours chosen by hand for terminals of 256 and of 16 colours, by their numbers.

Within a sign the fills have one hue, and get darker or lighter one way. Of 256 colours the cube has
no dark or pale ones of these hues: what is near zero is grey.
"""

ColourNumbers = tuple[int, ...]

# negative and positive fills from the smallest on, by whether the theme is dark
FILLS_256: dict[bool, tuple[ColourNumbers, ColourNumbers]] = {
    True: ((25, 32, 39), (130, 172, 208)),
    False: ((153, 75, 32), (223, 215, 172)),
}
BOUNDS_256 = (0.08, 0.45, 0.75)  # of |value|, between grey and these
GREYS_256 = ("bg", "hi", "mid", "low", "line", "sel", "thumbnail")
INKS_256 = ("negative_small", "negative", "positive_small", "positive")
POINTS_256 = {
    True: {"point_negative": 153, "point_positive": 223}
    | {"negative_on_fill": 16, "positive_on_fill": 16},
    False: {"point_negative": 17, "point_positive": 52}
    | {"negative_on_fill": 231, "positive_on_fill": 231},
}
PAPER_256 = 231  # white, which is nearer to the light theme's ground than the next grey looks

# Sign colours as terminals differ least in them, and each as light as the other. On black these are
# cyan and yellow, on white blue and red: no shade of blue and yellow can be read on both.
FILLS_16: dict[bool, tuple[ColourNumbers, ColourNumbers]] = {
    True: ((6, 14), (3, 11)),
    False: ((12, 4), (9, 1)),
}
NAMES_16 = {True: ("cyan", "yellow"), False: ("blue", "red")}
SIZES_16 = {True: (0, 8, 7), False: (15, 7, 8)}
FIELDS_16 = {
    True: {"bg": 0, "hi": 15, "mid": 7, "low": 7, "line": 8, "sel": 7, "thumbnail": 0}
    | {"negative_small": 6, "negative": 14, "positive_small": 11, "positive": 11}
    | {"point_negative": 15, "point_positive": 15, "negative_on_fill": 0, "positive_on_fill": 0},
    False: {"bg": 15, "hi": 0, "mid": 8, "low": 8, "line": 7, "sel": 7, "thumbnail": 15}
    | {"negative_small": 4, "negative": 4, "positive_small": 1, "positive": 1}
    | {"point_negative": 0, "point_positive": 0, "negative_on_fill": 15, "positive_on_fill": 15},
}
CONTRAST_16 = {"mid": 15, "low": 15, "line": 7}  # in place of these in the contrast theme
