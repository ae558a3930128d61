"""Who opens and who posts what, one line a route; in bad hands, what each role can make the database write.

Every route receives, from every role, the very form that the coordination would send, and more. The rows are those of
the sample démarche; each post is undone before the next one. No other test repeats this table: the others look at what
makes one row answer otherwise than another.
"""

import re
from collections import defaultdict

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from tests.exemple import PERSONAS
from tests.factories.chantiers import PieceDemandeFactory
from tests.factories.demarche import UtilisateurFactory
from tests.factories.evaluation import BilanFactory
from tests.routes import AJOUTS, MODELES, adresses, connecte, formulaire, lignes_choisies, routes
from tests.test_architecture import PUBLIQUES

# P public, X an account without any role, O partenaire, M membre du comité, F fiduciaire, A agent, C coordonnateur,
# T administrateur. A capital passes on every row tried, a small letter on some of them; « . » is refused (the public
# is led to sign in), « 0 » does not find the row. « - » alone: this method is nobody's.
COLONNES = {
    "public": "P",
    "personne": "X",
    "partenaire": "O",
    "membre_comite": "M",
    "fiduciaire": "F",
    "agent": "A",
    "coordonnateur": "C",
    "administrateur": "T",
}
TABLE = """
accueil                     PXOMFACT  -
rencontres:agenda                      PXOMFACT  -
espace                      .XOMFACT  -
couleurs                    PXOMFACT  -
gouvernance:composants                  .....ACT  -
comptes:document_detail              pxOmfACt  -
rencontres:rencontre_liste             .XOMFACT  -
rencontres:rencontre_creer          .....AC.  .....AC.
rencontres:rencontre_detail            .xoMFACt  -
rencontres:rencontre_modifier          .....AC.  .....AC.
rencontres:rencontre_dupliquer         .....AC.  .....AC.
rencontres:rencontre_convoquer         .....AC.  .....AC.
rencontres:ordre_du_jour_pdf           .xoMFACt  -
rencontres:rencontre_annuler           .....AC.  .....AC.
rencontres:rencontre_ouvrir            -         .....AC.
rencontres:rencontre_lever             -         .....AC.
rencontres:rencontre_presences         .....AC.  .....AC.
rencontres:point_creer               .....AC.  .....AC.
rencontres:point_enterinements         -         .....AC.
rencontres:point_modifier              .....AC.  .....AC.
rencontres:point_placer                -         .....AC.
rencontres:point_retirer               -         .....AC.
rencontres:point_notes                 .....AC.  .....AC.
rencontres:point_reprendre             -         .....AC.
rencontres:point_laisser               -         .....AC.
rencontres:point_voter                 ......C.  ......C.
rencontres:point_reporter              .....AC.  .....AC.
rencontres:proces_verbal_rediger       -         .....AC.
rencontres:proces_verbal_adopter       ......c.  ......c.
rencontres:proces_verbal_liste         .XOMFACT  -
rencontres:proces_verbal_detail        .00MFAC0  -
rencontres:proces_verbal_modifier      .....AC.  .....AC.
rencontres:proces_verbal_reprendre     -         .....AC.
rencontres:proces_verbal_inscrire      -         .....AC.
rencontres:proces_verbal_supprimer     -         .....AC.
rencontres:proces_verbal_pdf           .00MFAC0  -
scrutins:resolution_liste            ..OMFAC.  -
scrutins:resolution_detail           ..OMFAC.  -
scrutins:resolution_pdf              ...MFAC.  -
scrutins:resolution_corriger         ......C.  -
gouvernance:registre_liste                    ...MFAC.  -
gouvernance:registre_verifier           -         ....F.C.
scrutins:scrutin_liste               ...MFAC.  -
scrutins:scrutin_creer             ......C.  ......C.
scrutins:scrutin_detail              .0oMFAC0  -
scrutins:scrutin_voter               .0oMFAC0  .0oMFAC0
scrutins:scrutin_telephone           .0...AC0  .0...AC0
scrutins:scrutin_annuler             .0....c0  .0....c0
reglages                    ......CT  -
gouvernance:demarche_modifier           ......CT  ......CT
gouvernance:exercice_liste                   ......CT  ......CT
gouvernance:exercice_cloture            ......C.  -
gouvernance:exercice_clore              -         ......C.
gouvernance:exercice_rouvrir            -         ......C.
gouvernance:territoire_liste                 ......CT  ......CT
gouvernance:territoire_modifier         ......CT  ......CT
gouvernance:cadre_liste                      ......CT  -
gouvernance:cadre_creer               ......CT  ......CT
gouvernance:cadre_modifier              ......CT  ......CT
gouvernance:valeur_liste                     ......CT  -
gouvernance:valeur_regler               ......C.  ......C.
gouvernance:instance_liste                   ......CT  -
gouvernance:instance_creer           ......CT  ......CT
gouvernance:instance_modifier           ......CT  ......CT
gouvernance:instance_regle              ......C.  ......C.
gouvernance:instance_regle_apercu       ......C.  -
gouvernance:siege_creer               ......CT  ......CT
gouvernance:siege_modifier              ......CT  ......CT
gouvernance:siege_pourvoir              ......CT  ......CT
gouvernance:mandat_terminer             ......CT  ......CT
gouvernance:gouvernance                 ...MFACT  -
gouvernance:instance_detail             ...MFACT  -
gouvernance:cadre_detail                .XOMFACT  -
gouvernance:siege_detail                ...MFACT  -
rencontres:dossier_siege               .....AC.  -
rencontres:dossier_siege_pdf           .....AC.  -
comptes:compte_liste                ......CT  -
comptes:compte_inviter              ......CT  ......CT
comptes:compte_detail               ......CT  -
comptes:compte_modifier             ......CT  ......CT
comptes:role_attribuer              -         ......CT
comptes:compte_desactiver           -         ......CT
comptes:compte_reactiver            -         ......CT
comptes:compte_reinviter            -         ......CT
comptes:sans_mot_de_passe           .XOMFACT  .XOMFACT
comptes:courriel_du_compte          .XOMFACT  .XOMFACT
comptes:role_terminer               ......CT  ......CT
partenaires:partenaire_liste         PXOMFACT  -
partenaires:partenaire_exporter      PXOMFACT  -
partenaires:adhesion_demander        PXOMFACT  PXOMFACT
partenaires:adhesion_merci           PXOMFACT  -
partenaires:adhesion_papier          PXOMFACT  -
partenaires:adhesion_confirmer       PXOMFACT  PXOMFACT
partenaires:organisation_detail      PXOMFACT  -
partenaires:mon_organisation         .XOMFACT  -
partenaires:adhesion_liste           .....AC.  -
partenaires:adhesion_creer           .....AC.  .....AC.
partenaires:adhesion_detail          .....AC.  -
partenaires:adhesion_accepter        -         ......C.
partenaires:adhesion_refuser         -         ......C.
partenaires:adhesion_terminer        -         ......C.
partenaires:adhesion_consentements   -         ......C.
partenaires:organisation_liste       .....AC.  -
partenaires:organisation_creer       .....AC.  .....AC.
partenaires:organisation_modifier    .....AC.  .....AC.
partenaires:affiliation_creer        .....AC.  .....AC.
partenaires:affiliation_terminer     -         .....AC.
partenaires:personne_creer           .....AC.  .....AC.
partenaires:personne_inviter         -         ......C.
partenaires:representation_liste     ......C.  -
partenaires:representation_designer  ......C.  ......C.
partenaires:representation_terminer  -         ......C.
partenaires:presence_modifier        .....AC.  .....AC.
partenaires:adhesion_tacites         ......C.  ......C.
partenaires:collaboration_liste      .....AC.  -
partenaires:collaboration_creer      .....AC.  .....AC.
partenaires:collaboration_modifier   .....AC.  .....AC.
partenaires:collaboration_supprimer  -         .....AC.
actions:chantier_liste             PXOMFACT  -
actions:chantier_creer           .....AC.  .....AC.
actions:chantier_detail            PXOMFACT  -
actions:chantier_modifier          .....AC.  .....AC.
actions:chantier_objectifs         .....AC.  .....AC.
actions:action_liste               PXOMFACT  -
actions:action_creer            .....AC.  .....AC.
actions:action_detail              PXOMFACT  -
actions:action_modifier            .....AC.  .....AC.
finances:action_budget              ...MFAC.  .....AC.
actions:activite_creer          .....AC.  .....AC.
actions:activite_liste             ...MFAC.  -
actions:activite_noter             .....AC.  .....AC.
actions:activite_exporter          ...MFAC.  -
actions:activite_modifier          .....AC.  .....AC.
actions:activite_supprimer         .....AC.  .....AC.
finances:budget                     ...MFAC.  -
finances:budget_lignes              ...MFAC.  -
finances:budget_exporter            ...MFAC.  -
finances:budget_demarche            ...MFAC.  .....AC.
finances:surplus                    ...MFAC.  -
finances:surplus_modifier           ......C.  ......C.
finances:enveloppe_liste            ...MFAC.  -
finances:enveloppe_creer         ......C.  ......C.
finances:enveloppe_detail           ...MFAC.  -
finances:enveloppe_modifier         ......C.  ......C.
finances:decaissement_liste         ...MFAC.  -
finances:decaissement_livre         ...MFAC.  -
finances:decaissement_exporter      ...MFAC.  -
finances:decaissement_annuler       ....F.C.  ....F.C.
finances:demande_paiements          ...mfac.  -
finances:demande_payer              -         ....f.c.
finances:demande_liberer            -         ....f.c.
finances:demande_relier             -         .....ac.
demandes:regle_liste                ......CT  -
demandes:regle_creer             ......CT  ......CT
demandes:motif_liste                ......C.  -
demandes:motif_creer              ......C.  ......C.
demandes:motif_proposer             -         ......C.
demandes:motif_modifier             ......C.  ......C.
demandes:motif_monter               -         ......C.
demandes:demande_liste              ..OMFAC.  -
demandes:demande_creer           ..OMFAC.  ..OMFAC.
demandes:demande_detail             .0omfAC0  -
demandes:demande_modifier           .0o..ac0  .0o..ac0
demandes:demande_soumettre          -         .0o..AC0
demandes:demande_retirer            -         .0omfac0
demandes:demande_joindre            -         .0o..ac0
demandes:demande_enlever            -         .0o..ac0
demandes:demande_interroger         .0omfac0  .0omfac0
demandes:demande_repondre           .0omfac0  .0o..ac0
demandes:demande_lettre             .0.mfac0  -
demandes:demande_ouvrir             .0.mfac0  .0.mfac0
demandes:demande_decider            .0....c0  .0....c0
demandes:demande_ordre_du_jour      .0....c0  .0....c0
demandes:point_decision             .00mfac0  .00mfac0
demandes:demande_fiche              .0.mfac0  -
plan:plan                      .XOMFACT  -
plan:plan_structure            .....AC.  -
plan:plan_creer                .....AC.  .....AC.
plan:plan_modifier             .....AC.  .....AC.
plan:orientation_creer         .....AC.  .....AC.
plan:orientation_modifier      .....AC.  .....AC.
plan:objectif_creer            .....AC.  .....AC.
plan:objectif_modifier         .....AC.  .....AC.
plan:strategie_creer           .....AC.  .....AC.
plan:strategie_detail          .XOMFACT  -
plan:strategie_modifier        .....AC.  .....AC.
plan:cibles_modifier           .....AC.  .....AC.
plan:effets_modifier           .....AC.  .....AC.
plan:cible_detail              .XOMFACT  -
plan:cible_modifier            .....AC.  .....AC.
plan:cible_statuer             -         .....AC.
plan:resultat_creer            .....AC.  .....AC.
plan:resultat_modifier         .....AC.  .....AC.
plan:resultat_supprimer        -         .....AC.
plan:plans_supprimer           -         .....AC.
plan:orientations_supprimer    -         .....AC.
plan:objectifs_supprimer       -         .....AC.
plan:strategies_supprimer      -         .....AC.
plan:action_strategies         .....AC.  .....AC.
plan:indicateur_liste          .XOMFACT  -
plan:indicateur_creer          .....AC.  .....AC.
plan:indicateur_detail         .XOMFACT  -
plan:indicateur_modifier       .....AC.  .....AC.
plan:mesure_creer              .....AC.  .....AC.
plan:mesure_modifier           .....AC.  .....AC.
plan:mesure_supprimer          -         .....AC.
plan:plan_evaluation           .XOMFACT  -
plan:plan_evaluation_creer     .....AC.  .....AC.
plan:plan_evaluation_modifier  .....AC.  .....AC.
bilan:narratif_liste            .....AC.  -
bilan:narratif_modifier         .....AC.  .....AC.
bilan:verifications             .....AC.  -
bilan:bilan                     .....AC.  -
bilan:bilan_brouillon           .....AC.  -
bilan:bilan_publier             -         ......C.
bilan:bilans_publics            PXOMFACT  -
bilan:bilan_pdf_publie          PXOMFACT  -
plan:transitoire_liste         ......CT  -
plan:domaine_creer             ......CT  ......CT
plan:domaine_modifier          ......CT  ......CT
plan:transitoire_creer         ......CT  ......CT
plan:transitoire_modifier      ......CT  ......CT
"""
DROITS = {nom: (get, post) for nom, get, post in map(str.split, TABLE.strip().splitlines())}


def passage(statut: int, vers: str) -> str:
    """Return « ! » for an answer, « - » for a wrong method, « . » for a refusal, « 0 » for what does not exist."""
    assert statut < 500
    if statut == 302 and vers.startswith("/compte/login/"):
        return "."
    return {405: "-", 403: ".", 404: "0"}.get(statut, "!")


def resumer(passages: set[str], lettre: str) -> str:
    """Return the code of the table for what one role met on all the rows of one route."""
    if "!" in passages:
        return lettre if passages == {"!"} else lettre.lower()
    return "." if "." in passages else min(passages)


ECRITURE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"', re.I)
# History and the outbox follow from the rest.
TABLES = {m._meta.db_table: m.__name__ for m in apps.get_models() if not m.__name__.startswith("Historical")}


class Ecritures:
    """Which of our models a piece of code wrote."""

    def __init__(self) -> None:
        self.modeles: set[str] = set()

    def __call__(self, executer, sql, params, many, context):
        trouve = ECRITURE.match(sql)
        if trouve and trouve[1] in TABLES:
            self.modeles.add(TABLES[trouve[1]])
        return executer(sql, params, many, context)


def demander(client: Client, methode: str, adresse: str, valeurs: dict[str, str]) -> tuple[str, set[str]]:
    """Ask, undo, and return how it went and what was written."""
    ecritures = Ecritures()
    with transaction.atomic():
        with connection.execute_wrapper(ecritures):
            reponse = getattr(client, methode)(adresse, valeurs)
        transaction.set_rollback(True)
    for fermer in reponse._resource_closers:  # the file of a document
        fermer()
    return passage(reponse.status_code, reponse.get("Location", "")), ecritures.modeles


# Who decides what, and with what money.
DECISIONS = {
    "Scrutin",
    "Vote",
    "Recusation",
    "Resolution",
    "EvenementRegistre",
    "SelRegistre",
    "TeteRegistre",
    "ProcesVerbal",
    "PointOrdreDuJour",
    "PresenceSiege",
    "Exercice",
    "InstanceGouvernance",
    "Siege",
    "Mandat",
    "RoleAttribue",
    "DemandeFonds",
    "Deliberation",
    "Decaissement",
    "Enveloppe",
    "RegleAllocation",
}
REGISTRE = {"EvenementRegistre", "SelRegistre", "TeteRegistre"}
VOTER = {"Scrutin", "Vote", "Recusation"} | REGISTRE
# A last vote closes the ballot, and with it the request, its money and its resolution.
SUITES_DU_VOTE = {"Resolution", "DemandeFonds", "Enveloppe"}
PERMIS = {
    "public": set(),
    "personne": set(),
    "partenaire": {"DemandeFonds", "Enveloppe"} | VOTER,  # withdrawing frees what was reserved
    "membre_comite": VOTER | SUITES_DU_VOTE,
    "fiduciaire": VOTER | SUITES_DU_VOTE | {"Decaissement"},  # holds a seat, pays, releases
    # Writes the requests, the agenda and the minutes, records a vote taken by phone.
    "agent": {"DemandeFonds", "PointOrdreDuJour", "ProcesVerbal", "PresenceSiege"} | VOTER | SUITES_DU_VOTE,
    "coordonnateur": DECISIONS,
    # The technical role runs the settings of the démarche; it decides nothing and votes nowhere.
    "administrateur": {"InstanceGouvernance", "Siege", "Mandat", "RoleAttribue", "Exercice", "RegleAllocation"},
}
# The control: the forms are good ones, and somebody may do each thing.
ECRIT = {
    "partenaire": {"DemandeFonds", "Vote"},
    "membre_comite": {"Vote"},
    "fiduciaire": {"Decaissement", "Vote"},
    "agent": {"DemandeFonds", "PointOrdreDuJour", "ProcesVerbal", "Vote"},
    "coordonnateur": {"Decaissement", "Exercice", "PointOrdreDuJour", "ProcesVerbal", "Resolution", "Scrutin", "Vote"},
    "administrateur": {"Exercice", "InstanceGouvernance", "RoleAttribue", "Siege"},
}


def client_de_l_exemple(role: str) -> Client:
    if role in PERSONAS:
        return connecte(role)
    client = Client()
    client.force_login(UtilisateurFactory())
    return client


def test_every_route_has_its_line_and_says_what_its_key_is():
    connues = dict(routes())
    assert sorted(connues) == sorted(DROITS)
    assert [
        nom for nom, motif in connues.items() if "<int:" in motif and not any(motif.startswith(d) for d in MODELES)
    ] == []


def prevus(role: str, nom: str) -> dict[str, str]:
    """Return the code of the table for one role and one route, by method; without those not worth asking."""
    codes = {}
    for methode, colonne in zip(("get", "post"), DROITS[nom], strict=True):
        if colonne != "-":
            codes[methode] = colonne[list(COLONNES).index(role)]
        elif role == "public" and nom not in PUBLIQUES:
            codes[methode] = "."  # led to sign in before the method is looked at
        elif role in ("public", "coordonnateur"):
            codes[methode] = "-"  # the same for everybody who signs in
    return codes


def test_every_view_names_its_methods(demo):
    client = connecte("coordonnateur")
    assert [n for n, m in routes() for a in adresses(n, m)[:1] if client.put(a).status_code != 405] == []


# On the other database, the coordination alone: it passes everywhere, and each page asks its own questions there.
A_ESSAYER = [pytest.param(r, marks=pytest.mark.base if r == "coordonnateur" else ()) for r in COLONNES]


@pytest.mark.parametrize("role", A_ESSAYER)
def test_each_role_opens_posts_and_decides_what_the_table_says(role, demo, a_grands_pas):
    lignes_choisies.cache_clear()
    BilanFactory()  # what the sample lacks: a published bilan, and attachments
    for demande in lignes_choisies("DemandeFonds"):
        PieceDemandeFactory(pk=demande.pk, demande=demande)
    client = client_de_l_exemple(role)
    obtenus, attendus, ecrit = {}, {nom: prevus(role, nom) for nom in DROITS}, defaultdict(set)
    for nom, motif in routes():
        passages = defaultdict(set)
        for adresse in adresses(nom, motif):
            for methode in attendus[nom]:
                valeurs = {} if methode == "get" else AJOUTS if role == "public" else formulaire(adresse)
                passe, modeles = demander(client, methode, adresse, valeurs)
                passages[methode].add(passe)
                for modele in modeles & DECISIONS:
                    ecrit[modele].add(nom)
        obtenus[nom] = {methode: resumer(vus, COLONNES[role]) for methode, vus in passages.items()}
    assert {nom: codes for nom, codes in obtenus.items() if codes != attendus[nom]} == {}
    assert {modele: sorted(noms) for modele, noms in ecrit.items() if modele not in PERMIS[role]} == {}
    assert set(ecrit) >= ECRIT.get(role, set())


def test_what_does_not_exist_is_404(demo, a_grands_pas):
    client, passages = connecte("coordonnateur"), {}
    for nom, motif in routes():
        cles = re.findall(r"<int:(\w+)>", motif)
        if cles:
            adresse = reverse(nom, kwargs=dict.fromkeys(cles, 987_654))
            methode = "post" if DROITS[nom][0] == "-" else "get"
            passages[nom] = demander(client, methode, adresse, {})[0]
    # Removed already: the list answers.
    assert {nom for nom, passe in passages.items() if passe != "0"} == {
        "partenaires:collaboration_supprimer",
        *(f"plan:{genre}_supprimer" for genre in ("plans", "orientations", "objectifs", "strategies")),
    }
