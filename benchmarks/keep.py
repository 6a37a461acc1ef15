"""Where the figures are kept: benchmarks/results.json, one entry a script."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results.json")


def keep(name: str, rows: Sequence[dict[str, Any]]) -> None:
    """Put a script's rows in the place of its last ones."""
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    kept[name] = {"measured": datetime.now(UTC).isoformat(timespec="minutes"), "rows": list(rows)}
    RESULTS.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
