"""A meeting run from its page, in the browser: points, presences, votes, convocation, agenda in PDF."""

import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from demarche.gouvernance.models import Exercice, Rencontre, Resolution
from demarche.rencontres.enums import EtatPoint, EtatPresence
from demarche.rencontres.models import PointOrdreDuJour, PresenceSiege
from demarche.socle.models import Courriel
from tests.adresses import adresse_de
from tests.comptes.navigateur import cout, envoyer, saisie
from tests.factories import JOUR
from tests.factories.demarche import (
    DemarcheFactory,
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    PointOrdreDuJourFactory,
    PresenceSiegeFactory,
    ProcesVerbalFactory,
    RencontreFactory,
    ResolutionFactory,
    ScrutinFactory,
    SiegeFactory,
)

pytestmark = pytest.mark.django_db
DEMAIN = JOUR + datetime.timedelta(days=1)


@pytest.fixture
def comite():
    ExerciceFactory()
    instance = InstanceGouvernanceFactory(comite=True)
    for numero in (9001, 9002, 9003):
        MandatFactory(siege__numero=numero, siege__instance_gouvernance=instance)
    return instance


@pytest.fixture
def seance(comite):
    return RencontreFactory(instance_gouvernance=comite, titre="Séance du comité")


def adresse(nom, objet, suite=""):
    return adresse_de(f"{nom}", args=[objet.pk]) + suite


def test_new_meeting_with_one_point_a_line(client_de, comite):
    nouvelle = reverse("rencontres:rencontre_creer")
    envoyer(
        client_de("agent"),
        nouvelle,
        fois=2,
        instance_gouvernance=comite.pk,
        titre="Séance",
        date="2026-05-08",
        points="Accueil\n\n  Budget ",
    )
    rencontre = Rencontre.objects.get()
    assert list(rencontre.points.values_list("titre", flat=True)) == ["Accueil", "Budget"]
    page = client_de("agent").post(nouvelle, {"points": "x" * 201})
    assert "raccourcissez sa ligne" in page.content.decode()


def test_point_of_each_kind_from_its_form(client_de, comite, seance):
    client = client_de("agent")
    consultation = ScrutinFactory(instance_gouvernance=comite, consultation=True, clos=True, question="Le logo")
    pv = ProcesVerbalFactory(rencontre__instance_gouvernance=comite, rencontre__titre="La dernière")
    corrigee = ResolutionFactory(instance_gouvernance=comite)
    nouveau = adresse("point_creer", seance)
    envoyer(client, nouveau, fois=2, titre="Tour de table")
    envoyer(client, nouveau + f"?corrige={corrigee.pk}", titre="La fête", texte="Il est résolu.")
    envoyer(client, nouveau + "?genre=enterinement", consultation=consultation.pk)
    envoyer(client, nouveau + "?genre=proces_verbal", proces_verbal=pv.pk)
    points = seance.points.order_by("ordre")
    assert [(p.titre, p.genre, p.est_public) for p in points] == [
        ("Tour de table", "libre", True),
        ("La fête", "resolution", False),
        ("Entériner : Le logo", "enterinement", False),
        ("Adopter le procès-verbal : La dernière", "proces_verbal", True),
    ]
    assert points[1].corrige == corrigee
    refuse = client.post(nouveau + "?genre=enterinement", {"jeton": "", "consultation": consultation.pk})
    assert refuse.context["form"].errors.keys() == {"jeton", "consultation"}


def test_point_changed_in_two_tabs_keeps_what_was_typed(client_de, seance):
    client, point = client_de("agent"), PointOrdreDuJourFactory(rencontre=seance)
    modifier = adresse("point_modifier", point)
    premier, second = saisie(client, modifier, titre="Premier"), saisie(client, modifier, titre="Second")
    assert client.post(modifier, premier).status_code == 302
    page = client.post(modifier, second).content.decode()
    assert "Quelqu’un a modifié cette fiche" in page
    assert 'value="Second"' in page


def test_notes_are_kept_and_the_point_dealt_with(client_de, seance):
    client, point = client_de("agent"), PointOrdreDuJourFactory(rencontre=seance)
    envoyer(client, adresse("point_notes", point), notes="On s’entend.", traite="1")
    point.refresh_from_db()
    assert (point.notes, point.etat) == ("On s’entend.", EtatPoint.TRAITE)
    assert "On s’entend." in client_de("membre_comite").get(seance.get_absolute_url()).content.decode()


def test_partners_read_the_public_points_only(client_de, comite, seance):
    seance.est_publique = True
    seance.save()
    PointOrdreDuJourFactory(rencontre=seance, titre="Le marché", notes="Confidentiel")
    PointOrdreDuJourFactory(rencontre=seance, titre="Huis clos", est_public=False)
    page = client_de("partenaire").get(seance.get_absolute_url()).content.decode()
    assert "Le marché" in page
    for secret in ("Huis clos", "Confidentiel", "Siège 9001", "À traiter"):
        assert secret not in page
    agenda = client_de("public").get("/agenda/?tout=1").content.decode()
    assert "Huis clos" not in agenda
    document = client_de("partenaire").get(adresse("ordre_du_jour_pdf", seance)).content
    texte = " ".join(p.extract_text() for p in PdfReader(io.BytesIO(document)).pages)
    assert "Le marché" in texte
    assert "Huis clos" not in texte


def test_agenda_in_pdf_is_tagged_and_french(client_de, seance):
    DemarcheFactory()
    PointOrdreDuJourFactory(rencontre=seance, titre="Le budget", duree_minutes=20, est_public=False)
    reponse = client_de("membre_comite").get(adresse("ordre_du_jour_pdf", seance))
    document = PdfReader(io.BytesIO(reponse.content))
    assert reponse["Content-Type"] == "application/pdf"
    assert document.root_object["/Lang"] == "fr-CA"
    assert document.root_object["/MarkInfo"]["/Marked"]
    texte = " ".join(page.extract_text() for page in document.pages)
    assert "Le budget" in texte
    assert "20 min" in texte


def test_presences_by_seat_say_the_quorum(client_de, comite, seance):
    SiegeFactory(instance_gouvernance=comite, libelle="Siège libre")
    client = client_de("agent")
    page = client.get(adresse("rencontre_presences", seance))
    assert "siège vacant, jamais compté" in page.content.decode()
    sieges = [s.siege.pk for s in page.context["form"].sieges if not s.est_vacant]
    donnees = saisie(client, adresse("rencontre_presences", seance))
    donnees |= {f"etat-{pk}": "present" for pk in sieges[:2]} | {f"arrivee-{sieges[0]}": "9 h 45"}
    reponse = client.post(adresse("rencontre_presences", seance), donnees, follow=True)
    phrase = "2\u00a0présents sur 3\u00a0sièges pourvus : quorum atteint (il en faut 2)"
    assert [str(m) for m in reponse.context["messages"]] == [f"Présences enregistrées. {phrase}."]
    assert phrase in reponse.content.decode()
    assert PresenceSiege.objects.get(siege=sieges[0]).arrivee_a == datetime.time(9, 45)
    refuse = client.post(adresse("rencontre_presences", seance), donnees | {f"etat-{sieges[1]}": "absent"})
    assert "Quelqu’un a modifié cette fiche" in refuse.content.decode()


def test_vote_by_seat_presets_the_absent_and_names_movers_if_the_instance_does(client_de, comite, seance):
    point = PointOrdreDuJourFactory(rencontre=seance, de_resolution=True)
    siege = comite.sieges.get(numero=9003)
    PresenceSiegeFactory(rencontre=seance, siege=siege, etat=EtatPresence.EXCUSE)
    client, voter = client_de("coordonnateur"), adresse("point_voter", point)
    form = client.get(voter).context["form"]
    assert [form[f"siege-{n}"].value() for n in (9001, 9002, 9003)] == [None, None, "absent"]
    assert "proposee_par" not in form.fields
    comite.nomme_proposeurs = True
    comite.save()
    donnees = saisie(client, voter, proposee_par="Ana Roy", texte="Amendé")
    refuse = client.post(voter, donnees | {"siege-9001": "pour"})
    assert refuse.context["form"].errors.keys() == {"siege-9002"}
    donnees |= {"siege-9001": "pour", "siege-9002": "pour"}
    assert client.post(voter, donnees).url == f"{seance.get_absolute_url()}#point-{point.pk}"
    point.refresh_from_db()
    assert (point.resolution.texte, point.proposee_par) == ("Amendé", "Ana Roy")
    page = client.get(seance.get_absolute_url()).content.decode()
    assert point.resolution.code in page
    assert "2 pour, 0 contre" in page


def test_vote_by_number_is_offered_and_is_the_only_way_without_seats(client_de, seance):
    point = PointOrdreDuJourFactory(rencontre=seance, de_resolution=True)
    client, voter = client_de("coordonnateur"), adresse("point_voter", point, "?par=nombre")
    assert "?par=nombre" in client.get(adresse("point_voter", point)).content.decode()
    nombres = {"nb_presents": 3, "nb_pour": 3, "nb_contre": 0, "nb_abstentions": 0, "nb_recusations": 0}
    donnees = saisie(client, voter) | nombres
    trop = client.post(voter, donnees | {"nb_presents": 4})
    assert trop.context["form"].errors.keys() == {"nb_presents"}
    assert client.post(voter, donnees).status_code == 302
    assert Resolution.objects.get().scrutin.nb_presents == 3
    assemblee = RencontreFactory(instance_gouvernance=InstanceGouvernanceFactory(assemblee=True))
    autre = PointOrdreDuJourFactory(rencontre=assemblee, de_resolution=True)
    assert "nb_presents" in client.get(adresse("point_voter", autre)).context["form"].fields


def test_sans_quorum_is_said_and_the_point_stays(client_de, seance):
    point = PointOrdreDuJourFactory(rencontre=seance, de_resolution=True)
    client, voter = client_de("coordonnateur"), adresse("point_voter", point)
    donnees = saisie(client, voter) | {"siege-9001": "pour", "siege-9002": "absent", "siege-9003": "absent"}
    page = client.post(voter, donnees, follow=True).content.decode()
    assert "Sans quorum" in page
    assert "le point reste à traiter" in page
    assert adresse("point_voter", point) in page


def test_consultations_are_added_in_one_click_then_ratified(client_de, comite, seance):
    ScrutinFactory(instance_gouvernance=comite, consultation=True, clos=True, inscrit_resolution=True)
    client = client_de("coordonnateur")
    assert "Ajouter les consultations à entériner (1)" in client.get(seance.get_absolute_url()).content.decode()
    client.post(adresse("point_enterinements", seance))
    point = seance.points.get()
    donnees = {f"siege-{numero}": "pour" for numero in (9001, 9002, 9003)}
    client.post(adresse("point_voter", point), donnees)
    point.refresh_from_db()
    assert (point.etat, point.resolution) == (EtatPoint.TRAITE, Resolution.objects.get())


def test_convocation_is_sent_once_a_click_and_warns_before_a_second(client_de, seance):
    PointOrdreDuJourFactory(rencontre=seance)
    client, convoquer = client_de("agent"), adresse("rencontre_convoquer", seance)
    assert "Déjà convoquée" not in client.get(convoquer).content.decode()
    envoyer(client, convoquer, fois=2)
    assert Courriel.objects.count() == 3
    assert "Déjà convoquée le" in client.get(convoquer).content.decode()


def test_point_is_carried_over_from_its_page(client_de, comite, seance):
    point = PointOrdreDuJourFactory(rencontre=seance, titre="À suivre")
    client, reporter = client_de("agent"), adresse("point_reporter", point)
    assert "Aucune rencontre à venir" in client.get(reporter).content.decode()
    suivante = RencontreFactory(instance_gouvernance=comite, date=DEMAIN, titre="La prochaine")
    envoyer(client, reporter, rencontre=suivante.pk)
    assert "Reporté à" in client.get(seance.get_absolute_url()).content.decode()
    assert "reporté de" in client.get(suivante.get_absolute_url()).content.decode()


def test_similar_meeting_is_announced_once(client_de, seance):
    PointOrdreDuJourFactory(rencontre=seance)
    envoyer(client_de("agent"), adresse("rencontre_dupliquer", seance), fois=2, date="2026-09-08", titre="Automne")
    assert Rencontre.objects.get(titre="Automne").points.count() == 1


def test_adopted_minutes_leave_nothing_to_click(client_de, seance):
    PointOrdreDuJourFactory(rencontre=seance)
    ProcesVerbalFactory(rencontre=seance, adopte=True)
    page = client_de("coordonnateur").get(seance.get_absolute_url())
    assert (page.context["page"].permis.ecrire, page.context["page"].etape) == (False, None)
    assert "Autres gestes" not in page.content.decode()
    client_de("agent").post(adresse("point_retirer", seance.points.get()))
    assert PointOrdreDuJour.objects.exists()


def test_the_page_says_one_next_step(client_de, comite):
    client = client_de("coordonnateur")

    def etape(rencontre):
        trouvee = client.get(rencontre.get_absolute_url()).context["page"].etape
        return trouvee and trouvee.libelle

    future = RencontreFactory(instance_gouvernance=comite, date=DEMAIN)
    assert etape(future) == "Ajouter un point"
    PointOrdreDuJourFactory(rencontre=future)
    assert etape(future) == "Convoquer"
    seance = RencontreFactory(instance_gouvernance=comite)
    point = PointOrdreDuJourFactory(rencontre=seance)
    assert etape(seance) == "Ouvrir la rencontre"
    client.post(adresse("rencontre_ouvrir", seance))
    assert etape(seance) == "Noter les présences"
    PresenceSiegeFactory(rencontre=seance, siege=comite.sieges.first())
    assert etape(seance) == "Traiter ce point"
    point.etat = EtatPoint.TRAITE
    point.save()
    assert etape(seance) == "Lever la rencontre"
    client.post(adresse("rencontre_lever", seance))
    assert etape(seance) == "Rédiger le procès-verbal"
    ProcesVerbalFactory(rencontre=seance)
    assert etape(seance) is None


@pytest.mark.parametrize("role", ["coordonnateur", "partenaire"])
def test_page_costs_the_same_for_many_points(client_de, comite, seance, role):
    seance.est_publique = True
    seance.save()
    couts, client = [], client_de(role)
    for nb in (1, 2, 10):
        for _ in range(nb):
            PointOrdreDuJourFactory(rencontre=seance)
            vote = ScrutinFactory(main_levee=True, clos=True, rencontre=seance)
            PointOrdreDuJourFactory(
                rencontre=seance, traite=True, scrutin=vote, resolution=ResolutionFactory(scrutin=vote)
            )
            PointOrdreDuJourFactory(reporte_de=PointOrdreDuJourFactory(rencontre=seance, reporte=True))
            PresenceSiegeFactory(rencontre=seance)
        couts.append(cout(client, seance.get_absolute_url()))
    assert len(set(couts)) == 1, couts


def test_each_form_of_the_page_carries_its_token(client_de, seance):
    PointOrdreDuJourFactory.create_batch(2, rencontre=seance)
    PointOrdreDuJourFactory(rencontre=seance, traite=True)
    page = client_de("coordonnateur").get(seance.get_absolute_url()).content.decode()
    assert page.count('method="post"') == page.count("csrfmiddlewaretoken") > 6


def test_meeting_cancelled_from_its_page_stays_announced_as_cancelled(client_de, seance):
    point = PointOrdreDuJourFactory(rencontre=seance)
    client = client_de("agent")
    seance.est_publique = True
    seance.save()
    assert adresse("rencontre_annuler", seance) in client.get(seance.get_absolute_url()).content.decode()
    envoyer(client, adresse("rencontre_annuler", seance), fois=2, motif="Tempête de neige")
    page = client.get(seance.get_absolute_url()).content.decode()
    assert "Tempête de neige" in page
    assert adresse("point_reporter", point) in page
    for absente in ("rencontre_modifier", "rencontre_annuler", "rencontre_convoquer", "rencontre_ouvrir"):
        assert adresse(absente, seance) not in page, absente
    for liste in ("/agenda/", "/rencontres/"):
        assert "Annulée" in client.get(liste).content.decode()
    assert seance.titre not in client_de("public").get("/").content.decode()


def test_meeting_of_a_closed_exercice_says_why_nothing_is_offered(client_de, seance):
    PointOrdreDuJourFactory(rencontre=seance)
    Exercice.objects.update(est_clos=True, clos_le=timezone.now())
    page = client_de("coordonnateur").get(seance.get_absolute_url()).content.decode()
    assert "est clos\xa0: cette rencontre ne change plus." in page
    for absente in ("rencontre_modifier", "point_creer", "proces_verbal_rediger", "rencontre_presences"):
        assert adresse(absente, seance) not in page, absente


def test_point_takes_the_rank_typed(client_de, seance):
    un, deux, trois = (PointOrdreDuJourFactory(rencontre=seance, ordre=ordre) for ordre in (1, 2, 3))
    client = client_de("agent")
    for rang, attendu in (("1", [trois, un, deux]), ("x", [trois, un, deux]), ("", [trois, un, deux])):
        client.post(adresse("point_placer", trois), {"rang": rang})
        assert list(seance.points.order_by("ordre")) == attendu


def test_vote_asked_too_early_says_why(client_de, comite):
    future = RencontreFactory(instance_gouvernance=comite, date=DEMAIN)
    point = PointOrdreDuJourFactory(rencontre=future, de_resolution=True)
    page = client_de("coordonnateur").get(adresse("point_voter", point), follow=True)
    assert [str(m) for m in page.context["messages"]] == ["Cette rencontre n’a pas encore eu lieu."]


def test_seat_noted_by_mistake_is_no_longer_noted(client_de, seance):
    presence = PresenceSiegeFactory(rencontre=seance, siege=seance.instance_gouvernance.sieges.first())
    client, page = client_de("agent"), adresse("rencontre_presences", seance)
    assert "Non noté" in client.get(page).content.decode()
    envoyer(client, page, **{f"etat-{presence.siege_id}": ""})
    assert not PresenceSiege.objects.exists()


def test_next_step_is_one_that_this_person_may_take(client_de, comite):
    seance = RencontreFactory(instance_gouvernance=comite, ouverte_a=datetime.time(9))
    PresenceSiegeFactory(rencontre=seance, siege=comite.sieges.first())
    PointOrdreDuJourFactory(rencontre=seance, de_resolution=True)
    etapes = {
        role: client_de(role).get(seance.get_absolute_url()).context["page"].etape
        for role in ("agent", "coordonnateur")
    }
    assert etapes["agent"] is None
    assert etapes["coordonnateur"].libelle == "Traiter ce point"


def test_convocation_is_not_the_next_step_when_nobody_can_be_written_to(client_de):
    rencontre = RencontreFactory(instance_gouvernance=InstanceGouvernanceFactory(), date=DEMAIN)
    PointOrdreDuJourFactory(rencontre=rencontre)
    client = client_de("agent")
    assert client.get(rencontre.get_absolute_url()).context["page"].etape is None
    convoquer = adresse("rencontre_convoquer", rencontre)
    refus = client.post(convoquer, saisie(client, convoquer, courriels="pas une adresse"))
    assert list(refus.context["form"].errors) == ["courriels"]
    assert envoyer(client, convoquer, fois=2, courriels="a@exemple.test\nb@exemple.test").status_code == 302
    assert Courriel.objects.count() == 2
