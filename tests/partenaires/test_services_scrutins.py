"""Online ballots of the assemblée (R6): who is called, who answers, who is told."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from demarche.gouvernance.enums import Choix, Issue, ModeDecision
from demarche.scrutins.enums import CanalVote
from demarche.scrutins.models import Scrutin, Vote
from demarche.scrutins.queries import qui_bloque
from demarche.scrutins.services.electeurs import electeur_de
from demarche.scrutins.services.scrutins import clore_si_echu
from demarche.scrutins.services.votes import inscrire_vote_telephone, recuser, voter
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.models import Courriel
from partenaires.models import Adhesion, ElecteurPartenaire
from partenaires.queries.assemblee import (
    nb_partenaires,
    partenaires_sans_compte,
    reponses_de_la_voix,
    voix_ouvertes_du_partenaire,
)
from partenaires.services.scrutins import CITOYEN, ouvrir_scrutin_assemblee, partenaires_appeles
from tests.factories import DEBUT_EXERCICE, JOUR
from tests.factories.demarche import InstanceGouvernanceFactory, UtilisateurFactory
from tests.factories.partenaires import AdhesionFactory, AffiliationFactory, OrganisationFactory, PersonneFactory

pytestmark = pytest.mark.django_db
HIER, DEMAIN = JOUR - datetime.timedelta(days=1), JOUR + datetime.timedelta(days=1)


@pytest.fixture
def assemblee():
    return InstanceGouvernanceFactory(assemblee=True, mode_decision=ModeDecision.EN_LIGNE, regle_quorum="aucun")


@pytest.fixture
def coordination():
    return UtilisateurFactory(coordonnateur=True)


@pytest.fixture
def ouvrir(assemblee, coordination):
    def faire(**champs):
        return ouvrir_scrutin_assemblee(
            instance_gouvernance=assemblee,
            question="Question",
            texte="Texte",
            echeance=timezone.now() + datetime.timedelta(days=7),
            auteur=coordination,
            **champs,
        )

    return faire


def partenaire(nom="Café du coin", *, comptes=1, **adhesion):
    """Return an organisation in good standing with that many accounts, the first its representative."""
    organisation = OrganisationFactory(nom=nom)
    personnes = [
        AffiliationFactory(organisation=organisation, personne__avec_compte=True).personne for _ in range(comptes)
    ]
    adhesion = AdhesionFactory(
        acceptee=True, organisation=organisation, personne=personnes[0] if personnes else None, **adhesion
    )
    return adhesion, [personne.utilisateur for personne in personnes]


def citoyenne(**champs):
    personne = PersonneFactory(avec_compte=True)
    return AdhesionFactory(citoyenne=True, acceptee=True, personne=personne, **champs), personne.utilisateur


# Who is called


@pytest.mark.regle("R6")
@pytest.mark.parametrize(
    ("du", "au", "appele"),
    [
        (JOUR, None, True),
        (DEMAIN, None, False),
        (DEBUT_EXERCICE, JOUR, True),
        (DEBUT_EXERCICE, HIER, False),
    ],
)
def test_adhesion_of_the_day_makes_the_elector(ouvrir, du, au, appele):
    partenaire("Toujours")
    etat = {} if au is None else {"etat": "terminee"}
    partenaire("Autre", du=du, au=au, **etat)
    libelles = {electeur.libelle for electeur in ouvrir().electeurs.all()}
    assert libelles == ({"Toujours", "Autre"} if appele else {"Toujours"})


@pytest.mark.regle("R6")
def test_electors_are_frozen_at_opening(ouvrir):
    partenaire("Déjà là")
    scrutin = ouvrir()
    _, (nouvelle,) = partenaire("Arrivée ensuite")
    assert [electeur.libelle for electeur in scrutin.electeurs.all()] == ["Déjà là"]
    with pytest.raises(ErreurMetier, match="pas de voix"):
        voter(scrutin.pk, auteur=nouvelle, choix=Choix.POUR)


@pytest.mark.regle("R6")
def test_one_voice_each_organisation_and_each_citizen(ouvrir, assemblee):
    partenaire("Café", comptes=3)
    citoyenne()
    scrutin = ouvrir()
    assert [electeur.libelle for electeur in scrutin.electeurs.all()] == ["Café", CITOYEN]
    assert nb_partenaires(assemblee, JOUR) == len(partenaires_appeles(JOUR)) == 2


def test_nobody_in_good_standing_is_said(ouvrir):
    with pytest.raises(ErreurMetier, match="Aucun partenaire n’est en règle"):
        ouvrir()
    assert not Scrutin.objects.exists()


def test_citizen_is_never_named_on_the_voice(ouvrir):
    adhesion, _ = citoyenne()
    electeur = ouvrir().electeurs.get()
    assert adhesion.nom_personne not in f"{electeur} {electeur.libelle}"


# Who receives the call


def test_representative_receives_the_call(ouvrir):
    _, (premiere, _) = partenaire(comptes=2)
    assert ouvrir().electeurs.get().utilisateur == premiere


@pytest.mark.regle("R6")
def test_representative_who_left_gives_way_to_somebody_affiliated(ouvrir):
    adhesion, (premiere, seconde) = partenaire(comptes=2)
    adhesion.personne.affiliations.update(au=HIER)
    assert ouvrir().electeurs.get().utilisateur == seconde


@pytest.mark.regle("R6")
@pytest.mark.parametrize("comment", ["partie", "desactivee", "sans compte"])
def test_partner_without_account_is_called_and_listed(ouvrir, comment):
    adhesion, comptes = partenaire(comptes=0 if comment == "sans compte" else 1)
    if comment == "partie":
        adhesion.personne.affiliations.update(au=HIER)
    if comment == "desactivee":
        comptes[0].is_active = False
        comptes[0].save()
    scrutin = ouvrir()
    assert scrutin.electeurs.get().courriel == ""
    assert [p.nom for p in partenaires_sans_compte(scrutin)] == ["Café du coin"]


def test_phone_vote_takes_the_partner_off_the_list(ouvrir, coordination):
    partenaire(comptes=0)
    partenaire("Autre")
    scrutin = ouvrir()
    electeur = scrutin.electeurs.get(utilisateur=None)
    inscrire_vote_telephone(scrutin.pk, electeur_pk=electeur.pk, choix=Choix.POUR, commentaire="", auteur=coordination)
    assert partenaires_sans_compte(scrutin) == []
    assert Vote.objects.get().canal == CanalVote.TELEPHONE


@pytest.mark.regle("R5")
@pytest.mark.parametrize(
    ("comment", "adresse"),
    [("personne", "elle@exemple.test"), ("formulaire", "candidat@exemple.test"), ("partie", ""), ("aucune", "")],
)
def test_phone_vote_of_a_partner_without_account_is_told_where_it_can_be(ouvrir, coordination, comment, adresse):
    personne = PersonneFactory(courriel="elle@exemple.test" if comment in ("personne", "partie") else "")
    adhesion = AdhesionFactory(acceptee=True, personne=personne, courriel="candidat@exemple.test")
    AffiliationFactory(personne=personne, organisation=adhesion.organisation, au=HIER if comment == "partie" else None)
    if comment == "aucune":
        Adhesion.objects.update(courriel="")
    partenaire("Autre")
    electeur = ouvrir().electeurs.get(utilisateur=None)
    reponse = {"electeur_pk": electeur.pk, "choix": Choix.POUR, "commentaire": "", "auteur": coordination}
    assert inscrire_vote_telephone(electeur.scrutin_id, **reponse) == adresse
    confirmations = Courriel.objects.filter(sujet__startswith="Votre vote au téléphone")
    assert [c.destinataire for c in confirmations] == ([adresse] if adresse else [])
    assert all("appelez l’équipe" in c.texte and "/scrutins/" not in c.texte for c in confirmations)


@pytest.mark.regle("R6")
def test_team_alone_reads_which_citizen_holds_each_voice(ouvrir, client_de):
    for nom in ("Gagnon", "Bouchard"):
        AdhesionFactory(citoyenne=True, acceptee=True, personne=PersonneFactory(nom=nom))
    scrutin = ouvrir()
    assert {ligne.qui for ligne in qui_bloque(scrutin).sans_ouvrir} == {"Dominique Gagnon", "Dominique Bouchard"}
    page = reverse("scrutins:scrutin_detail", args=[scrutin.pk])
    telephone = reverse("scrutins:scrutin_telephone", args=[scrutin.pk])
    agent = client_de("agent")
    for adresse in (page, telephone):
        assert "Dominique Gagnon" in agent.get(adresse).content.decode()
    assert "Dominique Gagnon" not in client_de("membre_comite").get(page).content.decode()


# Who answers


@pytest.mark.regle("R6")
def test_anybody_affiliated_today_answers_and_the_later_counts(ouvrir):
    _, (une, autre) = partenaire(comptes=2)
    partenaire("Autre")
    scrutin = ouvrir()
    voter(scrutin.pk, auteur=une, choix=Choix.POUR)
    voter(scrutin.pk, auteur=autre, choix=Choix.CONTRE)
    vote = Vote.objects.get()
    assert (vote.utilisateur, vote.choix, vote.history.count()) == (autre, Choix.CONTRE, 2)
    reponses = reponses_de_la_voix(vote.electeur)
    assert [(r.par, r.compte) for r in reponses] == [(str(autre), True), (str(une), False)]


def test_affiliation_ended_gives_no_voice(ouvrir):
    adhesion, (une, autre) = partenaire(comptes=2)
    scrutin = ouvrir()
    une.personne.affiliations.update(au=HIER)
    assert electeur_de(scrutin, une) is None
    assert electeur_de(scrutin, autre) is not None


@pytest.mark.regle("R6")
@pytest.mark.parametrize("genre", ["organisation", "citoyenne"])
def test_adhesion_ended_since_the_opening_gives_no_vote(ouvrir, genre):
    adhesion, compte = citoyenne() if genre == "citoyenne" else partenaire()
    compte = compte if genre == "citoyenne" else compte[0]
    scrutin = ouvrir()
    adhesion.etat, adhesion.au = "terminee", HIER
    adhesion.save()
    with pytest.raises(ErreurMetier, match="pas de voix"):
        voter(scrutin.pk, auteur=compte, choix=Choix.POUR)


@pytest.mark.regle("R6")
def test_adhesion_ended_since_the_opening_gives_no_phone_vote(ouvrir, coordination):
    adhesion, _ = partenaire(comptes=0)
    scrutin = ouvrir()
    adhesion.etat, adhesion.au = "terminee", HIER
    adhesion.save()
    with pytest.raises(ErreurMetier, match="n’est plus en règle"):
        inscrire_vote_telephone(
            scrutin.pk, electeur_pk=scrutin.electeurs.get().pk, choix=Choix.POUR, commentaire="", auteur=coordination
        )


@pytest.mark.regle("R4")
def test_somebody_of_two_partners_is_bound_by_the_one_that_stood_aside(ouvrir):
    _, (double,) = partenaire("A")
    autre, (collegue,) = partenaire("B")
    AffiliationFactory(organisation=autre.organisation, personne=double.personne)
    scrutin = ouvrir()
    assert electeur_de(scrutin, double).libelle == "A"
    recuser(scrutin.pk, auteur=collegue)
    assert electeur_de(scrutin, double).libelle == "B"
    with pytest.raises(ErreurMetier, match="récusé"):
        voter(scrutin.pk, auteur=double, choix=Choix.POUR)
    assert voix_ouvertes_du_partenaire(double) == [electeur_de(scrutin, double).pk]


def test_requester_who_is_a_citizen_stands_aside_at_once(ouvrir):
    _, compte = citoyenne()
    partenaire()
    ouvrir(demandeur=compte)
    assert hasattr(ElecteurPartenaire.objects.get(adhesion__personne=compte.personne).electeur, "recusation")


# Closing


@pytest.mark.regle("R6")
@pytest.mark.parametrize(
    ("choix", "issue"),
    [
        ([], Issue.SANS_QUORUM),
        ([Choix.POUR], Issue.ADOPTEE),
        ([Choix.CONTRE], Issue.REJETEE),
        ([Choix.POUR, Choix.CONTRE], Issue.REJETEE),
        ([Choix.POUR, Choix.CONTRE, Choix.POUR], Issue.ADOPTEE),
    ],
)
def test_without_quorum_one_voice_is_enough_and_a_tie_is_not_adoption(ouvrir, horloge, choix, issue):
    comptes = [partenaire(f"Partenaire {n}")[1][0] for n in range(4)]
    scrutin = ouvrir()
    for compte, reponse in zip(comptes, choix, strict=False):
        voter(scrutin.pk, auteur=compte, choix=reponse)
    horloge.move_to(scrutin.echeance)
    clore_si_echu(scrutin.pk)
    scrutin.refresh_from_db()
    assert (scrutin.issue, scrutin.nb_electeurs) == (issue, 4)


def test_ballot_closes_with_the_last_partner(ouvrir):
    comptes = [partenaire(f"Partenaire {n}")[1][0] for n in range(2)]
    scrutin = ouvrir()
    for compte in comptes:
        voter(scrutin.pk, auteur=compte, choix=Choix.POUR)
    scrutin.refresh_from_db()
    assert (scrutin.issue, scrutin.est_ouvert) == (Issue.ADOPTEE, False)


def test_call_reads_the_accounts_in_as_many_queries_for_many_partners(django_assert_num_queries):
    for n in range(3):
        partenaire(f"Partenaire {n}")
    with django_assert_num_queries(2):
        partenaires_appeles(JOUR)
    for n in range(3, 9):
        partenaire(f"Partenaire {n}")
        citoyenne()
    with django_assert_num_queries(2):
        partenaires_appeles(JOUR)


@pytest.mark.parametrize("role", ["coordonnateur", "membre_comite"])
def test_page_of_the_ballot_costs_the_same_for_many_partners(ouvrir, client_de, role):
    couts = set()
    for rang, nb in enumerate((1, 3, 10)):
        for n in range(nb):
            partenaire(f"Partenaire {rang} {n}")
            partenaire(f"Sans compte {rang} {n}", comptes=0)
            citoyenne()
        adresse = reverse("scrutins:scrutin_detail", args=[ouvrir().pk])
        client = client_de(role)
        client.get(adresse)
        with CaptureQueriesContext(connection) as requetes:
            assert client.get(adresse).status_code == 200
        couts.add(len(requetes))
    assert len(couts) == 1
