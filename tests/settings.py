"""config.settings in the environment of the tests.

Nothing that is set outside reaches the tests, except which database they run on: SQLite in a file by default,
DATABASE=postgresql for a PostgreSQL that is started here, or DATABASE_URL for one that runs already.
"""

import os
from pathlib import Path

from tests import pg

SET_BY_OPERATORS = ("DEBUG", "ALLOWED_HOSTS", "PORT", "LOG_LEVEL", "TRUSTED_PROXIES", "EMAIL_URL", "FROM_EMAIL")

if "PYTEST_XDIST_WORKER" not in os.environ:  # workers share the folder and the server of the process that starts them
    for _name in SET_BY_OPERATORS:
        os.environ.pop(_name, None)
    os.environ |= {
        "SECRET_KEY": "a key for tests that is long enough, and known to everybody",
        "HTTPS": "false",
        "DATA_DIR": str(pg.temporary_data("cutscore-")),
        # Playwright runs an event loop in the thread of the tests, which Django would take for asynchronous code
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }
    if os.environ.get("DATABASE") == "postgresql" and not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = pg.start()

from config.settings import *  # noqa: E402, F403 - the environment had to come first, and all of it is wanted
from config.settings import DATA_DIR, DATABASES, STATIC_ROOT, STORAGES  # noqa: E402 - as above

if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # a file, since WAL does not exist in memory; each worker appends its own name
    DATABASES["default"]["TEST"] = {"NAME": str(Path(DATA_DIR) / "test.sqlite3")}
# one fast round: passwords of tests protect nothing
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# tests run without collectstatic
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns where it is missing, and warnings are errors
