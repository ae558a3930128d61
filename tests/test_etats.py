"""Every state against every verb: what goes through, what is refused in French, what changes nothing.

The table of `DemandeFonds` is in tests/demandes/test_etats_demandes.py.
"""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from chantiers.demandes.enums import EtatDemande, GenreDecaissement
from chantiers.demandes.models import Decaissement
from chantiers.finances.services.decaissements import contrepasser, decaisser, liberer_solde
from demarche.gouvernance.enums import Choix
from demarche.gouvernance.services.exercices import clore_exercice, rouvrir_exercice
from demarche.registre.models import EvenementRegistre
from demarche.rencontres.enums import EtatPoint
from demarche.rencontres.models import ProcesVerbal
from demarche.rencontres.services.points import (
    laisser_point,
    modifier_point,
    noter_point,
    reporter_point,
    reprendre_point,
    retirer_point,
)
from demarche.rencontres.services.proces_verbaux import (
    modifier_proces_verbal,
    rediger_proces_verbal,
    supprimer_proces_verbal,
)
from demarche.rencontres.services.votes_main_levee import CompteSalle, clore_par_nombre, clore_par_siege
from demarche.rencontres.services.votes_points import VoteSalle, voter_point
from demarche.scrutins.models import Scrutin
from demarche.scrutins.services.scrutins import annuler_scrutin, clore_si_echu
from demarche.scrutins.services.votes import inscrire_vote_telephone, recuser, voter
from demarche.socle.erreurs import ErreurMetier
from tests.factories import JOUR
from tests.factories.chantiers import DecaissementFactory, DemandeFondsFactory, ResultatFinancierFactory
from tests.factories.demarche import (
    ElecteurFactory,
    ExerciceFactory,
    MandatFactory,
    PointOrdreDuJourFactory,
    ProcesVerbalFactory,
    RencontreFactory,
    ResolutionFactory,
    ScrutinFactory,
    SiegeFactory,
    UtilisateurFactory,
)

pytestmark = pytest.mark.django_db
PASSE, REFUSE, RIEN = "passe", "refusé", "ne change rien"


def effet(verbe):
    """Return what a verb did, from the lines of the register and the refusal."""
    avant = EvenementRegistre.objects.count()
    try:
        verbe()
    except ErreurMetier:
        assert EvenementRegistre.objects.count() == avant
        return REFUSE
    return PASSE if EvenementRegistre.objects.count() > avant else RIEN


# A ballot.

SCRUTINS = {
    "ouvert": {},
    "échu": {"echeance": timezone.make_aware(datetime.datetime(2026, 1, 14, 9))},
    "clos": {"clos": True},
    "annulé": {"annule": True},
    "en rencontre": {"main_levee": True},
}
VERBES_SCRUTIN = {
    "voter": lambda s, e, qui: voter(s.pk, auteur=e.utilisateur, choix=Choix.POUR),
    "récuser": lambda s, e, qui: recuser(s.pk, auteur=e.utilisateur),
    "au téléphone": lambda s, e, qui: inscrire_vote_telephone(
        s.pk, electeur_pk=e.pk, choix=Choix.POUR, commentaire="", auteur=qui
    ),
    "clore": lambda s, e, qui: clore_si_echu(s.pk),
    "annuler": lambda s, e, qui: annuler_scrutin(s.pk, motif="Erreur.", auteur=qui),
    "compter": lambda s, e, qui: clore_par_nombre(s.pk, compte=CompteSalle(1, 1, 0, 0)),
    "compter par siège": lambda s, e, qui: clore_par_siege(s.pk, reponses={e.numero: "pour"}, auteur=qui),
}
TABLE_SCRUTIN = {
    #                     ouvert  échu    clos    annulé  en rencontre
    "voter": (PASSE, REFUSE, REFUSE, REFUSE, REFUSE),
    "récuser": (PASSE, REFUSE, REFUSE, REFUSE, REFUSE),
    "au téléphone": (PASSE, REFUSE, REFUSE, REFUSE, REFUSE),
    "clore": (RIEN, PASSE, RIEN, RIEN, RIEN),
    "annuler": (PASSE, REFUSE, REFUSE, RIEN, PASSE),
    "compter": (REFUSE, REFUSE, REFUSE, REFUSE, PASSE),
    "compter par siège": (REFUSE, REFUSE, REFUSE, REFUSE, PASSE),
}


@pytest.mark.parametrize("etat", SCRUTINS)
@pytest.mark.parametrize("verbe", VERBES_SCRUTIN)
def test_scrutin(etat, verbe):
    scrutin = ScrutinFactory(**SCRUTINS[etat])
    electeur = ElecteurFactory(scrutin=scrutin)
    MandatFactory(siege=electeur.siege, utilisateur=electeur.utilisateur)
    ElecteurFactory(scrutin=scrutin)  # another is still waited for
    attendu = TABLE_SCRUTIN[verbe][list(SCRUTINS).index(etat)]
    assert effet(lambda: VERBES_SCRUTIN[verbe](scrutin, electeur, UtilisateurFactory())) == attendu


@pytest.mark.parametrize("verbe", ["voter", "récuser", "au téléphone"])
def test_elector_who_stood_aside(verbe):
    scrutin = ScrutinFactory()
    electeur = ElecteurFactory(scrutin=scrutin)
    MandatFactory(siege=electeur.siege, utilisateur=electeur.utilisateur)
    ElecteurFactory(scrutin=scrutin)
    recuser(scrutin.pk, auteur=electeur.utilisateur)
    attendu = RIEN if verbe == "récuser" else REFUSE
    assert effet(lambda: VERBES_SCRUTIN[verbe](scrutin, electeur, UtilisateurFactory())) == attendu
    assert Scrutin.objects.get().est_ouvert


# A payment.


def payer(demande, auteur):
    return decaisser(
        demande.pk,
        auteur=auteur,
        genre=GenreDecaissement.PAIEMENT_DIRECT,
        montant=Decimal(100),
        date=JOUR,
        beneficiaire="Épicerie",
        libelle="Denrées",
    )


VERBES_ARGENT = {
    "payer": payer,
    "libérer": lambda demande, auteur: liberer_solde(demande.pk, auteur=auteur, motif="Projet fini."),
}


@pytest.mark.parametrize("etat", EtatDemande)
@pytest.mark.parametrize("verbe", VERBES_ARGENT)
def test_only_a_grant_is_paid_or_released(etat, verbe):
    demande = DemandeFondsFactory(**({} if etat == EtatDemande.BROUILLON else {etat.value: True}))
    attendu = PASSE if etat == EtatDemande.ACCORDEE else REFUSE
    assert effet(lambda: VERBES_ARGENT[verbe](demande, UtilisateurFactory())) == attendu


@pytest.mark.parametrize(
    ("ecriture", "attendu"), [("paiement", PASSE), ("paiement annulé", RIEN), ("annulation", REFUSE)]
)
def test_a_payment_is_reversed_once_and_a_reversal_never(ecriture, attendu):
    paiement = DecaissementFactory()
    if ecriture != "paiement":
        annulation = contrepasser(paiement.pk, auteur=UtilisateurFactory(), motif="Chèque perdu.")
    cle = annulation.pk if ecriture == "annulation" else paiement.pk
    assert effet(lambda: contrepasser(cle, auteur=UtilisateurFactory(), motif="Encore.")) == attendu
    assert sum(Decaissement.objects.values_list("montant", flat=True)) == 0


def test_a_reversed_payment_is_to_pay_again():
    paiement = DecaissementFactory(demande__montant_demande=Decimal(100))
    demande, auteur = paiement.demande, UtilisateurFactory()
    assert effet(lambda: payer(demande, auteur)) == REFUSE  # all is paid
    contrepasser(paiement.pk, auteur=auteur, motif="Chèque perdu.")
    assert effet(lambda: payer(demande, auteur)) == PASSE


# An exercice.

VERBES_EXERCICE = {
    "clore": lambda exercice, auteur: clore_exercice(exercice.pk, auteur=auteur),
    "rouvrir": lambda exercice, auteur: rouvrir_exercice(exercice.pk, motif="Une facture tardive.", auteur=auteur),
}


@pytest.mark.parametrize(
    ("clos", "verbe", "attendu"),
    [(False, "clore", PASSE), (False, "rouvrir", RIEN), (True, "clore", RIEN), (True, "rouvrir", PASSE)],
)
def test_exercice(clos, verbe, attendu):
    exercice = ExerciceFactory(annee=2024)
    ResultatFinancierFactory(exercice=exercice)
    if clos:
        clore_exercice(exercice.pk, auteur=None)
    assert effet(lambda: VERBES_EXERCICE[verbe](exercice, UtilisateurFactory())) == attendu


# A point of an agenda.

POINTS = {
    "à traiter": {},
    "voté sans quorum": {"scrutin": {"clos": True, "issue": "sans_quorum"}},
    "traité sans vote": {"traite": True},
    "décidé": {"traite": True, "resolution": {}},
    "reporté": {"reporte": True},
    "non abordé": {"etat": EtatPoint.NON_ABORDE},
}
VERBES_POINT = {
    "modifier": lambda p, qui: modifier_point(p, version=p.version, champs={"titre": "Autre"}, auteur=qui),
    "retirer": lambda p, qui: retirer_point(p, auteur=qui),
    "noter": lambda p, qui: noter_point(p, version=p.version, notes="Vu.", traite=False, auteur=qui),
    "reprendre": lambda p, qui: reprendre_point(p, auteur=qui),
    "laisser": lambda p, qui: laisser_point(p, auteur=qui),
    "voter": lambda p, qui: voter_point(p, vote=VoteSalle(compte=CompteSalle(1, 1, 0, 0)), auteur=qui),
    "reporter": lambda p, qui: reporter_point(
        p,
        vers=RencontreFactory(
            instance_gouvernance=p.rencontre.instance_gouvernance, date=JOUR + datetime.timedelta(days=30)
        ),
        auteur=qui,
    ),
}
OUI, NON = "", "ErreurMetier"
TABLE_POINT = {
    #             à traiter  sans quorum  sans vote  décidé  reporté  non abordé
    "modifier": (OUI, OUI, NON, NON, NON, NON),
    "retirer": (OUI, NON, NON, NON, NON, NON),
    "noter": (OUI, OUI, OUI, OUI, OUI, OUI),
    "reprendre": (OUI, OUI, OUI, NON, NON, OUI),
    "laisser": (OUI, NON, NON, NON, NON, OUI),
    "voter": (OUI, OUI, NON, NON, NON, NON),
    "reporter": (OUI, OUI, NON, NON, NON, NON),
}


def refus(verbe):
    try:
        verbe()
    except ErreurMetier:
        return NON
    return OUI


@pytest.mark.parametrize("etat", POINTS)
@pytest.mark.parametrize("verbe", VERBES_POINT)
def test_point(etat, verbe):
    rencontre = RencontreFactory()
    MandatFactory(siege=SiegeFactory(instance_gouvernance=rencontre.instance_gouvernance))
    ExerciceFactory()
    traits = dict(POINTS[etat])
    if "scrutin" in traits:
        traits["scrutin"] = ScrutinFactory(
            main_levee=True,
            rencontre=rencontre,
            instance_gouvernance=rencontre.instance_gouvernance,
            **traits["scrutin"],
        )
    if "resolution" in traits:
        traits["resolution"] = ResolutionFactory(instance_gouvernance=rencontre.instance_gouvernance)
    point = PointOrdreDuJourFactory(rencontre=rencontre, de_resolution=True, **traits)
    attendu = TABLE_POINT[verbe][list(POINTS).index(etat)]
    assert refus(lambda: VERBES_POINT[verbe](point, UtilisateurFactory())) == attendu


@pytest.mark.parametrize("verbe", VERBES_POINT)
def test_point_of_a_meeting_whose_minutes_are_adopted_is_frozen(verbe):
    point = PointOrdreDuJourFactory(de_resolution=True)
    ProcesVerbalFactory(adopte=True, rencontre=point.rencontre)
    assert refus(lambda: VERBES_POINT[verbe](point, UtilisateurFactory())) == NON
    point.refresh_from_db()
    assert (point.etat, point.version) == (EtatPoint.A_TRAITER, 1)


# Minutes.

VERBES_PROCES_VERBAL = {
    "rédiger": lambda pv, qui: rediger_proces_verbal(pv.rencontre_id, auteur=qui, remplacer=True),
    "modifier": lambda pv, qui: modifier_proces_verbal(
        pv, version=pv.version, ouverture="Autre.", cloture="", comptes_rendus={}, auteur=qui
    ),
    "supprimer": lambda pv, qui: supprimer_proces_verbal(pv, auteur=qui),
}


@pytest.mark.parametrize("adopte", [False, True])
@pytest.mark.parametrize("verbe", VERBES_PROCES_VERBAL)
def test_minutes(adopte, verbe):
    ExerciceFactory()
    proces_verbal = ProcesVerbalFactory(adopte=adopte, ouverture="Ce qui fut dit.")
    assert refus(lambda: VERBES_PROCES_VERBAL[verbe](proces_verbal, UtilisateurFactory())) == (NON if adopte else OUI)
    if adopte:
        assert ProcesVerbal.objects.get().ouverture == "Ce qui fut dit."
