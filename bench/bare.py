"""The floor: bare Django in one file, with standard middleware, beside which Candour is measured in the same run.

Pages: /login/ (Django's own), /rows/N/ (N rows read and rendered), /save/ (one row written), /start/ (nothing).
"""

import os
from pathlib import Path

import django
from django.conf import settings

HERE = Path(os.environ.get("BENCH_DATA", "/tmp"))
LOGIN = """<!doctype html><html lang="en"><title>Sign in</title><form method="post">{% csrf_token %}{{ form }}
<button>Sign in</button></form></html>"""
ROWS = """<!doctype html><html lang="en"><title>Rows</title><form method="post">{% csrf_token %}
{% for row in rows %}<fieldset><legend>{{ row.text }}</legend><p>{{ row.hint }}</p>
{% for choice in choices %}<label><input type="radio" name="q{{ row.pk }}" value="{{ choice }}"
{% if choice == row.value %}checked{% endif %}> {{ choice }}</label>{% endfor %}
<textarea name="t{{ row.pk }}">{{ row.note }}</textarea></fieldset>{% endfor %}</form></html>"""
SQLITE = "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"

if not settings.configured:
    settings.configure(
        SECRET_KEY="bench",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="bench.bare",
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "bench"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "context_processors": ["django.template.context_processors.request"],
                    "loaders": [
                        (
                            "django.template.loaders.cached.Loader",
                            [("django.template.loaders.locmem.Loader", {"login.html": LOGIN, "rows.html": ROWS})],
                        )
                    ],
                },
            }
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(HERE / "bare.sqlite3"),
                "CONN_MAX_AGE": 600,
                "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE},
            }
        },
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()

from django.contrib.auth.views import LoginView
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

CHOICES = ("Yes", "Partly", "No", "Not recorded", "Does not apply")


class Line(models.Model):
    """One row of a page."""

    text = models.TextField()
    hint = models.TextField()
    value = models.CharField(max_length=20)
    note = models.TextField()

    class Meta:
        app_label = "bench"


def rows(request, count):
    """A page of so many rows."""
    return render(request, "rows.html", {"rows": Line.objects.order_by("pk")[:count], "choices": CHOICES})


@csrf_exempt
def save(request):
    """One row written."""
    Line.objects.create(text="t", hint="h", value=request.POST.get("value", ""), note=request.POST.get("note", ""))
    return HttpResponse("saved")


urlpatterns = [
    path("login/", LoginView.as_view(template_name="login.html")),
    path("rows/<int:count>/", rows),
    path("save/", save),
    path("start/", lambda request: HttpResponse("started")),
]
application = get_wsgi_application()


def prepare() -> None:
    """Make the tables and ten thousand rows."""
    from django.core.management import call_command  # noqa: PLC0415 - only once

    call_command("migrate", run_syncdb=True, verbosity=0)
    with connection.schema_editor() as editor:
        if Line._meta.db_table not in connection.introspection.table_names():
            editor.create_model(Line)
    if not Line.objects.exists():
        text = "Were the child's wishes and feelings sought, recorded and acted on?"
        line = {"text": text, "hint": "Look at the last six months of the record.", "value": "Partly", "note": text * 3}
        Line.objects.bulk_create([Line(**line) for _ in range(10_000)], batch_size=1000)


if __name__ == "__main__":
    prepare()
