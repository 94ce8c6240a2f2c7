"""Settings, one file, read from the environment. `CANDOUR_MODE` is demo, test or production."""

import json
import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from candour.config import keys as keys_module

ROOT = Path(__file__).resolve().parents[2]
MODE = os.environ.get("CANDOUR_MODE", "demo")
if MODE not in ("demo", "test", "production"):
    raise ImproperlyConfigured(f"CANDOUR_MODE is {MODE!r}; it must be demo, test or production.")
PRODUCTION = MODE == "production"
DATA = Path(os.environ.get("CANDOUR_DATA", ROOT / "var"))
DATA.mkdir(parents=True, exist_ok=True)


def _keys() -> dict[str, list[str]]:
    """Named keys, newest first, each 32 bytes in base64, from the file that CANDOUR_KEYS_FILE names."""
    path = Path(os.environ.get("CANDOUR_KEYS_FILE", DATA / "keys.json"))
    if path.exists():
        keys = json.loads(path.read_text())
    elif PRODUCTION:
        raise ImproperlyConfigured(
            f"Candour does not start without its keys: {path} is missing. Make the file once with "
            "`candour keys FILE`, keep a copy away from the backups, and name it in CANDOUR_KEYS_FILE."
        )
    else:
        keys = keys_module.fresh()
        path.write_text(json.dumps(keys, indent=1))
        path.chmod(0o600)
    missing = [name for name in keys_module.NAMES if not keys.get(name)]
    if missing:
        raise ImproperlyConfigured(f"Candour does not start: {path} has no key named {', '.join(missing)}.")
    return keys


CANDOUR_KEYS = _keys()
CANDOUR_ERASURES = Path(os.environ.get("CANDOUR_ERASURES", DATA / "erasures.jsonl"))
SECRET_KEY = CANDOUR_KEYS["session"][0]
SECRET_KEY_FALLBACKS = CANDOUR_KEYS["session"][1:]

DEBUG = False
ALLOWED_HOSTS = os.environ.get("CANDOUR_HOSTS", "127.0.0.1,localhost,testserver").split(",")
BASE_URL = os.environ.get("CANDOUR_URL", "http://127.0.0.1:8000")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith("https://") else []

INSTALLED_APPS = [
    "candour.kernel",
    "candour.people",
    "candour.access",
    "candour.trail",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "csp",
    "django_q",
    "candour.ui",
    "candour.identity",
    "candour.notices",
    "candour.members",
    "candour.tools",
    "candour.concerns",
    "candour.families",
    "candour.retention",
    "candour.overview",
    "candour.focus",
    "candour.sampling",
    "candour.involvement",
    "candour.appraisal",
    "candour.discussion",
    "candour.learning",
    "candour.impact",
    # After members, whose pages stand in the place of allauth's.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
]
OIDC_URL = os.environ.get("CANDOUR_OIDC_URL", "")
if OIDC_URL or MODE == "test":  # the provider loads much, and only some organisations sign in by it
    INSTALLED_APPS += ["allauth.socialaccount.providers.openid_connect"]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "candour.members.middleware.KeptPosts",
    "candour.members.middleware.SecondFactor",
    "candour.access.guard.PolicyMiddleware",
]

ROOT_URLCONF = "candour.config.urls"
WSGI_APPLICATION = "candour.config.wsgi.application"
_loaders = ["django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            # Not by template_partials' own app, which loads Django's admin.
            "loaders": [("template_partials.loader.Loader", [("django.template.loaders.cached.Loader", _loaders)])],
            "libraries": {"partials": "template_partials.templatetags.partials"},
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "candour.overview.context.site",
            ],
        },
    }
]
FORM_RENDERER = "candour.ui.forms.Renderer"


def _database() -> dict[str, Any]:
    """SQLite in the data folder, or PostgreSQL where CANDOUR_DATABASE is postgresql://user:pass@host:port/name."""
    url = os.environ.get("CANDOUR_DATABASE", "")
    if url.startswith("postgresql://"):
        from urllib.parse import parse_qs, unquote, urlsplit  # noqa: PLC0415 - only with PostgreSQL

        parts = urlsplit(url)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parse_qs(parts.query).get("host", [parts.hostname or ""])[0],
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": url.removeprefix("sqlite:///") or str(DATA / "candour.sqlite3"),
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;"
                "PRAGMA temp_store=MEMORY;PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=67108864;"
            ),
        },
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "candour_cache"},
}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/"
CSRF_FAILURE_VIEW = "candour.members.views.stale_page"

# Signing in: by e-mail address, only for whoever was invited, and never with a password alone.
ACCOUNT_ADAPTER = "candour.members.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = BASE_URL.partition(":")[0]
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "candour.members.forms.LoginForm",
    "reset_password": "candour.members.forms.ResetPasswordForm",
    "reset_password_from_key": "candour.members.forms.ResetPasswordKeyForm",
    "change_password": "candour.members.forms.ChangePasswordForm",
    "add_email": "candour.members.forms.AddEmailForm",
    "change_email": "candour.members.forms.ChangeEmailForm",
    "confirm_email_verification_code": "candour.members.forms.ConfirmEmailForm",
    "reauthenticate": "candour.members.forms.ReauthenticateForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("CANDOUR_PROXIES", "0"))
MFA_ADAPTER = "candour.members.adapter.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = "Candour"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "candour.members.forms.AuthenticateForm",
    "reauthenticate": "candour.members.forms.ConfirmCodeForm",
    "activate_totp": "candour.members.forms.ActivateAppForm",
    "add_webauthn": "candour.members.forms.AddPasskeyForm",
}

# OpenID Connect, where an organisation's directory is to sign its people in. It signs in people who were
# invited; it makes nobody. CANDOUR_OIDC_SECOND_FACTOR=1 trusts it where it says that a second factor was used.
SOCIALACCOUNT_ADAPTER = "candour.members.adapter.DirectoryAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_SECOND_FACTOR = os.environ.get("CANDOUR_OIDC_SECOND_FACTOR", "") == "1"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "directory",
                "name": os.environ.get("CANDOUR_OIDC_NAME", "your organisation's sign-in"),
                "client_id": os.environ.get("CANDOUR_OIDC_CLIENT", ""),
                "secret": os.environ.get("CANDOUR_OIDC_SECRET", ""),
                "settings": {"server_url": OIDC_URL},
            }
        ],
    }
    if OIDC_URL
    else {}
}
# The people whom the demonstration's sign-in page lists; there are none anywhere else.
CANDOUR_PERSONAS = "candour.demo.personas.PERSONAS" if MODE == "demo" else ""

SESSION_COOKIE_AGE = 60 * 60 * 10
SESSION_IDLE_SECONDS = int(os.environ.get("CANDOUR_IDLE_MINUTES", "120")) * 60
SESSION_COOKIE_HTTPONLY = True
# The prefix has browsers refuse the cookie from a neighbouring host or without TLS.
SESSION_COOKIE_NAME = "__Host-sessionid" if PRODUCTION else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if PRODUCTION else "csrftoken"
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION and os.environ.get("CANDOUR_BEHIND_TLS", "1") == "1"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # An organisation's own sign-in is a redirect from a form: the browser must be told that it may follow.
        "form-action": [SELF, *(["/".join(OIDC_URL.split("/")[:3])] if OIDC_URL else [])],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True
DATE_FORMAT = "j F Y"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION

# In the demonstration nothing leaves the machine, unless a mail server is named.
EMAIL_BACKEND = (
    "django.core.mail.backends.dummy.EmailBackend"
    if MODE == "demo" and "CANDOUR_SMTP_HOST" not in os.environ
    else "candour.notices.senders.smtp.Backend"
)
EMAIL_HOST = os.environ.get("CANDOUR_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("CANDOUR_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("CANDOUR_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("CANDOUR_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("CANDOUR_SMTP_TLS", "") == "1"
EMAIL_TIMEOUT = 20
# GOV.UK Notify carries mail, text messages or both: each where the id of its template is given.
NOTIFY = {
    "url": os.environ.get("CANDOUR_NOTIFY_URL", "https://api.notifications.service.gov.uk"),
    "key": os.environ.get("CANDOUR_NOTIFY_KEY", ""),
    "mail": os.environ.get("CANDOUR_NOTIFY_MAIL", ""),
    "text": os.environ.get("CANDOUR_NOTIFY_TEXT", ""),
}
# Where delivery notices come back to: imaps://name:password@mail.example.org/INBOX. Read, never changed.
MAILBOX = os.environ.get("CANDOUR_MAILBOX", "")
DEFAULT_FROM_EMAIL = os.environ.get("CANDOUR_FROM", "Candour <candour@example.org>")

Q_CLUSTER = {
    "name": "candour",
    "orm": "default",
    "workers": 1,
    "timeout": 600,
    "retry": 900,
    "max_attempts": 5,
    "catch_up": False,
    "poll": 1,
    "bulk": 1,
    "save_limit": 500,
    "label": "Jobs",
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# What is uploaded is held in memory until it is sealed: a temporary file would lie on the disk in the clear.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 80 * 1024 * 1024
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"quiet": {"()": "candour.config.logs.Quiet"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "quiet"}},
    "root": {"handlers": ["console"], "level": os.environ.get("CANDOUR_LOG_LEVEL", "WARNING")},
}
