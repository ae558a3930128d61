"""Everything at once: votes, closings, decisions, payments, meetings, resolutions, edits of a whole exercice.

What the application refuses in French is fine; a deadlock, a lock never given, a broken register are not.
"""

import random
from decimal import Decimal

import pytest
from django.db import connection

from chantiers.budget.models import Enveloppe, LigneBudgetaire
from chantiers.demandes.models import Decaissement, DemandeFonds
from chantiers.demandes.services.demandes import soumettre_demande
from chantiers.demandes.services.redaction import retirer_demande
from chantiers.finances.services.budget import enregistrer_budget
from chantiers.finances.services.decaissements import contrepasser, liberer_solde
from chantiers.finances.services.enveloppes import modifier_enveloppe
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.models import Exercice, InstanceGouvernance, Rencontre, Resolution
from demarche.gouvernance.services.exercices import clore_exercice, rouvrir_exercice
from demarche.registre.enums import GenreEvenement
from demarche.registre.models import EvenementRegistre
from demarche.registre.services.verification import verifier_registre
from demarche.scrutins.models import Scrutin
from demarche.scrutins.services.rappels import rappeler
from demarche.scrutins.services.resolutions import inscrire_resolution
from demarche.scrutins.services.scrutins import annuler_scrutin, clore_echus
from demarche.scrutins.services.votes import recuser
from demarche.socle.concurrence import empreinte
from demarche.socle.erreurs import ErreurMetier
from tests.concurrence.conftest import PROCESSUS
from tests.concurrence.donnees import (
    accordee,
    accorder_en_rencontre,
    accorder_seul,
    aujourd_hui,
    enveloppe_de,
    exercice_du_jour,
    mettre_au_vote,
    ouvrir_aux_sept,
    payer,
    soumise,
    un_vote,
    verifier_tout,
)
from tests.factories.chantiers import DemandeFondsFactory, PosteDemandeFactory, ResultatFinancierFactory
from tests.factories.demarche import RencontreFactory, UtilisateurFactory

# A dozen processes where rows have locks of their own; SQLite has one writer, whatever their number.
JOURNEES, GESTES = 12 if connection.vendor == "postgresql" else PROCESSUS, 8


def qui(role):
    return Utilisateur.objects.filter(roles_attribues__role=role).order_by("pk").first()


def un_de(hasard, lignes):
    return hasard.choice(list(lignes.order_by("pk").values_list("pk", flat=True)))


def voter_au_hasard(hasard):
    scrutin = Scrutin.objects.get(pk=un_de(hasard, Scrutin.objects.filter(rencontre=None)))
    electeur = hasard.choice(list(scrutin.electeurs.order_by("pk")))
    if hasard.random() < 0.1:
        return recuser(scrutin.pk, auteur=electeur.utilisateur)
    return un_vote(scrutin.pk, electeur.utilisateur_id, hasard.choice(["pour", "pour", "contre", "abstention"]))


def decider_au_hasard(hasard):
    enveloppe = un_de(hasard, Enveloppe.objects.all())
    demande = DemandeFonds.objects.get(pk=un_de(hasard, DemandeFonds.objects.all()))
    auteur = qui("coordonnateur").pk
    match hasard.randrange(4):
        case 0:
            accorder_seul(demande.pk, auteur, enveloppe)
        case 1:
            mettre_au_vote(demande.pk, auteur, enveloppe)
        case 2:
            accorder_en_rencontre(demande.pk, auteur, enveloppe, un_de(hasard, Rencontre.objects.all()))
        case 3:
            retirer_demande(demande.pk, auteur=demande.demandeur)


def demander(hasard):
    demande = DemandeFonds.objects.get(pk=un_de(hasard, DemandeFonds.objects.all()))
    autre = DemandeFondsFactory(
        action_collective=demande.action_collective,
        exercice=demande.exercice,
        demandeur=demande.demandeur,
        montant_demande=Decimal(300),
    )
    PosteDemandeFactory(demande=autre, montant=Decimal(300))
    soumettre_demande(autre.pk, auteur=autre.demandeur)


def payer_au_hasard(hasard):
    demande = un_de(hasard, DemandeFonds.objects.filter(etat="accordee"))
    auteur = qui("coordonnateur")
    match hasard.randrange(4):
        case 0 | 1:
            payer(demande, auteur.pk, "50.00")
        case 2:
            paiement = Decaissement.objects.filter(contrepasse=None).order_by("?").first()
            if paiement is not None:
                contrepasser(paiement.pk, auteur=auteur, motif="Erreur de montant.")
        case 3:
            liberer_solde(demande, auteur=auteur, motif="Projet fini.")


def tenir_les_livres(hasard):
    auteur, exercice = qui("coordonnateur"), Exercice.objects.order_by("debut").first()
    match hasard.randrange(6):
        case 0:
            clore_exercice(exercice.pk, auteur=auteur)
        case 1:
            rouvrir_exercice(exercice.pk, motif="Une facture est arrivée en retard.", auteur=auteur)
        case 2:
            lignes = LigneBudgetaire.objects.filter(exercice=exercice, action_collective=None)
            ligne = LigneBudgetaire(nature="depense", libelle="Loyer", montant_prevu=Decimal(hasard.randrange(1000)))
            enregistrer_budget(
                None, exercice=exercice, empreinte=empreinte(lignes), lignes=[ligne], retirees=[], auteur=auteur
            )
        case 3:
            enveloppe = Enveloppe.objects.order_by("pk").first()
            montant = Decimal(hasard.choice([2000, 2500, 3000]))
            modifier_enveloppe(enveloppe.pk, version=enveloppe.version, auteur=auteur, donnees={"montant": montant})
        case 4:
            inscrire_resolution(
                instance_gouvernance=InstanceGouvernance.objects.get(prefixe="CP"),
                exercice=exercice_du_jour(),
                titre="Titre",
                texte="Texte",
                adoptee_le=aujourd_hui(),
                auteur=auteur,
            )
        case 5:
            assert verifier_registre().ruptures == ()


def fermer_au_hasard(hasard):
    match hasard.randrange(4):
        case 0:
            annuler_scrutin(un_de(hasard, Scrutin.objects.all()), motif="Erreur.", auteur=qui("coordonnateur"))
        case 1:
            rappeler()
        case _:
            clore_echus()


GESTES_POSSIBLES = (
    voter_au_hasard,
    voter_au_hasard,
    decider_au_hasard,
    demander,
    payer_au_hasard,
    tenir_les_livres,
    fermer_au_hasard,
)


def une_journee(graine):
    """Make a dozen gestures drawn from the seed; return how many passed and how many were refused in French."""
    hasard, passes, refuses = random.Random(graine), 0, 0  # noqa: S311 - no secret here
    for _ in range(GESTES):
        geste = hasard.choice(GESTES_POSSIBLES)
        try:
            geste(hasard)
            passes += 1
        except ErreurMetier:
            refuses += 1
    return passes, refuses


@pytest.mark.regle("R8")
def test_a_storm_of_everything_ends_without_deadlock_and_with_whole_books(base_concurrente):
    UtilisateurFactory(coordonnateur=True)
    ResultatFinancierFactory(exercice=exercice_du_jour(avant=1))
    enveloppe_de("2000.00")
    ouvrir_aux_sept()
    ouvrir_aux_sept("1200.00", seconds=2)
    for _ in range(4):
        soumise("600.00", coordination=True)
        accordee("700.00")
        soumise("1800.00", comite=True)
    for demande in DemandeFonds.objects.filter(etat="soumise", instance_gouvernance__prefixe="CP")[:1]:
        RencontreFactory(instance_gouvernance=demande.instance_gouvernance, date=aujourd_hui())
    rendus = base_concurrente.lancer(une_journee, [(graine,) for graine in range(JOURNEES)], processus=JOURNEES)
    assert [(rendu.erreur, rendu.texte) for rendu in rendus if rendu.erreur] == []
    passes, refuses = (sum(rendu.valeur[n] for rendu in rendus) for n in (0, 1))
    assert (passes + refuses, passes > 2 * JOURNEES) == (JOURNEES * GESTES, True)
    assert Resolution.objects.count() == EvenementRegistre.objects.filter(genre=GenreEvenement.RESOLUTION).count()
    verifier_tout()
