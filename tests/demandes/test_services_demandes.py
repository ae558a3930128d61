import datetime
from contextlib import nullcontext
from decimal import Decimal

import pytest

from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.queries.demandes import date_promise
from chantiers.demandes.queries.redaction import Poste
from chantiers.demandes.services.demandes import (
    COORDINATION_CHANGE,
    TOTAL_CHANGE,
    reevaluer,
    reevaluer_coordination,
    soumettre_demande,
)
from chantiers.demandes.services.redaction import enregistrer_demande, joindre_piece, retirer_demande, retirer_piece
from chantiers.finances.services.decaissements import liberer_solde
from demarche.comptes.enums import Role
from demarche.comptes.services.comptes import attribuer_role
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.francais import ecrire_date
from demarche.socle.models import Courriel
from tests.factories import JOUR
from tests.factories.chantiers import (
    ActionCollectiveFactory,
    DemandeFondsFactory,
    PieceDemandeFactory,
    PointDemandeFactory,
    PosteDemandeFactory,
    RegleAllocationFactory,
)
from tests.factories.demarche import ExerciceFactory, InstanceGouvernanceFactory, RencontreFactory, UtilisateurFactory
from tests.factories.partenaires import AffiliationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def instances():
    RegleAllocationFactory()
    return {nom: InstanceGouvernanceFactory(**{nom: True}) for nom in ("coordination", "comite", "assemblee")}


def brouillon(montant="1500.00", **champs):
    demande = DemandeFondsFactory(montant_demande=Decimal(montant), **champs)
    PosteDemandeFactory(demande=demande, montant=Decimal(montant))
    return demande


def soumettre(demande):
    return soumettre_demande(demande.pk, auteur=demande.demandeur)


def enregistrer(demande=None, **autres):
    return enregistrer_demande(
        demande,
        **{
            "auteur": UtilisateurFactory(),
            "action_collective": ActionCollectiveFactory(),
            "exercice": ExerciceFactory(),
            "titre": "Frigo",
            "motif": "Le vieux est mort.",
            "organisation": None,
            "postes": [Poste("Frigo", Decimal("900.00")), Poste("Livraison", Decimal("100.50"))],
            **autres,
        },
    )


@pytest.mark.regle("R16")
def test_amount_asked_is_the_sum_of_its_lines():
    demande = enregistrer()
    assert demande.montant_demande == Decimal("1000.50")
    assert [p.libelle for p in demande.postes.all()] == ["Frigo", "Livraison"]


def test_demande_without_line_is_refused():
    with pytest.raises(ErreurMetier, match="au moins un poste"):
        enregistrer(postes=[])


@pytest.mark.regle("R10")
def test_closed_exercice_takes_no_demande():
    with pytest.raises(ErreurMetier, match="est clos"):
        enregistrer(exercice=ExerciceFactory(annee=2023, clos=True))


@pytest.mark.regle("R1")
@pytest.mark.parametrize(("annee", "termine"), [(2024, True), (2025, False), (2026, False)])
def test_demande_is_for_an_exercice_that_is_not_over(annee, termine):
    exercice = ExerciceFactory(annee=annee)
    with pytest.raises(ErreurMetier, match="est terminé") if termine else nullcontext():
        assert enregistrer(exercice=exercice).exercice == exercice
    with pytest.raises(ErreurMetier, match="est terminé") if termine else nullcontext():
        assert soumettre(brouillon(exercice=exercice)).etat == EtatDemande.SOUMISE


def test_demande_of_an_exercice_over_since_is_still_changed_where_it_is():
    demande = DemandeFondsFactory(soumise=True, exercice=ExerciceFactory(annee=2024))
    champs = {nom: getattr(demande, nom) for nom in ("exercice", "action_collective")} | {"mot": "À corriger."}
    assert enregistrer(demande, **champs).titre == "Frigo"
    with pytest.raises(ErreurMetier, match="est terminé"):
        enregistrer(demande, exercice=ExerciceFactory(annee=2023), mot="À corriger.")


def test_second_tab_is_told_and_nothing_is_overwritten():
    demande = enregistrer()
    enregistrer(demande, titre="Grand frigo", version=1)
    with pytest.raises(ErreurMetier, match="Rien n’a été écrasé"):
        enregistrer(demande, titre="Petit frigo", version=1)
    assert DemandeFonds.objects.get().titre == "Grand frigo"


@pytest.mark.regle("R1")
@pytest.mark.parametrize(
    ("montant", "instance"),
    [("999.99", "coordination"), ("1000.00", "comite"), ("50000.00", "comite"), ("50000.01", "assemblee")],
)
def test_submission_names_the_instance_and_keeps_the_rule(instances, montant, instance):
    demande = soumettre(brouillon(montant))
    assert demande.instance_gouvernance == instances[instance]
    assert (demande.etat, demande.total_action) == (EtatDemande.SOUMISE, Decimal(montant))
    assert demande.regle.seuil_comite == 1000


@pytest.mark.regle("R1")
def test_splitting_a_demande_changes_nothing(instances):
    premiere = soumettre(brouillon("600.00"))
    seconde = soumettre(brouillon("400.00", action_collective=premiere.action_collective, exercice=premiere.exercice))
    premiere.refresh_from_db()
    assert {premiere.instance_gouvernance, seconde.instance_gouvernance} == {instances["comite"]}
    assert {premiere.total_action, seconde.total_action} == {Decimal("1000.00")}
    (courriel,) = Courriel.objects.filter(sujet__startswith="Une autre instance")  # whoever asked first is told
    assert (courriel.destinataire, "relève maintenant de : Comité de pilotage" in courriel.texte) == (
        premiere.demandeur.email,
        True,
    )


@pytest.mark.regle("R1")
def test_withdrawn_demande_leaves_the_total(instances):
    premiere = soumettre(brouillon("600.00"))
    seconde = soumettre(brouillon("600.00", action_collective=premiere.action_collective))
    retirer_demande(seconde.pk, auteur=seconde.demandeur)
    premiere.refresh_from_db()
    assert (premiere.instance_gouvernance, premiere.total_action) == (instances["coordination"], Decimal("600.00"))


@pytest.mark.parametrize("autre", [{"exercice": "autre"}, {"action": "autre"}, {"etat": "refusee"}])
def test_other_exercice_other_action_and_refused_do_not_count(instances, autre):
    ailleurs = ExerciceFactory(annee=2024) if "exercice" in autre else ExerciceFactory()
    action = ActionCollectiveFactory()
    DemandeFondsFactory(
        exercice=ailleurs,
        action_collective=ActionCollectiveFactory() if "action" in autre else action,
        montant_demande=Decimal(900),
        **({"refusee": True} if "etat" in autre else {"soumise": True}),
    )
    demande = soumettre(brouillon("200.00", action_collective=action))
    assert demande.instance_gouvernance == instances["coordination"]


@pytest.mark.regle("R1")
def test_granted_amount_counts_not_the_amount_asked(instances):
    action = ActionCollectiveFactory()
    DemandeFondsFactory(
        accordee=True, action_collective=action, montant_demande=Decimal(900), montant_accorde=Decimal(100)
    )
    demande = soumettre(brouillon("899.99", action_collective=action))
    assert demande.total_action == Decimal("999.99")
    assert demande.instance_gouvernance == instances["coordination"]


@pytest.mark.regle("R4")
def test_coordonnateur_does_not_decide_on_own_demande(instances):
    demande = soumettre(brouillon("200.00", demandeur=UtilisateurFactory(coordonnateur=True)))
    assert demande.instance_gouvernance == instances["comite"]
    assert "propre demande" in demande.raison_instance


@pytest.mark.regle("R4")
def test_organisation_of_the_coordination_goes_to_the_comite(instances):
    affiliation = AffiliationFactory(personne__utilisateur=UtilisateurFactory(coordonnateur=True))
    demande = soumettre(brouillon("200.00", organisation=affiliation.organisation))
    assert demande.instance_gouvernance == instances["comite"]


@pytest.mark.regle("R1")
def test_release_gives_the_requests_that_wait_back_to_the_coordination(instances):
    accordee = DemandeFondsFactory(accordee=True, montant_demande=Decimal(800))
    demande = soumettre(brouillon("500.00", action_collective=accordee.action_collective))
    assert demande.instance_gouvernance == instances["comite"]
    liberer_solde(accordee.pk, auteur=UtilisateurFactory(fiduciaire=True), motif="Rien acheté.")
    demande.refresh_from_db()
    assert (demande.instance_gouvernance, demande.total_action) == (instances["coordination"], Decimal(500))
    assert Courriel.objects.filter(destinataire=demande.demandeur.email, texte__contains=TOTAL_CHANGE).count() == 1


@pytest.mark.regle("R1")
def test_request_follows_who_coordinates_and_comes_back(instances, horloge):
    agent = UtilisateurFactory(agent=True)
    demande = soumettre(brouillon("500.00", demandeur=agent))
    assert reevaluer_coordination() == 0
    role = attribuer_role(agent, role=Role.COORDONNATEUR, du=JOUR + datetime.timedelta(days=1), auteur=None)
    for jours, nom in ((1, "comite"), (0, "coordination")):
        horloge.move_to(datetime.datetime(2026, 1, 14 + jours, 15, tzinfo=datetime.UTC))
        assert (reevaluer_coordination(), reevaluer_coordination()) == (1, 0)
        demande.refresh_from_db()
        assert demande.instance_gouvernance == instances[nom]
    assert role.du > JOUR
    assert Courriel.objects.filter(destinataire=agent.email, texte__contains=COORDINATION_CHANGE).count() == 2


def test_request_follows_where_the_coordination_belongs(instances):
    affiliation = AffiliationFactory(personne__utilisateur=UtilisateurFactory(coordonnateur=True), du=JOUR)
    demande = soumettre(brouillon("200.00", organisation=affiliation.organisation))
    affiliation.delete()
    assert reevaluer_coordination() == 1
    demande.refresh_from_db()
    assert demande.instance_gouvernance == instances["coordination"]


@pytest.mark.regle("R1")
def test_demande_keeps_the_rule_of_its_submission(instances, horloge):
    demande = soumettre(brouillon("1500.00"))
    RegleAllocationFactory(en_vigueur_du=datetime.date(2026, 1, 20), seuil_comite=Decimal(2000))
    reevaluer(demande)
    demande.refresh_from_db()
    assert demande.instance_gouvernance == instances["comite"]


def test_submission_says_what_is_missing():
    demande = DemandeFondsFactory(motif=" ")
    with pytest.raises(ErreurMetier) as refus:
        soumettre(demande)
    assert refus.value.messages == [
        "Ajoutez au moins un poste de dépense avec son montant.",
        "Écrivez à quoi serviront les fonds.",
    ]


def test_submitting_twice_is_submitting_once(horloge):
    demande = soumettre(brouillon())
    soumise_le = demande.soumise_le
    horloge.shift(60)
    assert soumettre(demande).soumise_le == soumise_le


@pytest.mark.parametrize(
    ("etat", "phrase"),
    [("accordee", "ne changent plus"), ("expiree", "ne changent plus"), ("en_deliberation", "scrutin")],
)
def test_attachments_do_not_change_once_decided_nor_during_a_ballot(etat, phrase):
    piece = PieceDemandeFactory(demande=DemandeFondsFactory(**{etat: True}))
    with pytest.raises(ErreurMetier, match=phrase):
        retirer_piece(piece)
    with pytest.raises(ErreurMetier, match=phrase):
        joindre_piece(piece.demande, auteur=UtilisateurFactory(), titre="Devis", fichier=None)


def test_submission_is_acknowledged_with_its_date_and_the_coordination_told(instances):
    coordonnatrice = UtilisateurFactory(coordonnateur=True)
    demande = soumettre(brouillon("500.00"))
    (recu,) = Courriel.objects.filter(destinataire=demande.demandeur.email)
    attendu = ecrire_date(JOUR + datetime.timedelta(days=demande.instance_gouvernance.delai_jours))
    assert (recu.sujet, attendu in recu.texte) == (f"Demande reçue : {demande.titre}", True)
    (avis,) = Courriel.objects.filter(destinataire=coordonnatrice.email)
    assert attendu in avis.texte
    sienne = soumettre(brouillon("500.00", demandeur=coordonnatrice))  # told once, as who asks
    assert Courriel.objects.filter(destinataire=coordonnatrice.email, sujet__endswith=sienne.titre).count() == 1


@pytest.mark.regle("R1")
def test_date_promised_follows_where_the_request_waits(instances):
    soumise = soumettre(brouillon("1500.00"))
    assert date_promise(soumise) == JOUR + datetime.timedelta(days=instances["comite"].delai_jours)
    rencontre = RencontreFactory(instance_gouvernance=instances["comite"], date=JOUR + datetime.timedelta(days=3))
    PointDemandeFactory(demande=soumise, point__rencontre=rencontre)
    assert date_promise(soumise) == rencontre.date
    grosse = soumettre(brouillon("60000.00"))
    assert date_promise(grosse) is None
    assemblee = RencontreFactory(instance_gouvernance=instances["assemblee"], date=JOUR + datetime.timedelta(days=30))
    assert date_promise(grosse) == assemblee.date
    assert date_promise(DemandeFondsFactory(accordee=True)) is None
