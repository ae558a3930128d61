"""Every route, the rows of the sample démarche to try it on, and what a browser would send there."""

import functools
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.test import Client
from django.urls import get_resolver, reverse

from demarche.comptes.models import Utilisateur
from tests.exemple import PERSONAS

# What the first argument of an address is the key of, by the beginning of the address; the longest one counts.
MODELES = {
    "documents/": "Document",
    "rencontres/": "Rencontre",
    "points/": "PointOrdreDuJour",
    "proces-verbaux/": "ProcesVerbal",
    "resolutions/": "Resolution",
    "scrutins/": "Scrutin",
    "reglages/exercices/": "Exercice",
    "reglages/territoires/": "Territoire",
    "reglages/cadres/": "CadreReference",
    "cadres/": "CadreReference",
    "reglages/instances/": "InstanceGouvernance",
    "instances/": "InstanceGouvernance",
    "reglages/sieges/": "Siege",
    "sieges/": "Siege",
    "reglages/mandats/": "Mandat",
    "reglages/comptes/": "Utilisateur",
    "reglages/roles/": "RoleAttribue",
    "organisations/": "Organisation",
    "adhesions/": "Adhesion",
    "adhesion/confirmer/": "Adhesion",
    "contacts/": "Affiliation",
    "personnes/": "Personne",
    "representations/": "Representation",
    "collaborations/": "CollaborationStructurante",
    "chantiers/": "Chantier",
    "actions/": "ActionCollective",
    "activites/": "Activite",
    "enveloppes/": "Enveloppe",
    "decaissements/": "Decaissement",
    "demandes/": "DemandeFonds",
    "reglages/motifs/": "MotifType",
    "plan/": "PlanStrategique",
    "plan/plans/": "PlanStrategique",
    "plan/orientations/": "Orientation",
    "plan/objectifs/": "Objectif",
    "plan/strategies/": "Strategie",
    "plan/cibles/": "Cible",
    "plan/resultats/": "Resultat",
    "indicateurs/": "Indicateur",
    "mesures/": "Mesure",
    "plan-evaluation/": "PlanEvaluation",
    "reglages/domaines/": "DomaineAction",
    "reglages/resultats-transitoires/": "ResultatTransitoire",
    "bilans/": "Bilan",
}
# The other arguments.
MOTS = {
    "extension": "csv",
    "section": "contexte",
    "cle": "rappel_avant",
    "reste": "reset/",
}
# The last row of each kind is tried; what makes a kind, where the rows of a model do not all answer alike.
GENRES: dict[str, Callable[[Any], Any]] = {
    "DemandeFonds": lambda d: (d.etat, d.etat == "soumise" and d.instance_gouvernance_id),
    "Document": lambda d: d.est_public,
    "Exercice": lambda e: e.est_clos,
    "PointOrdreDuJour": lambda p: p.genre == "proces_verbal",
    "ProcesVerbal": lambda p: p.etat,
    "Rencontre": lambda r: r.est_publique,
    "Resolution": lambda r: r.instance_gouvernance_id,
    "Scrutin": lambda s: s.etat,
}


def routes() -> Iterator[tuple[str, str]]:
    """Yield the name and the pattern of every route of our apps."""
    for resolveur in get_resolver().url_patterns:
        if str(resolveur.pattern) == "":  # the others are those of allauth
            for motif in resolveur.url_patterns:
                yield f"{resolveur.namespace}:{motif.name}" if resolveur.namespace else motif.name, str(motif.pattern)


def modele_de(motif: str) -> str:
    return MODELES[max((debut for debut in MODELES if motif.startswith(debut)), key=len)]


@functools.cache
def lignes_choisies(nom: str) -> list[Model]:
    """Return the rows to try; once, since every test has the same sample."""
    (modele,) = (m for m in apps.get_models() if m.__name__ == nom)
    genre = GENRES.get(nom, lambda ligne: None)
    return list({genre(ligne): ligne for ligne in modele._default_manager.order_by("pk")}.values())


def adresses(nom: str, motif: str) -> list[str]:
    """Return the addresses of one route on the rows chosen."""
    arguments: list[str] = re.findall(r"<(?:\w+:)?(\w+)>", motif)
    mots: dict[str, Any] = {argument: MOTS[argument] for argument in arguments if argument in MOTS}
    if "jeton" in arguments:
        return [reverse(nom, kwargs={"jeton": ligne.jeton}) for ligne in lignes_choisies(modele_de(motif))]
    if not set(arguments) - set(mots):
        return [reverse(nom, kwargs=mots)]
    return [
        reverse(nom, kwargs=dict.fromkeys(arguments, ligne.pk) | mots) for ligne in lignes_choisies(modele_de(motif))
    ]


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


@functools.cache
def formulaire(adresse: str) -> dict[str, str]:
    """Return what the coordination would send from that page, plus what nobody should."""
    page = connecte("coordonnateur").get(adresse)
    champs = Champs()
    if page.status_code == 200 and "html" in page.get("Content-Type", ""):
        champs.feed(page.content.decode())
    champs.valeurs.pop("csrfmiddlewaretoken", None)
    for nom, valeur in champs.valeurs.items():
        champs.valeurs[nom] = valeur or plausible(nom)
    return {**AJOUTS, **champs.valeurs}


def connecte(qui: str) -> Client:
    """Return a client signed in as a persona of the sample, or as an e-mail address; nobody for "public"."""
    client = Client()
    if courriel := PERSONAS.get(qui, qui):
        client.force_login(Utilisateur.objects.get(email=courriel))
    return client
