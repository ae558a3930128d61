"""The demonstration and the developer's machine: SQLite, no TLS, messages on a page, one-click sign-in."""

import os

from demarche.settings.base import *  # noqa: F403
from demarche.settings.base import DONNEES_DIR, STORAGES

DONNEES_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = os.environ.get("DEBUG") == "1"
DEMO = True
SECRET_KEY = "demonstration-seulement-jamais-en-production"  # noqa: S105
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = []
ADRESSE_PUBLIQUE = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
ALLAUTH_TRUSTED_PROXY_COUNT = 0

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = False
CSRF_COOKIE_SECURE = False
