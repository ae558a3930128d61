"""The verification of the chained register: whole when nothing moved, and each alteration named with its row (R7)."""

import datetime
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from demarche.gouvernance.enums import Choix, ModeDecision
from demarche.gouvernance.models import Exercice, Resolution
from demarche.gouvernance.services.exercices import clore_exercice, rouvrir_exercice
from demarche.registre.declencheurs import DECLENCHEURS, lever, poser
from demarche.registre.models import EvenementRegistre, SelRegistre, TeteRegistre
from demarche.registre.protocoles import MATIERES, Matiere
from demarche.registre.services.lignes import inscrire_evenement
from demarche.registre.services.verification import verifier_registre
from demarche.scrutins.models import Electeur, Recusation, Scrutin, Vote
from demarche.scrutins.services.effacements import effacer_sel
from demarche.scrutins.services.resolutions import inscrire_resolution
from demarche.scrutins.services.scrutins import annuler_scrutin, ouvrir_scrutin
from demarche.scrutins.services.votes import recuser, voter
from demarche.socle.erreurs import ErreurMetier
from tests.factories.chantiers import ResultatFinancierFactory
from tests.factories.demarche import (
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    ResolutionFactory,
    ScrutinFactory,
    UtilisateurFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.base]

JADIS = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
REQUETES = 46  # of a whole verification: the chain, each kind of row by lots, what is missing


@pytest.fixture(autouse=True)
def sans_declencheurs(db):
    """Who alters the past has lifted the triggers first."""
    lever(connection)


def ouvrir(instance, **autres):
    return ouvrir_scrutin(
        instance_gouvernance=instance,
        question="Accorder la somme",
        texte="Que la somme soit accordée.",
        echeance=timezone.now() + datetime.timedelta(days=7),
        auteur=UtilisateurFactory(),
        **autres,
    )


@pytest.fixture
def registre():
    """Twelve lines: a ballot adopted with its resolution, one cancelled, an exercice closed and opened again."""
    ExerciceFactory()
    comite = InstanceGouvernanceFactory(comite=True)
    membres = [MandatFactory(siege__instance_gouvernance=comite).utilisateur for _ in range(4)]
    scrutin = ouvrir(comite, inscrit_resolution=True)
    voter(scrutin.pk, auteur=membres[0], choix=Choix.CONTRE)
    voter(scrutin.pk, auteur=membres[0], choix=Choix.POUR, commentaire="J’ai changé d’avis.")
    voter(scrutin.pk, auteur=membres[1], choix=Choix.POUR)
    voter(scrutin.pk, auteur=membres[2], choix=Choix.ABSTENTION)
    recuser(scrutin.pk, auteur=membres[3], motif="J’y travaille.")
    annuler_scrutin(ouvrir(comite).pk, motif="Le montant a changé.", auteur=membres[0])
    ancien = ExerciceFactory(annee=2024)
    ResultatFinancierFactory(exercice=ancien)
    clore_exercice(ancien.pk, auteur=membres[0])
    rouvrir_exercice(ancien.pk, motif="Une facture est arrivée en retard.", auteur=membres[0])
    return scrutin


def ruptures():
    """What the verification says once the triggers are back."""
    poser(connection)
    textes = [str(rupture) for rupture in verifier_registre().ruptures]
    lever(connection)
    return textes


@contextmanager
def essai():
    """Undo what the block changes: the register, long to write, is altered many times."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def numero(genre, rang=0):
    return EvenementRegistre.objects.filter(genre=genre).order_by("numero")[rang].numero


def test_whole_register_says_so_in_one_line(registre):
    sortie = StringIO()
    poser(connection)
    call_command("verifier_registre", stdout=sortie)
    assert sortie.getvalue() == "Le registre est entier : 12 lignes.\n"


def test_empty_register_is_whole():
    assert ruptures() == []


@pytest.mark.regle("R7")
def test_missing_trigger_is_named(registre):
    poser(connection)
    nom, (_quand, table, _condition) = next(iter(DECLENCHEURS[connection.vendor].items()))
    with connection.cursor() as curseur:
        curseur.execute(f"DROP TRIGGER {nom}{f' ON {table}' if connection.vendor == 'postgresql' else ''}")
    assert [str(rupture) for rupture in verifier_registre().ruptures] == [
        f"sans ligne ({nom}) : ce déclencheur manque : la base ne refuse plus de changer le registre."
    ]


def test_command_fails_with_one_line_per_break(registre):
    ligne = numero("cloture")
    EvenementRegistre.objects.filter(numero=ligne).update(objet="scrutin 999")
    poser(connection)
    sortie = StringIO()
    with pytest.raises(CommandError, match="3 ruptures dans un registre de 12 lignes"):
        call_command("verifier_registre", stdout=sortie)
    lignes = sortie.getvalue().splitlines()
    assert (
        lignes[0]
        == f"ligne {ligne} (scrutin 999) : son empreinte n’est pas celle de son contenu : elle a été changée."
    )


COLONNES = [
    ("genre", "recusation"),
    ("objet", "scrutin 998"),
    ("corps", '{"canal":"en_ligne","siege":9}'),
    ("engagement", "f" * 64),
    ("inscrit_le", datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)),
    ("precedente", "e" * 64),
    ("empreinte", "d" * 64),
]


@pytest.mark.regle("R7")
def test_one_column_changed_names_its_line_alone(registre):
    ligne = numero("vote")
    for champ, valeur in COLONNES:
        with essai():
            EvenementRegistre.objects.filter(numero=ligne).update(**{champ: valeur})
            de_la_chaine = [texte for texte in ruptures() if "empreinte" in texte]
        assert de_la_chaine, champ
        assert all(texte.startswith(f"ligne {ligne} (") for texte in de_la_chaine), champ


def test_number_changed_names_the_hole_and_the_line(registre):
    EvenementRegistre.objects.filter(numero=12).update(numero=15)
    assert ruptures()[:2] == [
        f"ligne 15 (exercice {Exercice.objects.get(code='2024-2025').pk}) : "
        "les lignes 12 à 14, qui la précèdent, manquent.",
        f"ligne 15 (exercice {Exercice.objects.get(code='2024-2025').pk}) : "
        "son empreinte n’est pas celle de son contenu : elle a été changée.",
    ]


ILLISIBLES = [
    '{"siege": 1}',
    "[]",
    '{"siege":[1]}',
    '{"electeurs":["x"]}',
    '{"montant":"abc"}',
    '{"demande":"x"}',
    '{"mode":{}}',
]


def test_unreadable_content_is_named(registre):
    for corps in ILLISIBLES:
        with essai():
            EvenementRegistre.objects.filter(numero=2).update(corps=corps)
            textes = ruptures()
        assert any(texte.startswith("ligne 2 ") and "n’est pas lisible" in texte for texte in textes), corps


def test_opening_without_its_electors_is_named(registre):
    EvenementRegistre.objects.filter(numero=1).update(corps='{"electeurs":5}')
    assert any(texte.startswith("ligne 1 ") and "« electeurs » y vaut 5" in texte for texte in ruptures())


def test_check_that_meets_what_it_cannot_read_stops_and_the_others_go_on(registre, monkeypatch):
    def controle():
        raise ValueError

    class Illisible(Matiere):
        controles = (controle,)

    monkeypatch.setattr(MATIERES, "_toutes", [Illisible(), *MATIERES])
    Scrutin.objects.filter(pk=registre.pk).update(nb_pour=3)
    textes = ruptures()
    assert textes[0] == "sans ligne (registre) : une ligne ou une fiche n’est pas lisible : ce contrôle s’arrête là."
    assert any("« pour » y vaut 2; dans la base, 3." in texte for texte in textes)


@pytest.mark.regle("R7")
def test_line_deleted_names_the_one_that_follows(registre):
    EvenementRegistre.objects.filter(numero=4).first().sel.delete()
    EvenementRegistre.objects.filter(numero=4).delete()
    textes = ruptures()
    assert textes[0].startswith("ligne 5 (scrutin ")
    assert textes[0].endswith("la ligne 4, qui la précède, manque.")
    assert textes[1].endswith("elle ne suit pas l’empreinte de la ligne 4.")


def test_last_line_deleted_is_missed_by_the_head(registre):
    SelRegistre.objects.filter(evenement__numero=12).delete()
    EvenementRegistre.objects.filter(numero=12).delete()
    assert "sans ligne (tête du registre) : elle est à la ligne 12, la dernière ligne est la 11." in ruptures()


def test_line_inserted_at_the_end_without_the_head(registre):
    tete = TeteRegistre.objects.get()
    inscrire_evenement("vote", "scrutin 1", corps={"siege": 1})
    tete.save()  # the head goes back
    assert "sans ligne (tête du registre) : elle est à la ligne 12, mais la ligne 13 existe." in ruptures()


@pytest.mark.regle("R7")
def test_two_lines_swapped_are_both_named(registre):
    un, deux = EvenementRegistre.objects.filter(numero__in=(3, 4)).order_by("numero")
    for pk, rang in ((un.pk, 900), (deux.pk, 3), (un.pk, 4)):
        EvenementRegistre.objects.filter(pk=pk).update(numero=rang)
    changees = [texte.split(" (")[0] for texte in ruptures() if "elle a été changée" in texte]
    assert changees == ["ligne 3", "ligne 4"]


@pytest.mark.regle("R7")
def test_line_rewritten_with_its_hash_breaks_the_next_one(registre):
    ligne = EvenementRegistre.objects.get(genre="cloture")
    ligne.corps = ligne.corps.replace('"pour":2', '"pour":3')
    EvenementRegistre.objects.filter(pk=ligne.pk).update(corps=ligne.corps, empreinte=ligne.calculer_empreinte())
    suivante = f"ligne {ligne.numero + 1} ("
    assert any(texte.startswith(suivante) and "ne suit pas" in texte for texte in ruptures())


def test_head_changed_is_named(registre):
    TeteRegistre.objects.update(empreinte="a" * 64)
    assert ruptures() == ["sans ligne (tête du registre) : son empreinte n’est pas celle de la ligne 12."]


# The rows of today


CHANGEMENTS = [
    (Scrutin, {"nb_pour": 3}, "cloture", "« pour » y vaut 2; dans la base, 3."),
    (Scrutin, {"issue": "rejetee"}, "cloture", "« issue » y vaut adoptee; dans la base, rejetee."),
    (Scrutin, {"texte": "Que rien ne soit accordé."}, "ouverture", "la question, le texte et qui vote"),
    (Scrutin, {"regle_majorite": "unanimite"}, "ouverture", "« majorite » y vaut simple"),
    (Resolution, {"titre": "Autre chose"}, "resolution", "le titre et le texte de la résolution"),
    (Resolution, {"code": "CP-2025-2026-009"}, "resolution", "« code » y vaut CP-2025-2026-001"),
    (Resolution, {"adoptee_le": datetime.date(2025, 8, 1)}, "resolution", "« adoptee_le » y vaut 2026-01-14"),
    (Resolution, {"numero": 3}, "resolution", "le numéro n’est pas celui"),
    (Recusation, {"motif": "Autre motif"}, "recusation", "la récusation de la voix nº"),
    (Recusation, {"declaree_le": JADIS}, "recusation", "la récusation de la voix nº"),
    (Resolution, {"inscrite_par": None}, "resolution", "le titre et le texte de la résolution"),
    (Scrutin, {"demandeur": F("ouvert_par")}, "ouverture", "la question, le texte et qui vote"),
    (Scrutin, {"ouvert_par": None}, "ouverture", "la question, le texte et qui vote"),
    (Scrutin, {"ouvert_le": JADIS}, "ouverture", "« ouvert_le » y vaut"),
    (Scrutin, {"suite_recusations": "attente"}, "ouverture", "« suite_recusations » y vaut"),
    (Scrutin, {"inscrit_resolution": False}, "ouverture", "« inscrit_resolution » y vaut"),
]


@pytest.mark.regle("R7")
def test_row_changed_names_the_line_that_tells_it(registre):
    for modele, changement, genre, phrase in CHANGEMENTS:
        pk = registre.pk if modele is Scrutin else modele.objects.get().pk
        with essai():
            modele.objects.filter(pk=pk).update(**changement)
            textes = ruptures()
        assert any(texte.startswith(f"ligne {numero(genre)} (") and phrase in texte for texte in textes), changement


@pytest.mark.regle("R7")
def test_vote_changed_names_the_last_line_of_that_seat(registre):
    electeur = registre.electeurs.order_by("numero").first()
    Vote.objects.filter(electeur=electeur).update(choix=Choix.CONTRE)
    assert any(
        texte == f"ligne {numero('changement')} (scrutin {registre.pk}) : le vote de la voix nº {electeur.numero} : "
        "ce qui est dans la base n’est plus ce que la ligne engage."
        for texte in ruptures()
    )
    assert any("« contre » y vaut 0; dans la base, 1." in texte for texte in ruptures())


def test_elector_renamed_names_the_opening(registre):
    Electeur.objects.filter(pk=registre.electeurs.first().pk).update(libelle="Autre siège")
    assert any(texte.startswith("ligne 1 (") and "qui vote" in texte for texte in ruptures())


@pytest.mark.regle("R7")
def test_earlier_vote_changed_or_erased_in_the_history_names_its_line(registre):
    premier = Vote.history.order_by("history_id").first()
    debut = f"ligne {numero('vote')} (scrutin {registre.pk}) : "
    Vote.history.filter(history_id=premier.history_id).update(choix=Choix.POUR)
    assert [texte for texte in ruptures() if texte.startswith(debut)] == [
        f"{debut}dans l’historique, ce vote de la voix nº {premier.electeur.numero} : "
        "ce qui est dans la base n’est plus ce que la ligne engage."
    ]
    Vote.history.all().delete()
    assert sum("l’historique n’a plus ce vote" in texte for texte in ruptures()) == 4


def test_vote_deleted_or_handed_to_somebody_else(registre):
    electeur = registre.electeurs.order_by("numero").last()
    autre = registre.electeurs.order_by("numero")[1]
    Vote.objects.filter(electeur=autre).delete()
    Electeur.objects.filter(pk=electeur.pk).update(utilisateur=UtilisateurFactory())
    textes = ruptures()
    assert any(f"le vote de la voix nº {autre.numero} n’est plus dans la base" in texte for texte in textes)
    assert any(texte.startswith("ligne 1 (") and "qui vote à ce scrutin" in texte for texte in textes)


def test_recusal_deleted_is_named(registre):
    Recusation.objects.all().delete()
    assert any(texte.startswith(f"ligne {numero('recusation')} (") for texte in ruptures())


def test_cancelled_ballot_that_opens_again_is_named(registre):
    annule = Scrutin.objects.get(etat="annule")
    Scrutin.objects.filter(pk=annule.pk).update(motif_annulation="Autre motif")
    assert any("le motif de l’annulation" in texte for texte in ruptures())
    Scrutin.objects.filter(pk=annule.pk).update(etat="ouvert")
    assert ruptures() == [
        f"ligne {numero('annulation')} (scrutin {annule.pk}) : dans la base, ce scrutin est à l’état « Ouvert »."
    ]


@pytest.mark.regle("R10")
def test_exercice_marked_closed_outside_the_service(registre):
    Exercice.objects.update(est_clos=True)
    ouvert, ancien = Exercice.objects.order_by("-debut")
    assert ruptures() == [
        f"sans ligne (exercice {ouvert.pk}) : aucune ligne ne dit que l’exercice 2025-2026 est clos.",
        f"ligne 12 (exercice {ancien.pk}) : dans la base, l’exercice 2024-2025 est clos.",
    ]


@pytest.mark.regle("R7")
def test_rows_that_no_line_tells(registre):
    resolution = ResolutionFactory(instance_gouvernance=registre.instance_gouvernance, numero=4)
    scrutin = ScrutinFactory(instance_gouvernance=registre.instance_gouvernance)
    textes = ruptures()
    assert f"sans ligne (resolution {resolution.pk}) : aucune ligne ne dit la résolution {resolution.code}." in textes
    assert f"sans ligne (scrutin {scrutin.pk}) : aucune ligne ne dit l’ouverture de ce scrutin." in textes
    assert "sans ligne (CP-2025-2026-002) : ce numéro manque à la suite des résolutions." in textes
    assert "sans ligne (CP-2025-2026-003) : ce numéro manque à la suite des résolutions." in textes


def test_lines_whose_row_is_gone(registre):
    resolution = Resolution.objects.get()
    ligne = numero("resolution")
    Scrutin.objects.update(resolution=None)
    Resolution.objects.all().delete()
    assert f"ligne {ligne} (resolution {resolution.pk}) : la résolution dont elle parle n’existe plus." in ruptures()


def test_vote_without_line_is_named(registre):
    scrutin = ouvrir(registre.instance_gouvernance)
    electeur = scrutin.electeurs.first()
    Vote.objects.create(electeur=electeur, utilisateur=electeur.utilisateur, choix=Choix.POUR)
    assert ruptures() == [
        f"sans ligne (scrutin {scrutin.pk}) : aucune ligne ne dit le vote de la voix nº {electeur.numero}."
    ]


@pytest.mark.regle("R7")
def test_erased_salts_leave_the_chain_whole_and_are_counted(registre):
    poser(connection)
    auteur = UtilisateurFactory(administrateur=True)
    for ligne in EvenementRegistre.objects.filter(genre__in=["vote", "changement"]):
        effacer_sel(ligne.numero, auteur=auteur)
        effacer_sel(ligne.numero, auteur=auteur)
    Vote.objects.update(commentaire="")  # what the erasure of a person does to its rows
    verification = verifier_registre()
    assert verification.ruptures == ()
    assert verification.resume == "Le registre est entier : 16 lignes; 4 engagements sans sel."


@pytest.mark.regle("R7")
def test_salt_deleted_without_a_line_that_tells_it_is_named(registre):
    ligne = numero("resolution")
    SelRegistre.objects.filter(evenement__numero=ligne).delete()
    Resolution.objects.update(titre="Tout autre chose")
    debut = f"ligne {ligne} (resolution {Resolution.objects.get().pk}) : "
    assert ruptures() == [f"{debut}son sel manque, et aucune ligne ne dit son effacement."]


def test_salt_put_back_after_its_erasure_is_named(registre):
    ligne = EvenementRegistre.objects.get(genre="resolution")
    effacer_sel(ligne.numero, auteur=UtilisateurFactory())
    SelRegistre.objects.create(evenement=ligne, sel="a" * 32)
    assert any(texte.endswith("son sel est dit effacé, et la base en a un.") for texte in ruptures())


def test_salt_of_an_open_ballot_or_of_a_line_without_secret_is_not_erased(registre):
    ouvert = ouvrir(registre.instance_gouvernance)
    derniere, cloture = EvenementRegistre.objects.last(), numero("cloture")
    assert derniere.objet == f"scrutin {ouvert.pk}"
    with pytest.raises(ErreurMetier, match="jusqu’à sa clôture"):
        effacer_sel(derniere.numero, auteur=UtilisateurFactory())
    with pytest.raises(ErreurMetier, match="n’engage rien"):
        effacer_sel(cloture, auteur=UtilisateurFactory())


def test_salt_changed_is_named(registre):
    ligne = numero("resolution")
    SelRegistre.objects.filter(evenement__numero=ligne).update(sel="0" * 32)
    assert [texte.split(" (")[0] for texte in ruptures()] == [f"ligne {ligne}"]


def test_prefix_changed_since_is_no_break(registre):
    instance = registre.instance_gouvernance
    instance.prefixe = "COP"
    instance.save()
    assert ruptures() == []


def test_written_resolution_and_correction_are_whole(registre):
    instance = InstanceGouvernanceFactory(comite=True)
    ancienne = Resolution.objects.get()
    inscrire_resolution(
        instance_gouvernance=instance,
        exercice=ancienne.exercice,
        titre="Correction",
        texte="Le montant est de 200 $.",
        adoptee_le=ancienne.adoptee_le,
        auteur=UtilisateurFactory(),
        corrige=ancienne,
    )
    ouvrir(instance, mode=ModeDecision.RESOLUTION_ECRITE)
    assert ruptures() == []


@pytest.mark.parametrize("nb", [1, 3])
def test_verification_asks_as_many_queries_whatever_the_ballots(nb, django_assert_max_num_queries):
    comite = InstanceGouvernanceFactory(comite=True)
    for _ in range(nb):
        membre = MandatFactory(siege__instance_gouvernance=comite).utilisateur
        voter(ouvrir(comite).pk, auteur=membre, choix=Choix.POUR)
        ResolutionFactory(instance_gouvernance=comite)
    with django_assert_max_num_queries(REQUETES):
        verifier_registre()
