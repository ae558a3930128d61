"""Changing and withdrawing a request: what it evaluates again, what it cancels, what it refuses."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from chantiers.demandes.enums import MODIFIABLES, EtatDemande, GenreApport
from chantiers.demandes.queries.redaction import Apport, Poste
from chantiers.demandes.services.decisions import decider_seul
from chantiers.demandes.services.deliberations import ouvrir_deliberation
from chantiers.demandes.services.demandes import soumettre_demande
from chantiers.demandes.services.redaction import enregistrer_demande, joindre_piece, retirer_demande
from demarche.gouvernance.enums import Choix, ModeDecision
from demarche.scrutins.enums import EtatScrutin
from demarche.scrutins.models import Scrutin
from demarche.scrutins.services.votes import voter
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.models import Courriel
from tests.factories.chantiers import (
    ActionCollectiveFactory,
    DemandeFondsFactory,
    EnveloppeFactory,
    LigneBudgetaireFactory,
    PosteDemandeFactory,
    RegleAllocationFactory,
)
from tests.factories.demarche import (
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    SiegeFactory,
    UtilisateurFactory,
)
from tests.factories.partenaires import OrganisationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def instances():
    RegleAllocationFactory()
    return {nom: InstanceGouvernanceFactory(**{nom: True}) for nom in ("coordination", "comite", "assemblee")}


@pytest.fixture
def comite(instances):
    return [MandatFactory(siege=SiegeFactory(instance_gouvernance=instances["comite"])).utilisateur for _ in range(3)]


def soumise(montant="1500.00", **champs):
    demande = DemandeFondsFactory(montant_demande=Decimal(montant), **champs)
    PosteDemandeFactory(demande=demande, libelle="Frigo", montant=Decimal(montant))
    soumettre_demande(demande.pk, auteur=demande.demandeur)
    Courriel.objects.all().delete()  # the receipt
    demande.refresh_from_db()
    return demande


def ouvrir(demande, **autres):
    return ouvrir_deliberation(
        demande.pk,
        auteur=UtilisateurFactory(),
        enveloppe=EnveloppeFactory(),
        echeance=timezone.now() + datetime.timedelta(days=7),
        **autres,
    )


def changer(demande, montant="1500.00", **autres):
    contenu = {
        "action_collective": demande.action_collective,
        "exercice": demande.exercice,
        "titre": demande.titre,
        "motif": demande.motif,
        "organisation": demande.organisation,
        "postes": [Poste("Frigo", Decimal(montant))],
    }
    return enregistrer_demande(demande, **{"auteur": demande.demandeur, **contenu, **autres})


def test_organisations_concerned_are_written_and_kept_when_nothing_changes(instances):
    demande, fournisseur = soumise("900.00"), OrganisationFactory()
    changer(demande, "900.00", concernees=[fournisseur])
    premiere = demande.concernees.get()
    changer(demande, "900.00", concernees=[fournisseur])
    assert demande.concernees.get() == premiere
    changer(demande, "900.00")
    assert not demande.concernees.exists()


@pytest.mark.parametrize(
    ("postes", "phrase"),
    [
        (["1000.00", "-200.00"], "aucun poste n’est négatif"),
        (["99999999.99", "0.01"], "vérifiez les montants"),
    ],
)
def test_total_that_no_column_holds_or_made_of_negatives_is_refused(postes, phrase):
    demande = DemandeFondsFactory()
    with pytest.raises(ErreurMetier, match=phrase):
        changer(demande, postes=[Poste("Poste", Decimal(montant)) for montant in postes])


def test_line_whose_real_amount_is_typed_is_not_chosen_either():
    demande = DemandeFondsFactory()
    ici = {"action_collective": demande.action_collective, "exercice": demande.exercice}
    with pytest.raises(ErreurMetier, match="déjà un montant réel"):
        changer(demande, ligne_budgetaire=LigneBudgetaireFactory(**ici, montant_reel=Decimal("5.00")))


def test_submitted_request_changed_is_evaluated_again_and_nobody_is_written_to(instances):
    demande = changer(soumise("900.00"), "1200.00")
    assert (demande.instance_gouvernance, demande.total_action) == (instances["comite"], Decimal(1200))
    assert not Courriel.objects.exists()
    assert demande.history.get(history_change_reason="Modification").history_user == demande.demandeur


def test_sister_whose_instance_changes_is_told(instances):
    action, exercice = ActionCollectiveFactory(), ExerciceFactory()
    soeur = soumise("300.00", action_collective=action, exercice=exercice)
    demande = soumise("300.00", action_collective=action, exercice=exercice)
    changer(demande, "900.00")
    assert list(Courriel.objects.values_list("destinataire", flat=True)) == [soeur.demandeur.email]


def test_request_moved_to_another_action_frees_the_first(instances):
    action, exercice = ActionCollectiveFactory(), ExerciceFactory()
    soeur = soumise("600.00", action_collective=action, exercice=exercice)
    demande = soumise("600.00", action_collective=action, exercice=exercice)
    changer(demande, "600.00", action_collective=ActionCollectiveFactory())
    for une in (soeur, demande):
        une.refresh_from_db()
        assert (une.instance_gouvernance, une.total_action) == (instances["coordination"], Decimal(600))


def test_change_during_a_ballot_asks_first(comite):
    demande = soumise()
    scrutin = ouvrir(demande)
    voter(scrutin.pk, auteur=comite[0], choix=Choix.POUR)
    with pytest.raises(ErreurMetier, match="1 vote déjà donné ne comptera plus") as refus:
        changer(demande, "2000.00")
    assert list(refus.value.error_dict) == ["confirme"]
    assert Scrutin.objects.get().etat == EtatScrutin.OUVERT


@pytest.mark.regle("R1")
def test_change_confirmed_cancels_the_ballot_and_tells_its_electors(comite):
    demande = soumise()
    scrutin = ouvrir(demande)
    voter(scrutin.pk, auteur=comite[0], choix=Choix.POUR)
    Courriel.objects.all().delete()
    demande = changer(demande, "2000.00", confirme=True)
    scrutin.refresh_from_db()
    assert (scrutin.etat, demande.etat, demande.scrutin) == (EtatScrutin.ANNULE, EtatDemande.SOUMISE, scrutin)
    assert (demande.montant_demande, demande.total_action) == (Decimal(2000), Decimal(2000))
    assert (demande.montant_reserve, demande.enveloppe) == (0, None)
    annonces = Courriel.objects.filter(sujet__startswith="Scrutin annulé")
    assert set(annonces.values_list("destinataire", flat=True)) == {membre.email for membre in comite}
    assert "passe de 1\xa0500,00\xa0$ à 2\xa0000,00\xa0$" in annonces.first().texte
    assert ouvrir(demande).etat == EtatScrutin.OUVERT


@pytest.mark.regle("R1")
def test_nothing_changed_cancels_nothing_even_confirmed(comite):
    demande = soumise()
    ouvrir(demande)
    demande.refresh_from_db()
    apres = changer(demande, confirme=True)
    assert (apres.etat, apres.version) == (EtatDemande.EN_DELIBERATION, demande.version)
    assert Scrutin.objects.get().etat == EtatScrutin.OUVERT


def test_withdrawal_during_a_ballot_cancels_it_and_frees_the_money(comite):
    demande = soumise()
    scrutin = ouvrir(demande)
    demande.refresh_from_db()
    enveloppe = demande.enveloppe
    assert retirer_demande(demande.pk, auteur=demande.demandeur).etat == EtatDemande.RETIREE
    scrutin.refresh_from_db()
    enveloppe.refresh_from_db()
    assert (scrutin.etat, enveloppe.montant_engage) == (EtatScrutin.ANNULE, 0)


@pytest.mark.parametrize(
    "verbe",
    [
        lambda demande: changer(demande, "2000.00", confirme=True),
        lambda demande: retirer_demande(demande.pk, auteur=demande.demandeur),
    ],
    ids=["changer", "retirer"],
)
def test_ballot_overdue_is_closed_before_anybody_cancels_it(comite, horloge, verbe):
    demande = soumise()
    scrutin = ouvrir(demande)
    for membre in comite[:2]:
        voter(scrutin.pk, auteur=membre, choix=Choix.POUR)
    horloge.move_to(scrutin.echeance)
    with pytest.raises(ErreurMetier):
        verbe(demande)
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.EN_DELIBERATION  # refused whole; the page closes it when read


def test_consultation_that_said_yes_no_longer_changes(instances, comite):
    instances["comite"].mode_decision = ModeDecision.CONSULTATION
    instances["comite"].save()
    demande = soumise()
    scrutin = ouvrir(demande)
    for membre in comite:
        voter(scrutin.pk, auteur=membre, choix=Choix.POUR)
    with pytest.raises(ErreurMetier, match="entérine"):
        changer(demande, "2000.00", confirme=True)


@pytest.mark.regle("R1")
@pytest.mark.parametrize("etat", EtatDemande)
def test_every_state_and_change(etat):
    demande = DemandeFondsFactory(**({} if etat == EtatDemande.BROUILLON else {etat.value: True}))
    PosteDemandeFactory(demande=demande, libelle="Frigo", montant=demande.montant_demande)
    if etat in MODIFIABLES:
        assert changer(demande, titre="Autre", confirme=True).titre == "Autre"
    else:
        with pytest.raises(ErreurMetier, match="ne se modifie plus"):
            changer(demande, titre="Autre", confirme=True)


@pytest.mark.regle("R1")
def test_request_changed_meanwhile_is_not_decided_nor_put_to_the_vote(instances, comite):
    petite, grande = soumise("900.00"), soumise("1500.00")
    lue, relue = petite.version, grande.version
    changer(petite, "950.00")
    changer(grande, "1800.00")
    with pytest.raises(ErreurMetier, match="a changé pendant"):
        decider_seul(
            petite.pk,
            auteur=UtilisateurFactory(),
            montant=Decimal(900),
            enveloppe=EnveloppeFactory(),
            motif="",
            version=lue,
        )
    with pytest.raises(ErreurMetier, match="a changé pendant"):
        ouvrir(grande, version=relue)


def test_file_attached_meanwhile_is_a_change():
    from django.core.files.uploadedfile import SimpleUploadedFile

    demande = soumise()
    joindre_piece(
        demande, auteur=demande.demandeur, titre="Devis", fichier=SimpleUploadedFile("devis.pdf", b"%PDF-1.4 devis")
    )
    assert type(demande).objects.get().version == demande.version + 1


@pytest.mark.regle("R1")
def test_what_others_cover_never_counts_in_who_decides(instances):
    apports = [Apport(GenreApport.COFINANCEMENT, "Caisse", Decimal(60_000), True)]
    demande = changer(soumise("900.00"), "900.00", apports=apports)
    assert (demande.total_action, demande.instance_gouvernance) == (Decimal(900), instances["coordination"])
    assert demande.apports.get().source == "Caisse"


@pytest.mark.parametrize("ailleurs", ["action", "exercice", "revenu", "demarche"])
def test_budget_line_of_elsewhere_is_refused(ailleurs):
    demande = soumise()
    champs = {"action_collective": demande.action_collective, "exercice": demande.exercice}
    champs |= {
        "action": {"action_collective": ActionCollectiveFactory()},
        "exercice": {"exercice": ExerciceFactory(annee=2024)},
        "revenu": {"revenu": True},
        "demarche": {"action_collective": None},
    }[ailleurs]
    with pytest.raises(ErreurMetier) as refus:
        changer(demande, ligne_budgetaire=LigneBudgetaireFactory(**champs))
    assert list(refus.value.error_dict) == ["ligne_budgetaire"]


def test_budget_line_of_the_action_is_kept():
    demande = soumise()
    ligne = LigneBudgetaireFactory(action_collective=demande.action_collective, exercice=demande.exercice)
    assert changer(demande, ligne_budgetaire=ligne).ligne_budgetaire == ligne


# Somebody else than its writers.


@pytest.mark.regle("R1")
def test_team_says_why_it_changes_what_somebody_sent(instances):
    demande, agent = soumise(), UtilisateurFactory(agent=True)
    with pytest.raises(ErreurMetier) as refus:
        changer(demande, "1200.00", auteur=agent)
    assert refus.value.message_dict.keys() == {"mot"}
    demande = changer(demande, "1200.00", auteur=agent, mot="Le devis a baissé.")
    courriel = Courriel.objects.get(destinataire=demande.demandeur.email)
    assert "L’équipe a modifié" in courriel.texte
    assert "Le devis a baissé." in courriel.texte
    assert changer(demande, "1100.00").mot_de_l_equipe == ""  # its writer changes it again: nothing more to say
    assert demande.history.filter(mot_de_l_equipe="Le devis a baissé.", history_user=agent).exists()


def test_coordination_says_why_it_withdraws_what_somebody_sent(instances):
    demande, coordonnatrice = soumise(), UtilisateurFactory(coordonnateur=True)
    with pytest.raises(ErreurMetier):
        retirer_demande(demande.pk, auteur=coordonnatrice, mot=" ")
    assert retirer_demande(demande.pk, auteur=coordonnatrice, mot="Le projet est remis.").etat == EtatDemande.RETIREE
    assert "L’équipe a retiré" in Courriel.objects.get(destinataire=demande.demandeur.email).texte


@pytest.mark.regle("R1")
def test_coordination_is_told_of_the_ballot_that_a_change_cancels(instances, comite):
    coordonnatrice = UtilisateurFactory(coordonnateur=True)
    demande = soumise()
    ouvrir(demande)
    changer(demande, "1200.00", confirme=True)
    assert Courriel.objects.filter(destinataire=coordonnatrice.email, sujet__startswith="Scrutin annulé").count() == 1
    ouvrir(demande)
    retirer_demande(demande.pk, auteur=coordonnatrice, mot="Le projet est remis.")
    assert Courriel.objects.filter(destinataire=coordonnatrice.email, sujet__startswith="Scrutin annulé").count() == 1
