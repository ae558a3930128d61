"""Requests and payments against the register: whatever is altered names its line (R7, R8)."""

import datetime
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import transaction

from chantiers.budget.models import Enveloppe
from chantiers.demandes.enums import GenreDecaissement
from chantiers.demandes.models import Decaissement, Deliberation, DemandeFonds
from chantiers.demandes.services.decisions import decider_seul
from chantiers.demandes.services.deliberations import abandonner_deliberation, ouvrir_deliberation
from chantiers.finances.services.decaissements import contrepasser, decaisser, liberer_solde
from demarche.gouvernance.enums import Choix
from demarche.gouvernance.models import Exercice, InstanceGouvernance
from demarche.registre.models import EvenementRegistre
from demarche.registre.queries import decrire_lignes
from demarche.registre.services.verification import verifier_registre
from demarche.scrutins.services.votes import voter
from demarche.socle.erreurs import ErreurMetier
from tests.factories import JOUR
from tests.factories.chantiers import (
    ActionCollectiveFactory,
    DecaissementFactory,
    DemandeFondsFactory,
    EnveloppeFactory,
    RegleAllocationFactory,
)
from tests.factories.demarche import (
    DocumentFactory,
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    ResolutionFactory,
    UtilisateurFactory,
)
from tests.factories.partenaires import OrganisationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.base]
D = Decimal
REQUETES = 48


@pytest.fixture
def demande():
    """A request of 800 $ granted by the coordination; 300 $ paid, 100 $ paid then reversed, the rest released."""
    ExerciceFactory()
    for genre in ("coordination", "comite", "assemblee"):
        InstanceGouvernanceFactory(**{genre: True})
    RegleAllocationFactory()
    demande = DemandeFondsFactory(soumise=True, montant_demande=D(800), demandeur=UtilisateurFactory())
    coordination = UtilisateurFactory(coordonnateur=True)
    decider_seul(
        demande.pk, auteur=coordination, montant=D(800), enveloppe=EnveloppeFactory(montant=D(5000)), motif=""
    )
    payer(demande, "300.00")
    annule = payer(demande, "100.00")
    contrepasser(annule.pk, auteur=coordination, motif="Payé deux fois.")
    liberer_solde(demande.pk, auteur=coordination, motif="Le projet a coûté moins cher.")
    demande.refresh_from_db()
    return demande


def payer(demande, montant):
    return decaisser(
        demande.pk,
        auteur=UtilisateurFactory(fiduciaire=True),
        genre=GenreDecaissement.PAIEMENT_DIRECT,
        montant=D(montant),
        date=JOUR,
        beneficiaire="Imprimerie du Coin",
        libelle="Affiches",
    )


def ruptures():
    return [str(rupture) for rupture in verifier_registre().ruptures]


def numero(genre):
    return EvenementRegistre.objects.filter(genre=genre).order_by("numero").first().numero


def test_grant_payments_and_release_are_whole(demande):
    assert (demande.montant_paye, demande.montant_libere) == (D(300), D(500))
    assert ruptures() == []


@contextmanager
def essai():
    """Undo what the block changes: the register, long to write, is altered many times."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def valeurs(changement):
    """Return the new values, those that are rows made now."""
    return {champ: valeur() if callable(valeur) else valeur for champ, valeur in changement.items()}


PAIEMENT_CHANGE = [
    ({"montant": D("310.00")}, "« montant » y vaut 300.00; dans la base, 310.00."),
    ({"date": datetime.date(2026, 1, 13)}, "« date » y vaut 2026-01-14; dans la base, 2026-01-13."),
    ({"genre": "transfert"}, "« genre » y vaut paiement_direct; dans la base, transfert."),
    ({"beneficiaire": "Quelqu’un d’autre"}, "à qui, pour quoi et par quelle référence"),
    ({"libelle": "Autre chose"}, "à qui, pour quoi et par quelle référence"),
    ({"reference": "999"}, "à qui, pour quoi et par quelle référence"),
    ({"inscrit_par": None}, "à qui, pour quoi et par quelle référence"),
    ({"recu": DocumentFactory}, "« recu » y vaut rien; dans la base,"),
]


@pytest.mark.regle("R7")
def test_payment_changed_names_its_line(demande):
    premier = Decaissement.objects.order_by("pk").first()
    debut = f"ligne {numero('decaissement')} (decaissement {premier.pk}) : "
    for changement, phrase in PAIEMENT_CHANGE:
        with essai():
            Decaissement.objects.filter(pk=premier.pk).update(**valeurs(changement))
            textes = ruptures()
        assert any(texte.startswith(debut) and phrase in texte for texte in textes), changement


def test_payment_counted_in_another_exercice_is_named(demande):
    premier = Decaissement.objects.order_by("pk").first()
    Decaissement.objects.filter(pk=premier.pk).update(exercice=ExerciceFactory(annee=2024))
    assert [texte.split(" (")[0] for texte in ruptures()] == [f"ligne {numero('decaissement')}"]


def test_payment_that_the_register_does_not_know(demande):
    DemandeFonds.objects.filter(pk=demande.pk).update(montant_libere=D(0))
    inconnu = DecaissementFactory(demande=demande, montant=D(1))
    assert f"sans ligne (decaissement {inconnu.pk}) : aucune ligne ne dit ce paiement." in ruptures()


def test_payment_deleted_is_named(demande):
    premier = Decaissement.objects.order_by("pk").first()
    Decaissement.objects.filter(pk=premier.pk).delete()
    textes = ruptures()
    assert (
        f"ligne {numero('decaissement')} (decaissement {premier.pk}) : le paiement dont elle parle n’existe plus."
        in textes
    )
    assert any("la somme de ses paiements" in texte for texte in textes)


@pytest.mark.regle("R7")
def test_amount_granted_paid_or_released_changed(demande):
    DemandeFonds.objects.filter(pk=demande.pk).update(montant_accorde=D(799), montant_libere=D(499))
    resolution, liberation = numero("resolution"), numero("liberation")
    assert ruptures() == [
        f"ligne {resolution} (resolution {demande.resolution_id}) : « montant » y vaut 800.00; dans la base, 799.00.",
        f"ligne {liberation} (demande {demande.pk}) : "
        "le solde libéré est de 499.00 dans la base, de 500.00 au registre.",
    ]
    DemandeFonds.objects.filter(pk=demande.pk).update(
        montant_accorde=D(800), montant_libere=D(500), montant_paye=D(200)
    )
    assert ruptures() == [
        f"sans ligne (demande {demande.pk}) : le montant payé est de 200.00, la somme de ses paiements de 300.00."
    ]


EFFACEE = {"etat": "soumise", "montant_accorde": None, "decidee_le": None, "resolution": None, "montant_libere": 0}


@pytest.mark.regle("R7")
def test_decision_erased_from_the_request_is_named(demande):
    Decaissement.objects.filter(contrepasse__isnull=False).delete()
    Decaissement.objects.all().delete()
    DemandeFonds.objects.filter(pk=demande.pk).update(montant_paye=0, **EFFACEE)
    assert any(
        texte == f"ligne {numero('resolution')} (resolution {demande.resolution_id}) : "
        f"dans la base, la demande {demande.pk} n’est pas décidée par cette résolution."
        for texte in ruptures()
    )


DEMANDE_CHANGEE = [
    ({"montant_demande": D(900)}, "« montant_demande » y vaut 800.00; dans la base, 900.00."),
    ({"organisation": OrganisationFactory}, "« organisation » y vaut"),
    ({"enveloppe": EnveloppeFactory}, "« enveloppe » y vaut"),
    ({"exercice": lambda: ExerciceFactory(annee=2023)}, "« exercice » y vaut"),
    ({"action_collective": ActionCollectiveFactory}, "« action » y vaut"),
    ({"instance_gouvernance": lambda: InstanceGouvernance.objects.get(genre="assemblee")}, "« instance » y vaut"),
    ({"reste_enveloppe": D(1)}, "« reste_enveloppe » y vaut"),
    ({"reste_surplus": D(1)}, "« reste_surplus » y vaut"),
    ({"titre": "Autre titre"}, "les conditions et le motif"),
    ({"conditions": "Aucune."}, "les conditions et le motif"),
    ({"motif_decision": "Autre motif"}, "les conditions et le motif"),
    ({"demandeur": UtilisateurFactory}, "les conditions et le motif"),
]


@pytest.mark.regle("R7")
def test_request_changed_after_its_decision_names_the_resolution(demande):
    debut = f"ligne {numero('resolution')} (resolution {demande.resolution_id}) : "
    for changement, phrase in DEMANDE_CHANGEE:
        with essai():
            DemandeFonds.objects.filter(pk=demande.pk).update(**valeurs(changement))
            textes = ruptures()
        assert any(texte.startswith(debut) and phrase in texte for texte in textes), changement


def test_request_refused_whatever_the_line_granted_is_named(demande):
    DemandeFonds.objects.filter(pk=demande.pk).update(
        etat="refusee", montant_accorde=None, montant_libere=0, montant_paye=0
    )
    assert any("dans la base, cette demande est à l’état « Refusée »." in texte for texte in ruptures())


def test_decision_that_no_line_tells_is_named(demande):
    DemandeFonds.objects.filter(pk=demande.pk).update(resolution=ResolutionFactory())
    attendu = (
        f"sans ligne (demande {demande.pk}) : elle est décidée dans la base, et aucune ligne ne dit cette décision."
    )
    assert attendu in ruptures()


@pytest.mark.regle("R7")
def test_what_an_envelope_has_committed_is_recomputed(demande):
    Enveloppe.objects.update(montant_engage=0)
    assert ruptures() == [
        f"sans ligne (enveloppe {demande.enveloppe_id}) : "
        "le montant engagé est de 0.00, celui de ses demandes de 300.00."
    ]


@pytest.fixture
def ouverte():
    """A ballot on 2 500 $ of the 3 000 $ of a request, open; one seat is called."""
    ExerciceFactory()
    for genre in ("coordination", "comite", "assemblee"):
        InstanceGouvernanceFactory(**{genre: True})
    RegleAllocationFactory()
    MandatFactory()
    demande = DemandeFondsFactory(soumise=True, montant_demande=D(3000), demandeur=UtilisateurFactory())
    ouvrir_deliberation(
        demande.pk,
        auteur=UtilisateurFactory(coordonnateur=True),
        enveloppe=EnveloppeFactory(montant=D(5000)),
        echeance=datetime.datetime(2026, 1, 20, 17, tzinfo=datetime.UTC),
        montant=D(2500),
    )
    return Deliberation.objects.get()


@pytest.fixture
def deliberation(ouverte):
    voter(ouverte.scrutin_id, auteur=ouverte.scrutin.electeurs.get().utilisateur, choix=Choix.POUR)
    return ouverte


def test_amount_put_to_the_vote_changed_names_the_opening(deliberation):
    assert ruptures() == []
    Deliberation.objects.update(montant=D(2600))
    assert ruptures() == [
        f"ligne {numero('ouverture')} (scrutin {deliberation.scrutin_id}) : "
        "« montant » y vaut 2500.00; dans la base, 2600.00."
    ]


def test_ballot_on_a_request_changed_while_it_is_open_names_the_opening(ouverte):
    assert ruptures() == []
    DemandeFonds.objects.update(montant_demande=D(9000), montant_reserve=D(1))
    assert ruptures() == [
        f"ligne {numero('ouverture')} (scrutin {ouverte.scrutin_id}) : "
        "« montant_demande » y vaut 3000.00; dans la base, 9000.00.",
        f"sans ligne (demande {ouverte.demande_id}) : "
        "le montant réservé est de 1.00, celui soumis au vote de 2500.00.",
        f"sans ligne (enveloppe {ouverte.demande.enveloppe_id}) : "
        "le montant engagé est de 2500.00, celui de ses demandes de 1.00.",
    ]


def test_conditions_put_to_the_vote_changed_name_the_opening(ouverte):
    Deliberation.objects.update(conditions="Aucune.")
    assert any("les conditions soumises au vote" in texte for texte in ruptures())


def test_ballot_that_lost_its_request_is_named(ouverte):
    Deliberation.objects.all().delete()
    assert any(
        texte == f"ligne {numero('ouverture')} (scrutin {ouverte.scrutin_id}) : "
        f"dans la base, ce scrutin n’est plus celui de la demande {ouverte.demande_id}."
        for texte in ruptures()
    )


def test_request_changed_after_its_ballot_was_cancelled_is_no_break(ouverte):
    demande = DemandeFonds.objects.get()
    abandonner_deliberation(demande, motif="À revoir.", auteur=UtilisateurFactory())
    DemandeFonds.objects.update(montant_demande=D(2900), organisation=OrganisationFactory())
    assert ruptures() == []


def test_lines_about_money_in_plain_french_without_a_name(demande):
    phrases = [ligne.phrase for ligne in decrire_lignes(EvenementRegistre.objects.order_by("numero"))]
    assert phrases == [
        "Inscription de la résolution",
        "Paiement de 300,00 $",
        "Paiement de 100,00 $",
        "Annulation d’un paiement : −100,00 $",
        "Libération d’un solde de 500,00 $",
    ]


@pytest.mark.regle("R10")
def test_closed_exercice_takes_neither_decision_nor_payment(demande):
    autre = DemandeFondsFactory(soumise=True, montant_demande=D(500), demandeur=UtilisateurFactory())
    enveloppe = demande.enveloppe
    Exercice.objects.update(est_clos=True)
    avant = EvenementRegistre.objects.count()
    with pytest.raises(ErreurMetier, match="est clos"):
        decider_seul(
            autre.pk, auteur=UtilisateurFactory(coordonnateur=True), montant=D(500), enveloppe=enveloppe, motif=""
        )
    with pytest.raises(ErreurMetier, match="est clos"):
        ouvrir_deliberation(
            autre.pk,
            auteur=UtilisateurFactory(coordonnateur=True),
            enveloppe=enveloppe,
            echeance=datetime.datetime(2026, 1, 20, 17, tzinfo=datetime.UTC),
        )
    DemandeFonds.objects.filter(pk=demande.pk).update(montant_libere=D(0))
    with pytest.raises(ErreurMetier, match="est clos"):
        payer(demande, "10.00")
    with pytest.raises(ErreurMetier, match="est clos"):
        liberer_solde(demande.pk, auteur=UtilisateurFactory(), motif="Fini.")
    assert EvenementRegistre.objects.count() == avant


@pytest.mark.parametrize("nb", [1, 3])
def test_as_many_queries_whatever_the_payments(nb, demande, django_assert_max_num_queries):
    DemandeFonds.objects.filter(pk=demande.pk).update(montant_libere=D(0))
    for _ in range(nb):
        payer(demande, "10.00")
    with django_assert_max_num_queries(REQUETES):
        verifier_registre()
