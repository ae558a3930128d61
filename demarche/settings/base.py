"""Production settings: the base. dev.py and test.py only loosen.

Everything that differs between installations comes from the environment; what is missing stops the start.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

BASE_DIR = Path(__file__).resolve().parent.parent.parent
DONNEES_DIR = Path(os.environ.get("DONNEES_DIR", BASE_DIR / ".donnees"))


def liste(nom: str) -> list[str]:
    """Return the comma-separated values of one environment variable."""
    return [valeur.strip() for valeur in os.environ.get(nom, "").split(",") if valeur.strip()]


def base_de_donnees(url: str, *, attente: int = 20) -> dict[str, object]:
    """Return Django's configuration of one database URL, with SQLite made safe for several writers.

    `attente` is how many seconds a writer waits there for its turn before it is told to try again.
    """
    configuration = dict(dj_database_url.parse(url))
    if str(configuration["ENGINE"]).endswith("sqlite3"):
        configuration["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": attente,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
        }
    else:
        configuration["CONN_MAX_AGE"] = 60
        configuration["CONN_HEALTH_CHECKS"] = True
    return configuration


# An installation without its secret or its address must not start; dev.py and test.py bring their own.
if os.environ.get("DJANGO_SETTINGS_MODULE") not in ("demarche.settings.dev", "demarche.settings.test"):
    for _nom in ("SECRET_KEY", "ALLOWED_HOSTS"):
        if not os.environ.get(_nom):
            raise ImproperlyConfigured(f"Il manque la variable d’environnement {_nom} : voyez le fichier README.md.")

DEBUG = False
DEMO = False  # the demonstration's one-click sign-in and mailbox; dev.py alone turns it on
SECRET_KEY = os.environ.get("SECRET_KEY", "")
ALLOWED_HOSTS = liste("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = [f"https://{hote}" for hote in ALLOWED_HOSTS]
ADRESSE_PUBLIQUE = os.environ.get("ADRESSE_PUBLIQUE", f"https://{ALLOWED_HOSTS[0]}" if ALLOWED_HOSTS else "")

DATABASES = {"default": base_de_donnees(os.environ.get("DATABASE_URL", f"sqlite:///{DONNEES_DIR}/demarche.sqlite3"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_partage"}}

# The rooms, lowest first.
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_tasks",
    "simple_history",
    "import_export",
    "demarche.socle",
    "demarche.registre",
    "demarche.comptes",
    "demarche.gouvernance",
    "demarche.scrutins",
    "demarche.rencontres",
    "partenaires",
    "chantiers.actions",
    "chantiers.budget",
    "chantiers.demandes",
    "chantiers.finances",
    "evaluation.plan",
    "evaluation.bilan",
    "evaluation.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "demarche.scrutins.reponses_gardees.ConnexionOuReponseGardee",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "demarche.socle.echeances.EcheancesPassees",
    "demarche.socle.views.erreurs.MethodeRefusee",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "demarche.urls"
WSGI_APPLICATION = "demarche.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "demarche.gouvernance.contexte.cadre",
            ],
            "builtins": ["demarche.socle.templatetags.formats"],
        },
    }
]

# Language and time: Québec.
LANGUAGE_CODE = "fr-ca"
LANGUAGES = [("fr-ca", "Français")]
TIME_ZONE = "America/Toronto"
USE_I18N = True
USE_TZ = True

# Files.
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = BASE_DIR / "staticfiles"
MEDIA_ROOT = DONNEES_DIR / "fichiers"
MEDIA_URL = ""  # never served as such: a document goes through a view that asks a permission
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Accounts: an e-mailed code, a passkey or a TOTP; nobody signs up alone.
AUTH_USER_MODEL = "comptes.Utilisateur"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "espace"
ACCOUNT_LOGOUT_REDIRECT_URL = "accueil"
ACCOUNT_ADAPTER = "demarche.comptes.adaptateur.AdaptateurCompte"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
VOTE_CONNEXION_RECENTE = 30 * 60  # seconds: voting from an older sign-in asks who it is again
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Démarche"
MFA_FORMS = {
    "add_webauthn": "demarche.comptes.forms.cles.AjoutCleForm",
    "authenticate_webauthn": "demarche.comptes.forms.cles.DeuxiemePreuveParCleForm",
    "login_webauthn": "demarche.comptes.forms.cles.ConnexionParCleForm",
    "reauthenticate_webauthn": "demarche.comptes.forms.cles.ReauthentificationParCleForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("NB_MANDATAIRES", "1"))
SESSION_COOKIE_AGE = 14 * 24 * 3600

# E-mail: rows of the outbox, sent after the transaction.
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("EMAIL_USE_TLS", "1") == "1"
EMAIL_TIMEOUT = 20
COURRIELS_CONTEXTE = "demarche.gouvernance.contexte.contexte_courriel"  # what every e-mail knows
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "ne-pas-repondre@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}

# Security.
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT: list[str] = []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = True
ABSOLUTE_URL_OVERRIDES: dict[str, Callable[[Any], str]] = {
    # These rows stand in a room, and their page in one above.
    "socle.document": lambda document: reverse("comptes:document_detail", args=[document.pk]),
    "budget.enveloppe": lambda enveloppe: reverse("finances:enveloppe_detail", args=[enveloppe.pk]),
    "gouvernance.rencontre": lambda rencontre: reverse("rencontres:rencontre_detail", args=[rencontre.pk]),
    "gouvernance.resolution": lambda resolution: reverse("scrutins:resolution_detail", args=[resolution.pk]),
}
CSRF_FAILURE_VIEW = "demarche.socle.views.erreurs.jeton_invalide"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

SIMPLE_HISTORY_DATE_INDEX = "Composite"
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
IMPORT_EXPORT_USE_TRANSACTIONS = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "weasyprint": {"level": "ERROR"},
        "fontTools": {"level": "ERROR"},
    },
}
