"""The public names of the engine are documented, and the examples of the documentation run."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import engine

MODULES = ["engine", *(m.name for m in pkgutil.walk_packages(engine.__path__, "engine."))]
CALLABLES = [
    name
    for name in engine.__all__
    if callable(public := getattr(engine, name))
    and not (inspect.isclass(public) and issubclass(public, Exception))
]
FUNCTIONS = [name for name in CALLABLES if inspect.isfunction(getattr(engine, name))]


@pytest.mark.parametrize("name", CALLABLES)
def test_a_public_callable_has_an_example(name):
    docstring = getattr(engine, name).__doc__ or ""
    assert doctest.DocTestParser().get_examples(docstring)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_function_states_its_arguments_and_result(name):
    function = getattr(engine, name)
    docstring = function.__doc__ or ""
    sections = ["Returns:"]
    if inspect.signature(function).parameters:
        sections.append("Arguments:")
    assert [section for section in sections if section not in docstring] == []


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_module_run(module):
    failed, _ = doctest.testmod(importlib.import_module(module))
    assert not failed
