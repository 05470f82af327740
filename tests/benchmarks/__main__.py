"""What each step of an exam costs, against the least that Django could do for it. See README.md."""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.benchmarks import figures, load, tables, weight
from tests.benchmarks.database import Database
from tests.benchmarks.servers import KINDS
from tests.benchmarks.sides import APP, FLOOR, Running, Side

RESULT = Path(__file__).resolve().parents[2] / "var" / "bench.json"


def main() -> None:
    if sys.platform != "linux":
        sys.exit("The benchmarks read the CPU time of other processes as Linux tells it; run them on Linux.")
    options = _options()
    began = time.monotonic()
    with ExitStack() as stack:
        database = Database()
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        result = (
            _servers(stack, database, folder) if options.servers else _steps(stack, database, folder, options.server)
        )
    result = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}, PostgreSQL {database.version}",
        "load_average": os.getloadavg()[0],
        "seconds": round(time.monotonic() - began),
    } | result
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1) + "\n")
    if os.getloadavg()[0] > 2 * (os.cpu_count() or 1):
        tables.say(
            "\nThe machine is busy with other things: CPU times are too high by a third or more. The ratios hold."
        )
    tables.say(f"\n{result['machine']}; {result['seconds']} s; written to var/{RESULT.name}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--server", choices=KINDS, default="granian 2x1", help="what serves both sides")
    parser.add_argument("--servers", action="store_true", help="compare the servers instead of app and floor")
    return parser.parse_args()


def _steps(stack: ExitStack, database: Database, folder: str, kind: str) -> dict[str, Any]:
    tables.say(f"preparing the app and the floor, each with {figures.PEOPLE} candidates ...")
    sides = [Side(project, database=database, folder=folder, people=figures.PEOPLE) for project in (APP, FLOOR)]
    app, floor = (_serve(stack, side, kind) for side in sides)
    tables.say(f"measuring {figures.REPEATS} times, served by {kind} ...\n")
    found = list(figures.steps(app, floor))
    tables.steps(found)
    [person] = app.people(1)
    files = weight.first_load(person)
    tables.first_load(files)
    return {
        "server": kind,
        "steps": [step.as_json() for step in found],
        "first_load": {
            "requests": len(files),
            "bytes": weight.total(files),
            "missed": weight.missed(files),
            "files": [asdict(file) for file in files],
        },
    }


def _servers(stack: ExitStack, database: Database, folder: str) -> dict[str, Any]:
    tables.say(f"preparing {len(KINDS)} servers, each with {load.PEOPLE} candidates ...")
    side = Side(APP, database=database, folder=folder, people=len(KINDS) * load.PEOPLE)
    found = load.compare({kind: _serve(stack, side, kind) for kind in KINDS})
    tables.servers(found)
    return {"servers": {kind: asdict(one) for kind, one in found.items()}}


def _serve(stack: ExitStack, side: Side, kind: str) -> Running:
    running = side.serve(kind)
    stack.callback(running.stop)
    return running


if __name__ == "__main__":
    main()
