"""A request decided by the partners online: who reads its sheet, who stands aside, what does not leak (R4, R6)."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.permissions import peut_ouvrir_deliberation
from chantiers.demandes.services.deliberations import inscrire_decision_rencontre, ouvrir_deliberation
from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import Choix, ModeDecision
from demarche.rencontres.services.votes_main_levee import CompteSalle
from demarche.scrutins.services.votes import inscrire_vote_telephone, voter
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.models import Courriel
from partenaires.models import Affiliation
from tests.factories import JOUR
from tests.factories.chantiers import DeliberationFactory, DemandeFondsFactory, EnveloppeFactory
from tests.factories.demarche import DemarcheFactory, InstanceGouvernanceFactory, RencontreFactory, UtilisateurFactory
from tests.factories.partenaires import AdhesionFactory, AffiliationFactory, OrganisationFactory, PersonneFactory

pytestmark = pytest.mark.django_db
HIER = JOUR - datetime.timedelta(days=1)


def partenaire(nom, comptes=1):
    organisation = OrganisationFactory(nom=nom)
    personnes = [
        AffiliationFactory(organisation=organisation, personne__avec_compte=True).personne for _ in range(comptes)
    ]
    adhesion = AdhesionFactory(acceptee=True, organisation=organisation, personne=personnes[0])
    return adhesion, personnes[0].utilisateur


@pytest.fixture
def assemblee():
    return InstanceGouvernanceFactory(assemblee=True, mode_decision=ModeDecision.EN_LIGNE, regle_quorum="aucun")


@pytest.fixture
def demande(assemblee):
    DemarcheFactory()
    return DemandeFondsFactory(soumise=True, montant_demande=Decimal("60000.00"), instance_gouvernance=assemblee)


@pytest.fixture
def ouvrir(demande, personne_de):
    def faire():
        ouvrir_deliberation(
            demande.pk,
            auteur=personne_de("coordonnateur"),
            enveloppe=EnveloppeFactory(montant=Decimal("100000.00")),
            echeance=timezone.now() + datetime.timedelta(days=14),
        )
        demande.refresh_from_db()
        return demande.scrutin

    return faire


def client_pour(compte):
    from django.test import Client

    client = Client()
    client.force_login(Utilisateur.objects.get(pk=compte.pk))
    return client


def fiche(demande):
    return reverse("demandes:demande_fiche", args=[demande.pk])


def test_ballot_opens_from_the_mode_of_the_assemblee_alone(demande, assemblee, personne_de):
    partenaire("Café")
    coordination = personne_de("coordonnateur")
    assert peut_ouvrir_deliberation(coordination, demande)
    assemblee.mode_decision = ModeDecision.MAIN_LEVEE
    assemblee.save()
    demande.refresh_from_db()
    demande.instance_gouvernance = assemblee
    assert not peut_ouvrir_deliberation(coordination, demande)
    with pytest.raises(ErreurMetier, match="décide en rencontre"):
        ouvrir_deliberation(
            demande.pk,
            auteur=coordination,
            enveloppe=EnveloppeFactory(montant=Decimal("100000.00")),
            echeance=timezone.now() + datetime.timedelta(days=14),
        )


@pytest.mark.regle("R6")
def test_partner_elector_reads_the_sheet_and_votes_from_its_space(demande, ouvrir):
    _, compte = partenaire("Café du coin")
    partenaire("Autre")
    client = client_pour(compte)
    assert client.get(fiche(demande)).status_code == 404  # nothing is asked of partners yet
    scrutin = ouvrir()
    (attente,) = [a for a in client.get("/espace/").context["attentes"] if a.verbe == "À voter"]
    assert attente.url == fiche(demande)
    assert client.get(fiche(demande)).status_code == 200
    assert client.get(demande.get_absolute_url()).status_code == 200
    voter(scrutin.pk, auteur=compte, choix=Choix.POUR)
    assert not [a for a in client.get("/espace/").context["attentes"] if a.verbe == "À voter"]


@pytest.mark.regle("R6")
@pytest.mark.parametrize("pourquoi", ["arrivée après", "adhésion finie", "affiliation finie"])
def test_partner_who_is_not_an_elector_reads_nothing(demande, ouvrir, pourquoi):
    adhesion, compte = partenaire("Café")
    partenaire("Autre")
    if pourquoi == "arrivée après":
        adhesion.delete()
    ouvrir()
    if pourquoi == "arrivée après":
        AdhesionFactory(acceptee=True, organisation=adhesion.organisation, personne=compte.personne)
    if pourquoi == "adhésion finie":
        adhesion.etat, adhesion.au = "terminee", HIER
        adhesion.save()
    if pourquoi == "affiliation finie":
        compte.personne.affiliations.update(au=HIER)
    client = client_pour(compte)
    assert client.get(fiche(demande)).status_code == 404
    assert client.get(demande.get_absolute_url()).status_code == 404


def test_ballot_of_the_comite_that_follows_is_not_for_the_partners(demande, ouvrir):
    _, compte = partenaire("Café du coin")
    ouvrir()
    comite = InstanceGouvernanceFactory(comite=True)
    DeliberationFactory(demande=demande, scrutin__instance_gouvernance=comite)
    client = client_pour(compte)
    assert client.get(fiche(demande)).status_code == 403
    assert client.get(demande.get_absolute_url()).context["page"].droits.isdisjoint({"voir_fiche"})


@pytest.mark.regle("R6")
def test_sheet_names_no_citizen_and_no_account_to_a_partner(demande, ouvrir):
    _, compte = partenaire("Café")
    autre, collegue = partenaire("Autre")
    citoyenne = PersonneFactory(prenom="Gisèle", nom="Introuvable", avec_compte=True)
    AdhesionFactory(citoyenne=True, acceptee=True, personne=citoyenne)
    sans_compte = PersonneFactory(prenom="Rolande", nom="Introuvable")
    AdhesionFactory(citoyenne=True, acceptee=True, personne=sans_compte)
    demande.organisation = None
    demande.demandeur = UtilisateurFactory(prenom="Adèle", nom="Introuvable")
    demande.save()
    ouvrir()
    client = client_pour(compte)
    for adresse in (fiche(demande), demande.get_absolute_url()):
        page = client.get(adresse).content.decode()
        assert "Introuvable" not in page
        assert str(collegue) not in page
        assert citoyenne.utilisateur.nom not in page
    assert "Citoyenne ou citoyen" in client.get(fiche(demande)).content.decode()
    assert "Adèle Introuvable" in client_pour(demande.demandeur).get(demande.get_absolute_url()).content.decode()


def test_opening_says_how_many_emails_leave_and_who_has_no_account(demande, client_de):
    for nom in ("Café", "Jardin"):
        partenaire(nom)
    AdhesionFactory(acceptee=True, organisation=OrganisationFactory(nom="Halte"), personne=None)
    enveloppe = EnveloppeFactory(montant=Decimal("100000.00"))
    client, page = client_de("coordonnateur"), reverse("demandes:demande_ouvrir", args=[demande.pk])
    form = client.get(page).context["form"]
    valeurs = {nom: form[nom].value() or "" for nom in form.fields} | {"enveloppe": enveloppe.pk}
    texte = client.post(page, valeurs, follow=True).content.decode()
    assert "Le scrutin est ouvert\u00a0: 2\u00a0courriels partent. 1\u00a0voix n’a pas de compte\u00a0:" in texte


def test_team_reads_which_partners_have_no_account(demande, ouvrir, client_de):
    partenaire("Café")
    sans_compte = PersonneFactory(prenom="Rolande", nom="Introuvable")
    AdhesionFactory(citoyenne=True, acceptee=True, personne=sans_compte)
    ouvrir()
    page = client_de("agent").get(fiche(demande)).content.decode()
    assert "1 partenaire sans compte" in page
    assert "Introuvable" in page
    assert "sans compte" not in client_de("membre_comite").get(fiche(demande)).content.decode()


@pytest.mark.regle("R6")
def test_both_answers_of_one_partner_are_told_to_it_never_which(demande, ouvrir):
    adhesion, une = partenaire("Café", comptes=2)
    autre = adhesion.organisation.affiliations.exclude(personne=une.personne).get().personne.utilisateur
    partenaire("Autre")
    scrutin = ouvrir()
    voter(scrutin.pk, auteur=une, choix=Choix.CONTRE, commentaire="Trop cher pour nous.")
    page = client_pour(autre).get(fiche(demande)).content.decode()
    assert f"{une} a déjà répondu" in page
    assert "Trop cher pour nous." not in page
    assert "Vous avez répondu" not in page
    voter(scrutin.pk, auteur=autre, choix=Choix.POUR)
    page = client_pour(une).get(fiche(demande)).content.decode()
    assert "remplacée" in page
    assert f"{autre} a déjà répondu" in page


@pytest.mark.regle("R6")
def test_colleague_whose_answer_is_replaced_is_told_by_whom_never_what(demande, ouvrir):
    adhesion, une = partenaire("Café", comptes=2)
    autre = adhesion.organisation.affiliations.exclude(personne=une.personne).get().personne.utilisateur
    partenaire("Autre")
    scrutin = ouvrir()
    voter(scrutin.pk, auteur=une, choix=Choix.CONTRE, commentaire="Trop cher pour nous.")
    for _ in range(2):  # the same answer sent again writes nothing
        voter(scrutin.pk, auteur=autre, choix=Choix.POUR, commentaire="Finalement, oui.")
    courriel = Courriel.objects.get(sujet__startswith="Réponse remplacée")
    assert (courriel.destinataire, str(autre) in courriel.texte) == (une.email, True)
    assert not any(dit in courriel.texte for dit in ("Finalement", "Pour\n", "Contre", "Trop cher"))
    voter(scrutin.pk, auteur=autre, choix=Choix.ABSTENTION)
    assert Courriel.objects.filter(sujet__startswith="Réponse remplacée").count() == 1


def test_phone_answer_of_a_partner_is_not_told_to_who_left_it(demande, ouvrir):
    (partie, ancien), (autre, reste) = partenaire("Café du coin"), partenaire("Maison des aînés")
    scrutin = ouvrir()
    Affiliation.objects.filter(personne__utilisateur=ancien).update(au=HIER)
    for adhesion in (partie, autre):
        voix = scrutin.electeurs.get(partenaire__adhesion=adhesion)
        inscrire_vote_telephone(
            scrutin.pk, electeur_pk=voix.pk, choix=Choix.CONTRE, commentaire="", auteur=UtilisateurFactory(agent=True)
        )
    avis = Courriel.objects.filter(sujet__startswith="Votre vote au téléphone")
    assert list(avis.values_list("destinataire", flat=True)) == [reste.email]


def test_nobody_phones_for_a_second_partner_they_speak_for(demande, ouvrir):
    (premiere, compte), (seconde, _) = partenaire("Café du coin"), partenaire("Maison des aînés")
    AffiliationFactory(organisation=seconde.organisation, personne=premiere.personne)
    scrutin = ouvrir()
    for electeur in scrutin.electeurs.all():
        with pytest.raises(ErreurMetier, match="sa propre voix"):
            inscrire_vote_telephone(
                scrutin.pk, electeur_pk=electeur.pk, choix=Choix.POUR, commentaire="", auteur=compte
            )


@pytest.mark.regle("R4")
def test_organisation_that_asks_stands_aside_the_others_of_the_action_are_asked(demande, ouvrir):
    adhesion, demandeuse = partenaire("Celle qui demande")
    porteuse_adhesion, porteuse = partenaire("Celle qui porte")
    _, autre = partenaire("Autre")
    demande.organisation = adhesion.organisation
    demande.save()
    demande.action_collective.porteur = porteuse_adhesion.organisation
    demande.action_collective.save()
    scrutin = ouvrir()
    assert [e.libelle for e in scrutin.electeurs.filter(recusation__isnull=False)] == ["Celle qui demande"]
    assert "conflit d’intérêts" in client_pour(porteuse).get(fiche(demande)).content.decode()
    assert "conflit d’intérêts" not in client_pour(autre).get(fiche(demande)).content.decode()
    with pytest.raises(ErreurMetier, match="son organisation, a déposé"):
        voter(scrutin.pk, auteur=demandeuse, choix=Choix.POUR)


def test_call_goes_to_each_partner_that_has_an_account_and_may_vote(demande, ouvrir):
    adhesion, demandeuse = partenaire("Celle qui demande")
    _, compte = partenaire("Café")
    AdhesionFactory(citoyenne=True, acceptee=True, personne=PersonneFactory())
    demande.organisation = adhesion.organisation
    demande.save()
    Courriel.objects.all().delete()
    ouvrir()
    appels = Courriel.objects.filter(sujet__startswith="À voter")
    assert [courriel.destinataire for courriel in appels] == [compte.email]


def test_list_of_requests_shows_the_partner_what_it_is_called_to(demande, ouvrir):
    _, compte = partenaire("Café")
    DemandeFondsFactory(soumise=True, titre="Une autre")
    ouvrir()
    page = client_pour(compte).get(reverse("demandes:demande_liste")).content.decode()
    assert demande.titre in page
    assert "Une autre" not in page


def test_last_partner_closes_and_the_majority_grants(demande, ouvrir):
    comptes = [partenaire(nom)[1] for nom in ("A", "B", "C")]
    scrutin = ouvrir()
    for compte, choix in zip(comptes, (Choix.POUR, Choix.CONTRE, Choix.POUR), strict=True):
        voter(scrutin.pk, auteur=compte, choix=choix)
    demande.refresh_from_db()
    assert (demande.etat, demande.montant_accorde) == (EtatDemande.ACCORDEE, Decimal("60000.00"))
    assert demande.resolution.code.startswith("AP-")


# In the room


@pytest.mark.regle("R6")
@pytest.mark.parametrize(
    ("presents", "recusations", "possible"), [(2, 1, True), (3, 0, True), (3, 1, False), (4, 0, False)]
)
def test_room_never_holds_more_voices_than_partners(demande, assemblee, personne_de, presents, recusations, possible):
    for nom in ("A", "B", "C"):
        partenaire(nom)

    def inscrire():
        return inscrire_decision_rencontre(
            demande.pk,
            auteur=personne_de("coordonnateur"),
            rencontre=RencontreFactory(instance_gouvernance=assemblee, date=JOUR),
            enveloppe=EnveloppeFactory(montant=Decimal("100000.00")),
            compte=CompteSalle(presents, presents, 0, 0, recusations),
        )

    if possible:
        scrutin = inscrire().scrutin
        assert (scrutin.nb_recusations, scrutin.nb_electeurs) == (recusations, presents + recusations)
    else:
        with pytest.raises(ErreurMetier, match="Il y a 3 partenaires en règle"):
            inscrire()
