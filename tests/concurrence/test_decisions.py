"""Many people at once at one ballot: one vote a voice, one closing, one e-mail; no gap in any register."""

import datetime
import time

import pytest
from django.utils import timezone

from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import DemandeFonds
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import Choix
from demarche.gouvernance.models import Exercice, InstanceGouvernance, Resolution
from demarche.registre.enums import GenreEvenement
from demarche.registre.models import EvenementRegistre
from demarche.registre.services.lignes import inscrire_evenement
from demarche.scrutins.enums import EtatScrutin
from demarche.scrutins.models import Recusation, Scrutin, Vote
from demarche.scrutins.services.rappels import rappeler
from demarche.scrutins.services.resolutions import inscrire_resolution
from demarche.scrutins.services.scrutins import annuler_scrutin, clore_si_echu
from demarche.scrutins.services.votes import inscrire_vote_telephone, recuser
from demarche.socle.models import Courriel, JetonFormulaire
from demarche.socle.services.jetons import une_seule_fois
from tests.concurrence.donnees import (
    lignes,
    ouvrir_aux_sept,
    par_erreur,
    un_vote,
    verifier_tout,
)
from tests.factories.demarche import ExerciceFactory, InstanceGouvernanceFactory, UtilisateurFactory


@pytest.fixture
def scrutin_ouvert(base_concurrente):
    return ouvrir_aux_sept()


@pytest.mark.regle("R3")
def test_same_vote_sent_twenty_times_counts_once(base_concurrente, scrutin_ouvert):
    scrutin, membres = scrutin_ouvert
    rendus = base_concurrente.lancer(un_vote, [(scrutin.pk, membres[0].pk, "pour")] * 20)
    assert {rendu.texte for rendu in rendus} == {""}
    assert (Vote.objects.count(), Vote.history.count()) == (1, 1)
    assert (lignes(GenreEvenement.VOTE), lignes(GenreEvenement.CHANGEMENT)) == (1, 0)
    verifier_tout()


@pytest.mark.regle("R5")
def test_pour_and_contre_at_once_leave_one(base_concurrente, scrutin_ouvert):
    scrutin, membres = scrutin_ouvert
    rendus = base_concurrente.lancer(un_vote, [(scrutin.pk, membres[0].pk, choix) for choix in ("pour", "contre") * 4])
    assert {rendu.texte for rendu in rendus} == {""}
    derniere = EvenementRegistre.objects.order_by("-numero").first()
    assert (Vote.objects.count(), lignes(GenreEvenement.VOTE)) == (1, 1)
    assert derniere.genre in (GenreEvenement.VOTE, GenreEvenement.CHANGEMENT)
    verifier_tout()  # the vote that stands is the one of the last line


@pytest.mark.regle("R5")
def test_seven_seats_at_once_close_once(base_concurrente, scrutin_ouvert):
    scrutin, membres = scrutin_ouvert
    avant = Courriel.objects.count()
    rendus = base_concurrente.lancer(un_vote, [(scrutin.pk, membre.pk, "pour") for membre in membres])
    assert {rendu.texte for rendu in rendus} == {""}
    assert Scrutin.objects.get().etat == EtatScrutin.CLOS
    assert DemandeFonds.objects.get().etat == EtatDemande.ACCORDEE
    assert (Resolution.objects.count(), lignes(GenreEvenement.CLOTURE), lignes(GenreEvenement.RESOLUTION)) == (1, 1, 1)
    clotures = Courriel.objects.order_by("pk")[avant:].values_list("destinataire", flat=True)
    assert sorted(set(clotures)) == sorted(
        [membre.email for membre in membres] + [DemandeFonds.objects.get().demandeur.email]
    )
    assert Courriel.objects.filter(sujet__startswith="Scrutin clos").count() == 7
    verifier_tout()


def au_telephone(scrutin_pk, electeur_pk, auteur_pk):
    inscrire_vote_telephone(
        scrutin_pk,
        electeur_pk=electeur_pk,
        choix=Choix.CONTRE,
        commentaire="",
        auteur=Utilisateur.objects.get(pk=auteur_pk),
    )


def par_les_deux_voies(voie, scrutin_pk, cle, autre):
    return un_vote(scrutin_pk, cle, "pour") if voie == "en ligne" else au_telephone(scrutin_pk, cle, autre)


def test_phone_and_online_at_once_leave_one_vote(base_concurrente, scrutin_ouvert):
    scrutin, membres = scrutin_ouvert
    agente, electeur = UtilisateurFactory(agent=True), scrutin.electeurs.get(utilisateur=membres[0])
    appels = [
        ("en ligne", scrutin.pk, membres[0].pk, None),
        ("au téléphone", scrutin.pk, electeur.pk, agente.pk),
    ]
    rendus = base_concurrente.lancer(par_les_deux_voies, appels)
    assert par_erreur(rendus) == ["", ""]
    assert (Vote.objects.count(), lignes(GenreEvenement.VOTE), lignes(GenreEvenement.CHANGEMENT)) == (1, 1, 1)
    verifier_tout()


def voter_ou_se_recuser(verbe, scrutin_pk, utilisateur_pk):
    if verbe == "voter":
        return un_vote(scrutin_pk, utilisateur_pk, "pour")
    return recuser(scrutin_pk, auteur=Utilisateur.objects.get(pk=utilisateur_pk)).pk


def test_vote_and_recusal_at_once_leave_the_recusal(base_concurrente, scrutin_ouvert):
    scrutin, membres = scrutin_ouvert
    rendus = base_concurrente.lancer(
        voter_ou_se_recuser, [(verbe, scrutin.pk, membres[0].pk) for verbe in ("voter", "récuser") * 3]
    )
    assert [rendu.texte for rendu in rendus[1::2]] == [""] * 3
    assert (Vote.objects.count(), Recusation.objects.count(), lignes(GenreEvenement.RECUSATION)) == (0, 1, 1)
    verifier_tout()


def fermer(scrutin_pk):
    return clore_si_echu(scrutin_pk)


@pytest.mark.regle("R5")
def test_schedulers_close_an_overdue_ballot_once(base_concurrente):
    scrutin, membres = ouvrir_aux_sept(seconds=1)
    time.sleep(1)
    rendus = base_concurrente.lancer(fermer, [(scrutin.pk,)] * 6)
    assert sorted(rendu.valeur for rendu in rendus) == [False] * 5 + [True]
    assert Courriel.objects.filter(sujet__startswith="Scrutin clos").count() == len(membres)
    scrutin.refresh_from_db()
    assert (lignes(GenreEvenement.CLOTURE), scrutin.clos_le) == (1, scrutin.echeance)
    verifier_tout()


def rappeler_tous():
    return rappeler()


def test_schedulers_remind_each_person_once(base_concurrente, scrutin_ouvert):
    _, membres = scrutin_ouvert
    Scrutin.objects.update(ouvert_le=timezone.now() - datetime.timedelta(days=2))
    avant = set(Courriel.objects.values_list("pk", flat=True))
    rendus = base_concurrente.lancer(rappeler_tous, [()] * 6)
    assert {rendu.texte for rendu in rendus} == {""}
    assert sum(rendu.valeur for rendu in rendus) == 7
    rappels = Courriel.objects.exclude(pk__in=avant).values_list("destinataire", flat=True)
    assert sorted(rappels) == sorted(membre.email for membre in membres)


def voter_ou_annuler(verbe, scrutin_pk, utilisateur_pk):
    if verbe == "voter":
        return un_vote(scrutin_pk, utilisateur_pk, "pour")
    return annuler_scrutin(scrutin_pk, motif="Erreur.", auteur=Utilisateur.objects.get(pk=utilisateur_pk)).etat


def test_last_vote_and_cancellation_at_once_leave_one_end(base_concurrente, scrutin_ouvert):
    scrutin, membres = scrutin_ouvert
    for membre in membres[:6]:
        un_vote(scrutin.pk, membre.pk, "pour")
    appels = [("voter", scrutin.pk, membres[6].pk), ("annuler", scrutin.pk, scrutin.ouvert_par_id)]
    vote, annulation = base_concurrente.lancer(voter_ou_annuler, appels)
    scrutin.refresh_from_db()
    if scrutin.etat == EtatScrutin.CLOS:
        assert (vote.erreur, annulation.erreur) == ("", "ErreurMetier")
    else:
        assert (scrutin.etat, vote.erreur, annulation.erreur) == (EtatScrutin.ANNULE, "ErreurMetier", "")
    assert lignes(GenreEvenement.CLOTURE) + lignes(GenreEvenement.ANNULATION) == 1
    verifier_tout()


# The two registers.


def inscrire(instance_pk, exercice_pk):
    return inscrire_resolution(
        instance_gouvernance=InstanceGouvernance.objects.get(pk=instance_pk),
        exercice=Exercice.objects.get(pk=exercice_pk),
        titre="Titre",
        texte="Texte",
        adoptee_le=datetime.date(2026, 1, 15),
        auteur=None,
    ).numero


@pytest.mark.regle("R7")
def test_resolution_numbers_have_no_gap(base_concurrente):
    instance, exercice = InstanceGouvernanceFactory(comite=True), ExerciceFactory(annee=2025)
    rendus = base_concurrente.lancer(inscrire, [(instance.pk, exercice.pk)] * 14)
    assert sorted(rendu.valeur for rendu in rendus) == list(range(1, 15))
    verifier_tout()


def ecrire_une_ligne(objet):
    return inscrire_evenement(GenreEvenement.EXERCICE_CLOS, objet, corps={"exercice": objet}).numero


def test_first_lines_of_a_new_register_make_one_chain(base_concurrente):
    rendus = base_concurrente.lancer(ecrire_une_ligne, [(f"essai {rang}",) for rang in range(14)])
    assert sorted(rendu.valeur or 0 for rendu in rendus) == list(range(1, 15))
    empreintes = EvenementRegistre.objects.order_by("numero").values_list("precedente", "empreinte")
    suite = list(empreintes)
    assert [precedente for precedente, _ in suite[1:]] == [empreinte for _, empreinte in suite[:-1]]


def creer_avec_jeton(jeton):
    def creer():
        time.sleep(0.2)
        return str(ExerciceFactory(annee=2030).pk)

    return une_seule_fois(jeton, creer)


def test_double_click_makes_one_record(base_concurrente):
    jeton = "7b5f9a52-5b0d-4b26-8a43-7b8f4a2f8b5e"
    rendus = base_concurrente.lancer(creer_avec_jeton, [(jeton,)] * 3)
    assert len({rendu.valeur for rendu in rendus}) == 1
    assert JetonFormulaire.objects.count() == 1
