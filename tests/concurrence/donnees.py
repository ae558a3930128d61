"""What the processes fight over: a comité of seven, requests in study, money; and what must hold after all of it.

Real time runs here: everything is dated around today, not around JOUR.
"""

import datetime
from decimal import Decimal

from django.utils import timezone

from chantiers.budget.models import Enveloppe
from chantiers.demandes.enums import GenreDecaissement
from chantiers.demandes.queries.engagements import disponible
from chantiers.demandes.services.decisions import decider_seul
from chantiers.demandes.services.deliberations import inscrire_decision_rencontre, ouvrir_deliberation
from chantiers.finances.services.decaissements import decaisser
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import Choix
from demarche.gouvernance.models import Rencontre, Resolution
from demarche.registre.models import EvenementRegistre
from demarche.registre.services.verification import verifier_registre
from demarche.rencontres.services.votes_main_levee import CompteSalle
from demarche.scrutins.services.votes import voter
from tests.factories.chantiers import (
    DemandeFondsFactory,
    EnveloppeFactory,
    PosteDemandeFactory,
    RegleAllocationFactory,
)
from tests.factories.demarche import ExerciceFactory, InstanceGouvernanceFactory, MandatFactory, UtilisateurFactory

ANCIEN = datetime.date(2020, 1, 1)


def aujourd_hui():
    return timezone.localdate()


def exercice_du_jour(*, avant=0):
    jour = aujourd_hui()
    return ExerciceFactory(annee=(jour.year if jour.month >= 7 else jour.year - 1) - avant)


def instances():
    for nom in ("coordination", "comite", "assemblee"):
        InstanceGouvernanceFactory(**{nom: True})


def comite_de_sept():
    """Seven filled seats; return who holds them."""
    return [MandatFactory(du=ANCIEN).utilisateur for _ in range(7)]


def enveloppe_de(montant):
    return EnveloppeFactory(montant=Decimal(montant), du=ANCIEN)


def soumise(montant, *, plafond_comite="50000.00", exercice=None, **instance):
    """A request in study, of its own action; `comite=True` names who decides."""
    instances()
    demande = DemandeFondsFactory(
        soumise=True,
        montant_demande=Decimal(montant),
        instance_gouvernance=InstanceGouvernanceFactory(**instance),
        regle=RegleAllocationFactory(en_vigueur_du=ANCIEN, seuil_assemblee=Decimal(plafond_comite)),
        exercice=exercice or exercice_du_jour(),
    )
    PosteDemandeFactory(demande=demande, montant=demande.montant_demande)
    return demande


def accordee(montant):
    """A request that the coordination granted through its service, on an envelope of 10 000 $."""
    demande, auteur = soumise(montant, coordination=True), UtilisateurFactory(coordonnateur=True)
    decider_seul(demande.pk, auteur=auteur, montant=Decimal(montant), enveloppe=enveloppe_de("10000.00"), motif="")
    demande.refresh_from_db()
    return demande


def verifier_tout():
    """The register is whole and its numbers follow; so do those of the resolutions; no envelope is over-committed."""
    assert [str(rupture) for rupture in verifier_registre().ruptures] == []
    numeros = list(EvenementRegistre.objects.order_by("numero").values_list("numero", flat=True))
    assert numeros == list(range(1, len(numeros) + 1))
    suites = {}
    for resolution in Resolution.objects.order_by("numero"):
        suites.setdefault((resolution.instance_gouvernance_id, resolution.exercice_id), []).append(resolution.numero)
    assert all(suite == list(range(1, len(suite) + 1)) for suite in suites.values()), suites
    for enveloppe in Enveloppe.objects.all():
        assert enveloppe.montant_engage == enveloppe.montant - disponible(enveloppe)
        assert 0 <= enveloppe.montant_engage <= enveloppe.montant


def lignes(genre):
    return EvenementRegistre.objects.filter(genre=genre).count()


def par_erreur(rendus):
    """Return the names of the exceptions, the successes first."""
    return sorted(rendu.erreur for rendu in rendus)


# What one process does.


def un_vote(scrutin_pk, utilisateur_pk, choix):
    voter(scrutin_pk, auteur=Utilisateur.objects.get(pk=utilisateur_pk), choix=Choix(choix))


def accorder_seul(demande_pk, auteur_pk, enveloppe_pk, montant="600.00"):
    decider_seul(
        demande_pk,
        auteur=Utilisateur.objects.get(pk=auteur_pk),
        montant=Decimal(montant),
        enveloppe=Enveloppe.objects.get(pk=enveloppe_pk),
        motif="",
    )


def mettre_au_vote(demande_pk, auteur_pk, enveloppe_pk):
    ouvrir_deliberation(
        demande_pk,
        auteur=Utilisateur.objects.get(pk=auteur_pk),
        enveloppe=Enveloppe.objects.get(pk=enveloppe_pk),
        echeance=timezone.now() + datetime.timedelta(days=1),
    )


def accorder_en_rencontre(demande_pk, auteur_pk, enveloppe_pk, rencontre_pk):
    inscrire_decision_rencontre(
        demande_pk,
        auteur=Utilisateur.objects.get(pk=auteur_pk),
        rencontre=Rencontre.objects.get(pk=rencontre_pk),
        enveloppe=Enveloppe.objects.get(pk=enveloppe_pk),
        compte=CompteSalle(nb_presents=7, nb_pour=6, nb_contre=1, nb_abstentions=0),
    )


def payer(demande_pk, auteur_pk, montant):
    return decaisser(
        demande_pk,
        auteur=Utilisateur.objects.get(pk=auteur_pk),
        genre=GenreDecaissement.PAIEMENT_DIRECT,
        montant=Decimal(montant),
        date=aujourd_hui(),
        beneficiaire="Épicerie du Coin",
        libelle="Denrées",
    ).pk


def ouvrir_aux_sept(montant="1500.00", **delai):
    """Put a new request to the seven seats; return the ballot and who holds the seats."""
    demande, membres = soumise(montant, comite=True), comite_de_sept()
    scrutin = ouvrir_deliberation(
        demande.pk,
        auteur=UtilisateurFactory(coordonnateur=True),
        enveloppe=enveloppe_de("10000.00"),
        echeance=timezone.now() + datetime.timedelta(**(delai or {"days": 1})),
    )
    return scrutin, membres
