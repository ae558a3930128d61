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
demarche:accueil                     PXOMFACT  -
demarche:agenda                      PXOMFACT  -
demarche:espace                      .XOMFACT  -
demarche:couleurs                    PXOMFACT  -
demarche:composants                  .....ACT  -
demarche:document                    pxOmfACt  -
demarche:rencontre_liste             .XOMFACT  -
demarche:rencontre_nouvelle          .....AC.  .....AC.
demarche:rencontre_detail            .xoMFACt  -
demarche:rencontre_modifier          .....AC.  .....AC.
demarche:rencontre_dupliquer         .....AC.  .....AC.
demarche:rencontre_convoquer         .....AC.  .....AC.
demarche:ordre_du_jour_pdf           .xoMFACt  -
demarche:rencontre_annuler           .....AC.  .....AC.
demarche:rencontre_ouvrir            -         .....AC.
demarche:rencontre_lever             -         .....AC.
demarche:rencontre_presences         .....AC.  .....AC.
demarche:point_nouveau               .....AC.  .....AC.
demarche:point_enterinements         -         .....AC.
demarche:point_modifier              .....AC.  .....AC.
demarche:point_placer                -         .....AC.
demarche:point_retirer               -         .....AC.
demarche:point_notes                 .....AC.  .....AC.
demarche:point_reprendre             -         .....AC.
demarche:point_laisser               -         .....AC.
demarche:point_voter                 ......C.  ......C.
demarche:point_reporter              .....AC.  .....AC.
demarche:proces_verbal_rediger       -         .....AC.
demarche:proces_verbal_adopter       ......c.  ......c.
demarche:proces_verbal_liste         .XOMFACT  -
demarche:proces_verbal_detail        .00MFAC0  -
demarche:proces_verbal_modifier      .....AC.  .....AC.
demarche:proces_verbal_reprendre     -         .....AC.
demarche:proces_verbal_inscrire      -         .....AC.
demarche:proces_verbal_supprimer     -         .....AC.
demarche:proces_verbal_pdf           .00MFAC0  -
demarche:resolution_liste            ..OMFAC.  -
demarche:resolution_detail           ..OMFAC.  -
demarche:resolution_pdf              ...MFAC.  -
demarche:resolution_corriger         ......C.  -
demarche:registre                    ...MFAC.  -
demarche:registre_verifier           -         ....F.C.
demarche:scrutin_liste               ...MFAC.  -
demarche:scrutin_nouveau             ......C.  ......C.
demarche:scrutin_detail              .0oMFAC0  -
demarche:scrutin_voter               .0oMFAC0  .0oMFAC0
demarche:scrutin_telephone           .0...AC0  .0...AC0
demarche:scrutin_annuler             .0....c0  .0....c0
demarche:reglages                    ......CT  -
demarche:reglages_demarche           ......CT  ......CT
demarche:exercices                   ......CT  ......CT
demarche:exercice_cloture            ......C.  -
demarche:exercice_clore              -         ......C.
demarche:exercice_rouvrir            -         ......C.
demarche:territoires                 ......CT  ......CT
demarche:territoire_modifier         ......CT  ......CT
demarche:cadres                      ......CT  -
demarche:cadre_nouveau               ......CT  ......CT
demarche:cadre_modifier              ......CT  ......CT
demarche:valeurs                     ......CT  -
demarche:valeur_regler               ......C.  ......C.
demarche:instances                   ......CT  -
demarche:instance_nouvelle           ......CT  ......CT
demarche:instance_modifier           ......CT  ......CT
demarche:instance_regle              ......C.  ......C.
demarche:instance_regle_apercu       ......C.  -
demarche:siege_nouveau               ......CT  ......CT
demarche:siege_modifier              ......CT  ......CT
demarche:siege_pourvoir              ......CT  ......CT
demarche:mandat_terminer             ......CT  ......CT
demarche:gouvernance                 ...MFACT  -
demarche:instance_detail             ...MFACT  -
demarche:cadre_detail                .XOMFACT  -
demarche:siege_detail                ...MFACT  -
demarche:dossier_siege               .....AC.  -
demarche:dossier_siege_pdf           .....AC.  -
demarche:comptes                     ......CT  -
demarche:compte_inviter              ......CT  ......CT
demarche:compte_detail               ......CT  -
demarche:compte_modifier             ......CT  ......CT
demarche:role_attribuer              -         ......CT
demarche:compte_desactiver           -         ......CT
demarche:compte_reactiver            -         ......CT
demarche:compte_reinviter            -         ......CT
demarche:sans_mot_de_passe           .XOMFACT  .XOMFACT
demarche:courriel_du_compte          .XOMFACT  .XOMFACT
demarche:role_terminer               ......CT  ......CT
partenaires:partenaires              PXOMFACT  -
partenaires:partenaires_export       PXOMFACT  -
partenaires:adhesion                 PXOMFACT  PXOMFACT
partenaires:adhesion_merci           PXOMFACT  -
partenaires:adhesion_papier          PXOMFACT  -
partenaires:adhesion_confirmer       PXOMFACT  PXOMFACT
partenaires:organisation_detail      PXOMFACT  -
partenaires:mon_organisation         .XOMFACT  -
partenaires:adhesions                .....AC.  -
partenaires:adhesion_nouvelle        .....AC.  .....AC.
partenaires:adhesion_detail          .....AC.  -
partenaires:adhesion_accepter        -         ......C.
partenaires:adhesion_refuser         -         ......C.
partenaires:adhesion_terminer        -         ......C.
partenaires:adhesion_consentements   -         ......C.
partenaires:organisations            .....AC.  -
partenaires:organisation_nouvelle    .....AC.  .....AC.
partenaires:organisation_modifier    .....AC.  .....AC.
partenaires:affiliation_nouvelle     .....AC.  .....AC.
partenaires:affiliation_terminer     -         .....AC.
partenaires:personne_nouvelle        .....AC.  .....AC.
partenaires:personne_inviter         -         ......C.
partenaires:representations          ......C.  -
partenaires:representation_designer  ......C.  ......C.
partenaires:representation_terminer  -         ......C.
partenaires:presences                .....AC.  .....AC.
partenaires:adhesions_tacites        ......C.  ......C.
partenaires:collaborations           .....AC.  -
partenaires:collaboration_nouvelle   .....AC.  .....AC.
partenaires:collaboration_modifier   .....AC.  .....AC.
partenaires:collaboration_supprimer  -         .....AC.
chantiers:chantier_liste             PXOMFACT  -
chantiers:chantier_nouveau           .....AC.  .....AC.
chantiers:chantier_detail            PXOMFACT  -
chantiers:chantier_modifier          .....AC.  .....AC.
chantiers:chantier_objectifs         .....AC.  .....AC.
chantiers:action_liste               PXOMFACT  -
chantiers:action_nouvelle            .....AC.  .....AC.
chantiers:action_detail              PXOMFACT  -
chantiers:action_modifier            .....AC.  .....AC.
chantiers:action_budget              ...MFAC.  .....AC.
chantiers:activite_nouvelle          .....AC.  .....AC.
chantiers:activite_liste             ...MFAC.  -
chantiers:activite_noter             .....AC.  .....AC.
chantiers:activite_exporter          ...MFAC.  -
chantiers:activite_modifier          .....AC.  .....AC.
chantiers:activite_supprimer         .....AC.  .....AC.
chantiers:budget                     ...MFAC.  -
chantiers:budget_lignes              ...MFAC.  -
chantiers:budget_exporter            ...MFAC.  -
chantiers:budget_demarche            ...MFAC.  .....AC.
chantiers:surplus                    ...MFAC.  -
chantiers:surplus_modifier           ......C.  ......C.
chantiers:enveloppe_liste            ...MFAC.  -
chantiers:enveloppe_nouvelle         ......C.  ......C.
chantiers:enveloppe_detail           ...MFAC.  -
chantiers:enveloppe_modifier         ......C.  ......C.
chantiers:decaissement_liste         ...MFAC.  -
chantiers:decaissement_livre         ...MFAC.  -
chantiers:decaissement_exporter      ...MFAC.  -
chantiers:decaissement_annuler       ....F.C.  ....F.C.
chantiers:demande_paiements          ...mfac.  -
chantiers:demande_payer              -         ....f.c.
chantiers:demande_liberer            -         ....f.c.
chantiers:demande_relier             -         .....ac.
chantiers:regle_liste                ......CT  -
chantiers:regle_nouvelle             ......CT  ......CT
chantiers:motif_liste                ......C.  -
chantiers:motif_nouveau              ......C.  ......C.
chantiers:motif_proposer             -         ......C.
chantiers:motif_modifier             ......C.  ......C.
chantiers:motif_monter               -         ......C.
chantiers:demande_liste              ..OMFAC.  -
chantiers:demande_nouvelle           ..OMFAC.  ..OMFAC.
chantiers:demande_detail             .0omfAC0  -
chantiers:demande_modifier           .0o..ac0  .0o..ac0
chantiers:demande_soumettre          -         .0o..AC0
chantiers:demande_retirer            -         .0omfac0
chantiers:demande_joindre            -         .0o..ac0
chantiers:demande_enlever            -         .0o..ac0
chantiers:demande_interroger         .0omfac0  .0omfac0
chantiers:demande_repondre           .0omfac0  .0o..ac0
chantiers:demande_lettre             .0.mfac0  -
chantiers:demande_ouvrir             .0.mfac0  .0.mfac0
chantiers:demande_decider            .0....c0  .0....c0
chantiers:demande_ordre_du_jour      .0....c0  .0....c0
chantiers:point_decision             .00mfac0  .00mfac0
chantiers:demande_fiche              .0.mfac0  -
evaluation:plan                      .XOMFACT  -
evaluation:plan_structure            .....AC.  -
evaluation:plan_creer                .....AC.  .....AC.
evaluation:plan_modifier             .....AC.  .....AC.
evaluation:orientation_creer         .....AC.  .....AC.
evaluation:orientation_modifier      .....AC.  .....AC.
evaluation:objectif_creer            .....AC.  .....AC.
evaluation:objectif_modifier         .....AC.  .....AC.
evaluation:strategie_creer           .....AC.  .....AC.
evaluation:strategie_detail          .XOMFACT  -
evaluation:strategie_modifier        .....AC.  .....AC.
evaluation:cibles_modifier           .....AC.  .....AC.
evaluation:effets_modifier           .....AC.  .....AC.
evaluation:cible_detail              .XOMFACT  -
evaluation:cible_modifier            .....AC.  .....AC.
evaluation:cible_statuer             -         .....AC.
evaluation:resultat_creer            .....AC.  .....AC.
evaluation:resultat_modifier         .....AC.  .....AC.
evaluation:resultat_supprimer        -         .....AC.
evaluation:plans_supprimer           -         .....AC.
evaluation:orientations_supprimer    -         .....AC.
evaluation:objectifs_supprimer       -         .....AC.
evaluation:strategies_supprimer      -         .....AC.
evaluation:action_strategies         .....AC.  .....AC.
evaluation:indicateur_liste          .XOMFACT  -
evaluation:indicateur_creer          .....AC.  .....AC.
evaluation:indicateur_detail         .XOMFACT  -
evaluation:indicateur_modifier       .....AC.  .....AC.
evaluation:mesure_creer              .....AC.  .....AC.
evaluation:mesure_modifier           .....AC.  .....AC.
evaluation:mesure_supprimer          -         .....AC.
evaluation:plan_evaluation           .XOMFACT  -
evaluation:plan_evaluation_creer     .....AC.  .....AC.
evaluation:plan_evaluation_modifier  .....AC.  .....AC.
evaluation:narratif_liste            .....AC.  -
evaluation:narratif_modifier         .....AC.  .....AC.
evaluation:verifications             .....AC.  -
evaluation:bilan                     .....AC.  -
evaluation:bilan_brouillon           .....AC.  -
evaluation:bilan_publier             -         ......C.
evaluation:bilans_publics            PXOMFACT  -
evaluation:bilan_pdf_publie          PXOMFACT  -
evaluation:transitoire_liste         ......CT  -
evaluation:domaine_creer             ......CT  ......CT
evaluation:domaine_modifier          ......CT  ......CT
evaluation:transitoire_creer         ......CT  ......CT
evaluation:transitoire_modifier      ......CT  ......CT
"""
# Pages that only read, but still answer a POST as they answer a GET: they lack their guard.
SANS_GARDE = {
    "chantiers:demande_detail",
    "chantiers:demande_liste",
    "demarche:composants",
    "evaluation:cible_detail",
    "evaluation:indicateur_detail",
    "evaluation:indicateur_liste",
    "evaluation:narratif_liste",
    "evaluation:plan",
    "evaluation:plan_evaluation",
    "evaluation:plan_structure",
    "evaluation:strategie_detail",
    "evaluation:transitoire_liste",
    "evaluation:verifications",
}
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
        elif role in ("public", "coordonnateur") and not (methode == "post" and nom in SANS_GARDE):
            codes[methode] = "-"  # the same for everybody who signs in
    return codes


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
        *(f"evaluation:{genre}_supprimer" for genre in ("plans", "orientations", "objectifs", "strategies")),
    }
