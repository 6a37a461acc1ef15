"""The commands, run as a script would run them."""

from pathlib import Path

import pytest
from harbour import filled
from terminal import newsreader


@pytest.fixture
def run(tmp_path: Path):
    """Run a command in a folder of its own, where loopback may be fetched from."""
    (tmp_path / "config.toml").write_text('[network]\nallow_private = ["127.0.0.0/8"]\n')

    def run(*arguments: str, stdin: bytes = b"", cwd: Path = tmp_path):
        done = newsreader("--config", str(tmp_path / "config.toml"), *arguments, home=tmp_path, stdin=stdin, cwd=cwd)
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return done

    return run


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> bytes:
    """A library with four articles of two feeds."""
    return filled(tmp_path_factory.mktemp("made"))


@pytest.fixture
def library(tmp_path: Path, made: bytes) -> Path:
    """The person's own library, filled."""
    path = tmp_path / ".local" / "share" / "newsreader" / "library.sqlite"
    path.parent.mkdir(parents=True)
    path.write_bytes(made)
    return path
