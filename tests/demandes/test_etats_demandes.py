"""Every state of a request against every verb, then every service that moves it; both tables are written by hand."""

import datetime
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from chantiers.demandes.enums import EtatDemande, VerbeDemande
from chantiers.demandes.models import PrecisionDemande
from chantiers.demandes.services.decisions import decider_seul
from chantiers.demandes.services.deliberations import inscrire_decision_rencontre, ouvrir_deliberation
from chantiers.demandes.services.demandes import passer, soumettre_demande
from chantiers.demandes.services.precisions import demander_precisions, expirer_si_echue, repondre_precisions
from chantiers.demandes.services.redaction import retirer_demande
from demarche.rencontres.services.votes_main_levee import CompteSalle
from demarche.socle.erreurs import ErreurMetier
from tests.factories import JOUR
from tests.factories.chantiers import (
    DemandeFondsFactory,
    EnveloppeFactory,
    PosteDemandeFactory,
    PrecisionDemandeFactory,
    RegleAllocationFactory,
)
from tests.factories.demarche import (
    InstanceGouvernanceFactory,
    MandatFactory,
    RencontreFactory,
    ResolutionFactory,
    UtilisateurFactory,
)

pytestmark = pytest.mark.django_db
DEMAIN = JOUR + datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def instances():
    RegleAllocationFactory()
    return {nom: InstanceGouvernanceFactory(**{nom: True}) for nom in ("coordination", "comite", "assemblee")}


def lire(table):
    """Return where each state goes by each column of a table written as text; « - » goes nowhere."""
    colonnes, *lignes = [ligne.split() for ligne in table.strip().splitlines()]
    return {
        (etat, colonne): None if suite == "-" else suite
        for etat, *suites in lignes
        for colonne, suite in zip(colonnes, suites, strict=True)
    }


VERBES = lire("""
                soumettre interroger repondre expirer ouvrir         reprendre accorder refuser retirer
brouillon       soumise   -          -        -       -              -         -        -       retiree
soumise         -         precisions -        -       en_deliberation -        accordee refusee retiree
precisions      -         -          soumise  expiree -              -         -        -       retiree
en_deliberation -         -          -        -       -              soumise   accordee refusee retiree
accordee        -         -          -        -       -              -         -        -       -
refusee         -         -          -        -       -              -         -        -       -
retiree         -         -          -        -       -              -         -        -       -
expiree         soumise   -          -        -       -              -         -        -       -
""")
# A second time changes nothing: soumettre, ouvrir and retirer name the state they lead to.
SERVICES = lire("""
                soumettre interroger repondre expirer ouvrir          décider  réunir   retirer
brouillon       soumise   -          -        =       -               -        -        retiree
soumise         soumise   precisions -        =       en_deliberation accordee accordee retiree
precisions      -         -          soumise  expiree -               -        -        retiree
en_deliberation -         -          -        =       en_deliberation -        -        retiree
accordee        -         -          -        =       -               -        -        -
refusee         -         -          -        =       -               -        -        -
retiree         -         -          -        =       -               -        -        retiree
expiree         soumise   -          -        =       -               -        -        -
""")


def test_tables_are_whole():
    assert set(VERBES) == {(etat.value, verbe.value) for etat in EtatDemande for verbe in VerbeDemande}
    assert {etat for etat, _ in SERVICES} == set(EtatDemande.values)


def a_l_etat(etat, montant="1500.00"):
    trait = {} if etat == EtatDemande.BROUILLON else {etat: True}
    demande = DemandeFondsFactory(montant_demande=Decimal(montant), **trait)
    PosteDemandeFactory(demande=demande, montant=demande.montant_demande)
    return demande


def faits_de(verbe):
    """Return what the constraints want beside the state that the verb leads to."""
    if verbe == VerbeDemande.SOUMETTRE:
        return {
            "soumise_le": timezone.now(),
            "regle": RegleAllocationFactory(),
            "total_action": Decimal(1500),
            "instance_gouvernance": InstanceGouvernanceFactory(comite=True),
        }
    if verbe == VerbeDemande.ACCORDER:
        return {
            "montant_accorde": Decimal(1500),
            "enveloppe": EnveloppeFactory(),
            "resolution": ResolutionFactory(),
            "decidee_le": timezone.now(),
        }
    return {"decidee_le": timezone.now()} if verbe == VerbeDemande.REFUSER else {}


@pytest.mark.regle("R1")
@pytest.mark.parametrize("etat", sorted({etat for etat, _ in VERBES}))
def test_every_state_and_verb(etat):
    for verbe, suite in ((v, suite) for (e, v), suite in VERBES.items() if e == etat):
        with transaction.atomic():
            demande = a_l_etat(etat)
            if suite is None:
                with pytest.raises(ErreurMetier, match="Impossible"):
                    passer(demande, VerbeDemande(verbe), auteur=None)
            else:
                passer(demande, VerbeDemande(verbe), auteur=None, montant_reserve=Decimal(0), **faits_de(verbe))
            demande.refresh_from_db()
            assert demande.etat == (suite or etat), verbe
            transaction.set_rollback(True)


def ouvrir(demande):
    MandatFactory()
    ouvrir_deliberation(
        demande.pk,
        auteur=UtilisateurFactory(coordonnateur=True),
        enveloppe=EnveloppeFactory(),
        echeance=timezone.now() + datetime.timedelta(days=7),
    )


def decider(demande):
    auteur = UtilisateurFactory(coordonnateur=True)
    decider_seul(demande.pk, auteur=auteur, montant=Decimal(500), enveloppe=EnveloppeFactory(), motif="")


def reunir(demande):
    MandatFactory()
    rencontre = RencontreFactory(instance_gouvernance=InstanceGouvernanceFactory(comite=True), date=JOUR)
    inscrire_decision_rencontre(
        demande.pk,
        auteur=UtilisateurFactory(coordonnateur=True),
        rencontre=rencontre,
        enveloppe=EnveloppeFactory(),
        compte=CompteSalle(1, 1, 0, 0),
    )


def expirer(demande):
    PrecisionDemande.objects.update(avant_le=JOUR - datetime.timedelta(days=1))
    expirer_si_echue(demande.pk)


GESTES = {
    "soumettre": lambda d: soumettre_demande(d.pk, auteur=d.demandeur),
    "interroger": lambda d: demander_precisions(
        d.pk, auteur=UtilisateurFactory(coordonnateur=True), question="Combien?", avant_le=DEMAIN
    ),
    "repondre": lambda d: repondre_precisions(d.pk, auteur=d.demandeur, reponse="Soixante."),
    "expirer": expirer,
    "ouvrir": ouvrir,
    "décider": decider,
    "réunir": reunir,
    "retirer": lambda d: retirer_demande(d.pk, auteur=d.demandeur),
}


@pytest.mark.regle("R1")
@pytest.mark.parametrize("etat", sorted({etat for etat, _ in SERVICES}))
def test_every_state_and_service(etat):
    for geste, suite in ((g, suite) for (e, g), suite in SERVICES.items() if e == etat):
        with transaction.atomic():
            demande = a_l_etat(etat, "500.00" if geste == "décider" else "1500.00")
            if suite is None:
                with pytest.raises(ErreurMetier):
                    GESTES[geste](demande)
            else:
                GESTES[geste](demande)
            demande.refresh_from_db()
            assert demande.etat == (etat if suite in (None, "=") else suite), geste
            transaction.set_rollback(True)


def test_expired_request_goes_back_by_its_answer():
    demande = a_l_etat("expiree")
    PrecisionDemandeFactory(demande=demande)
    repondre_precisions(demande.pk, auteur=demande.demandeur, reponse="Soixante.")
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.SOUMISE
