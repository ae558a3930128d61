"""The directions and the conventions of the house, kept by reading the code itself.

`make check` keeps the imports (import-linter); here is what it cannot see: relations, templates, views, documents.
"""

import ast
import functools
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.regles import EPREUVES, composer_epreuves, lire_epreuves, lire_regles

RACINE = settings.BASE_DIR
PAQUETS = ("demarche", "partenaires", "chantiers", "evaluation")
SALLES = [app for app in settings.INSTALLED_APPS if app.split(".")[0] in PAQUETS]  # lowest first
ORDRE = [salle.split(".")[-1] for salle in SALLES]
RANG = {app: rang for rang, app in enumerate(ORDRE)}
GABARITS = sorted(p for p in (RACINE / "templates").rglob("*") if p.suffix in {".html", ".txt", ".svg", ".xml"})
MODELES = [m for app in ORDRE for m in apps.get_app_config(app).get_models()]
SUIVIS = [m for m in MODELES if not m.__name__.startswith("Historical")]


def chemin(gabarit: Path) -> str:
    return str(gabarit.relative_to(RACINE / "templates"))


# Rooms


def test_rooms_stand_in_one_line_everywhere():
    """The settings, the contract of imports and the folders name the same rooms, in the same order."""
    contrats = tomllib.loads((RACINE / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    dossiers = {
        ".".join(config.parent.relative_to(RACINE).parts)
        for paquet in PAQUETS
        for config in (RACINE / paquet).rglob("apps.py")
    }
    assert list(reversed(contrats[0]["layers"])) == SALLES
    assert dossiers == set(SALLES)


def test_nothing_at_the_root_of_a_package_but_its_wiring():
    cablage = {"__init__.py", "urls.py", "wsgi.py"}
    racines = [RACINE / paquet for paquet in PAQUETS if paquet not in SALLES]
    assert [f"{r.name}/{f.name}" for r in racines for f in r.glob("*.py") if f.name not in cablage] == []


LIGNES_D_UNE_SALLE = 6000


def test_no_room_is_too_large():
    tailles = {
        salle: sum(
            len(f.read_text().splitlines())
            for f in (RACINE / salle.replace(".", "/")).rglob("*.py")
            if "migrations" not in f.parts
        )
        for salle in SALLES
    }
    assert {salle: n for salle, n in tailles.items() if n > LIGNES_D_UNE_SALLE} == {}


# Relations


def test_relations_point_down():
    """The account alone is named from below, by the setting AUTH_USER_MODEL, which is Django's own door."""
    montantes = [
        f"{modele._meta.label}.{champ.name} → {champ.related_model._meta.label}"
        for modele in apps.get_models(include_auto_created=True)
        if modele._meta.app_label in RANG
        for champ in modele._meta.get_fields()
        if champ.is_relation and not champ.auto_created and champ.related_model
        if champ.related_model._meta.label != settings.AUTH_USER_MODEL
        if RANG.get(champ.related_model._meta.app_label, -1) > RANG[modele._meta.app_label]
    ]
    assert montantes == []


def test_no_generic_relation():
    """A relation to anything at all would escape the arrow."""
    assert [c for m in MODELES for c in m._meta.private_fields] == []


# Templates

# E-mails and documents belong to the room that sends them, which the folder does not say.
SANS_RANG = {"courriels", "pdf"}
NOMME = re.compile(r"""\{%\s*(?:url\s+['"](?P<url>\w+):|(?:include|extends)\s+['"](?P<gabarit>\w+)/)""")


def noms_montants(texte: str, dossier: str) -> list[str]:
    """Return the upper rooms that a template of that folder names in its urls, includes and extends."""
    rang = RANG.get(dossier, 0)
    nommes = [trouve["url"] or trouve["gabarit"] for trouve in NOMME.finditer(texte)]
    return [nom for nom in nommes if RANG.get(nom, -1) > rang]


def test_templates_point_down():
    fautifs = {
        chemin(gabarit): noms
        for gabarit in GABARITS
        if (dossier := chemin(gabarit).split("/")[0]) not in SANS_RANG
        if (noms := noms_montants(gabarit.read_text(), dossier))
    }
    assert fautifs == {}


ROUTE = re.compile(r"""['"](\w+):[a-z_]+['"]""")


def test_routes_named_in_python_point_down():
    fautifs = {
        str(fichier.relative_to(RACINE)): noms
        for rang, salle in enumerate(SALLES)
        for fichier in (RACINE / salle.replace(".", "/")).rglob("*.py")
        if (noms := [nom for nom in ROUTE.findall(fichier.read_text()) if RANG.get(nom, -1) > rang])
    }
    assert fautifs == {}


def test_shared_templates_do_not_include_those_of_an_app():
    fautifs = {
        chemin(gabarit): trouve["gabarit"]
        for gabarit in GABARITS
        if chemin(gabarit).split("/")[0] in SANS_RANG
        for trouve in NOMME.finditer(gabarit.read_text())
        if trouve["gabarit"] in RANG
    }
    assert fautifs == {}


# These replace templates of Django and allauth, whose context is in the library's own documentation.
DE_BIBLIOTHEQUE = {"account", "allauth", "django", "mfa", "usersessions"}


def test_templates_state_their_context():
    """On one line: Django shows a `{#` comment of several lines to the reader."""
    assert [
        chemin(g)
        for g in GABARITS
        if chemin(g).split("/")[0] not in DE_BIBLIOTHEQUE and not re.match(r"\{#[^\n]*#\}", g.read_text())
    ] == []


# A data block (JSON) is not a script; a document for the printer may carry its style sheet.
EN_LIGNE = re.compile(r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<script(?![^>]*(?:\ssrc=|json"))|javascript:|<style\b""")


def en_ligne(nom: str, texte: str) -> list[str]:
    """Return what the security policy of our pages would refuse in a template."""
    return [morceau for morceau in EN_LIGNE.findall(texte) if not (nom.startswith("pdf/") and morceau == "<style")]


def test_no_inline_style_nor_script():
    assert {chemin(g): trouves for g in GABARITS if (trouves := en_ligne(chemin(g), g.read_text()))} == {}


# Views

# What anybody may read or send without an account. A document answers by its own rule (public, or a permission).
PUBLIQUES = {
    "accueil",
    "rencontres:agenda",
    "couleurs",
    "comptes:document_detail",
    "partenaires:adhesion_demander",
    "partenaires:adhesion_confirmer",
    "partenaires:adhesion_merci",
    "partenaires:adhesion_papier",
    "partenaires:organisation_detail",
    "partenaires:partenaire_liste",
    "partenaires:partenaire_exporter",
    "actions:action_detail",
    "actions:action_liste",
    "actions:chantier_detail",
    "actions:chantier_liste",
    "bilan:bilan_pdf_publie",
    "bilan:bilans_publics",
}
# Sign-in and what leads to it. Sign-up and passwords are closed: their addresses say so.
PUBLIQUES_COMPTE = {
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "mfa_authenticate",
    "mfa_login_webauthn",
}
VALEURS = {"int": "1", "str": "x", "slug": "x", "uuid": "00000000-0000-4000-8000-000000000000", "path": "x"}


def adresses(resolveur: URLResolver, debut: str = "/", espace: str = "") -> Iterator[tuple[str, str, bool]]:
    """Return (name, path with sample values, open to the public) for every address of the site."""
    for motif in resolveur.url_patterns:
        suite = re.sub(r"<(?:(\w+):)?\w+>", lambda m: VALEURS.get(m[1] or "str", "x"), str(motif.pattern))
        suite = re.sub(r"\(\?P<\w+>[^)]*\)", "x", suite).strip("^$").replace("\\", "")
        if isinstance(motif, URLPattern):
            yield f"{espace}{motif.name}", debut + suite, not getattr(motif.callback, "login_required", True)
        else:
            yield from adresses(motif, debut + suite, f"{motif.namespace}:" if motif.namespace else espace)


def test_views_are_closed_but_for_a_list():
    ouvertes = {nom for nom, _, ouverte in adresses(get_resolver()) if ouverte}
    assert ouvertes == PUBLIQUES | PUBLIQUES_COMPTE


@pytest.mark.django_db
def test_closed_view_leads_to_sign_in(a_grands_pas):
    connexion = resolve_url(settings.LOGIN_URL)
    reponses = {nom: Client().get(adresse) for nom, adresse, ouverte in adresses(get_resolver()) if not ouverte}
    assert {
        nom: reponse.status_code
        for nom, reponse in reponses.items()
        if reponse.status_code != 302 or reponse.url.split("?")[0] != connexion
    } == {}


def test_every_address_has_a_name():
    assert [adresse for nom, adresse, _ in adresses(get_resolver()) if nom.endswith("None")] == []


# Models

SANS_HISTORIQUE = {
    "Courriel": "a queue: each row carries its own state and dates",
    "JetonFormulaire": "a technical trace, written once",
    "EvenementRegistre": "written once: the database refuses to change it",
    "SelRegistre": "written once, then erased for good with the person",
    "TeteRegistre": "the last line of the register is its history",
}
SANS_ORDRE = {"Demarche": "one row", "TeteRegistre": "one row", "SelRegistre": "read from its line of the register"}


def test_models_have_a_french_name_a_docstring_and_an_order():
    fautes = []
    for modele in SUIVIS:
        nom = modele.__name__
        libelles = (str(modele._meta.verbose_name), str(modele._meta.verbose_name_plural))
        if "verbose_name" not in modele._meta.original_attrs or any(libelle[0].isupper() for libelle in libelles):
            fautes.append(f"{nom} : verbose_name {libelles}")
        if (modele.__doc__ or "").startswith(f"{nom}("):  # what Django writes when there is none
            fautes.append(f"{nom} : docstring")
        if not modele._meta.ordering and nom not in SANS_ORDRE:
            fautes.append(f"{nom} : ordering")
    assert fautes == []


def test_models_keep_their_history():
    assert {m.__name__ for m in SUIVIS if not hasattr(m, "history")} == set(SANS_HISTORIQUE)


# Documents


def test_glossary_names_every_model():
    glossaire = (RACINE / "docs" / "glossaire.md").read_text()
    assert [m.__name__ for m in SUIVIS if f"`{m.__name__}`" not in glossaire] == []


@functools.cache
def definitions(fichier: Path) -> set[str]:
    """Return the functions, the classes, the constants of a module, and `Class.member` for each member."""

    def noms(corps: list[ast.stmt]) -> set[str]:
        trouves = set()
        for noeud in corps:
            match noeud:
                case ast.FunctionDef(name=nom) | ast.AnnAssign(target=ast.Name(id=nom)):
                    trouves.add(nom)
                case ast.ClassDef(name=nom, body=membres):
                    trouves |= {nom} | {f"{nom}.{membre}" for membre in noms(membres)}
                case ast.Assign(targets=cibles):
                    trouves |= {cible.id for cible in cibles if isinstance(cible, ast.Name)}
        return trouves

    return noms(ast.parse(fichier.read_text()).body)


def est_tenue(maison: str) -> bool:
    """True when a home that a rule names exists: `path/module.py::name`, or the name of a constraint."""
    fichier, _, nom = maison.partition("::")
    if not nom:
        return any(contrainte.name == maison for modele in MODELES for contrainte in modele._meta.constraints)
    return (RACINE / fichier).is_file() and nom in definitions(RACINE / fichier)


def test_glossary_names_homes_that_exist():
    maisons = re.findall(r"`(\w+/[\w./-]+::[\w.]+)`", (RACINE / "docs" / "glossaire.md").read_text())
    assert [maison for maison in maisons if not est_tenue(maison)] == []


MOTS = 60
PARTIES = [regle for regle in lire_regles() if regle.texte]  # a rule told in parts has no text of its own
SOURCES = {regle.numero: regle.champs.get("Source") for regle in lire_regles()}


def test_rules_are_those_of_the_design():
    """In their order, whole or in parts; each one is broken by a test, and no test breaks another."""
    racines = list(dict.fromkeys(regle.racine for regle in PARTIES))
    assert racines == [f"R{numero}" for numero in range(1, 18)]
    assert set(lire_epreuves()) == set(racines)


@pytest.mark.parametrize("regle", PARTIES, ids=lambda regle: regle.numero)
def test_rule_is_short_and_has_a_source_a_home_and_its_boundary(regle):
    assert regle.nb_mots <= MOTS
    assert SOURCES[regle.numero] or SOURCES[regle.racine]
    maisons, epreuves = regle.cites("Tenue par"), regle.cites("Épreuve")
    assert (1 <= len(maisons) <= 3, 1 <= len(epreuves) <= 2) == (True, True)
    assert [maison for maison in maisons if not est_tenue(maison)] == []
    assert [epreuve for epreuve in epreuves if epreuve not in lire_epreuves()[regle.racine]] == []


def test_list_of_tests_is_up_to_date():
    assert EPREUVES.read_text() == composer_epreuves(), "lancez `.venv/bin/python -m tests.regles`"
