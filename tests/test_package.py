"""The wheel carries what the program needs away from its checkout."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_wheel_holds_the_seeds_and_the_style_sheet_and_no_tests(tmp_path):
    # Without isolation: the build backend is a development dependency, and tests fetch nothing.
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(tmp_path),
        str(ROOT),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    seeds = {f"reader/{path.relative_to(ROOT)}" for path in (ROOT / "seeds").rglob("*") if path.is_file()}
    assert seeds <= set(names)
    assert "reader/tui/newsreader.tcss" in names
    assert "reader/locale/de/LC_MESSAGES/newsreader.mo" in names
    data = {str(path.relative_to(ROOT)) for path in (ROOT / "reader").glob("*/data/*") if path.is_file()}
    assert {"reader/articles/data/judge.json", "reader/claims/data/tagger.onnx"} <= data <= set(names)
    assert not [name for name in names if name.startswith(("tests/", "training/", "benchmarks/"))]
