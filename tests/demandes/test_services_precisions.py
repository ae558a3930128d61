import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from chantiers.budget.models import LigneBudgetaire
from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import DemandeFonds, PieceDemande, PrecisionDemande
from chantiers.demandes.queries.redaction import Poste
from chantiers.demandes.services.demandes import soumettre_demande
from chantiers.demandes.services.precisions import (
    demander_precisions,
    expirer_demandes,
    expirer_si_echue,
    rappeler_precisions,
    repondre_precisions,
)
from chantiers.finances.services.budget import rattacher_demande
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.models import Courriel
from tests.factories.chantiers import (
    ActionCollectiveFactory,
    DemandeFondsFactory,
    LigneBudgetaireFactory,
    PosteDemandeFactory,
    RegleAllocationFactory,
)
from tests.factories.demarche import ExerciceFactory, InstanceGouvernanceFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def instances():
    RegleAllocationFactory()
    return {nom: InstanceGouvernanceFactory(**{nom: True}) for nom in ("coordination", "comite", "assemblee")}


@pytest.fixture
def coordonnatrice():
    return UtilisateurFactory(coordonnateur=True)


def dans(jours):
    return timezone.localdate() + datetime.timedelta(days=jours)


def soumise(montant="1500.00", **champs):
    demande = DemandeFondsFactory(montant_demande=Decimal(montant), **champs)
    PosteDemandeFactory(demande=demande, montant=Decimal(montant))
    return soumettre_demande(demande.pk, auteur=demande.demandeur)


def interroger(demande, auteur, **autres):
    return demander_precisions(
        demande.pk, auteur=auteur, **{"question": "Avez-vous un devis?", "avant_le": dans(10), **autres}
    )


def contenu(demande, **autres):
    return {
        "action_collective": demande.action_collective,
        "exercice": demande.exercice,
        "titre": demande.titre,
        "motif": demande.motif,
        "organisation": demande.organisation,
        "postes": [Poste(p.libelle, p.montant) for p in demande.postes.all()],
        **autres,
    }


def test_question_keeps_the_request_whole_and_is_written_to_its_author(coordonnatrice):
    demande = soumise()
    precision = interroger(demande, coordonnatrice)
    demande.refresh_from_db()
    assert (demande.etat, demande.montant_demande, demande.postes.count()) == ("precisions", Decimal(1500), 1)
    courriel = Courriel.objects.get(sujet__startswith="Une précision")
    assert courriel.destinataire == demande.demandeur.email
    assert precision.question in courriel.texte
    assert f"/demandes/{demande.pk}/repondre/" in courriel.texte


@pytest.mark.parametrize(
    ("saisie", "champ"), [({"question": "  "}, "question"), ({"avant_le": datetime.date(2026, 1, 15)}, "avant_le")]
)
def test_question_needs_words_and_a_day_to_come(coordonnatrice, horloge, saisie, champ):
    demande = soumise()
    if "avant_le" in saisie:
        saisie = {"avant_le": dans(0)}
    with pytest.raises(ErreurMetier) as refus:
        interroger(demande, coordonnatrice, **saisie)
    assert list(refus.value.error_dict) == [champ]


@pytest.mark.parametrize("etat", sorted(set(EtatDemande) - {EtatDemande.SOUMISE}))
def test_only_a_submitted_request_is_questioned(coordonnatrice, etat):
    demande = DemandeFondsFactory(**({} if etat == EtatDemande.BROUILLON else {etat: True}))
    with pytest.raises(ErreurMetier, match="Impossible"):
        interroger(demande, coordonnatrice)


def test_question_on_a_request_that_changed_meanwhile_is_refused(coordonnatrice):
    demande = soumise()
    with pytest.raises(ErreurMetier, match="a changé pendant"):
        interroger(demande, coordonnatrice, version=demande.version - 1)


def test_answer_changes_the_request_and_evaluates_it_again(instances, coordonnatrice):
    demande = soumise("900.00")
    interroger(demande, coordonnatrice)
    fichier = SimpleUploadedFile("devis.pdf", b"%PDF-1.4 devis")
    repondue = repondre_precisions(
        demande.pk,
        auteur=demande.demandeur,
        reponse="Le voici; il coûte plus cher.",
        contenu=contenu(demande, postes=[Poste("Frigo", Decimal(1200))]),
        piece=("Devis", fichier),
    )
    assert (repondue.etat, repondue.montant_demande) == (EtatDemande.SOUMISE, Decimal(1200))
    assert (repondue.instance_gouvernance, repondue.total_action) == (instances["comite"], Decimal(1200))
    assert PieceDemande.objects.get().document.titre == "Devis"
    assert Courriel.objects.filter(destinataire=coordonnatrice.email, sujet__startswith="Réponse reçue").count() == 1


def test_several_rounds_are_kept(coordonnatrice):
    demande = soumise()
    for tour in ("une", "deux"):
        interroger(demande, coordonnatrice, question=f"Question {tour}?")
        repondre_precisions(demande.pk, auteur=demande.demandeur, reponse=f"Réponse {tour}.")
    fil = list(demande.precisions.values_list("question", "reponse"))
    assert fil == [("Question une?", "Réponse une."), ("Question deux?", "Réponse deux.")]


def test_answer_of_nothing_and_answer_without_question_are_refused(coordonnatrice):
    demande = soumise()
    with pytest.raises(ErreurMetier, match="Aucune question"):
        repondre_precisions(demande.pk, auteur=demande.demandeur, reponse="Oui.")
    interroger(demande, coordonnatrice)
    with pytest.raises(ErreurMetier, match="Écrivez votre réponse"):
        repondre_precisions(demande.pk, auteur=demande.demandeur, reponse=" ")


def test_bad_content_leaves_the_question_waiting(coordonnatrice):
    demande = soumise()
    interroger(demande, coordonnatrice)
    with pytest.raises(ErreurMetier, match="au moins un poste"):
        repondre_precisions(demande.pk, auteur=demande.demandeur, reponse="Oui.", contenu=contenu(demande, postes=[]))
    assert PrecisionDemande.objects.get().repondue_le is None


@pytest.mark.regle("R1")
def test_request_expires_after_the_last_day_not_on_it(coordonnatrice, horloge):
    demande = soumise()
    interroger(demande, coordonnatrice, avant_le=dans(5))
    horloge.shift(datetime.timedelta(days=5))
    assert (expirer_demandes(), expirer_si_echue(demande.pk)) == (0, False)
    horloge.shift(datetime.timedelta(days=1))
    assert (expirer_demandes(), expirer_demandes()) == (1, 0)
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.EXPIREE
    avises = Courriel.objects.filter(sujet__startswith="Demande expirée").values_list("destinataire", flat=True)
    assert set(avises) == {demande.demandeur.email, coordonnatrice.email}


def test_expired_request_leaves_the_total_of_its_action(instances, coordonnatrice, horloge):
    action, exercice = ActionCollectiveFactory(), ExerciceFactory()
    expire = soumise("600.00", action_collective=action, exercice=exercice)
    autre = soumise("600.00", action_collective=action, exercice=exercice)
    interroger(expire, coordonnatrice, avant_le=dans(2))
    horloge.shift(datetime.timedelta(days=3))
    expirer_demandes()
    autre.refresh_from_db()
    assert (autre.instance_gouvernance, autre.total_action) == (instances["coordination"], Decimal(600))


@pytest.mark.regle("R1")
def test_late_answer_submits_an_expired_request_again_under_the_rule_of_that_day(instances, coordonnatrice, horloge):
    demande = soumise()
    interroger(demande, coordonnatrice, avant_le=dans(2))
    horloge.shift(datetime.timedelta(days=30))
    nouvelle = RegleAllocationFactory(en_vigueur_du=dans(-5), seuil_comite=Decimal(2000))
    expirer_demandes()
    with pytest.raises(ErreurMetier, match="Répondez à la question"):
        soumettre_demande(demande.pk, auteur=demande.demandeur)
    repondue = repondre_precisions(demande.pk, auteur=demande.demandeur, reponse="Voici enfin le devis.")
    assert (repondue.etat, repondue.regle) == (EtatDemande.SOUMISE, nouvelle)
    assert repondue.instance_gouvernance == instances["coordination"]
    assert timezone.localdate(repondue.soumise_le) == timezone.localdate()


@pytest.mark.regle("R8")
def test_late_answer_never_pays_a_line_whose_real_amount_is_typed(coordonnatrice, horloge):
    demande = soumise()
    ligne = LigneBudgetaireFactory(action_collective=demande.action_collective, exercice=demande.exercice)
    rattacher_demande(demande.pk, ligne=ligne, auteur=coordonnatrice)
    interroger(demande, coordonnatrice, avant_le=dans(2))
    horloge.shift(datetime.timedelta(days=3))
    expirer_demandes()
    LigneBudgetaire.objects.update(montant_reel=350)
    with pytest.raises(ErreurMetier, match="compterait deux fois"):
        repondre_precisions(demande.pk, auteur=demande.demandeur, reponse="Voici le devis.")
    assert DemandeFonds.objects.get().etat == EtatDemande.EXPIREE
    LigneBudgetaire.objects.update(montant_reel=None)
    assert repondre_precisions(demande.pk, auteur=demande.demandeur, reponse="Voici.").etat == EtatDemande.SOUMISE


@pytest.mark.regle("R1")
def test_one_reminder_three_days_before(coordonnatrice, horloge):
    demande = soumise()
    interroger(demande, coordonnatrice, avant_le=dans(10))
    horloge.shift(datetime.timedelta(days=6))
    assert rappeler_precisions() == 0
    horloge.shift(datetime.timedelta(days=1))
    assert (rappeler_precisions(), rappeler_precisions()) == (1, 0)
    horloge.shift(datetime.timedelta(days=1))
    assert rappeler_precisions() == 0
    assert Courriel.objects.filter(sujet__startswith="Rappel").count() == 1


def test_question_asked_on_short_notice_is_not_repeated(coordonnatrice, horloge):
    interroger(soumise(), coordonnatrice, avant_le=dans(2))
    horloge.shift(datetime.timedelta(days=1))
    assert rappeler_precisions() == 0


def test_command_reminds_and_lets_expire(coordonnatrice, horloge, capsys):
    interroger(soumise(), coordonnatrice, avant_le=dans(5))
    horloge.shift(datetime.timedelta(days=3))
    call_command("expirer_demandes")
    horloge.shift(datetime.timedelta(days=3))
    call_command("expirer_demandes")
    assert capsys.readouterr().out.replace("\xa0", " ").splitlines() == [
        "Rappels envoyés : 1",
        "Demandes expirées : 0",
        "Rappels envoyés : 0",
        "Demandes expirées : 1",
    ]
    assert DemandeFonds.objects.get().etat == EtatDemande.EXPIREE
