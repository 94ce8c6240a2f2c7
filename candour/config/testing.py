"""Settings for tests: the real ones, over a data folder and keys that last as long as the process."""

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="candour-test-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["CANDOUR_MODE"] = "test"
os.environ["CANDOUR_DATA"] = _folder
os.environ.pop("CANDOUR_KEYS_FILE", None)
os.environ.pop("CANDOUR_ERASURES", None)

from candour.config.settings import *  # noqa: E402, F403, TID251
from candour.config.settings import DATABASES  # noqa: E402, TID251

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in use: in memory, the threads of a live server would share one connection's locks.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(_folder, "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = DATABASES["default"]["OPTIONS"]["init_command"].replace(
        "synchronous=FULL", "synchronous=OFF"
    )
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
