"""The largest terms that are read: texts come from files and share codes of others."""

MAX_CHARACTERS = 1000  # of a text
MAX_NESTING = 20  # brackets in each other
MAX_TERMS = 200  # of a model, beside those of "."
MAX_COLUMNS = 2000  # of a design
MAX_LEVELS = 50  # of a category among the inputs of a network
MAX_EXPONENT = 12
