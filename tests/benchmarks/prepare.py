"""`python -m tests.benchmarks.prepare SETTINGS MODULE COUNT`: tables and candidates of one project.

Django is set up once in a process, so each of the two projects is prepared in its own. Prints what `MODULE.prepare`
returns as JSON: a list of {"session", "attempt"}.
"""

import importlib
import json
import os
import sys

import django


def main(settings: str, module: str, count: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = settings
    django.setup()
    json.dump(importlib.import_module(module).prepare(count), sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
