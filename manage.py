#!/usr/bin/env python3
"""Django's command line for Cutscore."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        django.setup()  # Django's own commands would go on without settings, into a traceback
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Cutscore cannot start: {error}")


if __name__ == "__main__":
    main()
