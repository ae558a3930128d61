"""The settings of the suite, with the Django admin beside our pages: only to compare with it."""

import os

os.environ.update(SECRET_KEY="mesures", ALLOWED_HOSTS="testserver")  # production's settings, below, ask for them

from demarche.settings.test import *  # noqa: F403
from demarche.settings.test import INSTALLED_APPS as DE_LA_MAISON

INSTALLED_APPS = ["django.contrib.admin", *DE_LA_MAISON]
ROOT_URLCONF = "tests.bench.adresses"
