"""How long until something is there: `newsreader --version`, and the first usable screen on the demo library.

    python benchmarks/start.py [--runs 10]

Each is the wall time of a fresh process, the median of the runs, beside a bare interpreter's in the same run; the ratio
holds on another machine, the seconds may not. Results go to benchmarks/results.json.
"""

import argparse
import os
import pty
import select
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from keep import keep

PROMISED = {"--version": 0.15, "first usable screen": 1.0}


def run(*command: str) -> float:
    begun = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def screen(library: Path, awaited: bytes) -> float:
    """Seconds from the start of the demo until its screen shows `awaited`."""
    master, slave = pty.openpty()
    begun = time.perf_counter()
    command = [sys.executable, "-m", "reader", "demo", "--port", "0", "--library", str(library)]
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "120", "LINES": "40"}
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
    )
    seen = b""
    try:
        while awaited not in seen:
            if not select.select([master], [], [], 30)[0]:
                raise SystemExit(f"the screen never showed {awaited!r}")
            seen += os.read(master, 65536)
        return time.perf_counter() - begun
    finally:
        process.terminate()
        while process.poll() is None:
            if select.select([master], [], [], 0.1)[0]:
                os.read(master, 65536)
        os.close(master)
        os.close(slave)


def fill(library: Path) -> None:
    from ipaddress import ip_network

    from reader.config import Network, Settings
    from reader.library.library import Library, utc_now
    from reader.newsroom import Newsroom

    loopback = Settings(network=Network(allow_private=(ip_network("127.0.0.0/8"),)))
    with Newsroom(now=utc_now()) as newsroom, Library(library, settings=loopback) as filled:
        for title, url in newsroom.feeds:
            filled.store.add_feed(url, title=title, site=None, folder=None, now=utc_now())
        filled.refresh()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=10)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "demo.sqlite"
        fill(library)
        bare = statistics.median(run("-c", "pass") for _ in range(runs))
        figures = {
            "--version": statistics.median(run("-m", "reader", "--version") for _ in range(runs)),
            "first usable screen": statistics.median(screen(library, b"tellings") for _ in range(runs)),
        }
    rows = [
        {
            "what": what,
            "seconds": round(seconds, 3),
            "promised": PROMISED[what],
            "ratio to bare python": round(seconds / bare, 1),
        }
        for what, seconds in figures.items()
    ]
    for row in rows:
        verdict = "pass" if row["seconds"] <= row["promised"] else "falls short"
        promise = f"promised {row['promised']} s: {verdict}; {row['ratio to bare python']} x bare python"
        print(f"{row['what']:<22}{row['seconds']:>7.3f} s  ({promise})")
    keep("start", rows)


if __name__ == "__main__":
    main()
