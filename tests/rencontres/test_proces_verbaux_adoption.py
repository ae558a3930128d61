"""Minutes adopted at a later meeting, then frozen (R7)."""

import datetime
import hashlib
import io
from contextlib import nullcontext

import page
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from demarche.gouvernance.enums import Issue
from demarche.gouvernance.models import Exercice, Resolution
from demarche.registre.enums import GenreEvenement
from demarche.registre.models import EvenementRegistre
from demarche.registre.services.lignes import tete_du_registre
from demarche.rencontres.enums import EtatPoint, EtatProcesVerbal
from demarche.rencontres.models import PointOrdreDuJour, ProcesVerbal
from demarche.rencontres.proces_verbal.composition import composer
from demarche.rencontres.proces_verbal.donnees import lire_donnees
from demarche.rencontres.proces_verbal.rendu import rendre_pdf
from demarche.rencontres.services.adoptions_proces_verbaux import (
    adopter_proces_verbal,
    controler_documents_adoptes,
    est_intact,
    lire_document,
)
from demarche.rencontres.services.points import laisser_point
from demarche.rencontres.services.proces_verbaux import (
    modifier_proces_verbal,
    rediger_proces_verbal,
    supprimer_proces_verbal,
)
from demarche.scrutins.models import Electeur
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.models import Courriel
from tests.factories.demarche import (
    ExerciceFactory,
    InstanceGouvernanceFactory,
    PointOrdreDuJourFactory,
    RencontreFactory,
)
from tests.rencontres.seance import par_nombre, par_siege, redigee

pytestmark = pytest.mark.django_db
TOUS_POUR = par_siege(*["pour"] * 5, "absent")


@pytest.fixture(autouse=True)
def fichiers(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


def adopter(s, vote=TOUS_POUR, **valeurs):
    adopter_proces_verbal(s.point.pk, vote=vote, auteur=s.auteur, **valeurs)
    return ProcesVerbal.objects.select_related("rencontre", "document").get(pk=s.pv.pk)


def texte_pdf(octets):
    return " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(octets)).pages).split())


@pytest.mark.regle("R7")
def test_adoption_sends_once_the_head_and_the_decisions_to_each_seat_called_at_that_meeting():
    s = redigee()
    Courriel.objects.all().delete()
    adopter(s)
    recus = Courriel.objects.filter(sujet__startswith="Procès-verbal adopté")
    appeles = Electeur.objects.filter(scrutin__rencontre=s.rencontre).values_list("utilisateur__email", flat=True)
    assert sorted(recus.values_list("destinataire", flat=True)) == sorted(set(appeles))
    texte = recus.first().texte
    assert tete_du_registre().empreinte in texte
    assert all(r.code in texte for r in Resolution.objects.filter(rencontre=s.rencontre))


@pytest.mark.parametrize("vote", [par_siege("pour", "contre", *["absent"] * 4)])
def test_draft_that_is_not_adopted_sends_nothing(vote):
    s = redigee()
    adopter(s, vote)
    assert not Courriel.objects.filter(sujet__startswith="Procès-verbal adopté").exists()


@pytest.mark.regle("R7")
def test_adoption_makes_a_resolution_and_freezes_everything():
    s = redigee()
    pv = adopter(s)
    resolution = Resolution.objects.get(rencontre=s.suivante)
    octets = lire_document(pv)
    assert (pv.etat, pv.adopte_le, pv.adopte_a) == (EtatProcesVerbal.ADOPTE, s.suivante.date, s.suivante)
    assert pv.empreinte_document == hashlib.sha256(octets).hexdigest()
    ligne = EvenementRegistre.objects.get(genre=GenreEvenement.PROCES_VERBAL)
    assert ligne.valeurs["document"] == pv.empreinte_document
    assert (pv.numero_registre, pv.empreinte_registre) == (ligne.numero - 1, ligne.precedente)
    assert tete_du_registre().numero == ligne.numero
    s.point.refresh_from_db()
    assert (s.point.resolution, s.point.etat) == (resolution, EtatPoint.TRAITE)
    lu = texte_pdf(octets)
    assert f"résolution {resolution.code}" in lu
    assert pv.empreinte_registre in lu.replace(" ", "")
    assert "PROJET" not in lu
    assert est_intact(pv)


@pytest.mark.regle("R7")
@pytest.mark.parametrize(
    ("vote", "issue", "etat"),
    [
        (par_siege("pour", "pour", "contre", "contre", "abstention", "absent"), Issue.REJETEE, EtatPoint.TRAITE),
        (par_siege("pour", "pour", "absent", "absent", "absent", "absent"), Issue.SANS_QUORUM, EtatPoint.A_TRAITER),
        (par_nombre(5, 2, 2, 1), Issue.REJETEE, EtatPoint.TRAITE),
        (par_nombre(3, 3), Issue.SANS_QUORUM, EtatPoint.A_TRAITER),
    ],
)
def test_tie_or_no_quorum_leaves_a_draft(vote, issue, etat):
    s = redigee()
    pv = adopter(s, vote)
    s.point.refresh_from_db()
    assert (pv.etat, pv.document, pv.donnees) == (EtatProcesVerbal.PROJET, None, None)
    assert (s.point.scrutin.issue, s.point.etat, s.point.resolution) == (issue, etat, None)
    assert not EvenementRegistre.objects.filter(genre=GenreEvenement.PROCES_VERBAL).exists()


@pytest.mark.regle("R7")
def test_minutes_are_adopted_once_every_point_is_dealt_with_or_said_left():
    s = redigee()
    reste = PointOrdreDuJourFactory(rencontre=s.rencontre, ordre=8)
    with pytest.raises(ErreurMetier, match="restent à traiter"):
        adopter(s)
    laisser_point(reste, auteur=s.auteur)
    assert adopter(s).donnees["points"][-1]["compte_rendu"] == "Le point n’est pas abordé."


def test_draft_of_a_closed_exercice_is_still_adopted_at_a_meeting_of_the_next_one():
    s = redigee()
    PointOrdreDuJourFactory(rencontre=s.rencontre, ordre=8)
    veille = s.suivante.date - datetime.timedelta(days=1)
    Exercice.objects.update(fin=veille, est_clos=True, clos_le=timezone.now())
    ExerciceFactory(code="suivant", debut=s.suivante.date, fin=s.suivante.date + datetime.timedelta(days=300))
    assert adopter(s).est_adopte


@pytest.mark.parametrize(("heure", "refuse"), [(8, True), (10, False)])
def test_minutes_of_the_same_day_are_adopted_after_their_meeting(heure, refuse):
    s = redigee()
    s.suivante.date, s.suivante.heure = s.rencontre.date, datetime.time(heure)
    s.suivante.save()
    with pytest.raises(ErreurMetier, match="rencontre suivante") if refuse else nullcontext():
        adopter(s)


def test_after_no_quorum_a_second_vote_adopts():
    s = redigee()
    adopter(s, par_nombre(3, 3))
    assert adopter(s, par_nombre(4, 4)).est_adopte


def test_adopted_minutes_move_no_more():
    s = redigee()
    pv = adopter(s)
    for verbe in (
        lambda: rediger_proces_verbal(s.rencontre.pk, auteur=s.auteur),
        lambda: modifier_proces_verbal(
            pv, version=pv.version, ouverture="x", cloture="y", comptes_rendus={}, auteur=s.auteur
        ),
        lambda: supprimer_proces_verbal(pv, auteur=s.auteur),
        lambda: adopter_proces_verbal(s.point.pk, vote=TOUS_POUR, auteur=s.auteur),
    ):
        with pytest.raises(ErreurMetier):
            verbe()
    assert ProcesVerbal.objects.get(pk=pv.pk).version == pv.version


@pytest.mark.regle("R7")
def test_rows_changed_by_hand_change_nothing_of_what_was_adopted(client_de):
    s = redigee()
    pv = adopter(s)
    octets = lire_document(pv)
    with connection.cursor() as curseur:
        curseur.execute("UPDATE gouvernance_resolution SET texte = 'Réécrite' WHERE titre = 'Tenir la fête'")
        curseur.execute("UPDATE rencontres_pointordredujour SET compte_rendu = 'Réécrit', titre = 'Réécrit'")
        curseur.execute("UPDATE scrutins_scrutin SET nb_pour = 6, nb_contre = 0")
        curseur.execute("DELETE FROM rencontres_presencesiege")
    assert lire_document(pv) == octets
    page_lue = client_de("membre_comite").get(pv.get_absolute_url()).content.decode()
    assert "Réécrit" not in page_lue
    assert "Que la fête ait lieu." in page_lue
    assert lire_donnees(pv.donnees).points[1].decision.vote.nb_pour == 3
    assert len(lire_donnees(pv.donnees).presences_en("present")) == 5


def test_frozen_data_changed_by_hand_is_said(client_de):
    s = redigee()
    pv = adopter(s)
    donnees = pv.donnees | {"cloture": "Autre chose"}
    ProcesVerbal.objects.filter(pk=pv.pk).update(donnees=donnees)
    assert not est_intact(ProcesVerbal.objects.get(pk=pv.pk))
    assert "a été altéré" in client_de("fiduciaire").get(pv.get_absolute_url()).content.decode()


@pytest.mark.regle("R7")
def test_stored_pdf_changed_on_disk_is_not_served(client_de):
    s = redigee()
    pv = adopter(s)
    adresse = reverse("rencontres:proces_verbal_pdf", args=[pv.pk])
    client = client_de("membre_comite")
    assert client.get(adresse).content == lire_document(pv)
    with pv.document.fichier.open("r+b") as fichier:
        fichier.seek(100)
        fichier.write(b"X")
    reponse = client.get(adresse, follow=True)
    assert reponse.redirect_chain == [(pv.get_absolute_url(), 302)]
    assert "ne correspond plus à son empreinte" in reponse.content.decode()
    assert client_de("agent").get(pv.document.get_absolute_url(), follow=True).redirect_chain[0][0] == adresse


def test_adoption_belongs_to_a_later_meeting_of_the_same_instance():
    s = redigee()
    ailleurs = RencontreFactory(instance_gouvernance=InstanceGouvernanceFactory(concertation=True))
    for rencontre in (s.rencontre, ailleurs):
        PointOrdreDuJour.objects.filter(pk=s.point.pk).update(rencontre=rencontre)
        with pytest.raises(ErreurMetier, match="rencontre suivante de la même instance"):
            adopter(s)


def test_mover_and_seconder_are_named_where_the_instance_names_them():
    s = redigee(nomme_proposeurs=True)
    adopter(s, proposee_par="Alix Roy", appuyee_par="Sam Gagnon")
    suivant = rediger_proces_verbal(s.suivante.pk, auteur=s.auteur)
    decision = next(p.decision for p in composer(suivant).points if p.decision)
    assert (decision.resolution.proposee_par, decision.resolution.appuyee_par) == ("Alix Roy", "Sam Gagnon")


def test_pdf_is_tagged_and_a_draft_says_so_on_each_page():
    s = redigee()
    octets = rendre_pdf(composer(s.pv))
    assert page.is_pdf_compliant_bytes(octets)
    lu = texte_pdf(octets)
    assert "PROJET" in lu
    assert "page 1 de" in lu
    assert "Résolution CP-2025-2026-001" in lu
    assert "Présidence" in lu
    assert "Note interne de la rencontre" not in lu


@pytest.mark.regle("R7")
def test_verification_reads_the_files_again():
    s = redigee()
    pv = adopter(s)
    assert list(controler_documents_adoptes()) == []
    with pv.document.fichier.open("r+b") as fichier:
        fichier.write(b"X")
    assert [(r.objet, "ne correspond plus" in r.phrase) for r in controler_documents_adoptes()] == [
        (f"proces_verbal {pv.pk}", True)
    ]
    pv.document.fichier.delete(save=False)
    pv.document.fichier.name = "documents/absent.pdf"
    pv.document.save()
    assert [r.phrase for r in controler_documents_adoptes()] == [
        "Le PDF de ce procès-verbal n’est plus sur le serveur."
    ]


def test_pdf_of_an_assemblee_is_tagged_too():
    rencontre = RencontreFactory(instance_gouvernance=InstanceGouvernanceFactory(assemblee=True))
    octets = rendre_pdf(composer(rediger_proces_verbal(rencontre.pk, auteur=None)))
    assert page.is_pdf_compliant_bytes(octets)
    assert "Cette rencontre n’a pas d’ordre du jour." in texte_pdf(octets)
