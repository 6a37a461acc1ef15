"""What the figures look like, and where they are kept: benchmarks/results.json, one entry a script."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results.json")


def row(what: str, value: float, unit: str, promised: float | None = None, *, least: bool = False) -> dict[str, Any]:
    """A figure, with whether it keeps what was promised of it."""
    kept: dict[str, Any] = {
        "what": what,
        "value": round(value, 3 if value < 10 else 1 if value < 100 else 0),
        "unit": unit,
    }
    if promised is not None:
        kept |= {"promised": promised, "kept": value >= promised if least else value <= promised}
    return kept


def show(rows: Sequence[dict[str, Any]]) -> None:
    """Print rows as a table."""
    for told in rows:
        verdict = (
            f"  (promised {told['promised']}: {'pass' if told['kept'] else 'falls short'})" if "kept" in told else ""
        )
        print(f"{told['what']:<44}{told['value']:>9g} {told['unit']}{verdict}")


def keep(name: str, rows: Sequence[dict[str, Any]]) -> None:
    """Put a script's rows in the place of its last ones."""
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    kept[name] = {"measured": datetime.now(UTC).isoformat(timespec="minutes"), "rows": list(rows)}
    RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
