import datetime
from contextlib import nullcontext

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from demarche.socle.erreurs import ErreurMetier
from partenaires.models import Adhesion, CollaborationStructurante, Presence, Representation
from partenaires.queries.liste import partenaires_en_date
from partenaires.services.adhesions import accepter_adhesion, terminer_adhesion
from partenaires.services.organisations import (
    affilier,
    creer_organisation,
    designer_organisation,
    modifier_organisation,
    terminer_affiliation,
    terminer_representation,
)
from partenaires.services.participation import (
    LignePresence,
    empreinte_presences,
    enregistrer_adhesions_tacites,
    enregistrer_presences,
    modifier_collaboration,
    supprimer_collaboration,
)
from tests.factories import JOUR
from tests.factories.demarche import (
    ExerciceFactory,
    InstanceGouvernanceFactory,
    ProcesVerbalFactory,
    RencontreFactory,
    ScrutinFactory,
    SiegeFactory,
    UtilisateurFactory,
)
from tests.factories.partenaires import (
    AdhesionFactory,
    AffiliationFactory,
    CollaborationStructuranteFactory,
    OrganisationFactory,
    PersonneFactory,
    PresenceFactory,
    RepresentationFactory,
)

pytestmark = pytest.mark.django_db
UN_JOUR = datetime.timedelta(days=1)


@pytest.fixture
def auteur():
    return UtilisateurFactory(coordonnateur=True)


@pytest.fixture
def assemblee():
    return RencontreFactory(instance_gouvernance=InstanceGouvernanceFactory(assemblee=True), date=JOUR)


def ligne(organisation=None, personne=None, precision="", nb=1):
    return LignePresence(organisation, personne, precision, nb)


def enregistrer(rencontre, lignes, auteur):
    enregistrer_presences(rencontre, lignes, empreinte=empreinte_presences(rencontre), auteur=auteur)


def test_presences_are_replaced_and_only_changes_are_written(assemblee, auteur):
    gardee, changee, retiree, nouvelle = OrganisationFactory.create_batch(4)
    enregistrer(assemblee, [ligne(gardee), ligne(changee), ligne(retiree), ligne(precision="Équipe", nb=2)], auteur)
    enregistrer(
        assemblee, [ligne(gardee), ligne(changee, nb=4), ligne(nouvelle), ligne(precision="Équipe", nb=2)], auteur
    )
    assert {str(p): p.nb_personnes for p in Presence.objects.all()} == {
        str(gardee): 1,
        str(changee): 4,
        str(nouvelle): 1,
        "Équipe": 2,
    }
    assert Presence.objects.get(organisation=gardee).history.count() == 1
    assert Presence.objects.get(organisation=changee).history.count() == 2


def test_presences_changed_by_somebody_else_are_not_overwritten(assemblee, auteur):
    ouverte = empreinte_presences(assemblee)
    PresenceFactory(rencontre=assemblee)
    with pytest.raises(ErreurMetier, match="pendant que vous"):
        enregistrer_presences(assemblee, [], empreinte=ouverte, auteur=auteur)
    assert Presence.objects.count() == 1


def test_presences_of_adopted_minutes_or_of_a_cancelled_meeting_are_frozen(assemblee, auteur):
    annulee = RencontreFactory(annulee_le=timezone.now(), motif_annulation="Tempête")
    for rencontre in (ProcesVerbalFactory(adopte=True, rencontre=assemblee).rencontre, annulee):
        with pytest.raises(ErreurMetier):
            enregistrer(rencontre, [ligne(precision="Invités", nb=12)], auteur)
    assert not Presence.objects.exists()


@pytest.mark.parametrize(("notees", "refuse"), [(2, True), (3, False), (0, False)])
def test_no_fewer_people_are_noted_than_a_vote_counted(assemblee, auteur, notees, refuse):
    ScrutinFactory(
        main_levee=True,
        clos=True,
        rencontre=assemblee,
        instance_gouvernance=assemblee.instance_gouvernance,
        nb_electeurs=3,
        nb_presents=3,
        nb_pour=3,
    )
    lignes = [ligne(precision="Gens", nb=notees)] if notees else []
    with pytest.raises(ErreurMetier, match="Corrigez d’abord") if refuse else nullcontext():
        enregistrer(assemblee, lignes, auteur)


def test_presence_typed_twice_is_refused(assemblee, auteur):
    organisation = OrganisationFactory()
    with pytest.raises(ErreurMetier, match="deux fois"):
        enregistrer(assemblee, [ligne(organisation), ligne(organisation, nb=2)], auteur)
    with pytest.raises(IntegrityError), transaction.atomic():
        PresenceFactory.create_batch(2, rencontre=assemblee, organisation=organisation)


@pytest.mark.regle("R11")
def test_tacit_adhesions_start_on_the_day_of_the_assemblee(assemblee, auteur, horloge):
    organisation, personne = OrganisationFactory(), PersonneFactory()
    PresenceFactory(rencontre=assemblee, organisation=organisation)
    PresenceFactory(rencontre=assemblee, organisation=None, personne=personne)
    horloge.shift(datetime.timedelta(days=20))
    creees = enregistrer_adhesions_tacites(
        assemblee, organisations=[organisation], personnes=[personne], auteur=auteur
    )
    assert [(a.mode, a.etat, a.du, a.rencontre) for a in creees] == [("tacite", "acceptee", JOUR, assemblee)] * 2
    assert partenaires_en_date(JOUR - UN_JOUR).total == 0
    liste = partenaires_en_date(JOUR)
    assert (liste.nb_organisations, liste.citoyens, liste.nb_citoyens_non_publies) == (1, (), 1)


def test_tacit_adhesions_twice_change_nothing(assemblee, auteur):
    organisation = OrganisationFactory()
    PresenceFactory(rencontre=assemblee, organisation=organisation)
    for _ in range(2):
        enregistrer_adhesions_tacites(assemblee, organisations=[organisation], personnes=[], auteur=auteur)
    assert Adhesion.objects.count() == 1


@pytest.mark.regle("R11")
def test_tacit_adhesion_needs_a_presence(assemblee, auteur):
    assert (
        enregistrer_adhesions_tacites(assemblee, organisations=[OrganisationFactory()], personnes=[], auteur=auteur)
        == []
    )


def test_tacit_adhesion_leaves_partners_alone(assemblee, auteur):
    deja = AdhesionFactory(acceptee=True)
    PresenceFactory(rencontre=assemblee, organisation=deja.organisation)
    enregistrer_adhesions_tacites(assemblee, organisations=[deja.organisation], personnes=[], auteur=auteur)
    assert Adhesion.objects.get() == deja


@pytest.mark.parametrize("jours", [0, 1])
def test_tacit_adhesion_waits_for_the_assemblee(jours, assemblee, auteur):
    assemblee.date = JOUR + jours * UN_JOUR
    assemblee.save()
    organisation = OrganisationFactory()
    PresenceFactory(rencontre=assemblee, organisation=organisation)
    if jours:
        with pytest.raises(ErreurMetier, match="pas encore eu lieu"):
            enregistrer_adhesions_tacites(assemblee, organisations=[organisation], personnes=[], auteur=auteur)
    else:
        assert enregistrer_adhesions_tacites(assemblee, organisations=[organisation], personnes=[], auteur=auteur)


@pytest.mark.regle("R11")
def test_tacit_adhesion_is_given_at_an_assemblee_only(auteur):
    with pytest.raises(ErreurMetier, match="assemblée"):
        enregistrer_adhesions_tacites(RencontreFactory(), organisations=[], personnes=[], auteur=auteur)


def test_two_tabs_on_one_organisation(auteur):
    organisation = OrganisationFactory()
    modifier_organisation(organisation, {"sigle": "UN"}, version=1, auteur=auteur)
    with pytest.raises(ErreurMetier, match="pendant que vous"):
        modifier_organisation(organisation, {"sigle": "DEUX"}, version=1, auteur=auteur)
    organisation.refresh_from_db()
    assert (organisation.sigle, organisation.version) == ("UN", 2)


def test_unchanged_save_writes_no_history(auteur):
    organisation = OrganisationFactory(sigle="A")
    modifier_organisation(organisation, {"sigle": "A"}, version=1, auteur=auteur)
    collaboration = CollaborationStructuranteFactory()
    modifier_collaboration(collaboration, {"titre": collaboration.titre}, version=1, auteur=auteur)
    assert (organisation.history.count(), collaboration.history.count()) == (1, 1)


def test_same_name_is_refused_in_french(auteur):
    OrganisationFactory(nom="Patro")
    donnees = {"nom": "Patro", "sigle": "", "categorie": "organisme", "mission": "", "site_web": "", "autres_noms": ""}
    with pytest.raises(ErreurMetier) as refus:
        creer_organisation(donnees, auteur=auteur)
    assert "existe déjà" in refus.value.messages[0]


def test_collaboration_dates_and_removal(auteur):
    collaboration = CollaborationStructuranteFactory()
    with pytest.raises(ErreurMetier, match="précède"):
        modifier_collaboration(collaboration, {"fin": collaboration.debut - UN_JOUR}, version=1, auteur=auteur)
    supprimer_collaboration(collaboration, auteur=auteur)
    assert CollaborationStructurante.objects.count() == 0
    assert CollaborationStructurante.history.first().history_user == auteur


def test_seat_changes_organisation_the_day_before(auteur):
    siege = SiegeFactory()
    ancienne = RepresentationFactory(siege=siege, du=JOUR - 10 * UN_JOUR)
    nouvelle = designer_organisation(siege, OrganisationFactory(), du=JOUR, auteur=auteur)
    ancienne.refresh_from_db()
    assert (ancienne.au, nouvelle.du) == (JOUR - UN_JOUR, JOUR)
    assert designer_organisation(siege, nouvelle.organisation, du=JOUR, auteur=auteur) == nouvelle
    with pytest.raises(ErreurMetier, match="choisissez une date plus récente"):
        designer_organisation(siege, OrganisationFactory(), du=JOUR, auteur=auteur)
    clos = ExerciceFactory(annee=2024, clos=True)
    with pytest.raises(ErreurMetier, match="est clos"):
        designer_organisation(SiegeFactory(), OrganisationFactory(), du=clos.fin, auteur=auteur)
    assert designer_organisation(SiegeFactory(), OrganisationFactory(), du=clos.fin + UN_JOUR, auteur=auteur)
    terminer_representation(nouvelle, auteur=auteur)
    assert Representation.objects.get(pk=nouvelle.pk).au == JOUR


def test_affiliation_is_made_once_and_ends_once(auteur):
    affiliation = AffiliationFactory()
    encore = affilier(affiliation.personne, affiliation.organisation, fonction="", du=JOUR, auteur=auteur)
    assert encore == affiliation
    for _ in range(2):
        assert terminer_affiliation(affiliation, auteur=auteur).au == JOUR
    assert affiliation.history.count() == 2


@pytest.mark.regle("R10")
def test_nothing_moves_in_a_closed_exercice(auteur):
    clos = ExerciceFactory(annee=2023, clos=True)
    rencontre = RencontreFactory(instance_gouvernance=InstanceGouvernanceFactory(assemblee=True), date=clos.fin)
    PresenceFactory(rencontre=rencontre)
    collaboration = CollaborationStructuranteFactory(debut=clos.debut)
    adhesion, partenaire = AdhesionFactory(a_etudier=True), AdhesionFactory(acceptee=True, du=clos.debut)
    empreinte = empreinte_presences(rencontre)
    for geste in (
        lambda: enregistrer_presences(rencontre, [], empreinte=empreinte, auteur=auteur),
        lambda: enregistrer_adhesions_tacites(rencontre, organisations=[], personnes=[], auteur=auteur),
        lambda: modifier_collaboration(collaboration, {"titre": "Autre"}, version=1, auteur=auteur),
        lambda: modifier_collaboration(
            CollaborationStructuranteFactory(debut=JOUR), {"debut": clos.fin}, version=1, auteur=auteur
        ),
        lambda: supprimer_collaboration(collaboration, auteur=auteur),
        lambda: accepter_adhesion(adhesion, auteur=auteur, du=clos.fin),
        lambda: terminer_adhesion(partenaire, auteur=auteur, au=clos.fin - UN_JOUR),
    ):
        with pytest.raises(ErreurMetier, match="clos"):
            geste()
    # The last day of the closed exercice may be the last of a partner: its lists stay as they were.
    assert terminer_adhesion(partenaire, auteur=auteur, au=clos.fin).etat == "terminee"
