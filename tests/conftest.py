"""What all tests share."""

import os

import pytest
from hypothesis import settings

os.environ["LANGUAGE"] = "en"  # the reader's words are settled when it is imported, and tests look for the English ones

# The first text that needs it loads a model, which takes longer than the 200 ms an example may; pytest keeps the time.
# Examples are the same each time, so that it is a change that fails; HYPOTHESIS_PROFILE=search looks for others.
settings.register_profile("search", deadline=None)
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

FULL = os.environ.get("SCORECARD") == "full"


@pytest.fixture(scope="session")
def full() -> bool:
    """Whether to take as long as a promise asks for: `make scorecard` does, `make test` has a short form of each."""
    return FULL


ONLY = set(os.environ.get("SCORECARD_ONLY", "").split())
"""The promises whose tests are to be run; all tests where none are named."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let reports tell which promises of the scorecard a test is about."""
    for item in items:
        for mark in item.iter_markers("scorecard"):
            item.user_properties.append(("scorecard", [str(number) for number in mark.args]))
    if ONLY:
        items[:] = [
            item
            for item in items
            if any(str(number) in ONLY for mark in item.iter_markers("scorecard") for number in mark.args)
        ]
