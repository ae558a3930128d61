"""A fund request in a meeting: on the agenda, decided in the room, carried over, ratified."""

import datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from chantiers.demandes.enums import EtatDemande
from chantiers.demandes.models import DemandeFonds, MotifType, PointDemande
from chantiers.demandes.services.decisions import A_CHANGE
from chantiers.demandes.services.deliberations import mettre_a_l_ordre_du_jour, ouvrir_deliberation
from chantiers.demandes.services.precisions import demander_precisions
from chantiers.demandes.services.redaction import joindre_piece, retirer_demande
from chantiers.finances.services.decaissements import AVANT_RATIFICATION, ce_qui_manque_pour_payer
from demarche.gouvernance.enums import Choix, ModeDecision
from demarche.gouvernance.models import Resolution
from demarche.rencontres.enums import EtatPoint, EtatPresence
from demarche.rencontres.models import PointOrdreDuJour
from demarche.rencontres.services.points import ajouter_enterinements, noter_point, reporter_point, reprendre_point
from demarche.scrutins.services.votes import voter
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.models import Courriel
from demarche.socle.templatetags.formats import dollars
from tests.comptes.navigateur import cout, envoyer, saisie
from tests.factories import JOUR
from tests.factories.chantiers import DemandeFondsFactory, EnveloppeFactory, PointDemandeFactory, PosteDemandeFactory
from tests.factories.demarche import (
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    PresenceSiegeFactory,
    ProcesVerbalFactory,
    RencontreFactory,
    UtilisateurFactory,
)
from tests.factories.partenaires import RepresentationFactory
from tests.factories.personas import PERSONAS

pytestmark = pytest.mark.django_db
DEMAIN = JOUR + datetime.timedelta(days=1)
NUMEROS = (9001, 9002, 9003)


@pytest.fixture(autouse=True)
def instances():
    ExerciceFactory()
    return {nom: InstanceGouvernanceFactory(**{nom: True}) for nom in ("coordination", "comite", "assemblee")}


@pytest.fixture
def comite(instances):
    for numero in NUMEROS:
        MandatFactory(siege__numero=numero, siege__instance_gouvernance=instances["comite"])
    return instances["comite"]


def soumise(instance, montant="1500.00", **champs):
    demande = DemandeFondsFactory(
        soumise=True, montant_demande=Decimal(montant), instance_gouvernance=instance, **champs
    )
    PosteDemandeFactory(demande=demande, montant=demande.montant_demande)
    return demande


def point_de(demande, **champs):
    return PointDemandeFactory(
        demande=demande, point__rencontre__instance_gouvernance=demande.instance_gouvernance, **champs
    ).point


def agenda(demande):
    return reverse("demandes:demande_ordre_du_jour", args=[demande.pk])


def decision(point):
    return reverse("demandes:point_decision", args=[point.pk])


def votes(*choix):
    return {f"siege-{numero}": valeur for numero, valeur in zip(NUMEROS, choix, strict=True)}


def test_only_the_coordination_brings_and_records(client_de, comite):
    point = point_de(soumise(comite))
    attendus = dict.fromkeys(PERSONAS, 403) | {"coordonnateur": 200, "partenaire": 404, "administrateur": 404}
    for adresse in (agenda(point.demande_de_fonds.demande), decision(point)):
        assert {role: client_de(role).get(adresse).status_code for role in PERSONAS} == attendus


def test_what_is_not_there_is_404_and_what_the_coordination_decides_alone_403(client_de, instances):
    client = client_de("coordonnateur")
    assert client.get(reverse("demandes:point_decision", args=[999])).status_code == 404
    assert client.get(reverse("demandes:demande_ordre_du_jour", args=[999])).status_code == 404
    assert client.get(agenda(soumise(instances["coordination"], "900.00"))).status_code == 403


def test_request_goes_on_the_agenda_once_and_is_not_public(client_de, comite):
    demande, client = soumise(comite), client_de("coordonnateur")
    assert "Aucune rencontre" in client.get(agenda(demande)).content.decode()
    rencontre = RencontreFactory(instance_gouvernance=comite, date=DEMAIN)
    ailleurs = RencontreFactory(instance_gouvernance=InstanceGouvernanceFactory(), date=DEMAIN)
    refus = client.post(agenda(demande), {"rencontre": ailleurs.pk})
    assert refus.context["form"].errors.keys() == {"rencontre"}
    envoyer(client, agenda(demande), fois=2, rencontre=rencontre.pk)
    point = PointOrdreDuJour.objects.get()
    assert (point.titre, point.est_public, point.demande_de_fonds.demande) == (demande.titre, False, demande)
    assert "Déjà à l’ordre du jour" in client.get(agenda(demande)).content.decode()
    autre = RencontreFactory(instance_gouvernance=comite, date=DEMAIN)
    assert "reportez ce point" in client.post(agenda(demande), {"rencontre": autre.pk}).content.decode()


def test_meeting_before_the_request_or_frozen_is_not_offered(client_de, comite):
    demande = soumise(comite)
    RencontreFactory(instance_gouvernance=comite, date=JOUR - datetime.timedelta(days=1))
    ProcesVerbalFactory(adopte=True, rencontre=RencontreFactory(instance_gouvernance=comite))
    ouverte = RencontreFactory(instance_gouvernance=comite, date=DEMAIN)
    form = client_de("coordonnateur").get(agenda(demande)).context["form"]
    assert set(form.fields["rencontre"].queryset) >= {ouverte}
    assert not form.fields["rencontre"].queryset.filter(proces_verbal__etat="adopte").exists()
    assert not form.fields["rencontre"].queryset.filter(date__lt=JOUR).exists()


@pytest.mark.regle("R5")
def test_comite_grants_a_part_by_seat_with_conditions(client_de, comite):
    demande, enveloppe = soumise(comite), EnveloppeFactory()
    point, client = point_de(demande), client_de("coordonnateur")
    PresenceSiegeFactory(rencontre=point.rencontre, siege=comite.sieges.get(numero=9003), etat=EtatPresence.ABSENT)
    assert "Inscrire la décision" in client.get(point.rencontre.get_absolute_url()).content.decode()
    donnees = saisie(client, decision(point), montant="1 200,00", conditions="Un rapport.", enveloppe=enveloppe.pk)
    assert donnees["siege-9003"] == "absent"
    client.post(decision(point), donnees | votes("pour", "pour", "absent") | {"motif": "Bon projet."})
    demande.refresh_from_db()
    point.refresh_from_db()
    assert (demande.etat, demande.montant_accorde) == (EtatDemande.ACCORDEE, Decimal("1200.00"))
    assert demande.motif_decision.startswith("Bon projet.\nVote de")
    assert (point.etat, point.resolution) == (EtatPoint.TRAITE, demande.resolution)
    assert demande.resolution.rencontre == point.rencontre
    page = client.get(point.rencontre.get_absolute_url()).content.decode()
    assert demande.resolution.code in page
    assert "Lire la demande" in page
    assert client.get(decision(point)).status_code == 302


def test_refusal_in_the_room_needs_no_envelope(client_de, comite):
    point, client = point_de(soumise(comite)), client_de("coordonnateur")
    client.post(decision(point), saisie(client, decision(point)) | votes("contre", "contre", "pour"))
    point.refresh_from_db()
    assert point.demande_de_fonds.demande.etat == EtatDemande.REFUSEE
    assert point.etat == EtatPoint.TRAITE


def test_reason_of_the_library_reaches_who_asked(client_de, comite):
    motif = MotifType.objects.create(sens="refus", texte="L’enveloppe est épuisée.")
    demande = soumise(comite)
    point = point_de(demande)
    page = client_de("coordonnateur").get(decision(point)).content.decode()
    assert "L’enveloppe est épuisée." in page
    valeurs = votes("contre", "contre", "contre") | {"motif_type": motif.pk, "motif": "Revenez en juin."}
    client_de("coordonnateur").post(decision(point), valeurs)
    demande.refresh_from_db()
    assert demande.motif_decision.startswith("L’enveloppe est épuisée.\nRevenez en juin.\nVote de")
    assert demande.history.filter(motif_decision=demande.motif_decision).count() == 1
    assert "Revenez en juin." in Courriel.objects.get(destinataire=demande.demandeur.email).texte


def test_reason_that_explains_the_other_outcome_is_refused_and_nothing_written(client_de, comite):
    motif = MotifType.objects.create(sens="refus", texte="L’enveloppe est épuisée.")
    point, client = point_de(soumise(comite)), client_de("coordonnateur")
    valeurs = {"motif_type": motif.pk, "enveloppe": EnveloppeFactory().pk}
    oui = client.post(decision(point), valeurs | votes("pour", "pour", "pour"))
    assert oui.context["form"].errors.keys() == {"motif_type"}
    assert (Resolution.objects.count(), Courriel.objects.count()) == (0, 0)
    assert client.post(decision(point), valeurs | votes("pour", "absent", "absent")).status_code == 302


@pytest.mark.regle("R1")
def test_request_changed_meanwhile_is_not_decided_in_the_room(client_de, comite):
    demande = soumise(comite)
    point, client = point_de(demande), client_de("coordonnateur")
    donnees = saisie(client, decision(point)) | votes("contre", "contre", "contre")
    joindre_piece(
        demande, auteur=demande.demandeur, titre="Devis", fichier=SimpleUploadedFile("devis.pdf", b"%PDF-1.4 devis")
    )
    reponse = client.post(decision(point), donnees)
    assert A_CHANGE in reponse.content.decode()
    assert not Resolution.objects.exists()
    lu = donnees | {"version": reponse.context["form"]["version"].value()}
    assert client.post(decision(point), lu).status_code == 302


def test_more_than_asked_or_adopted_without_envelope_keeps_what_was_typed(client_de, comite):
    point, client = point_de(soumise(comite)), client_de("coordonnateur")
    donnees = saisie(client, decision(point), conditions="Un rapport.") | votes("pour", "pour", "pour")
    sans = client.post(decision(point), donnees)
    assert sans.context["form"].errors.keys() == {"enveloppe"}
    assert "Un rapport." in sans.content.decode()
    trop = client.post(decision(point), donnees | {"enveloppe": EnveloppeFactory().pk, "montant": "1 500,01"})
    assert trop.status_code == 200
    assert not Resolution.objects.exists()
    assert point.rencontre.scrutins.count() == 0


def test_sans_quorum_leaves_the_request_and_the_point(client_de, comite):
    point, client = point_de(soumise(comite)), client_de("coordonnateur")
    donnees = saisie(client, decision(point), enveloppe=EnveloppeFactory().pk) | votes("pour", "absent", "absent")
    page = client.post(decision(point), donnees, follow=True).content.decode()
    point.refresh_from_db()
    assert "Sans quorum" in page
    assert (point.etat, point.demande_de_fonds.demande.etat) == (EtatPoint.A_TRAITER, EtatDemande.SOUMISE)
    client.post(decision(point), donnees | votes("pour", "pour", "absent"))
    point.refresh_from_db()
    assert point.demande_de_fonds.demande.etat == EtatDemande.ACCORDEE


def test_who_asks_stands_aside_whatever_is_typed(client_de, comite):
    siege = comite.sieges.get(numero=9001)
    representation = RepresentationFactory(siege=siege)
    demandeur = comite.sieges.get(numero=9002).mandats.get().utilisateur
    demande = soumise(comite, organisation=representation.organisation, demandeur=demandeur)
    point, client = point_de(demande), client_de("coordonnateur")
    form = client.get(decision(point)).context["form"]
    assert [form[f"siege-{n}"].value() for n in NUMEROS] == ["recusation", "recusation", None]
    donnees = saisie(client, decision(point), enveloppe=EnveloppeFactory().pk) | votes("pour", "pour", "pour")
    client.post(decision(point), donnees)
    point.refresh_from_db()
    assert (point.scrutin.nb_pour, point.scrutin.nb_recusations) == (1, 2)
    autre = point_de(soumise(comite, organisation=representation.organisation))
    nombre = decision(autre) + "?par=nombre"
    assert client.get(nombre).context["form"]["recuses"].value() == [9001]
    compte = {"nb_presents": 2, "nb_pour": 2, "nb_contre": 0, "nb_abstentions": 0, "recuses": []}
    client.post(nombre, saisie(client, nombre, enveloppe=EnveloppeFactory().pk) | compte)
    autre.refresh_from_db()
    assert [e.numero for e in autre.scrutin.electeurs.filter(recusation__isnull=False)] == [9001]


@pytest.mark.regle("R6")
def test_assemblee_decides_by_its_count(client_de, instances):
    point = point_de(soumise(instances["assemblee"], "60000.00"))
    client, donnees = client_de("coordonnateur"), {"enveloppe": EnveloppeFactory().pk}
    compte = {"nb_presents": 34, "nb_pour": 30, "nb_contre": 2, "nb_abstentions": 2, "nb_recusations": 0}
    donnees = saisie(client, decision(point), **donnees) | compte
    trop = client.post(decision(point), donnees | {"nb_pour": 40})
    assert trop.context["form"].errors.keys() == {"nb_presents"}
    client.post(decision(point), donnees)
    assert PointDemande.objects.get().demande.etat == EtatDemande.ACCORDEE


def test_nothing_is_recorded_before_the_meeting(client_de, comite):
    point = point_de(soumise(comite), point__rencontre__date=DEMAIN)
    assert client_de("coordonnateur").post(decision(point), votes("pour", "pour", "pour")).status_code == 302
    assert not Resolution.objects.exists()


def test_request_follows_its_point_to_the_next_meeting(client_de, comite):
    demande = soumise(comite)
    point, suivante = point_de(demande), RencontreFactory(instance_gouvernance=comite, date=DEMAIN)
    envoyer(client_de("agent"), reverse("rencontres:point_reporter", args=[point.pk]), rencontre=suivante.pk)
    assert suivante.points.get().demande_de_fonds.demande == demande
    assert "Lire la demande" in client_de("membre_comite").get(suivante.get_absolute_url()).content.decode()


@pytest.mark.regle("R5")
@pytest.mark.parametrize(("choix", "etat"), [("pour", EtatDemande.ACCORDEE), ("contre", EtatDemande.REFUSEE)])
def test_consultation_on_a_request_is_ratified_in_the_room(client_de, comite, choix, etat):
    comite.mode_decision = ModeDecision.CONSULTATION
    comite.save()
    demande = soumise(comite)
    scrutin = ouvrir_deliberation(
        demande.pk,
        auteur=UtilisateurFactory(),
        enveloppe=EnveloppeFactory(),
        echeance=timezone.now() + datetime.timedelta(days=7),
    )
    for electeur in scrutin.electeurs.all():
        voter(scrutin.pk, auteur=electeur.utilisateur, choix=Choix.POUR)
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.EN_DELIBERATION
    rencontre = RencontreFactory(instance_gouvernance=comite)
    ajouter_enterinements(rencontre, auteur=UtilisateurFactory())
    point = rencontre.points.get()
    adresse = reverse("rencontres:point_voter", args=[point.pk])
    page = client_de("coordonnateur").get(adresse).content.decode()
    assert "Après cette décision, il reste" in page
    assert f'<td class="num">{dollars(demande.enveloppe.montant - demande.montant_demande)}</td>' in page
    client_de("coordonnateur").post(adresse, votes(choix, choix, choix))
    demande.refresh_from_db()
    point.refresh_from_db()
    assert (demande.etat, point.etat) == (etat, EtatPoint.TRAITE)
    assert point.resolution == demande.resolution


@pytest.mark.regle("R5")
def test_consultation_still_waits_after_a_meeting_without_quorum(client_de, comite):
    comite.mode_decision = ModeDecision.CONSULTATION
    comite.save()
    demande = soumise(comite)
    ouvert = {"enveloppe": EnveloppeFactory(), "echeance": timezone.now() + datetime.timedelta(days=7)}
    scrutin = ouvrir_deliberation(demande.pk, auteur=UtilisateurFactory(), **ouvert)
    for electeur in scrutin.electeurs.all():
        voter(scrutin.pk, auteur=electeur.utilisateur, choix=Choix.POUR)
    rencontre, client = RencontreFactory(instance_gouvernance=comite), client_de("coordonnateur")
    ajouter_enterinements(rencontre, auteur=UtilisateurFactory())
    adresse = reverse("rencontres:point_voter", args=[rencontre.points.get().pk])
    client.post(adresse, votes("pour", "absent", "absent"))
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.EN_DELIBERATION
    assert ce_qui_manque_pour_payer(demande) == [AVANT_RATIFICATION]
    page = client.get(demande.get_absolute_url()).context["page"]
    assert page.fige
    assert not page.droits & {"modifier", "retirer"}
    client.post(adresse, votes("pour", "pour", "absent"))
    demande.refresh_from_db()
    assert demande.etat == EtatDemande.ACCORDEE


def test_page_of_a_meeting_costs_the_same_for_many_requests(client_de, comite):
    rencontre, couts, client = RencontreFactory(instance_gouvernance=comite), [], client_de("coordonnateur")
    for nb in (1, 2, 8):
        for _ in range(nb):
            PointDemandeFactory(demande=soumise(comite), point__rencontre=rencontre)
        couts.append(cout(client, rencontre.get_absolute_url()))
    assert len(set(couts)) == 1, couts


def test_who_asked_stands_aside_again_when_the_room_ratifies(client_de, comite):
    comite.mode_decision = ModeDecision.CONSULTATION
    comite.save()
    organisation = RepresentationFactory(siege=comite.sieges.get(numero=9001)).organisation
    scrutin = ouvrir_deliberation(
        soumise(comite, organisation=organisation).pk,
        auteur=UtilisateurFactory(),
        enveloppe=EnveloppeFactory(),
        echeance=timezone.now() + datetime.timedelta(days=7),
    )
    for electeur in scrutin.electeurs.filter(recusation__isnull=True):
        voter(scrutin.pk, auteur=electeur.utilisateur, choix=Choix.POUR)
    rencontre, client = RencontreFactory(instance_gouvernance=comite), client_de("coordonnateur")
    ajouter_enterinements(rencontre, auteur=UtilisateurFactory())
    point = rencontre.points.get()
    adresse = reverse("rencontres:point_voter", args=[point.pk])
    form = client.get(adresse).context["form"]
    assert [form[f"siege-{n}"].value() for n in NUMEROS] == ["recusation", None, None]
    client.post(adresse, votes("pour", "pour", "pour"))
    point.refresh_from_db()
    assert (point.scrutin.nb_pour, point.scrutin.nb_recusations) == (2, 1)


@pytest.mark.parametrize("nomme", [True, False])
def test_who_moves_and_who_seconds_is_asked_where_the_instance_says_so(client_de, comite, nomme):
    comite.nomme_proposeurs = nomme
    comite.save()
    point, client = point_de(soumise(comite)), client_de("coordonnateur")
    page = client.get(decision(point))
    assert ("Proposée par" in page.content.decode()) is nomme
    donnees = saisie(client, decision(point), enveloppe=EnveloppeFactory().pk) | votes("pour", "pour", "pour")
    client.post(decision(point), donnees | {"proposee_par": "Ana Roy", "appuyee_par": "Luc Roy"})
    point.refresh_from_db()
    attendu = ("Ana Roy", "Luc Roy") if nomme else ("", "")
    assert (point.etat, (point.proposee_par, point.appuyee_par)) == (EtatPoint.TRAITE, attendu)


# Decided elsewhere while it waited on an agenda


@pytest.mark.regle("R7")
@pytest.mark.parametrize(("decide", "phrase"), [("scrutin", "par scrutin, résolution"), ("retrait", "retirée")])
def test_point_says_that_its_request_no_longer_waits(client_de, comite, decide, phrase):
    demande = soumise(comite)
    point = point_de(demande, point__rencontre__date=DEMAIN)
    auteur = UtilisateurFactory()
    if decide == "scrutin":
        comite.mode_decision = ModeDecision.EN_LIGNE
        comite.save()
        echeance = timezone.now() + datetime.timedelta(days=5)
        scrutin = ouvrir_deliberation(demande.pk, auteur=auteur, enveloppe=EnveloppeFactory(), echeance=echeance)
        for electeur in scrutin.electeurs.all():
            voter(scrutin.pk, auteur=electeur.utilisateur, choix=Choix.POUR)
    else:
        retirer_demande(demande.pk, auteur=demande.demandeur)
    point.refresh_from_db()
    assert point.etat == EtatPoint.TRAITE
    assert phrase in point.compte_rendu
    assert point.compte_rendu in client_de("coordonnateur").get(point.rencontre.get_absolute_url()).content.decode()
    with pytest.raises(ErreurMetier, match="n’attend plus aucune rencontre"):
        reprendre_point(point, auteur=auteur)


def test_request_that_no_longer_waits_is_not_carried_over(comite):
    demande = soumise(comite)
    point = point_de(demande)
    DemandeFonds.objects.filter(pk=demande.pk).update(etat=EtatDemande.EXPIREE)
    suivante = RencontreFactory(instance_gouvernance=comite, date=DEMAIN)
    with pytest.raises(ErreurMetier, match="n’attend plus aucune rencontre"):
        reporter_point(point, vers=suivante, auteur=UtilisateurFactory())
    assert not suivante.points.exists()


def test_request_on_two_agendas_at_once_is_refused_by_a_point_taken_back(comite):
    demande, auteur = soumise(comite), UtilisateurFactory()
    point = point_de(demande)
    noter_point(point, version=1, notes="", traite=True, auteur=auteur)
    ailleurs = RencontreFactory(instance_gouvernance=comite, date=DEMAIN)
    mettre_a_l_ordre_du_jour(demande.pk, rencontre=ailleurs, auteur=auteur)
    with pytest.raises(ErreurMetier, match="déjà à l’ordre du jour"):
        reprendre_point(point, auteur=auteur)


def test_page_of_the_meeting_says_that_precisions_are_awaited(client_de, comite):
    demande = soumise(comite)
    point = point_de(demande)
    demander_precisions(demande.pk, auteur=UtilisateurFactory(), question="Combien?", avant_le=DEMAIN)
    page = client_de("coordonnateur").get(point.rencontre.get_absolute_url()).content.decode()
    assert "Lire la demande (précisions attendues)" in page
