"""The numbers of ours that the démarche confirms or changes: bounds, source, history, and what they change."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from demarche.gouvernance.defauts import DEFAUTS, MANDAT_FINISSANT, RAPPEL_APRES, RAPPEL_AVANT, SIEGE_VACANT
from demarche.gouvernance.models import Reglage
from demarche.gouvernance.protocoles import REGLES
from demarche.gouvernance.queries.gouvernance import mandats_finissants
from demarche.gouvernance.queries.reglages import jours_de, valeur_de
from demarche.gouvernance.services.reglages import regler_valeur
from demarche.gouvernance.verifications import sieges_longtemps_vacants
from demarche.scrutins.services.rappels import a_rappeler
from demarche.scrutins.services.scrutins import ouvrir_scrutin
from demarche.socle.erreurs import ErreurMetier
from tests.conftest import JOUR
from tests.factories.demarche import (
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    ReglageFactory,
    UtilisateurFactory,
)

pytestmark = pytest.mark.django_db
HEURES = datetime.timedelta(hours=1)
JOURS = datetime.timedelta(days=1)


def regler(defaut, valeur, source="Cadre 2024, page 4", version=0):
    return regler_valeur(defaut, valeur=valeur, source=source, version=version, auteur=UtilisateurFactory())


def adresse(cle="rappel_avant"):
    return reverse("gouvernance:valeur_regler", args=[cle])


def test_ours_holds_until_the_demarche_says_otherwise():
    assert valeur_de(RAPPEL_AVANT) == 48
    regler(RAPPEL_AVANT, 72)
    assert (valeur_de(RAPPEL_AVANT), valeur_de(RAPPEL_APRES)) == (72, 24)
    assert jours_de(SIEGE_VACANT) == 30 * JOURS


@pytest.mark.regle("R5")
@pytest.mark.parametrize("defaut", REGLES.defauts_reglables().values(), ids=lambda defaut: defaut.cle)
def test_every_number_is_bounded_on_both_sides(defaut):
    assert defaut.minimum <= defaut.valeur <= defaut.maximum
    for refusee in (defaut.minimum - 1, defaut.maximum + 1):
        with pytest.raises(ErreurMetier, match=f"de {defaut.minimum} à {defaut.maximum}"):
            regler(defaut, refusee)
    assert regler(defaut, defaut.minimum).valeur == defaut.minimum
    assert regler(defaut, defaut.maximum, version=1).valeur == defaut.maximum


def test_without_a_source_nothing_is_confirmed():
    with pytest.raises(ErreurMetier):
        regler(RAPPEL_AVANT, 72, source="  ")
    assert not Reglage.objects.exists()


def test_history_keeps_the_ones_before_and_two_tabs_are_told():
    regler(RAPPEL_AVANT, 72)
    regler(RAPPEL_AVANT, 96, version=1)
    with pytest.raises(ErreurMetier, match="pendant que vous l’aviez ouverte"):
        regler(RAPPEL_AVANT, 24, version=1)
    assert list(Reglage.history.order_by("history_id").values_list("valeur", flat=True)) == [72, 96]


@pytest.mark.regle("R5")
@pytest.mark.parametrize(("heures", "rappelee"), [(72, True), (73, False)])
def test_reminder_follows_the_number(heures, rappelee):
    MandatFactory.create_batch(3)
    ReglageFactory(valeur=72)
    scrutin = ouvrir_scrutin(
        instance_gouvernance=InstanceGouvernanceFactory(comite=True),
        question="Adopter le calendrier?",
        texte="Il est résolu d’adopter le calendrier.",
        echeance=timezone.now() + 7 * JOURS,
        auteur=UtilisateurFactory(),
    )
    assert bool(a_rappeler(scrutin.echeance - heures * HEURES)) is rappelee


@pytest.mark.parametrize(("apres", "rappelee"), [(30, True), (29, False)])
def test_no_reminder_just_after_the_opening(apres, rappelee):
    MandatFactory.create_batch(3)
    ReglageFactory(cle=RAPPEL_APRES.cle, valeur=30)
    scrutin = ouvrir_scrutin(
        instance_gouvernance=InstanceGouvernanceFactory(comite=True),
        question="Adopter le calendrier?",
        texte="Il est résolu d’adopter le calendrier.",
        echeance=timezone.now() + 47 * HEURES,
        auteur=UtilisateurFactory(),
    )
    assert bool(a_rappeler(scrutin.ouvert_le + apres * HEURES)) is rappelee


@pytest.mark.parametrize(("jours", "proche"), [(90, True), (91, False)])
def test_mandate_about_to_end_follows_the_number(jours, proche):
    ReglageFactory(cle=MANDAT_FINISSANT.cle, valeur=90)
    MandatFactory(au=JOUR + jours * JOURS)
    assert bool(mandats_finissants(JOUR)) is proche


@pytest.mark.parametrize(("jours", "signale"), [(5, False), (6, True)])
def test_vacant_seat_follows_the_number(jours, signale):
    ReglageFactory(cle=SIEGE_VACANT.cle, valeur=5)
    MandatFactory(au=JOUR - (jours + 1) * JOURS)
    assert bool(list(sieges_longtemps_vacants(ExerciceFactory()))) is signale


def test_coordination_confirms_on_its_page(client_de):
    client = client_de("coordonnateur")
    assert "De 12 à 240. Par défaut" in client.get(adresse()).content.decode()
    reponse = client.post(adresse(), {"valeur": "72", "source": "Cadre 2024", "version": "0"})
    assert reponse.url == reverse("gouvernance:valeur_liste")
    contexte = client.get(reponse.url).context
    assert [ligne.source for ligne in contexte["confirmees"]] == ["Cadre 2024"]
    assert "72 heures" in contexte["confirmees"][0].texte
    assert "Le rappel à qui" not in str(contexte["a_confirmer"])


@pytest.mark.parametrize(("valeur", "source"), [("11", "Cadre"), ("241", "Cadre"), ("12.5", "Cadre"), ("48", "")])
def test_a_wrong_value_is_refused_beside_its_field(client_de, valeur, source):
    reponse = client_de("coordonnateur").post(adresse(), {"valeur": valeur, "source": source, "version": "0"})
    assert list(reponse.context["form"].errors) == (["valeur"] if source else ["source"])
    assert not Reglage.objects.exists()


def test_a_number_that_is_not_ours_is_not_found(client_de):
    assert client_de("coordonnateur").get(adresse("vote-connexion")).status_code == 404


def test_instances_that_decide_alike_are_one_line(client_de):
    for nom in ("Chantier jeunes", "Chantier logement"):
        InstanceGouvernanceFactory(nom=nom, genre="comite_chantier")
    lignes = client_de("coordonnateur").get(reverse("gouvernance:valeur_liste")).context["a_confirmer"]
    (ligne,) = [ligne for ligne in lignes if ligne.groupe == "Autres instances"]
    assert [valeur.nom for valeur in ligne.valeurs] == ["Chantier jeunes", "Chantier logement"]


def test_every_default_of_ours_is_listed_to_confirm(client_de):
    page = client_de("coordonnateur").get(reverse("gouvernance:valeur_liste")).content.decode()
    for defaut in DEFAUTS:
        assert adresse(defaut.cle) in page
