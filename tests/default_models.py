"""What tests need of the default models and libraries: there, or skipped with the reason."""

import importlib.util
from pathlib import Path

import pytest

from agent.models import fetch


def default(name: str) -> Path:
    """Return the path of a default model that is set up; skip the test if it is not."""
    path = fetch.find(name, fetch.models_folder())
    if path is None:
        pytest.skip(f"the {name} model is not set up: carpal models get {name}")
    return path


def needs(*libraries: str) -> pytest.MarkDecorator:
    """Skip where one of *libraries* is not installed."""
    missing = [name for name in libraries if importlib.util.find_spec(name) is None]
    return pytest.mark.skipif(bool(missing), reason=f"not installed: {', '.join(missing)}")
