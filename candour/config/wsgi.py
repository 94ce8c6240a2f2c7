"""The door for the web server; it stays shut while a route does not say what it needs."""

import os
import sys

from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("CANDOUR_MODE", "production")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "candour.config.settings")
# Every statement lets the other threads run; whoever holds the database's one pen should not wait long to go on.
sys.setswitchinterval(0.0005)
application = get_wsgi_application()

if wrong := [str(message) for message in run_checks() if message.is_serious()]:
    raise ImproperlyConfigured("Candour does not start:\n" + "\n".join(wrong))
