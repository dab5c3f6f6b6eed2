"""Lists of offers: the keys of a screen, and the palette."""
