import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from chantiers.budget.models import Enveloppe
from chantiers.demandes.enums import EtatDemande, GenreDecaissement
from chantiers.demandes.models import Decaissement, DemandeFonds
from chantiers.finances.services.decaissements import (
    ce_qui_manque_pour_payer,
    contrepasser,
    corps_decaissement,
    decaisser,
    liberer_solde,
    secret_decaissement,
)
from demarche.gouvernance.enums import ModeDecision
from demarche.registre.enums import GenreEvenement
from demarche.registre.models import EvenementRegistre
from demarche.registre.services.lignes import engager
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.models import Courriel, Document
from tests.factories import JOUR
from tests.factories.chantiers import (
    DecaissementFactory,
    DeliberationFactory,
    DemandeFondsFactory,
    EnveloppeFactory,
)
from tests.factories.demarche import DocumentFactory, ExerciceFactory, ScrutinFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db
D = Decimal
JOUR_LE = datetime.datetime(2026, 1, 14, 15, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def exercice():
    return ExerciceFactory()


@pytest.fixture
def fiduciaire():
    return UtilisateurFactory(fiduciaire=True)


@pytest.fixture
def demande():
    return DemandeFondsFactory(accordee=True, montant_demande=D(1000), enveloppe=EnveloppeFactory(montant=D(5000)))


def payer(demande, auteur, montant="400.00", **autres):
    return decaisser(
        demande.pk,
        **{
            "auteur": auteur,
            "genre": GenreDecaissement.PAIEMENT_DIRECT,
            "montant": D(montant),
            "date": JOUR,
            "beneficiaire": "Imprimerie du Coin",
            "libelle": "Affiches",
            "reference": "chèque 12",
            **autres,
        },
    )


def montants(demande):
    demande = DemandeFonds.objects.get(pk=demande.pk)
    return (demande.montant_paye, demande.montant_libere, demande.montant_a_payer)


def engage(demande):
    return Enveloppe.objects.get(pk=demande.enveloppe_id).montant_engage


def refus(verbe, *arguments, **autres):
    with pytest.raises(ErreurMetier) as erreur, transaction.atomic():
        verbe(*arguments, **autres)
    return erreur.value


# Pay.


@pytest.mark.regle("R8")
def test_partial_payments_up_to_the_cent(demande, fiduciaire, exercice):
    premier = payer(demande, fiduciaire)
    assert (premier.exercice, premier.inscrit_par, montants(demande)) == (exercice, fiduciaire, (400, 0, 600))
    trop = refus(payer, demande, fiduciaire, "600.01")
    assert trop.message_dict == {"montant": ["Il reste 600,00\u00a0$ à payer sur cette demande, pas plus."]}
    payer(demande, fiduciaire, "600.00")
    assert montants(demande) == (1000, 0, 0)
    assert refus(payer, demande, fiduciaire, "0.01").messages == [
        "Tout ce qui était accordé est payé ou libéré : il ne reste rien à payer."
    ]
    assert engage(demande) == 1000  # paying commits nothing more


@pytest.mark.parametrize("montant", ["0.00", "-1.00"])
def test_nothing_and_less_are_refused(demande, fiduciaire, montant):
    assert list(refus(payer, demande, fiduciaire, montant).message_dict) == ["montant"]


@pytest.mark.parametrize(
    ("date", "phrase"),
    [
        (JOUR + datetime.timedelta(days=1), "à venir"),
        (JOUR - datetime.timedelta(days=1), "aucun paiement ne la précède"),
    ],
)
def test_date_stays_between_the_decision_and_today(demande, fiduciaire, date, phrase):
    assert phrase in refus(payer, demande, fiduciaire, date=date).message_dict["date"][0]


def test_closed_exercice_pays_nothing(demande, fiduciaire, exercice):
    exercice.est_clos = True
    exercice.save()
    assert "est clos" in refus(payer, demande, fiduciaire).message_dict["date"][0]
    assert not Decaissement.objects.exists()


def test_day_of_no_exercice_is_refused(demande, fiduciaire, horloge):
    horloge.move_to(datetime.datetime(2026, 7, 2, 12, tzinfo=datetime.UTC))
    assert "réglages" in refus(payer, demande, fiduciaire, date=datetime.date(2026, 7, 2)).message_dict["date"][0]


def test_later_exercice_keeps_the_payment(demande, fiduciaire, exercice, horloge):
    suivant = ExerciceFactory(annee=2026)
    horloge.move_to(datetime.datetime(2026, 7, 2, 12, tzinfo=datetime.UTC))
    exercice.est_clos = True
    exercice.save()
    assert payer(demande, fiduciaire, date=datetime.date(2026, 7, 2)).exercice == suivant


@pytest.mark.regle("R8")
def test_reimbursement_needs_its_receipt(demande, fiduciaire):
    genre = GenreDecaissement.REMBOURSEMENT
    assert list(refus(payer, demande, fiduciaire, genre=genre).message_dict) == ["recu"]
    recu = SimpleUploadedFile("recu.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
    paiement = payer(demande, fiduciaire, genre=genre, recu=recu)
    assert (paiement.recu.titre, paiement.recu.depose_par, paiement.recu.est_public) == (
        "Reçu : Affiches",
        fiduciaire,
        False,
    )
    assert payer(demande, fiduciaire, "1.00", genre=genre, recu=DocumentFactory()).recu is not None


def test_bad_receipt_is_said_beside_its_field_and_pays_nothing(demande, fiduciaire):
    faux = SimpleUploadedFile("recu.pdf", b"MZ pas un recu", "application/pdf")
    assert list(refus(payer, demande, fiduciaire, recu=faux).message_dict) == ["recu"]
    assert (Decaissement.objects.count(), Document.objects.count()) == (0, 0)


@pytest.mark.parametrize("champ", ["beneficiaire", "libelle"])
def test_to_whom_and_what_for_are_said(demande, fiduciaire, champ):
    assert list(refus(payer, demande, fiduciaire, **{champ: "  "}).message_dict) == [champ]


@pytest.mark.regle("R8")
@pytest.mark.parametrize(
    "etat", ["brouillon", "soumise", "precisions", "en_deliberation", "refusee", "retiree", "expiree"]
)
def test_only_a_granted_request_is_paid(etat, fiduciaire):
    demande = DemandeFondsFactory(**({} if etat == "brouillon" else {etat: True}))
    assert demande.etat == etat
    for verbe in (payer, lambda d, a: liberer_solde(d.pk, auteur=a, motif="Fini")):
        with pytest.raises(ErreurMetier) as erreur:
            verbe(demande, fiduciaire)
        assert erreur.value.code == "etat"
        assert "n’est pas accordée" in erreur.value.messages[0]
    assert montants(demande)[:2] == (0, 0)


@pytest.mark.regle("R8")
def test_consultation_not_yet_ratified_is_not_payable(fiduciaire):
    demande = DemandeFondsFactory(
        avec_regle=True,
        etat=EtatDemande.EN_DELIBERATION,
        montant_reserve=D(1500),
        enveloppe=EnveloppeFactory(),
    )
    scrutin = ScrutinFactory(
        mode=ModeDecision.CONSULTATION, etat="clos", issue="adoptee", clos_le=JOUR_LE, echeance=JOUR_LE
    )
    DeliberationFactory(demande=demande, scrutin=scrutin)
    assert "entériner" in ce_qui_manque_pour_payer(demande)[0]
    with pytest.raises(ErreurMetier):
        payer(demande, fiduciaire)


# Reverse.


def test_reversal_makes_the_money_payable_again(demande, fiduciaire):
    paiement = payer(demande, fiduciaire)
    annulation = contrepasser(paiement.pk, auteur=fiduciaire, motif="Chèque perdu", date=JOUR)
    assert (annulation.montant, annulation.contrepasse, annulation.motif) == (-400, paiement, "Chèque perdu")
    assert montants(demande) == (0, 0, 1000)
    payer(demande, fiduciaire, "1000.00")
    assert [d.montant for d in Decaissement.objects.order_by("pk")] == [400, -400, 1000]


@pytest.mark.regle("R8")
def test_reversal_happens_once_and_never_on_a_reversal(demande, fiduciaire):
    paiement = payer(demande, fiduciaire)
    annulation = contrepasser(paiement.pk, auteur=fiduciaire, motif="Erreur")
    assert contrepasser(paiement.pk, auteur=fiduciaire, motif="Encore") == annulation
    with pytest.raises(ErreurMetier):
        contrepasser(annulation.pk, auteur=fiduciaire, motif="Retour")
    assert (Decaissement.objects.count(), montants(demande)) == (2, (0, 0, 1000))


@pytest.mark.parametrize(
    ("autres", "champ"),
    [
        ({"motif": "  "}, "motif"),
        ({"date": JOUR - datetime.timedelta(days=1)}, "date"),
        ({"date": JOUR + datetime.timedelta(days=1)}, "date"),
    ],
)
def test_reversal_says_why_and_follows_its_payment(demande, fiduciaire, autres, champ):
    paiement = payer(demande, fiduciaire)
    with pytest.raises(ErreurMetier) as erreur:
        contrepasser(paiement.pk, **{"auteur": fiduciaire, "motif": "Erreur", **autres})
    assert list(erreur.value.message_dict) == [champ]
    assert Decaissement.objects.count() == 1


# Release.


def test_release_gives_the_rest_back_to_the_envelope(demande, fiduciaire):
    payer(demande, fiduciaire)
    assert liberer_solde(demande.pk, auteur=fiduciaire, motif="Moins cher que prévu") == 600
    assert (montants(demande), engage(demande)) == ((400, 600, 0), 400)
    assert liberer_solde(demande.pk, auteur=fiduciaire, motif="Encore") == 0
    assert refus(payer, demande, fiduciaire, "0.01").code == "etat"
    assert EvenementRegistre.objects.filter(genre=GenreEvenement.LIBERATION).count() == 1


def test_release_says_why(demande, fiduciaire):
    with pytest.raises(ErreurMetier) as erreur:
        liberer_solde(demande.pk, auteur=fiduciaire, motif=" ")
    assert list(erreur.value.message_dict) == ["motif"]
    assert montants(demande) == (0, 0, 1000)


@pytest.mark.regle("R8")
def test_reversal_after_a_release_pays_again_only_what_was_reversed(demande, fiduciaire):
    paiement = payer(demande, fiduciaire)
    liberer_solde(demande.pk, auteur=fiduciaire, motif="Fini")
    contrepasser(paiement.pk, auteur=fiduciaire, motif="Chèque perdu")
    assert (montants(demande), engage(demande)) == ((0, 600, 400), 400)
    assert list(refus(payer, demande, fiduciaire, "400.01").message_dict) == ["montant"]
    assert liberer_solde(demande.pk, auteur=fiduciaire, motif="Rien à payer") == 400
    assert (montants(demande), engage(demande)) == ((0, 1000, 0), 0)


# The register, and what the requester is told.


def test_register_tells_amounts_and_hides_names(demande, fiduciaire):
    paiement = payer(demande, fiduciaire)
    annulation = contrepasser(paiement.pk, auteur=fiduciaire, motif="Chèque perdu")
    liberer_solde(demande.pk, auteur=fiduciaire, motif="Projet abandonné")
    lignes = list(EvenementRegistre.objects.all())
    assert [(ligne.genre, ligne.objet) for ligne in lignes] == [
        (GenreEvenement.DECAISSEMENT, f"decaissement {paiement.pk}"),
        (GenreEvenement.CONTREPASSATION, f"decaissement {annulation.pk}"),
        (GenreEvenement.LIBERATION, f"demande {demande.pk}"),
    ]
    assert (
        lignes[0].valeurs
        == corps_decaissement(paiement)
        == {
            "demande": demande.pk,
            "genre": "paiement_direct",
            "montant": "400.00",
            "date": "2026-01-14",
            "annule": None,
            "recu": None,
        }
    )
    assert (lignes[1].valeurs["montant"], lignes[1].valeurs["annule"]) == ("-400.00", paiement.pk)
    assert lignes[2].valeurs == {"demande": demande.pk, "montant": "1000.00"}
    for ligne, entree in zip(lignes, (paiement, annulation), strict=False):
        relu = Decaissement.objects.get(pk=entree.pk)
        assert ligne.engagement == engager(ligne.sel.sel, secret_decaissement(relu))
    assert not any("Imprimerie" in ligne.corps or "chèque" in ligne.corps for ligne in lignes)


def test_requester_is_told_without_the_bank_reference(demande, fiduciaire):
    paiement = payer(demande, fiduciaire)
    contrepasser(paiement.pk, auteur=fiduciaire, motif="Chèque perdu")
    liberer_solde(demande.pk, auteur=fiduciaire, motif="Projet abandonné")
    recus = Courriel.objects.filter(destinataire=demande.demandeur.email).order_by("pk")
    assert [c.sujet.split(" :")[0] for c in recus] == ["Paiement inscrit", "Paiement annulé", "Solde libéré"]
    assert "Il reste 600,00\u00a0$ à payer" in recus[0].texte
    assert not any("chèque 12" in courriel.texte for courriel in recus)
    assert ("Chèque perdu" in recus[1].texte, "Projet abandonné" in recus[2].texte) == (True, True)


# The database, last lawyer.


@pytest.mark.regle("R8")
@pytest.mark.parametrize(
    "champs",
    [
        {"montant_paye": D("1000.01")},
        {"montant_paye": D("600.01"), "montant_libere": D(400)},
        {"montant_paye": D("-0.01")},
        {"montant_libere": D("-0.01")},
    ],
)
def test_database_never_pays_more_than_granted(demande, champs):
    DemandeFonds.objects.filter(pk=demande.pk).update(montant_paye=D(600), montant_libere=D(400))
    with pytest.raises(IntegrityError, match="demande_paye_au_plus_accorde"), transaction.atomic():
        DemandeFonds.objects.filter(pk=demande.pk).update(**champs)


def test_database_pays_only_what_is_granted():
    with pytest.raises(IntegrityError, match="demande_paye_au_plus_accorde"), transaction.atomic():
        DemandeFonds.objects.filter(pk=DemandeFondsFactory(soumise=True).pk).update(montant_paye=D("0.01"))


def test_database_refuses_wrong_signs_and_a_missing_receipt(demande):
    paiement = DecaissementFactory(demande=demande)
    for nom, champs in (
        ("decaissement_signe", {"montant": D(0)}),
        ("decaissement_signe", {"montant": D(-1)}),
        ("decaissement_signe", {"motif": "Pourquoi?"}),
        ("decaissement_remboursement_avec_recu", {"genre": "remboursement"}),
    ):
        with pytest.raises(IntegrityError, match=nom), transaction.atomic():
            Decaissement.objects.filter(pk=paiement.pk).update(**champs)
    DecaissementFactory(demande=demande, contrepasse=paiement, montant=D(-100), motif="Erreur")
    with pytest.raises(IntegrityError), transaction.atomic():
        DecaissementFactory(demande=demande, contrepasse=paiement, montant=D(-100), motif="Erreur")


@pytest.mark.regle("R8")
def test_database_never_commits_more_than_the_envelope(demande):
    with pytest.raises(IntegrityError, match="enveloppe_engage_au_plus_disponible"), transaction.atomic():
        Enveloppe.objects.filter(pk=demande.enveloppe_id).update(montant_engage=D("5000.01"))
