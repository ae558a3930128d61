"""The test suite: fast hashing, mail kept in memory, production's rules everywhere else."""

import os
import tempfile
from pathlib import Path

from demarche.settings.base import *  # noqa: F403
from demarche.settings.base import base_de_donnees

SECRET_KEY = "tests-seulement"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
ADRESSE_PUBLIQUE = "http://testserver"
CSRF_TRUSTED_ORIGINS = []
ALLAUTH_TRUSTED_PROXY_COUNT = 0

# SQLite serves those who wait in no order: on a busy machine, one of several processes may wait long for its turn.
DATABASES = {"default": base_de_donnees(os.environ.get("DATABASE_URL", "sqlite:///:memory:"), attente=120)}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = Path(tempfile.gettempdir()) / "demarche-tests"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ACCOUNT_RATE_LIMITS = False

SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
