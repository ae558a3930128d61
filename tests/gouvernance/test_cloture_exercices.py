"""Closing and opening an exercice again: what stands in the way, the register, the page (R10)."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from chantiers.demandes.enums import EtatDemande
from demarche.gouvernance.models import Exercice
from demarche.gouvernance.protocoles import ANNEES
from demarche.gouvernance.services.exercices import clore_exercice, rouvrir_exercice
from demarche.registre.enums import GenreEvenement
from demarche.registre.models import EvenementRegistre
from demarche.registre.queries import decrire_lignes
from demarche.registre.services.verification import verifier_registre
from demarche.scrutins.services.resolutions import inscrire_resolution
from demarche.socle.erreurs import ErreurMetier
from tests.adresses import adresse_de
from tests.factories.chantiers import DemandeFondsFactory, ResultatFinancierFactory
from tests.factories.demarche import (
    ExerciceFactory,
    InstanceGouvernanceFactory,
    RencontreFactory,
    ResolutionFactory,
    ScrutinFactory,
    UtilisateurFactory,
)
from tests.factories.personas import PERSONAS

pytestmark = [pytest.mark.django_db, pytest.mark.base]

MOTIF = "Une facture de juin est arrivée en retard."


@pytest.fixture
def exercice():
    """The exercice before today's, that nothing prevents from closing."""
    exercice = ExerciceFactory(annee=2024)
    ResultatFinancierFactory(exercice=exercice)
    return exercice


@pytest.fixture
def auteur():
    return UtilisateurFactory(coordonnateur=True, prenom="Rosalie", nom="Vaillancourt")


def empechements(exercice):
    return [point.libelle for point in ANNEES.cloture_de(exercice) if point.empeche]


def test_closing_is_written_on_the_row_in_the_history_and_in_the_register(exercice, auteur):
    clos = clore_exercice(exercice.pk, auteur=auteur)
    assert (clos.est_clos, clos.clos_le) == (True, timezone.now())
    assert clos.history.first().history_user == auteur
    ligne = EvenementRegistre.objects.get()
    assert (ligne.genre, ligne.objet) == (GenreEvenement.EXERCICE_CLOS, f"exercice {exercice.pk}")
    assert ligne.valeurs | {"historique": 0} == {
        "exercice": "2024-2025",
        "debut": "2024-07-01",
        "fin": "2025-06-30",
        "clos_le": "2026-01-14T15:00:00+00:00",
        "historique": 0,
    }
    assert verifier_registre().est_entier


def test_closing_twice_writes_one_line(exercice, auteur):
    clore_exercice(exercice.pk, auteur=auteur)
    clore_exercice(exercice.pk, auteur=auteur)
    assert EvenementRegistre.objects.count() == 1


def scrutin_ouvert(exercice):
    ouvert_le = timezone.make_aware(datetime.datetime.combine(exercice.fin, datetime.time(23, 59)))
    ScrutinFactory(ouvert_le=ouvert_le)


EMPECHEMENTS = {
    "Les exercices précédents sont clos": lambda e: ExerciceFactory(annee=2023),
    "Tous les scrutins sont clos": scrutin_ouvert,
    "Aucune demande n’attend de décision": lambda e: DemandeFondsFactory(soumise=True, exercice=e),
    "Le résultat financier est inscrit": lambda e: e.resultat_financier.delete(),
}


@pytest.mark.regle("R10")
@pytest.mark.parametrize("libelle", EMPECHEMENTS)
def test_what_stands_in_the_way_is_listed_and_refused(libelle, exercice, auteur):
    assert empechements(exercice) == []
    EMPECHEMENTS[libelle](exercice)
    assert empechements(exercice) == [libelle]
    with pytest.raises(ErreurMetier, match=libelle):
        clore_exercice(exercice.pk, auteur=auteur)
    assert not Exercice.objects.get(pk=exercice.pk).est_clos
    assert not EvenementRegistre.objects.exists()


@pytest.mark.regle("R10")
def test_exercice_closes_the_day_after_its_last(horloge, auteur):
    exercice = ExerciceFactory(annee=2025)
    ResultatFinancierFactory(exercice=exercice)
    horloge.move_to(datetime.datetime(2026, 6, 30, 23, 59, tzinfo=timezone.get_current_timezone()))
    assert empechements(exercice) == ["L’exercice est terminé"]
    horloge.move_to(datetime.datetime(2026, 7, 1, 0, 0, tzinfo=timezone.get_current_timezone()))
    assert empechements(exercice) == []


def test_ballot_of_the_next_exercice_does_not_prevent(exercice):
    ScrutinFactory(ouvert_le=timezone.make_aware(datetime.datetime(2025, 7, 1)))
    assert empechements(exercice) == []


def test_draft_and_decided_requests_do_not_prevent(exercice):
    DemandeFondsFactory(exercice=exercice)
    DemandeFondsFactory(accordee=True, exercice=exercice)
    DemandeFondsFactory(exercice=exercice, etat=EtatDemande.RETIREE)
    assert empechements(exercice) == []


def test_what_does_not_prevent_is_shown(exercice):
    DemandeFondsFactory(accordee=True, exercice=exercice)
    rencontre = RencontreFactory(date=exercice.fin)
    ResolutionFactory(exercice=exercice, rencontre=rencontre)
    a_regarder = {p.libelle for p in ANNEES.cloture_de(exercice) if not p.est_fait and not p.est_bloquant}
    assert {"Tout ce qui est accordé est payé ou libéré", "Les procès-verbaux sont adoptés"} <= a_regarder


@pytest.mark.regle("R10")
def test_closed_exercice_takes_no_resolution(exercice, auteur):
    clore_exercice(exercice.pk, auteur=auteur)
    with pytest.raises(ErreurMetier, match="2024-2025 est clos"):
        inscrire_resolution(
            instance_gouvernance=InstanceGouvernanceFactory(comite=True),
            exercice=exercice,
            titre="Titre",
            texte="Texte",
            adoptee_le=exercice.fin,
            auteur=auteur,
        )


@pytest.mark.regle("R10")
def test_reopening_commits_to_its_reason_and_the_page_reads_it_from_the_history(exercice, auteur):
    clore_exercice(exercice.pk, auteur=auteur)
    ouvert = rouvrir_exercice(exercice.pk, motif=f"  {MOTIF}\n", auteur=auteur)
    assert (ouvert.est_clos, ouvert.clos_le) == (False, None)
    ligne = EvenementRegistre.objects.get(genre=GenreEvenement.EXERCICE_ROUVERT)
    assert MOTIF not in ligne.corps
    assert decrire_lignes([ligne])[0].phrase == f"Réouverture de l’exercice : « {MOTIF} »"
    assert verifier_registre().est_entier
    rouvrir_exercice(exercice.pk, motif=MOTIF, auteur=auteur)
    assert EvenementRegistre.objects.count() == 2


def test_reason_or_dates_changed_after_a_closing_are_named(exercice, auteur):
    clore_exercice(exercice.pk, auteur=auteur)
    rouvrir_exercice(exercice.pk, motif=MOTIF, auteur=auteur)
    Exercice.history.filter(history_change_reason=MOTIF).update(history_change_reason="Autre chose")
    Exercice.objects.filter(pk=exercice.pk).update(fin=exercice.fin + datetime.timedelta(days=1))
    textes = [rupture.phrase for rupture in verifier_registre().ruptures]
    assert textes == [
        "« fin » y vaut 2025-06-30; dans la base, 2025-07-01.",
        "le motif gardé dans l’historique de l’exercice : ce qui est dans la base n’est plus ce que la ligne engage.",
    ]


@pytest.mark.parametrize(
    ("motif", "phrase"),
    [
        ("", "Écrivez pourquoi"),
        (" \n ", "Écrivez pourquoi"),
        ("x" * 251, "250 caractères"),
        ("À la demande de rosalie vaillancourt", "N’y nommez personne"),
        ("Voir rosalie@exemple.test", "N’y nommez personne"),
    ],
)
def test_reason_is_needed_and_names_nobody(exercice, auteur, motif, phrase):
    clore_exercice(exercice.pk, auteur=auteur)
    with pytest.raises(ErreurMetier, match=phrase):
        rouvrir_exercice(exercice.pk, motif=motif, auteur=auteur)
    assert Exercice.objects.get(pk=exercice.pk).est_clos


# The page


def test_only_the_coordination_closes_and_opens_again(client_de, exercice):
    for nom in ("clore", "rouvrir"):
        adresse = adresse_de(f"exercice_{nom}", args=[exercice.pk])
        statuts = {role: client_de(role).post(adresse, {"motif": MOTIF}).status_code for role in PERSONAS}
        assert statuts == dict.fromkeys(PERSONAS, 403) | {"coordonnateur": 302}
    assert EvenementRegistre.objects.count() == 2


def test_page_closes_says_who_and_opens_again(client_de, personne_de, exercice):
    client, adresse = client_de("coordonnateur"), reverse("gouvernance:exercice_cloture", args=[exercice.pk])
    assert "Clore l’exercice 2024-2025" in client.get(adresse).content.decode()
    client.post(reverse("gouvernance:exercice_clore", args=[exercice.pk]))
    contenu = client.get(adresse).content.decode()
    assert "Exercice clos le" in contenu
    assert str(personne_de("coordonnateur")) in contenu
    vide = client.post(reverse("gouvernance:exercice_rouvrir", args=[exercice.pk]), {"motif": ""})
    assert vide.context["form"].errors["motif"] == ["Écrivez pourquoi l’exercice est rouvert."]
    client.post(reverse("gouvernance:exercice_rouvrir", args=[exercice.pk]), {"motif": MOTIF})
    assert MOTIF in client.get(adresse).content.decode()
    assert not Exercice.objects.get(pk=exercice.pk).est_clos


def test_button_is_absent_and_the_post_refused_while_something_is_missing(client_de, exercice):
    exercice.resultat_financier.delete()
    client, adresse = client_de("coordonnateur"), reverse("gouvernance:exercice_cloture", args=[exercice.pk])
    assert reverse("gouvernance:exercice_clore", args=[exercice.pk]) not in client.get(adresse).content.decode()
    reponse = client.post(reverse("gouvernance:exercice_clore", args=[exercice.pk]), follow=True)
    assert "Le résultat financier est inscrit" in [str(m).split("\u00a0:")[0] for m in reponse.context["messages"]]
    assert not Exercice.objects.get(pk=exercice.pk).est_clos


def test_list_of_exercices_leads_to_the_closing_for_the_coordination_only(client_de, exercice):
    adresse = reverse("gouvernance:exercice_cloture", args=[exercice.pk])
    assert adresse in client_de("coordonnateur").get(reverse("gouvernance:exercice_liste")).content.decode()
    assert adresse not in client_de("administrateur").get(reverse("gouvernance:exercice_liste")).content.decode()
