"""Journey 2: a partner asks, the comité votes on a phone with an e-mailed code, the partner reads why."""

import datetime
import re
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.services.deliberations import ouvrir_deliberation
from demarche.scrutins.models import Vote
from demarche.scrutins.services.questions import ouvrir_question
from demarche.socle.models import Courriel
from tests.factories.chantiers import (
    ActionCollectiveFactory,
    ApportDemandeFactory,
    DemandeFondsFactory,
    EnveloppeFactory,
    PosteDemandeFactory,
    RegleAllocationFactory,
)
from tests.factories.demarche import (
    DemarcheFactory,
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    SiegeFactory,
)
from tests.factories.evaluation import CibleFactory, ContributionFactory
from tests.factories.partenaires import OrganisationFactory

# Each touch of the screen is counted, from one page to the next.
COMPTER_LES_TOUCHERS = """addEventListener("pointerdown",
  () => sessionStorage.setItem("touchers", 1 + Number(sessionStorage.getItem("touchers") || 0)), true)"""
TEXTE_AVANT_LES_REPONSES = """() => {
  const blocs = [...document.querySelector(".fiche-decision").children];
  return blocs.slice(0, blocs.findIndex((bloc) => bloc.id === "votre-vote")).map((bloc) => bloc.innerText).join(" ");
}"""
DEUX_ECRANS = 2 * 740
UNE_MINUTE = 60
# An ordinary request of 8 lines, as those of a real démarche read: its reason has 58 words.
MOTIF = (
    "Depuis deux ans, les familles du quartier viennent au marché sans savoir où s’abriter de la pluie ni où asseoir "
    "les personnes âgées. Nous voulons louer des tentes, engager une animatrice pour les enfants et offrir une "
    "collation à chaque samedi de la belle saison, de juin à septembre, en lien avec la maison des familles et "
    "l’école voisine."
)
POSTES = [
    ("Location de deux tentes", "2400.00"),
    ("Animation, 16 samedis", "1800.00"),
    ("Collations", "900.00"),
    ("Tables et chaises", "350.00"),
    ("Affiches et dépliants", "180.00"),
    ("Transport du matériel", "140.00"),
    ("Assurance", "80.00"),
    ("Trousse de premiers soins", "50.00"),
]


def temps_humain(touchers, mots, frappes):
    """Return the seconds of somebody unhurried: each touch and the page it brings, each letter, 220 words a minute,
    the code fetched. A model: the speed of the machine that runs the test plays no part.
    """
    return 1.5 * touchers + 0.3 * frappes + mots / 220 * 60 + 5


def tout_tient_dans(page, hauteur):
    """Return whether what the decision needs stands above that line, in CSS pixels from the top of the page."""
    essentiels = [
        "h1",
        ".fiche-decision__montant",
        ".ventilation",
        ".apres-decision",
        ".participations",
        ".choix-vote__options",
    ]
    boites = [page.locator(f".fiche-decision {essentiel}").first.bounding_box() for essentiel in essentiels]
    return max(boite["y"] + boite["height"] for boite in boites) <= hauteur


@pytest.fixture
def maison(transactional_db):
    """A démarche that can decide: rule, instances, an action, an envelope, three seats."""
    DemarcheFactory()
    ExerciceFactory()
    RegleAllocationFactory()
    for nom in ("coordination", "comite", "assemblee"):
        InstanceGouvernanceFactory(**{nom: True})
    EnveloppeFactory(nom="Fonds commun")
    ActionCollectiveFactory(titre="Marché du samedi")
    return [MandatFactory(utilisateur__email=f"siege{n}@exemple.test").utilisateur for n in range(3)]


@pytest.fixture
def demande_ordinaire(maison):
    """A request as they come: 8 lines, two contributions, a condition, two targets, seven seats and one vacant."""
    comite = InstanceGouvernanceFactory(comite=True)
    for nom in ("Citoyenne ou citoyen", "Organisme communautaire 1", "Organisme communautaire 2", "Siège ouvert"):
        MandatFactory(siege__instance_gouvernance=comite, siege__libelle=nom)
    SiegeFactory(instance_gouvernance=comite, libelle="Organisme communautaire 3")
    demande = DemandeFondsFactory(
        soumise=True,
        titre="Le marché du samedi, à l’abri",
        motif=MOTIF,
        organisation=OrganisationFactory(nom="Maison des familles du Trait-Carré"),
        action_collective=ActionCollectiveFactory(titre="Marché du samedi"),
        montant_demande=Decimal("5900.00"),
        instance_gouvernance=comite,
        raison_instance="le total des fonds de l’action, 5 900,00 $, va de 1 000,00 $ à 50 000,00 $.",
    )
    for libelle, montant in POSTES:
        PosteDemandeFactory(demande=demande, libelle=libelle, montant=Decimal(montant))
    for source in ("Ville de Québec", "Caisse populaire"):
        ApportDemandeFactory(demande=demande, source=source, montant=Decimal("1200.00"))
    for enonce in ("Tenir 16 marchés et y accueillir 800 familles", "Joindre trois organismes de plus au marché"):
        strategie = ContributionFactory(action_collective=demande.action_collective).strategie
        CibleFactory(strategie=strategie, exercice=ExerciceFactory(), enonce=enonce)
    ouvrir_deliberation(
        demande.pk,
        auteur=maison[1],
        enveloppe=EnveloppeFactory(montant=Decimal(90000), nom="Fonds québécois d’initiatives sociales"),
        echeance=timezone.now() + datetime.timedelta(days=7),
        conditions="Remettre les factures et un court compte rendu avant la fin de l’exercice.",
    )
    return demande


@pytest.mark.regle("R5")
def test_an_ordinary_request_stands_on_two_screens_with_its_four_answers(
    maison, demande_ordinaire, page_telephone, ouvrir_page, connecter, verifier_axe
):
    adresse = reverse("demandes:demande_fiche", args=[demande_ordinaire.pk])
    for page in (page_telephone, ouvrir_page(width=360, height=740, java_script_enabled=False)):
        connecter(page, maison[0])
        page.goto(adresse)
        assert tout_tient_dans(page, DEUX_ECRANS)
        assert page.locator(".choix-vote__option").count() == 4
    verifier_axe(page_telephone)
    fiche = page_telephone.locator(".fiche-decision")
    expect(fiche.get_by_text("Tenir 16 marchés")).to_be_visible()
    expect(fiche.get_by_text("Remettre les factures")).to_be_visible()
    expect(fiche.get_by_text("Assurance")).to_be_hidden()
    fiche.get_by_text(re.compile("5 autres lignes")).tap()
    expect(fiche.get_by_text("Assurance")).to_be_visible()
    expect(fiche.get_by_text("Caisse populaire")).to_be_visible()


def dernier_courriel(adresse):
    return Courriel.objects.filter(destinataire=adresse).latest("pk").texte


def entrer_par_code(page, adresse):
    page.get_by_label("Courriel").click()
    page.get_by_label("Courriel").fill(adresse)
    page.get_by_role("button", name="Recevoir un code").click()
    page.wait_for_load_state()
    ecrire_le_code(page, adresse)


def ecrire_le_code(page, adresse):
    code = re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]+)*)\s*$", dernier_courriel(adresse), re.M)[1]
    page.get_by_label("Code").click()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name=re.compile("Entrer|Se connecter|Confirmer|Continuer")).click()


def test_ask_vote_and_read_the_decision(
    maison, page, page_telephone, ouvrir_page, connecter, personne_de, suivre, verifier_axe
):
    # The partner asks.
    connecter(page, personne_de("partenaire"))
    page.goto("/demandes/nouvelle/")
    verifier_axe(page)
    page.get_by_label("Action collective").select_option(label="Marché du samedi")
    page.get_by_label("Titre").fill("Tentes du marché")
    page.get_by_label("À quoi serviront les fonds").fill("Abriter les gens de la pluie.")
    page.get_by_label("Poste").first.fill("Deux tentes")
    page.get_by_label("Montant").first.fill("1 234,50 $")
    expect(page.locator("[data-total-de=poste]")).to_have_text(re.compile(r"1.234,50.\$"))
    page.get_by_role("button", name="Enregistrer le brouillon").click()
    page.get_by_role("button", name="Soumettre la demande").click()
    expect(page.get_by_role("heading", name="Qui décide : Comité de pilotage")).to_be_visible()
    verifier_axe(page)

    # The coordination opens the ballot.
    coordination = ouvrir_page()
    connecter(coordination, personne_de("coordonnateur"))
    coordination.goto("/espace/")
    coordination.get_by_role("link", name="Tentes du marché").click()
    suivre(coordination.get_by_role("link", name="Ouvrir le scrutin"))
    verifier_axe(coordination)
    coordination.get_by_label("Enveloppe").select_option(index=1)
    coordination.get_by_role("button", name="Ouvrir le scrutin").click()
    expect(coordination.get_by_text("courriels partent, un par personne appelée")).to_be_visible()

    # A member follows the link of the e-mail on a phone, signs in by code, lands on the sheet and votes.
    lien = re.search(r"http\S+/fiche/", dernier_courriel("siege0@exemple.test"))[0]
    page_telephone.context.add_init_script(COMPTER_LES_TOUCHERS)
    page_telephone.goto(lien.replace("http://testserver", ""))
    entrer_par_code(page_telephone, "siege0@exemple.test")
    expect(page_telephone.get_by_role("heading", name="Tentes du marché")).to_be_visible()
    mots = len(page_telephone.evaluate(TEXTE_AVANT_LES_REPONSES).split())
    assert tout_tient_dans(page_telephone, DEUX_ECRANS)
    page_telephone.get_by_text("Pour", exact=True).tap()
    page_telephone.get_by_role("button", name="Envoyer mon vote").tap()
    expect(page_telephone.get_by_text("Votre vote est enregistré")).to_be_visible()
    touchers = 1 + int(page_telephone.evaluate("sessionStorage.getItem('touchers')"))  # the link of the e-mail first
    assert touchers <= 7
    assert temps_humain(touchers, mots, frappes=len("siege0@exemple.test") + 6) < UNE_MINUTE
    expect(page_telephone.get_by_text("voir ce qui vous attend encore")).to_be_visible()
    verifier_axe(page_telephone)

    # The two others vote without JavaScript; the last one closes the ballot.
    for membre in maison[1:]:
        autre = ouvrir_page(width=360, height=740, java_script_enabled=False)
        connecter(autre, membre)
        autre.goto(lien.replace("http://testserver", ""))
        autre.get_by_label("Pour").check()
        autre.get_by_text("Ajouter un commentaire").click()
        autre.get_by_label("Commentaire").fill("Bonne idée.")
        autre.get_by_role("button", name="Envoyer mon vote").click()
    expect(autre.get_by_role("heading", name="Résultat")).to_be_visible()
    demande = DemandeFonds.objects.get()
    assert (demande.etat, demande.resolution.numero) == (EtatDemande.ACCORDEE, 1)

    # The partner reads the decision and its reason, by e-mail and on the page.
    assert "Bonne idée." in dernier_courriel(personne_de("partenaire").email)
    page.goto(demande.get_absolute_url())
    expect(page.get_by_role("heading", name="Décision", exact=True)).to_be_visible()
    expect(page.get_by_text(demande.resolution.code)).to_be_visible()
    verifier_axe(page)


def test_an_old_sign_in_keeps_what_was_typed_on_the_phone(
    maison, page_telephone, connecter, suivre, verifier_axe, horloge
):
    ouvrir_question(
        instance_gouvernance=InstanceGouvernanceFactory(comite=True),
        question="Tenir les rencontres le mercredi",
        texte="Il est résolu de tenir les rencontres le mercredi.",
        echeance=timezone.now() + datetime.timedelta(days=7),
        auteur=maison[1],
    )
    connecter(page_telephone, maison[0])
    page_telephone.goto("/espace/")
    suivre(page_telephone.get_by_role("link", name="Tenir les rencontres le mercredi"))
    verifier_axe(page_telephone)
    page_telephone.get_by_text("Contre", exact=True).tap()
    page_telephone.get_by_text("Ajouter un commentaire").tap()
    page_telephone.get_by_label("Commentaire").fill("Le mercredi, je garde mes petits-enfants.")
    horloge.shift(datetime.timedelta(minutes=31))
    page_telephone.get_by_role("button", name="Envoyer mon vote").tap()
    expect(page_telephone.get_by_text("Votre réponse est gardée")).to_be_visible()
    assert not Vote.objects.exists()
    ecrire_le_code(page_telephone, "siege0@exemple.test")
    expect(page_telephone.get_by_text("Votre réponse n’est pas encore envoyée")).to_be_visible()
    expect(page_telephone.get_by_label("Contre")).to_be_checked()
    expect(page_telephone.get_by_label("Commentaire")).to_have_value("Le mercredi, je garde mes petits-enfants.")
    verifier_axe(page_telephone)
    assert not Vote.objects.exists()
    page_telephone.get_by_role("button", name="Envoyer mon vote").tap()
    expect(page_telephone.get_by_text("Votre vote est enregistré")).to_be_visible()
    assert Vote.objects.get().commentaire == "Le mercredi, je garde mes petits-enfants."


def test_the_team_sees_who_is_waited_for_and_records_phone_answers(
    maison, page, connecter, personne_de, suivre, verifier_axe
):
    connecter(page, personne_de("coordonnateur"))
    page.goto("/scrutins/")
    verifier_axe(page)
    suivre(page.get_by_role("link", name="Nouveau scrutin"))
    verifier_axe(page)
    page.get_by_label("Question").fill("Tenir les rencontres le mercredi")
    page.get_by_label("Texte de la résolution proposée").fill("Il est résolu de tenir les rencontres le mercredi.")
    page.get_by_role("button", name="Ouvrir le scrutin").click()
    expect(page.get_by_role("heading", name="N’a pas ouvert (3)")).to_be_visible()
    verifier_axe(page)
    suivre(page.get_by_role("link", name="Inscrire son vote").first)
    verifier_axe(page)
    page.get_by_label("Abstention").check()
    page.get_by_role("button", name="Inscrire la réponse").click()
    expect(page.get_by_text("reçu au téléphone, inscrit par")).to_be_visible()
    suivre(page.get_by_role("link", name="Annuler ce scrutin"))
    verifier_axe(page)
    page.get_by_label("Pourquoi annuler ce scrutin?").fill("La date a changé.")
    page.get_by_role("button", name="Annuler le scrutin").click()
    expect(page.get_by_text("La date a changé.")).to_be_visible()
    verifier_axe(page)
