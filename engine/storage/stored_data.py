"""Data sets as arrays of a session file, so that it opens even if its data file is gone.

Stored are the data as loaded, split and scaled, before edits and features. Built-in sets are
stored too: formulas and means may differ in their last bits between processors.
"""

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from engine.arrays import read_only
from engine.atomic_files import read_whole
from engine.data.dataset import Dataset, Scale
from engine.data.reading.read import MAX_BYTES
from engine.errors import DataError
from engine.glm.families import FAMILIES
from engine.storage.archive import Archive, Values, json_array
from engine.storage.value_checks import each, items, number, one_of, require, table, text

MAX_STORED = 64_000_000  # bytes of numbers: 800 000 rows of ten columns
TASKS = ("regression", "binary", "classes")
TEXTS = ("name", "task", "source", "target", "family", "digest")
LISTS = ("feature_names", "target_names", "notes")


def is_storable(data: Dataset) -> bool:
    """Whether a data set is small enough to be stored."""
    return data.X.nbytes + data.Y.nbytes <= MAX_STORED


def dataset_arrays(data: Dataset) -> dict[str, Values]:
    """The arrays of a data set, by name."""
    about = {name: getattr(data, name) for name in (*TEXTS, *LISTS, "row_names", "levels")}
    arrays = {
        "about": json_array(about),
        "X": data.X,
        "Y": data.Y,
        "train": data.train.astype(np.int64),
        "test": data.test.astype(np.int64),
        "x_scale": np.array([data.x_scale.mean, data.x_scale.sd]),
        "y_scale": np.array([data.y_scale.mean, data.y_scale.sd]),
    }
    if data.groups is not None:
        arrays["groups"] = data.groups.astype(np.int64)
    return arrays


def arrays_digest(arrays: dict[str, Values]) -> str:
    """The SHA-256 of a data set's arrays."""
    digest = sha256()
    for name, values in arrays.items():
        digest.update(f"{name}{values.shape}".encode())
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()


def read_dataset(archive: Archive, prefix: str) -> Dataset:
    """The data set whose arrays have this prefix. DataError where they are not valid."""
    message = f"{prefix}about has the wrong form"
    about = table(archive.value(f"{prefix}about"), message, *TEXTS, *LISTS, "row_names", "levels")
    X, Y = archive.floats(f"{prefix}X", (None, None)), archive.floats(f"{prefix}Y", (None, None))
    n, d, k = len(X), X.shape[1], Y.shape[1]
    require(len(Y) == n > 0 and d > 0 and k > 0, f"{prefix}X and {prefix}Y have different sizes")
    train, test = (_rows(archive, f"{prefix}{name}", n) for name in ("train", "test"))
    all_rows = np.sort(np.concatenate([train, test]))
    require(len(train) and np.array_equal(all_rows, np.arange(n)), f"{prefix}train is wrong")
    low, high = (number(value, message) for value in items(about["levels"], message, 2))
    names = None if about["row_names"] is None else each(about["row_names"], message, text)
    require(names is None or len(names) == n, message)
    lists: dict[str, Any] = {name: each(about[name], message, text) for name in LISTS}
    require(len(lists["feature_names"]) == d == len(set(lists["feature_names"])), message)
    groups = f"{prefix}groups"
    texts: dict[str, Any] = {name: text(about[name], message) for name in TEXTS}
    data = Dataset(
        **texts,
        **lists,
        X=read_only(X),
        Y=read_only(Y),
        train=read_only(train),
        test=read_only(test),
        x_scale=_scale(archive, f"{prefix}x_scale", d),
        y_scale=_scale(archive, f"{prefix}y_scale", k),
        row_names=names,
        levels=(low, high),
        groups=read_only(_groups(archive, groups, n)) if groups in archive else None,
    )
    _check_targets(data, message)
    return data


def _check_targets(data: Dataset, message: str) -> None:
    k, labels = data.Y.shape[1], len(data.target_names)
    one_of(data.task, message, TASKS)
    one_of(data.family, message, ("", *FAMILIES))
    classes = data.task == "classes"
    require(k > 2 if classes else k == 1 or data.task == "regression", message)
    require(labels in ((k,) if classes else (0, 2)), message)
    if data.task != "regression":
        values = (0.0, 1.0) if classes else data.levels
        require(data.levels[0] < data.levels[1] and np.isin(data.Y, values).all(), message)
    if classes:
        require((data.Y.sum(axis=1) == 1.0).all(), message)
    require(data.groups is None or data.task == "binary", message)


def _rows(archive: Archive, name: str, n: int) -> Values:
    rows = archive.array(name, "i", (None,)).astype(np.intp)
    require(len(rows) <= n and (np.diff(rows) > 0).all(), f"{name} is wrong")
    return rows


def _groups(archive: Archive, name: str, n: int) -> Values:
    groups = archive.array(name, "i", (n,)).astype(np.intp)
    require(groups.min() >= 0 and groups.max() < n, f"{name} is wrong")
    return groups


def _scale(archive: Archive, name: str, columns: int) -> Scale:
    mean, sd = archive.floats(name, (2, columns))
    require((sd > 0.0).all(), f"{name} is wrong")
    return Scale(read_only(mean), read_only(sd))


def file_remark(data: Dataset) -> str:
    """A remark where the file of a data set has changed since it was read, or is gone; else ""."""
    if not data.digest:
        return ""
    goes_on = "the session goes on with the data it was trained on, also where it is restarted"
    if not os.path.lexists(data.name):
        return f"{data.name} is no longer there; {goes_on}"
    try:
        same = sha256(read_whole(Path(data.name), MAX_BYTES)).hexdigest() == data.digest
    except DataError:
        return f"{data.name} can no longer be read; {goes_on}"
    if same:
        return ""
    return f"{data.name} has changed since; {goes_on}; opened by itself it is read anew"
