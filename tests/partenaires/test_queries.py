import datetime

import pytest

from demarche.comptes.models import Utilisateur
from partenaires.enums import CategorieOrganisation, CategoriePartenaire, EtatAdhesion, ModeAdhesion
from partenaires.permissions import est_partenaire, organisations_de
from partenaires.queries.adhesions import adhesions_par_mode
from partenaires.queries.liste import partenaires_en_date
from partenaires.queries.organisations import chercher_organisations, organisations_proches
from partenaires.queries.participation import (
    assemblees_de_l_exercice,
    collaborations_de_l_exercice,
    presences_rencontre,
)
from partenaires.rapprochement import cle_nom, cles_se_ressemblent
from tests.factories import JOUR
from tests.factories.demarche import (
    ExerciceFactory,
    InstanceGouvernanceFactory,
    RencontreFactory,
    UtilisateurFactory,
)
from tests.factories.partenaires import (
    AdhesionFactory,
    AffiliationFactory,
    CollaborationStructuranteFactory,
    ConsentementFactory,
    OrganisationFactory,
    PersonneFactory,
    PresenceFactory,
)

pytestmark = pytest.mark.django_db
UN_JOUR = datetime.timedelta(days=1)


@pytest.mark.regle("R11")
@pytest.mark.parametrize(
    ("jour", "attendu"),
    [
        (datetime.date(2024, 5, 7), 0),  # the day before the first
        (datetime.date(2024, 5, 8), 1),  # the first day
        (datetime.date(2024, 11, 30), 1),  # the last day
        (datetime.date(2024, 12, 1), 0),  # the day after the last
    ],
)
def test_list_counts_both_ends_of_the_period(jour, attendu):
    AdhesionFactory(terminee=True, du=datetime.date(2024, 5, 8), au=datetime.date(2024, 11, 30))
    assert partenaires_en_date(jour).total == attendu


@pytest.mark.regle("R11")
@pytest.mark.parametrize("trait", ["", "a_etudier", "refusee"])
def test_list_leaves_out_what_was_never_accepted(trait):
    AdhesionFactory(**({trait: True} if trait else {}))
    assert partenaires_en_date(JOUR).total == 0


def test_list_is_grouped_and_alphabetical():
    noms = [("Équijustice", "organisme"), ("Zone", "organisme"), ("Épicerie", "entreprise"), ("Abri", "organisme")]
    for nom, categorie in noms:
        AdhesionFactory(acceptee=True, organisation=OrganisationFactory(nom=nom, categorie=categorie))
    liste = partenaires_en_date(JOUR)
    assert [(g.titre, [o.nom for o in g.organisations]) for g in liste.groupes] == [
        ("Organismes communautaires", ["Abri", "Équijustice", "Zone"]),
        ("Entreprises privées", ["Épicerie"]),
    ]
    assert (liste.nb_organisations, liste.nb_citoyens, liste.total) == (4, 0, 4)


@pytest.mark.regle("R13")
def test_citizen_is_named_only_with_consent():
    AdhesionFactory(acceptee=True, citoyenne=True, prenom="Sans", nom="Réponse")
    ConsentementFactory(
        adhesion=AdhesionFactory(acceptee=True, citoyenne=True, prenom="Avec", nom="Refus"), est_accorde=False
    )
    ConsentementFactory(
        adhesion=AdhesionFactory(acceptee=True, citoyenne=True, prenom="Photo", nom="Seulement"), finalite="photos"
    )
    ConsentementFactory(adhesion=AdhesionFactory(acceptee=True, citoyenne=True, prenom="Avec", nom="Accord"))
    public, equipe = partenaires_en_date(JOUR), partenaires_en_date(JOUR, tous_les_noms=True)
    assert [c.nom for c in public.citoyens] == ["Avec Accord"]
    assert (public.nb_citoyens_non_publies, public.nb_citoyens) == (3, 4)
    assert len(equipe.citoyens) == 4
    assert [c.nom for c in equipe.citoyens if c.nom_public] == ["Avec Accord"]


def test_one_partner_with_two_periods_counts_once_a_day():
    organisation = OrganisationFactory()
    AdhesionFactory(terminee=True, organisation=organisation, du=JOUR - 9 * UN_JOUR, au=JOUR)
    AdhesionFactory(acceptee=True, organisation=organisation, du=JOUR)
    assert partenaires_en_date(JOUR).total == 1


@pytest.mark.parametrize("nb", [1, 3, 40])
def test_list_takes_one_query(nb, django_assert_num_queries):
    AdhesionFactory.create_batch(nb, acceptee=True)
    for adhesion in AdhesionFactory.create_batch(nb, acceptee=True, citoyenne=True):
        ConsentementFactory(adhesion=adhesion)
    with django_assert_num_queries(1):
        assert partenaires_en_date(JOUR).total == 2 * nb


def test_formal_and_tacit_are_counted_apart_at_the_bounds_of_the_exercice():
    exercice = ExerciceFactory()
    for du in (exercice.debut - UN_JOUR, exercice.debut, exercice.fin, exercice.fin + UN_JOUR):
        AdhesionFactory(acceptee=True, du=du)
    AdhesionFactory(acceptee=True, du=exercice.fin, mode=ModeAdhesion.TACITE)
    AdhesionFactory(terminee=True, du=exercice.debut, mode=ModeAdhesion.TACITE)
    AdhesionFactory(a_etudier=True)
    par_mode = adhesions_par_mode(exercice)
    assert (par_mode.formelles, par_mode.tacites, par_mode.total) == (2, 2, 4)


def test_presences_count_people_and_organisations():
    rencontre = RencontreFactory()
    assert presences_rencontre(rencontre).est_notee is False
    organisation = OrganisationFactory()
    PresenceFactory(rencontre=rencontre, organisation=organisation, nb_personnes=3)
    PresenceFactory(rencontre=rencontre, organisation=organisation, personne=PersonneFactory())
    PresenceFactory(rencontre=rencontre, organisation=None, personne=PersonneFactory())
    PresenceFactory(rencontre=rencontre, organisation=None, precision="Équipe", nb_personnes=2)
    PresenceFactory(nb_personnes=50)
    compte = presences_rencontre(rencontre)
    assert (compte.nb_personnes, compte.nb_organisations) == (7, 1)


@pytest.mark.parametrize("nb", [1, 3, 8])
def test_assemblees_take_one_query(nb, django_assert_num_queries):
    exercice = ExerciceFactory()
    assemblee = InstanceGouvernanceFactory(assemblee=True)
    for rang in range(nb):
        rencontre = RencontreFactory(instance_gouvernance=assemblee, date=exercice.fin - rang * UN_JOUR)
        PresenceFactory(rencontre=rencontre, nb_personnes=rang + 1)
        PresenceFactory(rencontre=rencontre)
    RencontreFactory(instance_gouvernance=assemblee, date=exercice.fin + UN_JOUR)
    RencontreFactory(date=exercice.fin)
    with django_assert_num_queries(1):
        comptes = assemblees_de_l_exercice(exercice)
    assert [(c.nb_personnes, c.nb_organisations) for c in comptes] == [(rang + 2, 2) for rang in reversed(range(nb))]


def test_collaborations_touch_the_exercice():
    exercice = ExerciceFactory()
    dehors = [
        {"debut": exercice.debut - UN_JOUR},
        {"debut": exercice.debut - 2 * UN_JOUR, "fin": exercice.debut - UN_JOUR},
        {"debut": exercice.fin + UN_JOUR},
    ]
    dedans = [
        {"debut": exercice.debut - UN_JOUR, "fin": exercice.debut},
        {"debut": exercice.debut},
        {"debut": exercice.fin},
        {"debut": exercice.fin, "fin": exercice.fin + UN_JOUR},
    ]
    for dates in dehors:
        CollaborationStructuranteFactory(**dates)
    attendues = [CollaborationStructuranteFactory(**dates) for dates in dedans]
    assert collaborations_de_l_exercice(exercice) == attendues


@pytest.mark.parametrize(
    ("un", "autre", "proches"),
    [
        ("Ludothèque de Charlesbourg", "Ludotheque Charlesbourg", True),
        ("R.A.P. Jeunesse", "RAP Jeunesse", True),
        ("Carrefour Jeunesse-Emploi", "Carrefour Jeunesse Emploi Charlesbourg-Chauveau", True),
        ("Centre d’action bénévole", "Centre d'action benevole", True),
        ("Maison Ouverte", "Maison du Cœur pour femmes", False),
        ("Maison", "Maison Ouverte", False),
        ("Ville de Québec", "Moisson Québec", False),
    ],
)
def test_names_that_look_alike(un, autre, proches):
    assert cles_se_ressemblent(cle_nom(un), cle_nom(autre)) is proches


def test_organisations_proches_read_acronyms_and_other_names():
    cdc = OrganisationFactory(nom="Corporation de développement communautaire", sigle="CDC")
    autre = OrganisationFactory(nom="Le Piolet", autres_noms="Carrefour des jeunes\nCJ")
    assert organisations_proches("cdc") == [cdc]
    assert organisations_proches("Carrefour des jeunes") == [autre]
    assert organisations_proches("CDC", sauf=cdc.pk) == []


def test_search_ignores_accents_and_filters():
    jour = JOUR
    une = OrganisationFactory(nom="Équijustice")
    OrganisationFactory(nom="Équité", categorie=CategorieOrganisation.ENTREPRISE)
    assert chercher_organisations("equi just", "", jour=jour) == [une]
    assert [o.nom for o in chercher_organisations("equi", "entreprise", jour=jour)] == ["Équité"]


@pytest.mark.parametrize(
    ("affiliation", "adhesion", "attendu"),
    [
        ({}, {}, True),
        ({"au": JOUR}, {}, True),
        ({"au": JOUR - UN_JOUR}, {}, False),
        ({"du": JOUR + UN_JOUR}, {}, False),
        ({}, {"du": JOUR}, True),
        ({}, {"du": JOUR + UN_JOUR}, False),
        ({}, {"etat": EtatAdhesion.TERMINEE, "au": JOUR}, True),
        ({}, {"etat": EtatAdhesion.TERMINEE, "au": JOUR - UN_JOUR}, False),
    ],
)
def test_partner_by_organisation(affiliation, adhesion, attendu):
    lien = AffiliationFactory(personne=PersonneFactory(avec_compte=True), **affiliation)
    AdhesionFactory(acceptee=True, organisation=lien.organisation, **adhesion)
    assert est_partenaire(lien.personne.utilisateur) is attendu


def test_partner_as_a_citizen():
    personne = PersonneFactory(avec_compte=True)
    assert est_partenaire(personne.utilisateur) is False
    AdhesionFactory(acceptee=True, citoyenne=True, personne=personne)
    compte = Utilisateur.objects.get(pk=personne.utilisateur.pk)  # what it is, is read once a request
    assert est_partenaire(compte) is True
    assert organisations_de(compte) == []


def test_representative_of_the_past_is_not_a_partner_by_name():
    personne = PersonneFactory(avec_compte=True)
    AdhesionFactory(acceptee=True, personne=personne)
    assert est_partenaire(personne.utilisateur) is False
    assert est_partenaire(UtilisateurFactory()) is False
    assert est_partenaire(None) is False
    assert CategoriePartenaire.ORGANISME in CategorieOrganisation.values
