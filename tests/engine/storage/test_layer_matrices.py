"""Matrices as they are typed, pasted and stored, and what of a layer they are."""

import io
import pickle
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from engine import DataError, EngineError, Network, ShapeError
from engine.storage.layer_matrices import layer_shapes, with_layer
from engine.storage.matrix_file import MAX_BYTES, is_path, matrices_in
from engine.storage.matrix_text import named_matrix, numbers_in, split_transpose

FINITE = st.floats(allow_nan=False, allow_infinity=False)
MATRICES = arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=FINITE)


def joined(matrix, blank, row, left="", right="", number=repr):
    """A matrix with these texts between its numbers, between its rows, and around each row."""
    return row.join(left + blank.join(map(number, values)) + right for values in matrix.tolist())


def printed(matrix):
    """As NumPy prints it, without loss, long lines broken."""
    return np.array2string(matrix, floatmode="unique", threshold=10**6)


WRITTEN = {
    "lines and blanks": lambda m: joined(m, " ", "\n"),
    "lines of Windows and tabs": lambda m: joined(m, "\t", "\r\n") + "\r\n",
    "a file with commas": lambda m: joined(m, ",", "\n") + "\n",
    "semicolons": lambda m: joined(m, ", ", "; "),
    "MATLAB": lambda m: f"W = [{joined(m, ' ', '; ')}];",
    "MATLAB on lines": lambda m: f"[{joined(m, '  ', ';' + chr(10))}]",
    "Python lists": lambda m: repr(m.tolist()),
    "Python tuples": lambda m: repr(tuple(map(tuple, m.tolist()))),
    "rows in brackets": lambda m: joined(m, ", ", "\n", "[", "]"),
    "rows in brackets with commas": lambda m: joined(m, ", ", ",\n", "[", "]"),
    "NumPy, printed": printed,
    "NumPy, repr": lambda m: f"np.array({printed(m)}, dtype=float32)",
    "PyTorch": lambda m: (
        f"Parameter containing:\ntensor({m.tolist()}, device='cuda:0', requires_grad=True)"
    ),
    "NumPy's savetxt": lambda m: "# w1 w2\n" + joined(m, " ", "\n", number="{:.18e}".format),
    "a true minus": lambda m: joined(m, " ", "\n").replace("-", "−"),
}


@pytest.mark.parametrize("written", WRITTEN)
@settings(max_examples=15)
@given(MATRICES)
def test_a_matrix_is_read_to_the_last_bit_however_it_is_written(written, matrix):
    name, read = named_matrix(WRITTEN[written](matrix))
    assert read.tobytes() == matrix.tobytes() and read.shape == matrix.shape
    assert name == ("W" if written == "MATLAB" else "")


@settings(max_examples=30)
@given(arrays(np.float64, st.integers(1, 40), elements=FINITE))
def test_a_vector_is_a_row_also_when_numpy_or_python_break_it_into_lines(vector):
    broken = np.array2string(vector, floatmode="unique", threshold=10**6)
    assert named_matrix(broken)[1].tolist() == [vector.tolist()]
    by_comma = "[" + ",\n ".join(map(repr, vector.tolist())) + "]"
    assert named_matrix(by_comma)[1].tolist() == [vector.tolist()]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no number: type rows such as 1 2; 3 4"),
        ("[]", "no number"),
        ("1 2; 3", "row 1 has 2 numbers, row 2 has 1"),
        ("[1 2\n3]", "row 1 has 2 numbers, row 2 has 1"),
        ("1,,2", "a number is missing beside a comma"),
        ("1 two", "'two' is not a number"),
        ("1.0e+03 *\n1 2", r"'\*' is not a number"),  # MATLAB's common factor
        ("1 nan", "nan is not a finite number"),
        ("1e999", "1e999 is not a finite number"),
        ("[[1, ..., 2]]", "leaves numbers out"),
        ("[[1 2], [3 4]", r"brackets do not match: write \[\[1, 2\], \[3, 4\]\] or \[1 2; 3 4\]"),
        ("[[[1 2]]]", "brackets do not match"),
        ("[[1, 2], [3, 4]] 5", "brackets do not match"),
        ("array([1, 2", "brackets do not match"),
        ("array([1, 2], 3)", "brackets do not match"),
    ],
)
def test_what_is_no_matrix_is_refused_and_says_why(text, says):
    with pytest.raises(DataError, match=says):
        named_matrix(text)


@settings(max_examples=50)
@given(st.text(alphabet="0123456789.,;-+e[]() \n=Wb'", max_size=40))
def test_any_text_is_a_finite_matrix_or_one_line_that_says_what_is_wrong(text):
    message, matrix = "", np.ones((1, 1))
    try:
        _, matrix = named_matrix(text)
    except DataError as error:
        message = str(error)
    assert "\n" not in message and len(message) < 150
    assert matrix.ndim == 2 and matrix.size and np.isfinite(matrix).all()


def test_numbers_are_read_as_by_python():
    assert numbers_in(" 1_000, -2\t.5 +3e-1 −4. ") == [1000.0, -2.0, 0.5, 0.3, -4.0]
    assert numbers_in("1.5, -2") == numbers_in("1.5 -2") == [1.5, -2.0]


@pytest.mark.parametrize("mark", [".T", "'", "ᵀ"])
def test_a_transpose_is_marked_at_the_end(mark):
    assert split_transpose(f" [1 2]{mark}\n") == ("[1 2]", True)
    assert split_transpose("[1 2]") == ("[1 2]", False)


# files


@settings(max_examples=15)
@given(MATRICES, st.sampled_from(["f8", "f4", ">f8", "i4"]), st.booleans())
def test_arrays_of_numpy_are_read_with_every_type_and_order(tmp_path_factory, matrix, kind, turned):
    path = tmp_path_factory.mktemp("w") / "w.npy"
    with np.errstate(all="ignore"):
        saved = np.nan_to_num(matrix.astype(kind), posinf=1.0, neginf=-1.0)
    np.save(path, saved.T if turned else saved)
    (read,) = matrices_in(path).values()
    assert np.array_equal(read, saved.T if turned else saved)


def test_text_and_archives_are_read_with_their_names(tmp_path):
    W = np.array([[0.15, 0.2], [0.25, 0.3]])
    (tmp_path / "w.csv").write_bytes(b"\xef\xbb\xbf0.15,0.2\r\n0.25,0.3\r\n")
    np.savez_compressed(tmp_path / "w.npz", W=W, b=[0.35, 0.35])
    np.savetxt(tmp_path / "w.txt", W, header="w1 w2")
    for name, ending in (("", "csv"), ("", "txt"), ("W", "npz")):
        assert matrices_in(tmp_path / f"w.{ending}")[name].tolist() == W.tolist()
    assert matrices_in(tmp_path / "w.npz")["b"].tolist() == [[0.35, 0.35]]


class Harmful:
    """Its pickle would fail the test."""

    def __reduce__(self):
        return pytest.fail, ("unpickled",)


def npy(array, **options):
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


def zipped(content, count=1):
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for i in range(count):
            archive.writestr(f"a{i}.npy", content)
    return file.getvalue()


BOX = npy(np.array([[1.0, 2.0]]))
HUGE = BOX.replace(b"(1, 2), }", b"(9" + b"0" * 9 + b",),}").ljust(len(BOX))
FILES = {
    "objects.npy": (npy(np.array([Harmful()]), allow_pickle=True), "Python objects, which are not"),
    "objects.npz": (zipped(npy(np.array([Harmful()]), allow_pickle=True)), "Python objects"),
    "pickle.npy": (pickle.dumps(Harmful()), "damaged, or no array of NumPy"),
    "pickle.csv": (pickle.dumps([b"\xff"]), "not text in UTF-8"),
    "cut.npy": (BOX[:-8], "does not have the size it states"),
    "huge.npy": (HUGE, "array"),
    "cube.npy": (npy(np.zeros((2, 2, 2))), "3 dimensions"),
    "empty.npy": (npy(np.zeros((0, 2))), "is empty"),
    "text.npy": (npy(np.array(["a"])), "holds <U1"),
    "nan.npy": (npy(np.array([[np.nan]])), "not finite"),
    "none.npz": (zipped(b"", 0), "no array"),
    "text.npz": (b"1 2 3", "damaged, or no archive"),
    "bomb.npz": (zipped(bytes(MAX_BYTES // 4), 5), "unpacks to more than 16 MB"),
    "w.json": (b"[1]", r"ends in \.csv, \.tsv, \.txt, \.npy, \.npz"),
    "words.csv": (b"w1,w2\n1,2\n", "'w1' is not a number"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_none_is_refused_unpickled_and_says_why(tmp_path, name):
    content, says = FILES[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=says):
        matrices_in(tmp_path / name)


def test_a_path_is_told_from_a_matrix():
    assert all(map(is_path, ["W.csv", "./W", "~/w.NPY", "/tmp/a b.npz", "../w.tsv"]))
    assert not any(map(is_path, ["1 2", "[1, 2]", "W = 1", "1 2\n./W.csv", ""]))


# what of a layer they are

NETWORK = Network([4, 3, 2, 1], seed=1)


@settings(max_examples=40)
@given(st.integers(1, 3), st.sampled_from(["W", "W and b", "b", "column"]), st.integers(0, 99))
def test_by_its_shape_a_matrix_is_w_or_w_and_b_or_b_and_the_rest_stays(layer, what, seed):
    n, m = NETWORK.weights[layer - 1].shape
    shape = {"W": (n, m), "W and b": (n, m + 1), "b": (1, n), "column": (n, 1)}[what]
    values = np.random.default_rng(seed).normal(size=shape)
    told, parameters = with_layer(NETWORK, layer, {"": values})
    assert told == what.replace("column", "b")
    changed = NETWORK.with_parameters(parameters)
    for l, (before, after) in enumerate(zip(NETWORK.matrices, changed.matrices, strict=True), 1):
        expected = before.copy()
        if l == layer and told == "b":
            expected[:, -1] = values.ravel()
        elif l == layer:
            expected[:, : shape[1]] = values
        assert np.array_equal(after, expected)


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 7), st.integers(1, 7), st.booleans())
def test_a_shape_is_taken_only_where_it_can_mean_one_thing(n, m, rows, columns, bias):
    network = Network([m, n], bias=bias)
    fits = [
        what
        for what, shapes in {
            "W": [(n, m)],
            "W and b": [(n, m + 1)] * bias,
            "b": [(1, n), (n, 1)] * (bias and m > 1),
        }.items()
        if (rows, columns) in shapes
    ]
    told, message = [], ""
    try:
        told = [with_layer(network, 1, {"": np.ones((rows, columns))})[0]]
    except ShapeError as error:
        message = str(error)
    transposed = (columns, rows) in [(n, m), *[(n, m + 1)] * bias]
    assert told == fits
    assert (".T" in message) == (transposed and not fits)


def test_a_wrong_shape_is_told_with_the_right_one():
    right = "W of layer 2 is 2 × 3, [W b] 2 × 4, b 2 numbers"
    assert layer_shapes(NETWORK, 2) == right
    cases = {
        (2, 2): f"2 × 2 typed; {right}",
        (3, 2): f"3 × 2 typed; {right}; the transpose fits: write .T behind it",
        (4, 2): f"4 × 2 typed; {right}; the transpose fits: write .T behind it",
    }
    for shape, message in cases.items():
        with pytest.raises(ShapeError) as refused:
            with_layer(NETWORK, 2, {"": np.ones(shape)})
        assert str(refused.value) == message
    with pytest.raises(ShapeError) as refused:
        with_layer(Network([3, 2], bias=False), 1, {"": np.ones((2, 4))}, "in W.csv")
    assert str(refused.value) == "2 × 4 in W.csv; W of layer 1 is 2 × 3"
    with pytest.raises(ShapeError, match=r"; b = before it sets b, \.T behind it W$"):
        with_layer(Network([1, 2]), 1, {"": np.ones((1, 2))})
    with pytest.raises(ShapeError) as refused:
        with_layer(NETWORK, 2, {"": np.ones((2, 3))}, transposed=True)
    assert str(refused.value) == f"3 × 2 typed, transposed; {right}; it fits without .T"
    assert with_layer(NETWORK, 2, {"": np.ones((3, 2))}, transposed=True)[0] == "W"


def test_a_name_says_what_it_is():
    two = Network([1, 2])
    assert with_layer(two, 1, {"b": np.ones((1, 2))})[0] == "b"
    assert with_layer(two, 1, {"b1": np.ones((2, 1))})[0] == "b"
    assert with_layer(two, 1, {"": np.ones((2, 1))})[0] == "W"
    assert with_layer(two, 1, {"theta": np.ones((2, 2))})[0] == "W and b"
    with pytest.raises(ShapeError, match="2 × 1 typed; b of layer 3 is 1 number"):
        with_layer(NETWORK, 3, {"b": np.ones((2, 1))})
    with pytest.raises(ShapeError, match="W of layer 1 is 3 × 4"):
        with_layer(NETWORK, 1, {"W": np.ones((1, 3))})
    with pytest.raises(ShapeError, match=r"5 × 3 typed; W of layer 1 is 3 × 4$"):
        with_layer(NETWORK, 1, {"W": np.ones((5, 3)), "b": np.ones((1, 3))})
    with pytest.raises(ShapeError, match="has no biases"):
        with_layer(Network([1, 2], bias=False), 1, {"b": np.ones((1, 2))})


@pytest.mark.parametrize(
    "names", [("W{}", "b{}"), ("w_{}", "b_{}"), ("{}.weight", "{}.bias"), ("fc{}.weight", "fc{}.b")]
)
@pytest.mark.parametrize("layer", [1, 2, 3])
def test_of_the_matrices_of_all_layers_those_of_the_layer_are_taken(names, layer):
    other = Network([4, 3, 2, 1], seed=2, init_bias=1.0)
    matrices = {}
    for i, (W, b) in reversed([*enumerate(zip(other.weights, other.biases, strict=True))]):
        matrices[names[0].format(i + 9)], matrices[names[1].format(i + 9)] = W, b[None]
    what, parameters = with_layer(NETWORK, layer, matrices)
    changed = NETWORK.with_parameters(parameters)
    assert what == "W and b"
    for l in (1, 2, 3):
        expected = (other if l == layer else NETWORK).matrices[l - 1]
        assert np.array_equal(changed.matrices[l - 1], expected)


@pytest.mark.parametrize(
    ("names", "says"),
    [
        (("a", "c"), "which of a, c is it"),
        (("W1", "W2"), "which of W1, W2 is of layer 1"),
        (("W1", "W2", "W3", "b"), "which of W1, W2, W3, b is of layer 1"),
    ],
)
def test_names_that_leave_it_open_are_refused(names, says):
    with pytest.raises(EngineError, match=says):
        with_layer(NETWORK, 1, dict.fromkeys(names, np.ones((3, 4))))
