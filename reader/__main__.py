"""Where the program begins, as `newsreader` and as `python -m reader`."""

import signal
import sys
from types import FrameType


def main() -> int:
    """Run the command line; from its first moment Ctrl-C and TERM end it without a word, and leave nothing behind."""
    signal.signal(signal.SIGTERM, _end)
    try:
        from reader.cli import main as run

        return run()
    except KeyboardInterrupt:
        return 130


def _end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    signal.signal(number, signal.SIG_DFL)  # the next one does not wait for anything
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
