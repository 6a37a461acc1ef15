"""All that reads what others wrote, fed with what was once found and with what chance makes of our own files.

`make fuzz` looks for more, guided by the code that is reached; what it finds stays in tests/fuzz/found.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fuzz.mutations import mutations
from fuzz.targets import FOUND, SLOWEST, TARGETS, seeds

FILES = [path for name in TARGETS for path in sorted((FOUND / name).glob("*"))]
SHORT, FULL = 60, 2_000
"""Inputs of each target."""
MOMENT, HOUR = len(TARGETS), int(os.environ.get("FUZZ_SECONDS", 3600))
"""Seconds of guided fuzzing, of all targets together."""


def took(name: str, data: bytes) -> float:
    began = time.process_time()
    TARGETS[name](data)
    return time.process_time() - began


@pytest.mark.scorecard(18)
@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_was_found_once_is_read_now(path: Path) -> None:
    assert took(path.parent.name, path.read_bytes()) < SLOWEST


@pytest.mark.scorecard(18)
@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.timeout(7200)
def test_what_chance_makes_is_read_or_refused(name: str, full: bool, record_property) -> None:
    count, slowest = 0, 0.0
    given = seeds(name)
    for data in (*given, *mutations(name, given, FULL if full else SHORT)):
        slowest = max(slowest, took(name, data))
        assert slowest < SLOWEST, data[:200]
        count += 1
    record_property("figure", f"{name}: {count:,} inputs, 0 uncaught, slowest {slowest:.2f} s")


@pytest.mark.scorecard(18)
@pytest.mark.timeout(3 * HOUR)
def test_what_is_reached_by_guided_fuzzing_is_read_or_refused(full: bool, record_property) -> None:
    pytest.importorskip("atheris", reason="atheris is not installed: make fuzz does it")
    seconds = HOUR if full else MOMENT
    run = [sys.executable, str(FOUND.parent / "run.py")]
    done = subprocess.run(
        run, env=os.environ | {"FUZZ_SECONDS": str(seconds)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    tried = sum(map(int, re.findall(r"number_of_executed_units: *(\d+)", done.stderr)))
    assert tried > len(TARGETS)
    record_property("figure", f"{tried:,} inputs in {seconds} s of guided fuzzing, 0 uncaught")
