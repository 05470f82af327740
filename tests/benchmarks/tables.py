"""What is printed: plain tables, numbers to the right."""

import sys
from collections.abc import Sequence

from tests.benchmarks import load, weight
from tests.benchmarks.figures import Step

Row = Sequence[str]
TRIPS = ("queries/trips", "bytes")
WAITS = ("p50 ms", "p99 ms", "memory MB")


def say(line: str = "") -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def steps(found: Sequence[Step]) -> None:
    """A line for each step. Trips to the database are its queries and what goes with them, such as BEGIN and COMMIT."""
    head = ["step", "CPU-ms", "server + db", "p50 ms", "floor's step", "CPU-ms", "p50 ms", "ratio", *TRIPS]
    _table([head, *(_step(step) for step in found)])
    for step in found:
        for missed in step.missed:
            say(f"missed: {step.name}: {missed}")


def _step(step: Step) -> Row:
    return [
        step.name,
        f"{step.app.cpu:.1f}",
        f"{step.app.server:.1f} + {step.app.database:.1f}",
        f"{step.app.wait:.1f}",
        step.match,
        f"{step.floor.cpu:.1f}",
        f"{step.floor.wait:.1f}",
        f"{step.ratio:.2f}",
        f"{step.queries}/{len(step.statements)}",
        f"{step.sent:,}",
    ]


def first_load(files: Sequence[weight.File]) -> None:
    """Requests and bytes of the exam page in a browser that has nothing of it."""
    say("\nfirst load of the exam page")
    rows = [[file.path, file.encoding, f"{file.sent:,}"] for file in files]
    _table([["file", "encoding", "bytes"], *rows, [f"{len(files)} requests", "", f"{weight.total(files):,}"]])
    for missed in weight.missed(files):
        say(f"missed: {missed}")


def servers(found: dict[str, load.Figures]) -> None:
    """CPU and waits of one client, then of several at once, by step and server."""
    for step in load.STEPS:
        head = [step, "CPU-ms", "p50 ms", f"{load.CLIENTS} at once: CPU-ms", "a second", *WAITS]
        _table([head, *(_server(kind, step, figures) for kind, figures in found.items())])
        say()


def _server(kind: str, step: str, found: load.Figures) -> Row:
    one, several = found.one[step], found.several[step]
    figures = (one.cpu, one.wait, several.cpu, several.rate, several.p50, several.p99, found.memory)
    return [kind, *(f"{figure:.1f}" for figure in figures)]


def _table(rows: Sequence[Row]) -> None:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (
            cell.ljust(width) if not column or not _is_number(cell) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        say("  ".join(cells).rstrip())


def _is_number(cell: str) -> bool:
    return cell[:1].isdigit()
