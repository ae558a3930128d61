import datetime
import uuid
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chantiers.demandes.enums import MODIFIABLES, EtatDemande
from chantiers.demandes.models import DemandeFonds
from demarche.socle.templatetags.formats import date_longue, dollars
from partenaires.permissions import organisations_de
from tests.adresses import adresse_de
from tests.factories.chantiers import (
    ActionCollectiveFactory,
    DemandeFondsFactory,
    PieceDemandeFactory,
    PosteDemandeFactory,
    RegleAllocationFactory,
)
from tests.factories.demarche import (
    ExerciceFactory,
    InstanceGouvernanceFactory,
    ResolutionFactory,
    UtilisateurFactory,
    VoteFactory,
)
from tests.factories.partenaires import AdhesionFactory, PersonneFactory
from tests.factories.personas import PERSONAS

pytestmark = [pytest.mark.django_db, pytest.mark.base]


@pytest.fixture(autouse=True)
def regles():
    RegleAllocationFactory()
    for nom in ("coordination", "comite", "assemblee"):
        InstanceGouvernanceFactory(**{nom: True})


def saisie(**autres):
    return {
        "jeton": str(uuid.uuid4()),
        "action_collective": ActionCollectiveFactory().pk,
        "titre": "Frigo du marché",
        "motif": "Le vieux a rendu l’âme.",
        "organisation": "",
        "exercice": ExerciceFactory().pk,
        "postes-TOTAL_FORMS": "2",
        "postes-INITIAL_FORMS": "0",
        "postes-0-libelle": "Frigo",
        "postes-0-montant": "1 234,50 $",
        "postes-1-libelle": "",
        "postes-1-montant": "",
        "apports-TOTAL_FORMS": "0",
        "apports-INITIAL_FORMS": "0",
        **autres,
    }


NOUVELLE = "/demandes/nouvelle/"


@pytest.mark.parametrize(
    ("role", "statut"),
    [("partenaire", 200), ("membre_comite", 200), ("agent", 200), ("coordonnateur", 200), ("administrateur", 403)],
)
def test_who_may_ask(client_de, role, statut):
    assert client_de(role).get(NOUVELLE).status_code == statut


@pytest.mark.parametrize("role", ["public"])
def test_public_signs_in_first(client_de, role):
    assert client_de(role).get(NOUVELLE).status_code == 302


def test_new_demande_adds_its_lines_up(client_de):
    reponse = client_de("agent").post(NOUVELLE, saisie())
    demande = DemandeFonds.objects.get()
    assert reponse.url == demande.get_absolute_url()
    assert (demande.montant_demande, demande.etat) == (Decimal("1234.50"), EtatDemande.BROUILLON)


def test_exercice_over_is_neither_offered_nor_accepted(client_de):
    passe, suivant = ExerciceFactory(annee=2024), ExerciceFactory(annee=2026)
    offerts = client_de("agent").get(NOUVELLE).context["form"].fields["exercice"].queryset
    assert (passe in offerts, suivant in offerts) == (False, True)
    refus = client_de("agent").post(NOUVELLE, saisie(exercice=passe.pk))
    assert refus.context["form"].errors.keys() == {"exercice"}


@pytest.mark.regle("R1")
def test_partner_names_its_organisation(client_de, personne_de):
    refus = client_de("partenaire").post(NOUVELLE, saisie())
    assert refus.context["form"].errors["organisation"] == ["Choisissez l’organisation qui demande."]
    (organisation,) = organisations_de(personne_de("partenaire"))
    client_de("partenaire").post(NOUVELLE, saisie(organisation=organisation.pk))
    assert DemandeFonds.objects.get().au_nom_de == organisation.nom


def test_citizen_asks_in_her_own_name_and_the_team_changes_nothing_to_it(client_de):
    personne = PersonneFactory(avec_compte=True)
    AdhesionFactory(acceptee=True, citoyenne=True, personne=personne)
    citoyenne = personne.utilisateur
    client = Client()
    client.force_login(citoyenne)
    assert "En mon nom" in client.get(NOUVELLE).content.decode()
    donnees = saisie()
    client.post(NOUVELLE, donnees)
    demande = DemandeFonds.objects.get()
    assert (demande.est_personnelle, demande.au_nom_de) == (True, "Une personne citoyenne")
    modifier = reverse("demandes:demande_modifier", args=[demande.pk])
    page = client_de("agent").get(modifier).content.decode()
    assert f"En son nom\u00a0: {citoyenne}" in page
    client_de("agent").post(
        modifier, donnees | {"jeton": str(uuid.uuid4()), "titre": "Congélateur", "version": demande.version}
    )
    demande.refresh_from_db()
    assert (demande.titre, demande.est_personnelle) == ("Congélateur", True)


def test_team_asks_for_the_demarche(client_de):
    client_de("agent").post(NOUVELLE, saisie())
    assert DemandeFonds.objects.get().au_nom_de == "La démarche"


def test_double_click_makes_one_demande(client_de):
    client, donnees = client_de("agent"), saisie()
    assert client.post(NOUVELLE, donnees).url == client.post(NOUVELLE, donnees).url
    assert DemandeFonds.objects.count() == 1


@pytest.mark.parametrize("montant", ["-5", "1e9", "NaN", "1.005", "1234567890123", "douze"])
def test_bad_amount_is_told_beside_the_field_and_kept(client_de, montant):
    reponse = client_de("agent").post(NOUVELLE, saisie(**{"postes-0-montant": montant}))
    assert list(reponse.context["postes"].forms[0].errors) == ["montant"]
    page = reponse.content.decode()
    assert f'value="{montant}"' in page
    assert "Le vieux a rendu l’âme." in page
    assert not DemandeFonds.objects.exists()


def test_line_without_amount_is_told(client_de):
    reponse = client_de("agent").post(NOUVELLE, saisie(**{"postes-1-libelle": "Transport"}))
    assert reponse.context["postes"].forms[1].errors == {"montant": ["Écrivez le montant de ce poste."]}


def test_demande_without_line_is_told(client_de):
    reponse = client_de("agent").post(NOUVELLE, saisie(**{"postes-0-libelle": "", "postes-0-montant": ""}))
    assert "Ajoutez au moins un poste" in reponse.content.decode()


def test_partner_asks_for_own_organisation_only(client_de):
    from tests.factories.partenaires import OrganisationFactory

    reponse = client_de("partenaire").post(NOUVELLE, saisie(organisation=OrganisationFactory().pk))
    assert list(reponse.context["form"].errors) == ["organisation"]


def test_markup_is_shown_as_text(client_de):
    demande = DemandeFondsFactory(soumise=True, titre="<b>Frigo</b>", motif="<script>alert(1)</script>")
    page = client_de("coordonnateur").get(demande.get_absolute_url()).content.decode()
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize(
    ("role", "soumise", "brouillon"),
    [
        ("partenaire", 404, 404),
        ("membre_comite", 200, 404),
        ("fiduciaire", 200, 404),
        ("agent", 200, 200),
        ("coordonnateur", 200, 200),
        ("administrateur", 404, 404),
    ],
)
def test_who_sees_a_demande(client_de, role, soumise, brouillon):
    vue = DemandeFondsFactory(soumise=True)
    cachee = DemandeFondsFactory()
    client = client_de(role)
    assert client.get(vue.get_absolute_url()).status_code == soumise
    assert client.get(cachee.get_absolute_url()).status_code == brouillon


def test_partner_sees_the_decided_demandes_of_others(client_de):
    decidee = DemandeFondsFactory(accordee=True)
    client = client_de("partenaire")
    assert client.get(decidee.get_absolute_url()).status_code == 200
    assert [d.pk for d in client.get("/demandes/").context["page"].object_list] == [decidee.pk]
    assert client_de("administrateur").get(decidee.get_absolute_url()).status_code == 404


def test_writer_and_own_organisation_see_their_draft(client_de, personne_de):
    partenaire = personne_de("partenaire")
    sienne = DemandeFondsFactory(demandeur=partenaire)
    de_son_organisation = DemandeFondsFactory(organisation=partenaire.personne.affiliations.get().organisation)
    client = client_de("partenaire")
    assert client.get(sienne.get_absolute_url()).status_code == 200
    assert client.get(de_son_organisation.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("role", "nombre"),
    [("partenaire", 0), ("membre_comite", 1), ("fiduciaire", 1), ("agent", 2), ("coordonnateur", 2)],
)
def test_list_shows_what_may_be_seen(client_de, role, nombre):
    DemandeFondsFactory(soumise=True)
    DemandeFondsFactory()
    reponse = client_de(role).get("/demandes/")
    assert len(reponse.context["page"].object_list) == nombre


def test_list_is_closed_to_the_administrateur(client_de):
    assert client_de("administrateur").get("/demandes/").status_code == 403


@pytest.mark.parametrize("nombre", [1, 3, 30])
def test_list_asks_the_same_queries_whatever_the_rows(client_de, django_assert_num_queries, nombre):
    for _ in range(nombre):
        DemandeFondsFactory(soumise=True, action_collective=ActionCollectiveFactory())
    client = client_de("coordonnateur")
    with django_assert_num_queries(13):
        client.get("/demandes/")


def test_submit_says_who_decides(client_de, personne_de):
    demande = PosteDemandeFactory(demande__demandeur=personne_de("agent")).demande
    reponse = client_de("agent").post(reverse("demandes:demande_soumettre", args=[demande.pk]), follow=True)
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.SOUMISE
    assert "Elle relève de\u00a0: Comité de pilotage." in reponse.content.decode()


def test_submit_is_a_post(client_de):
    demande = DemandeFondsFactory()
    assert client_de("agent").get(reverse("demandes:demande_soumettre", args=[demande.pk])).status_code == 405


@pytest.mark.parametrize("route", ["demande_soumettre", "demande_retirer"])
def test_member_cannot_submit_nor_withdraw_for_others(client_de, route):
    demande = DemandeFondsFactory(soumise=True)
    assert client_de("membre_comite").post(adresse_de(f"{route}", args=[demande.pk])).status_code == 403


def test_second_tab_is_told_and_keeps_what_was_typed(client_de):
    demande = PosteDemandeFactory(demande__titre="Un").demande
    client = client_de("agent")
    adresse = reverse("demandes:demande_modifier", args=[demande.pk])
    client.post(adresse, saisie(titre="Deux", version="1"))
    reponse = client.post(adresse, saisie(titre="Trois", version="1"))
    assert "Rien n’a été écrasé" in reponse.content.decode()
    assert 'value="Trois"' in reponse.content.decode()
    demande.refresh_from_db()
    assert demande.titre == "Deux"


@pytest.mark.parametrize("etat", EtatDemande)
def test_form_opens_until_the_decision(client_de, etat):
    demande = DemandeFondsFactory(**({} if etat == EtatDemande.BROUILLON else {etat.value: True}))
    statut = client_de("agent").get(reverse("demandes:demande_modifier", args=[demande.pk])).status_code
    assert statut == (200 if etat in MODIFIABLES else 403)


def test_attachment_opens_for_those_who_see_the_demande(client_de):
    piece = PieceDemandeFactory(demande=DemandeFondsFactory(soumise=True))
    clients = {role: client_de(role) for role in PERSONAS}
    lus = {
        objet: {role for role, client in clients.items() if client.get(objet.get_absolute_url()).status_code == 200}
        for objet in (piece.demande, piece.document)
    }
    assert lus[piece.document] == lus[piece.demande] == set(PERSONAS) - {"partenaire", "administrateur"}


def test_refused_attachment_is_told_beside_the_field_and_keeps_its_title(client_de):
    demande = DemandeFondsFactory()
    fichier = SimpleUploadedFile("devis.pdf", b"pas un PDF")
    reponse = client_de("agent").post(
        reverse("demandes:demande_joindre", args=[demande.pk]), {"titre": "Devis du frigo", "fichier": fichier}
    )
    assert list(reponse.context["piece_form"].errors) == ["fichier"]
    assert 'value="Devis du frigo"' in reponse.content.decode()


# What a partner reads of the request of another, once decided.


def decidee_avec_commentaire(**champs):
    vote = VoteFactory(commentaire="Trop cher pour ce que c’est.", electeur__scrutin__clos=True)
    resolution = ResolutionFactory(scrutin=vote.electeur.scrutin)
    demande = DemandeFondsFactory(accordee=True, resolution=resolution, **champs)
    return PieceDemandeFactory(demande=demande)


@pytest.mark.regle("R1")
@pytest.mark.parametrize("sienne", [True, False])
def test_attachments_and_comments_are_for_who_asked_not_for_every_partner(client_de, personne_de, sienne):
    piece = decidee_avec_commentaire(**({"demandeur": personne_de("partenaire")} if sienne else {}))
    page = client_de("partenaire").get(piece.demande.get_absolute_url())
    assert page.status_code == 200
    assert ("Trop cher pour" in page.content.decode(), piece.document.titre in page.content.decode()) == (
        sienne,
        sienne,
    )
    document = client_de("partenaire").get(reverse("comptes:document_detail", args=[piece.document.pk]))
    assert document.status_code == (200 if sienne else 404)


@pytest.mark.regle("R1")
@pytest.mark.parametrize("role", ["membre_comite", "fiduciaire", "agent", "coordonnateur"])
def test_those_who_see_the_decisions_read_attachments_and_comments(client_de, role):
    piece = decidee_avec_commentaire()
    page = client_de(role).get(piece.demande.get_absolute_url()).content.decode()
    assert "Trop cher pour" in page
    assert client_de(role).get(reverse("comptes:document_detail", args=[piece.document.pk])).status_code == 200


def test_decided_request_keeps_the_total_of_its_decision_apart_from_that_of_today(client_de):
    demande = DemandeFondsFactory(accordee=True, montant_demande=Decimal(800))
    client = client_de("coordonnateur")
    page = client.get(demande.get_absolute_url()).content.decode()
    assert "Total de l’action pour l’exercice" in page
    ici = {"action_collective": demande.action_collective, "exercice": demande.exercice}
    DemandeFondsFactory(soumise=True, montant_demande=Decimal(60000), **ici)
    page = client.get(demande.get_absolute_url()).content.decode()
    assert f'au moment de la décision</th><td class="num">{dollars(800)}' in page
    assert f"totalisent {dollars(60800)}" in page


@pytest.mark.parametrize("etat", ["retiree", "expiree"])
def test_request_withdrawn_or_expired_says_no_instance_decides(client_de, etat):
    demande = DemandeFondsFactory(avec_regle=True, etat=etat)
    assert "Qui décide" not in client_de("coordonnateur").get(demande.get_absolute_url()).content.decode()


@pytest.mark.regle("R1")
def test_partner_reads_the_resolutions_on_decided_requests_and_of_the_assemblee_only(client_de):
    octroi = DemandeFondsFactory(accordee=True, resolution__inscrite_par=UtilisateurFactory()).resolution
    assemblee = ResolutionFactory(instance_gouvernance=InstanceGouvernanceFactory(assemblee=True))
    interne = ResolutionFactory(titre="Évaluation de la coordonnatrice", corrige=octroi)
    client = client_de("partenaire")
    liste = [une for une, _ in client.get(reverse("scrutins:resolution_liste")).context["page"]]
    assert set(liste) == {octroi, assemblee}
    assert client.get(interne.get_absolute_url()).status_code == 404
    page = client.get(octroi.get_absolute_url()).content.decode()
    assert octroi.texte in page
    assert not any(secret in page for secret in (interne.titre, str(octroi.inscrite_par), "au registre</summary>"))
    assert client.get(reverse("scrutins:resolution_pdf", args=[octroi.pk])).status_code == 403


def test_list_says_by_when_and_puts_the_nearest_first(client_de):
    comite = InstanceGouvernanceFactory(comite=True)
    maintenant, jour = timezone.now(), datetime.timedelta(days=1)
    tard, tot = (DemandeFondsFactory(soumise=True, soumise_le=maintenant - nb * jour) for nb in (0, 5))
    DemandeFondsFactory(accordee=True)
    reponse = client_de("coordonnateur").get("/demandes/?tri=echeance")
    assert reponse.context["page"].object_list == [tot, tard]
    assert date_longue(timezone.localdate() + datetime.timedelta(days=comite.delai_jours)) in reponse.content.decode()


@pytest.mark.parametrize(("montant", "nom"), [("999.99", "coordination"), ("1000.00", "comite")])
def test_draft_says_who_will_decide_and_by_when_before_it_leaves(client_de, personne_de, montant, nom):
    instance = InstanceGouvernanceFactory(**{nom: True})
    demande = DemandeFondsFactory(demandeur=personne_de("partenaire"), montant_demande=Decimal(montant))
    PosteDemandeFactory(demande=demande, montant=demande.montant_demande)
    page = client_de("partenaire").get(demande.get_absolute_url()).content.decode()
    assert f"Elle relève donc de\u00a0: <strong>{instance.nom}</strong>" in page
    assert date_longue(timezone.localdate() + datetime.timedelta(days=instance.delai_jours)) in page
