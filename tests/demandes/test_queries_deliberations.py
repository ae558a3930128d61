"""Conflict of interest on a request (R4): who stands aside, who is asked, who records nothing."""

import datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chantiers.demandes.queries.deliberations import voix_a_appeler, voix_en_cause
from chantiers.demandes.queries.regles_allocation import coordination_en_cause
from chantiers.demandes.services.deliberations import inscrire_decision_rencontre, ouvrir_deliberation
from demarche.gouvernance.enums import Choix
from demarche.gouvernance.models import Mandat
from demarche.scrutins.models import Vote
from demarche.scrutins.queries import voix_en_attente
from demarche.scrutins.services.rappels import a_rappeler
from demarche.scrutins.services.votes import inscrire_vote_telephone, voter
from demarche.socle.erreurs import ErreurMetier
from tests.factories.chantiers import (
    DemandeFondsFactory,
    EnveloppeFactory,
    OrganisationConcerneeFactory,
    PosteDemandeFactory,
)
from tests.factories.demarche import (
    InstanceGouvernanceFactory,
    MandatFactory,
    RencontreFactory,
    UtilisateurFactory,
)
from tests.factories.partenaires import AdhesionFactory, AffiliationFactory, OrganisationFactory, RepresentationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.regle("R4")]
JOURS = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def instances():
    return {nom: InstanceGouvernanceFactory(**{nom: True}) for nom in ("coordination", "comite", "assemblee")}


@pytest.fixture
def comite():
    return [MandatFactory().utilisateur for _ in range(3)]


@pytest.fixture
def organisation():
    return OrganisationFactory()


def soumise(instance, montant="3000.00", **champs):
    demande = DemandeFondsFactory(
        soumise=True, montant_demande=Decimal(montant), instance_gouvernance=instance, **champs
    )
    PosteDemandeFactory(demande=demande, montant=demande.montant_demande)
    return demande


def ouvrir(demande):
    return ouvrir_deliberation(
        demande.pk,
        auteur=UtilisateurFactory(),
        enveloppe=EnveloppeFactory(montant=Decimal(90000)),
        echeance=timezone.now() + 7 * JOURS,
    )


def affilier(compte, organisation, **champs):
    return AffiliationFactory(personne__utilisateur=compte, organisation=organisation, **champs)


def ecartes(scrutin):
    return [e.utilisateur for e in scrutin.electeurs.exclude(recusation=None)]


def client_pour(compte):
    client = Client()
    client.force_login(compte)
    return client


@pytest.mark.parametrize("comment", ["elle-même", "son organisation"])
def test_who_asks_records_no_answer_taken_by_phone(instances, comite, organisation, comment):
    auteur, autre = UtilisateurFactory(coordonnateur=True), UtilisateurFactory(agent=True)
    if comment == "elle-même":
        scrutin = ouvrir(soumise(instances["comite"], demandeur=auteur))
    else:
        affilier(auteur, organisation)
        scrutin = ouvrir(soumise(instances["comite"], organisation=organisation))
    reponse = {"electeur_pk": scrutin.electeurs.first().pk, "choix": Choix.POUR, "commentaire": ""}
    with pytest.raises(ErreurMetier, match="une autre personne de l’équipe"):
        inscrire_vote_telephone(scrutin.pk, auteur=auteur, **reponse)
    assert not Vote.objects.exists()
    page = reverse("scrutins:scrutin_telephone", args=[scrutin.pk])
    fiche = reverse("demandes:demande_fiche", args=[scrutin.deliberation.demande_id])
    assert client_pour(auteur).get(page).status_code == 403
    assert page not in client_pour(auteur).get(fiche).content.decode()
    assert page in client_pour(autre).get(fiche).content.decode()
    inscrire_vote_telephone(scrutin.pk, auteur=autre, **reponse)
    assert Vote.objects.get().inscrit_par == autre


def test_holder_affiliated_to_the_organisation_that_asks_stands_aside(instances, comite, organisation):
    affilier(comite[0], organisation)
    affilier(comite[1], organisation, au=timezone.localdate() - JOURS)
    demande = soumise(instances["comite"], organisation=organisation)
    assert [voix.est_ecartee for voix in voix_a_appeler(demande)] == [True, False, False]
    scrutin = ouvrir(demande)
    assert ecartes(scrutin) == [comite[0]]
    page = client_pour(comite[0]).get(reverse("demandes:demande_fiche", args=[demande.pk])).content.decode()
    assert "ou votre organisation" in page
    assert 'name="choix"' not in page


def test_citizen_of_the_organisation_that_asks_stands_aside_its_other_partner_does_not(instances, organisation):
    citoyenne, double = UtilisateurFactory(), UtilisateurFactory()
    personne = affilier(citoyenne, organisation).personne
    AdhesionFactory(acceptee=True, citoyenne=True, personne=personne)
    autre = AdhesionFactory(acceptee=True).organisation
    affilier(double, organisation)
    AffiliationFactory(personne=double.personne, organisation=autre)
    demande = soumise(instances["assemblee"], "60000.00", organisation=organisation)
    assert [voix.est_ecartee for voix in voix_a_appeler(demande)] == [False, True]
    instances["assemblee"].mode_decision = "en_ligne"
    instances["assemblee"].save()
    scrutin = ouvrir(demande)
    assert ecartes(scrutin) == [citoyenne]
    with pytest.raises(ErreurMetier, match="son organisation, a déposé"):
        voter(scrutin.pk, auteur=double, choix=Choix.POUR)


def test_who_joins_the_organisation_that_asks_during_the_ballot_no_longer_votes(instances, comite, organisation):
    scrutin = ouvrir(soumise(instances["comite"], organisation=organisation))
    voter(scrutin.pk, auteur=comite[1], choix=Choix.POUR)
    affilier(comite[0], organisation)
    with pytest.raises(ErreurMetier, match="son organisation, a déposé"):
        voter(scrutin.pk, auteur=comite[0], choix=Choix.POUR)
    with pytest.raises(ErreurMetier, match="son organisation, a déposé"):
        inscrire_vote_telephone(
            scrutin.pk,
            electeur_pk=scrutin.electeurs.get(utilisateur=comite[0]).pk,
            choix=Choix.POUR,
            commentaire="",
            auteur=UtilisateurFactory(agent=True),
        )
    assert list(voix_en_attente(comite[0])) == []
    assert list(a_rappeler(scrutin.echeance - JOURS)) == [comite[2]]


@pytest.mark.parametrize(("depuis", "nombre"), [(0, 1), (1, 0)])
def test_vote_in_a_meeting_sets_aside_who_sat_for_the_asker_that_day(
    instances, comite, organisation, horloge, depuis, nombre
):
    jour = timezone.localdate()
    siege = Mandat.objects.get(utilisateur=comite[0]).siege
    demande = soumise(instances["comite"], organisation=organisation)
    rencontre = RencontreFactory(instance_gouvernance=instances["comite"], date=jour)
    RepresentationFactory(siege=siege, organisation=organisation, du=jour + depuis * JOURS, au=jour + JOURS)
    horloge.shift(3 * JOURS)
    inscrire_decision_rencontre(
        demande.pk,
        auteur=UtilisateurFactory(),
        rencontre=rencontre,
        enveloppe=EnveloppeFactory(montant=Decimal(9000)),
        reponses=dict.fromkeys(instances["comite"].sieges.values_list("numero", flat=True), "pour"),
    )
    assert (demande.scrutin.nb_recusations, demande.scrutin.nb_pour) == (nombre, 3 - nombre)


def test_holder_is_asked_about_an_organisation_of_their_own(instances, comite, organisation):
    affilier(comite[0], organisation)
    demande = soumise(instances["comite"])
    demande.action_collective.porteur = organisation
    demande.action_collective.save()
    scrutin = ouvrir(demande)
    voix = {e.utilisateur: e for e in scrutin.electeurs.all()}
    assert voix_en_cause(demande, voix[comite[0]], comite[0]) == organisation
    assert voix_en_cause(demande, voix[comite[1]], comite[1]) is None


@pytest.mark.parametrize(("agent", "posee"), [(False, True), (True, False)])
def test_organisation_of_who_asks_for_the_demarche_is_asked_unless_of_the_team(
    instances, comite, organisation, agent, posee
):
    demandeur = UtilisateurFactory(agent=agent)
    affilier(demandeur, organisation)
    RepresentationFactory(siege=Mandat.objects.get(utilisateur=comite[0]).siege, organisation=organisation)
    demande = soumise(instances["comite"], demandeur=demandeur)
    electeur = ouvrir(demande).electeurs.get(utilisateur=comite[0])
    assert (voix_en_cause(demande, electeur, comite[0]) is not None) is posee


@pytest.mark.parametrize(("lien", "en_cause"), [("porte", True), ("profite", True), ("appuie", False)])
def test_coordination_leaves_to_the_comite_what_its_organisation_carries_or_gains(organisation, lien, en_cause):
    affilier(UtilisateurFactory(coordonnateur=True), organisation)
    demande = DemandeFondsFactory(montant_demande=Decimal(200))
    if lien == "porte":
        demande.action_collective.porteur = organisation
        demande.action_collective.save()
    elif lien == "profite":
        OrganisationConcerneeFactory(demande=demande, organisation=organisation)
    else:
        demande.action_collective.partenaires.add(organisation)
    assert coordination_en_cause(demande) is en_cause
