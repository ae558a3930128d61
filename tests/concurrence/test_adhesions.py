"""Two people of the team, or two clicks, on the same adhesion at the same instant."""

from demarche.comptes.models import Utilisateur
from demarche.socle.models import Courriel
from partenaires.models import Adhesion, Organisation, Personne
from partenaires.queries.liste import partenaires_en_date
from partenaires.services.adhesions import accepter_adhesion, confirmer_adhesion
from tests.factories import JOUR
from tests.factories.demarche import UtilisateurFactory
from tests.factories.partenaires import AdhesionFactory, OrganisationFactory, PersonneFactory


def accepter(adhesion_pk, auteur_pk, organisation_pk=None, personne_pk=None):
    return accepter_adhesion(
        Adhesion.objects.get(pk=adhesion_pk),
        auteur=Utilisateur.objects.get(pk=auteur_pk),
        du=JOUR,
        organisation=Organisation.objects.filter(pk=organisation_pk).first(),
        personne=Personne.objects.filter(pk=personne_pk).first(),
    ).etat


def confirmer(adhesion_pk):
    return confirmer_adhesion(Adhesion.objects.get(pk=adhesion_pk)).etat


def test_same_adhesion_accepted_by_three_makes_one_partner(base_concurrente):
    adhesion, auteur = AdhesionFactory(a_etudier=True), UtilisateurFactory(coordonnateur=True)
    rendus = base_concurrente.lancer(accepter, [(adhesion.pk, auteur.pk)] * 3)
    assert [(r.valeur, r.erreur) for r in rendus] == [("acceptee", "")] * 3
    assert (partenaires_en_date(JOUR).total, Organisation.objects.count(), Courriel.objects.count()) == (1, 1, 1)


def test_two_adhesions_of_one_organisation_make_one_partner(base_concurrente):
    organisation, auteur = OrganisationFactory(), UtilisateurFactory(coordonnateur=True)
    adhesions = AdhesionFactory.create_batch(3, a_etudier=True)
    rendus = base_concurrente.lancer(accepter, [(a.pk, auteur.pk, organisation.pk) for a in adhesions])
    assert sorted(r.erreur for r in rendus) == ["", "ErreurMetier", "ErreurMetier"]
    assert all("est déjà partenaire" in r.texte for r in rendus if r.erreur)
    assert Adhesion.objects.filter(etat="acceptee").count() == 1


def test_two_adhesions_of_one_citizen_make_one_partner(base_concurrente):
    personne, auteur = PersonneFactory(), UtilisateurFactory(coordonnateur=True)
    adhesions = AdhesionFactory.create_batch(3, a_etudier=True, citoyenne=True)
    rendus = base_concurrente.lancer(accepter, [(a.pk, auteur.pk, None, personne.pk) for a in adhesions])
    assert sorted(r.erreur for r in rendus) == ["", "ErreurMetier", "ErreurMetier"]
    assert Adhesion.objects.filter(etat="acceptee").count() == 1


def test_one_new_name_makes_one_organisation(base_concurrente):
    auteur = UtilisateurFactory(coordonnateur=True)
    adhesions = AdhesionFactory.create_batch(3, a_etudier=True, nom_organisation="Cuisines du Nord")
    rendus = base_concurrente.lancer(accepter, [(a.pk, auteur.pk) for a in adhesions])
    assert sorted(r.erreur for r in rendus) == ["", "ErreurMetier", "ErreurMetier"]
    assert Organisation.objects.count() == 1


def test_link_clicked_three_times_confirms_once(base_concurrente):
    adhesion = AdhesionFactory()
    rendus = base_concurrente.lancer(confirmer, [(adhesion.pk,)] * 3)
    assert [r.valeur for r in rendus] == ["a_etudier"] * 3
    assert adhesion.history.count() == 2
