"""Lists of terms, as they are typed."""


def split_list(text: str, separator: str = ",") -> tuple[str, ...]:
    """The items of a list, whose separators stand outside brackets, quotation marks and backticks;
    where these are not closed, all separators count."""
    items, start, depth, mark = [], 0, 0, ""
    for i, character in enumerate(text):
        if mark:
            mark = "" if character == mark else mark
        elif character in "`\"'" and not text[i - 1 : i].isalnum():  # else an apostrophe
            mark = character
        elif character in "()":
            depth += 1 if character == "(" else -1
        elif character == separator and depth == 0:
            items.append(text[start:i])
            start = i + 1
    if mark or depth:
        return tuple(item.strip() for item in text.split(separator))
    return tuple(item.strip() for item in [*items, text[start:]])
