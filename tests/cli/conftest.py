"""The commands, run as a script would run them."""

from pathlib import Path

import pytest
from terminal import newsreader


@pytest.fixture
def run(tmp_path: Path):
    """Run a command in a folder of its own, where loopback may be fetched from."""
    (tmp_path / "config.toml").write_text('[network]\nallow_private = ["127.0.0.0/8"]\n')

    def run(*arguments: str, stdin: bytes = b"", cwd: Path = tmp_path):
        done = newsreader(*arguments, "--config", str(tmp_path / "config.toml"), home=tmp_path, stdin=stdin, cwd=cwd)
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return done

    return run
