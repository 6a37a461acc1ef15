"""Fuzz what reads the files of others, guided by the code that is reached: atheris, which `make fuzz` installs.

    python tests/fuzz/run.py                 every target, one after the other, FUZZ_SECONDS in all (an hour)
    python tests/fuzz/run.py feed --seconds 180

An input that breaks a promise is kept under tests/fuzz/found/TARGET, where tests/test_fuzz.py tries it ever after.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2])]

_HOUR = 3600
_LARGEST = 16_384
"""Bytes of an input: what takes its length's square in time shows at that."""
_MEMORY = 2048


def main() -> int:
    """Fuzz one target in this process, or each in a process of its own; 1 where anything was found."""
    from fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(description="Fuzz what reads the files of others.")
    parser.add_argument("target", nargs="?", choices=sorted(TARGETS))
    parser.add_argument("--seconds", type=int, help="for each target")
    parser.add_argument("--corpus", action="append", default=[], help="a folder of more files to begin with")
    given = parser.parse_args()
    seconds = given.seconds or max(1, int(os.environ.get("FUZZ_SECONDS", _HOUR)) // len(TARGETS))
    if given.target:
        _fuzz(given.target, seconds, given.corpus)
        return 0
    broken = [
        name
        for name in TARGETS
        if subprocess.run([sys.executable, __file__, name, "--seconds", str(seconds)], check=False).returncode
    ]
    print(f"Found something: {', '.join(broken)}; see tests/fuzz/found." if broken else "Nothing found.")
    return 1 if broken else 0


def _escaped(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)


def _fuzz(name: str, seconds: int, more: list[str]) -> None:
    import atheris

    for module in [module for module in sys.modules if module.partition(".")[0] in ("reader", "fuzz")]:
        del sys.modules[module]  # to be loaded anew, with what tells where it has been
    with atheris.instrument_imports(include=["reader", "feedparser", "readability"]):
        from fuzz import mutations, targets

    target = targets.TARGETS[name]

    def one(data: bytes) -> None:
        began = time.process_time()
        target(data)
        took = time.process_time() - began
        # What tells where it has been makes it slower by about that.
        assert took < 2 * targets.SLOWEST, f"it took {took:.1f} s"

    found = targets.FOUND / name
    found.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as corpus, tempfile.NamedTemporaryFile("w", suffix=".dict") as dictionary:
        dictionary.write("".join(f'"{_escaped(word)}"\n' for word in mutations.WORDS[name]))
        dictionary.flush()
        for number, seed in enumerate(targets.seeds(name)):
            (Path(corpus) / f"seed-{number}").write_bytes(seed[:_LARGEST])
        atheris.Setup(
            [
                name,
                corpus,
                *more,
                f"-dict={dictionary.name}",
                f"-max_total_time={seconds}",
                f"-max_len={_LARGEST}",
                f"-rss_limit_mb={_MEMORY}",
                "-timeout=20",
                f"-artifact_prefix={found}/",
                "-print_final_stats=1",
                "-len_control=20",
            ],
            one,
        )
        atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
