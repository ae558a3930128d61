"""In bad hands: every route receives, from every role, the very form that somebody allowed would send, and more.

What is watched is the database itself: which tables each role made it write. The sample démarche has rows in every
state; each post is undone before the next one.
"""

import functools
import logging
import re
from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from chantiers.demandes.models import DemandeFonds
from demarche.comptes.models import Utilisateur
from demarche.rencontres.models import ProcesVerbal
from demarche.scrutins.models import Scrutin
from tests.factories.demarche import UtilisateurFactory
from tests.test_architecture import PUBLIQUES

ESPACES = ("demarche", "partenaires", "chantiers", "evaluation")
ROLES = {
    "coordonnatrice": "coordonnatrice@demo.example",
    "membre": "citoyenne@demo.example",
    "fiduciaire": "fiduciaire@demo.example",
    "partenaire": "partenaire@demo.example",
    "administrateur": "administrateur@demo.example",
}
# What the first argument of an address is the key of, by the beginning of the address; the longest one counts.
MODELES = {
    "documents/": "socle.Document",
    "rencontres/": "gouvernance.Rencontre",
    "points/": "rencontres.PointOrdreDuJour",
    "proces-verbaux/": "rencontres.ProcesVerbal",
    "resolutions/": "gouvernance.Resolution",
    "scrutins/": "scrutins.Scrutin",
    "reglages/exercices/": "gouvernance.Exercice",
    "reglages/territoires/": "gouvernance.Territoire",
    "reglages/cadres/": "gouvernance.CadreReference",
    "cadres/": "gouvernance.CadreReference",
    "reglages/instances/": "gouvernance.InstanceGouvernance",
    "instances/": "gouvernance.InstanceGouvernance",
    "reglages/sieges/": "gouvernance.Siege",
    "sieges/": "gouvernance.Siege",
    "reglages/mandats/": "gouvernance.Mandat",
    "reglages/comptes/": "comptes.Utilisateur",
    "reglages/roles/": "comptes.RoleAttribue",
    "organisations/": "partenaires.Organisation",
    "adhesions/": "partenaires.Adhesion",
    "contacts/": "partenaires.Affiliation",
    "personnes/": "partenaires.Personne",
    "representations/": "partenaires.Representation",
    "collaborations/": "partenaires.CollaborationStructurante",
    "chantiers/": "actions.Chantier",
    "actions/": "actions.ActionCollective",
    "activites/": "actions.Activite",
    "enveloppes/": "budget.Enveloppe",
    "decaissements/": "demandes.Decaissement",
    "demandes/": "demandes.DemandeFonds",
    "reglages/motifs/": "demandes.MotifType",
    "plan/": "plan.PlanStrategique",
    "plan/plans/": "plan.PlanStrategique",
    "plan/orientations/": "plan.Orientation",
    "plan/objectifs/": "plan.Objectif",
    "plan/strategies/": "plan.Strategie",
    "plan/cibles/": "plan.Cible",
    "plan/resultats/": "plan.Resultat",
    "indicateurs/": "plan.Indicateur",
    "mesures/": "plan.Mesure",
    "plan-evaluation/": "plan.PlanEvaluation",
    "reglages/domaines/": "plan.DomaineAction",
    "reglages/resultats-transitoires/": "plan.ResultatTransitoire",
    "bilans/": "bilan.Bilan",
}
# Routes that this walk leaves out, each with its reason.
HORS = {
    "partenaires:adhesion_confirmer": "a secret link; tests/partenaires/test_views_adhesion.py",
    "comptes:sans_mot_de_passe": "answers 404 to everybody",
    "comptes:courriel_du_compte": "answers 404 to everybody",
}
# What nobody sends with a form of ours, and a malicious hand adds.
AJOUTS = {
    "etat": "accordee",
    "montant_accorde": "999999.00",
    "montant_paye": "0",
    "montant_libere": "0",
    "montant_reserve": "0",
    "montant_engage": "0",
    "resolution": "1",
    "instance_gouvernance": "1",
    "est_clos": "on",
    "issue": "adoptee",
    "choix": "pour",
    "motif": "Parce que.",
    "question": "Pourquoi?",
    "reponse": "Voilà.",
}
# The tables that say who decided what, and with what money.
DECISIONS = {
    f"demarche_{nom}"
    for nom in (
        "scrutin",
        "vote",
        "recusation",
        "resolution",
        "evenementregistre",
        "selregistre",
        "teteregistre",
        "procesverbal",
        "pointordredujour",
        "presencesiege",
        "exercice",
        "instancegouvernance",
        "siege",
        "mandat",
        "roleattribue",
    )
} | {f"chantiers_{nom}" for nom in ("demandefonds", "deliberation", "decaissement", "enveloppe", "regleallocation")}
REGISTRE = {"registre_evenementregistre", "registre_selregistre", "registre_teteregistre"}
VOTER = {"scrutins_scrutin", "scrutins_vote", "scrutins_recusation"} | REGISTRE
# A last vote closes the ballot, and with it the request, its money and its resolution.
SUITES_DU_VOTE = {"gouvernance_resolution", "demandes_demandefonds", "budget_enveloppe"}
SES_DEMANDES = {"demandes_demandefonds"}
PERMIS = {
    "personne": set(),
    "membre": VOTER | SUITES_DU_VOTE | SES_DEMANDES,
    "fiduciaire": VOTER
    | SUITES_DU_VOTE
    | {"demandes_decaissement", "demandes_demandefonds", "budget_enveloppe"},  # holds a seat, pays, releases
    "partenaire": SES_DEMANDES | VOTER | {"budget_enveloppe"},  # withdrawing frees what was reserved
    # The technical role runs the settings of the démarche; it decides nothing and votes nowhere.
    "administrateur": {
        f"demarche_{nom}" for nom in ("instancegouvernance", "siege", "mandat", "roleattribue", "exercice")
    }
    | {"demandes_regleallocation"},
}


def routes() -> Iterator[tuple[str, str]]:
    """Yield the name and the pattern of every route of the four apps."""
    for espace in ESPACES:
        prefixe, resolveur = get_resolver().namespace_dict[espace]
        for motif in resolveur.url_patterns:
            if isinstance(motif, URLPattern):
                yield f"{espace}:{motif.name}", str(motif.pattern)


def modele_de(pattern: str):
    prefixe = max((debut for debut in MODELES if pattern.startswith(debut)), key=len)
    return apps.get_model(MODELES[prefixe])


@functools.cache
def lignes_choisies(modele):
    """Return the keys to try: one row by state where there are states, else the first."""
    cles = list(modele._default_manager.order_by("pk").values_list("pk", flat=True))
    if modele in (DemandeFonds, Scrutin, ProcesVerbal):
        etats = dict(modele.objects.order_by("-pk").values_list("etat", "pk"))
        return sorted(etats.values())
    return cles[:1]


def adresses(nom: str, pattern: str) -> list[str]:
    if "<" not in pattern:
        return [reverse(nom)]
    if "<slug:" in pattern or "<str:" in pattern:
        return []  # an export or a section of the bilan: the other routes of its app cover its permission
    arguments = re.findall(r"<int:(\w+)>", pattern)
    adresses = []
    for cle in lignes_choisies(modele_de(pattern)):
        try:
            adresses.append(reverse(nom, kwargs=dict.fromkeys(arguments, cle)))
        except NoReverseMatch:  # pragma: no cover - a converter we do not know
            pytest.fail(f"route inconnue : {nom} {pattern}")
    return adresses


class Champs(HTMLParser):
    """What a browser would send of the forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.valeurs: dict[str, str] = {}
        self.liste = self.texte = ""

    def handle_starttag(self, tag, attrs):
        champ = dict(attrs)
        nom = champ.get("name") or ""
        if tag == "input" and nom and champ.get("type") not in ("file", "submit"):
            if champ.get("type") not in ("checkbox", "radio") or "checked" in champ or nom not in self.valeurs:
                self.valeurs[nom] = champ.get("value") or self.valeurs.get(nom, "")
        elif tag == "select":
            self.liste = nom
        elif (
            tag == "option"
            and self.liste
            and champ.get("value")
            and ("selected" in champ or self.liste not in self.valeurs)
        ):
            self.valeurs[self.liste] = champ["value"]
        elif tag == "textarea":
            self.texte = nom
            self.valeurs[nom] = "Un texte."
        elif tag == "button" and nom and champ.get("value"):
            self.valeurs.setdefault(nom, champ["value"])

    def handle_endtag(self, tag):
        if tag == "select":
            self.liste = ""


def plausible(nom: str) -> str:
    """Return something to write in an empty field, from its name."""
    if "montant" in nom or nom.startswith("nb_"):
        return "10"
    return "2026-01-10" if "date" in nom or nom in ("du", "au") else "Quelque chose"


def formulaire(client: Client, adresse: str) -> dict[str, str]:
    """Return what somebody allowed would send from that page, plus what nobody should."""
    page = client.get(adresse)
    champs = Champs()
    if page.status_code == 200 and "html" in page.get("Content-Type", ""):
        champs.feed(page.content.decode())
    champs.valeurs.pop("csrfmiddlewaretoken", None)
    for nom, valeur in champs.valeurs.items():
        champs.valeurs[nom] = valeur or plausible(nom)
    return {**AJOUTS, **champs.valeurs}


ECRITURE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"', re.I)


class Ecritures:
    """Which of our tables a piece of code wrote; history and the outbox follow from the rest."""

    def __init__(self) -> None:
        self.tables: set[str] = set()

    def __call__(self, executer, sql, params, many, context):
        trouve = ECRITURE.match(sql)
        if trouve and trouve[1].split("_")[0] in ESPACES and "_historical" not in trouve[1]:
            self.tables.add(trouve[1])
        return executer(sql, params, many, context)


def poster(client: Client, adresse: str, valeurs: dict[str, str]) -> tuple[int, str, set[str]]:
    """Post, undo, and return the status, where it leads, and what was written."""
    ecritures = Ecritures()
    with transaction.atomic():
        with connection.execute_wrapper(ecritures):
            reponse = client.post(adresse, valeurs)
        transaction.set_rollback(True)
    return reponse.status_code, reponse.get("Location", ""), ecritures.tables


@pytest.fixture
def demo(db):
    lignes_choisies.cache_clear()
    with override_settings(DEMO=True):  # for the command alone: the tests' urls have no demonstration
        call_command("charger_demo", verbosity=0)


def connecte(compte) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(compte)
    return client


def test_every_route_says_what_its_key_is():
    assert [
        nom
        for nom, pattern in routes()
        if "<int:" in pattern and not any(pattern.startswith(debut) for debut in MODELES)
    ] == []


def test_nobody_writes_anything_without_an_account(demo):
    client = Client()
    for nom, pattern in routes():
        if nom in PUBLIQUES or nom in HORS:
            continue
        for adresse in adresses(nom, pattern):
            statut, cible, tables = poster(client, adresse, AJOUTS)
            assert (statut, cible.startswith("/compte/login/"), tables) == (302, True, set()), nom


def test_every_role_writes_only_what_it_decides(demo, caplog):
    caplog.set_level(logging.CRITICAL)  # each refusal would be told with its trace
    clients = {role: connecte(Utilisateur.objects.get(email=courriel)) for role, courriel in ROLES.items()}
    clients["personne"] = connecte(UtilisateurFactory())
    ecrit = defaultdict(lambda: defaultdict(set))
    for nom, pattern in routes():
        if nom in HORS or nom in PUBLIQUES or nom.startswith("evaluation:"):  # no decision is written there
            continue
        for adresse in adresses(nom, pattern):
            valeurs = formulaire(clients["coordonnatrice"], adresse)
            if poster(clients["coordonnatrice"], adresse, valeurs)[0] == 405:
                continue
            for role, client in clients.items():
                statut, _, tables = poster(client, adresse, valeurs)
                assert statut < 500, (role, nom)
                for table in tables & DECISIONS:
                    ecrit[role][table].add(nom)
    # The control: the forms are good ones, and somebody may do each thing.
    assert len(ecrit["coordonnatrice"]) > 12
    assert "scrutins_vote" in ecrit["membre"]
    assert "demandes_decaissement" in ecrit["fiduciaire"]
    assert "demandes_demandefonds" in ecrit["partenaire"]
    exces = {
        role: {table: sorted(noms) for table, noms in ecrit[role].items() if table not in permises}
        for role, permises in PERMIS.items()
    }
    assert exces == {role: {} for role in PERMIS}
