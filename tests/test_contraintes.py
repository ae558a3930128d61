"""The database is the last to refuse: for each constraint on decisions and money, one raw write that breaks it.

No service, no form, no `full_clean` here: `QuerySet.update` and `create`, as a script or a mistaken hand would.
"""

import datetime
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import CheckConstraint
from django.utils import timezone

from demarche.gouvernance.models import Demarche
from demarche.registre.models import SelRegistre, TeteRegistre
from tests.factories.chantiers import (
    ActionCollectiveFactory,
    ActiviteFactory,
    ApportDemandeFactory,
    DecaissementFactory,
    DeliberationFactory,
    DemandeFondsFactory,
    EnveloppeFactory,
    LigneBudgetaireFactory,
    MotifTypeFactory,
    ObjectifChantierFactory,
    OrganisationConcerneeFactory,
    PointDemandeFactory,
    PrecisionDemandeFactory,
    RegleAllocationFactory,
)
from tests.factories.demarche import (
    DemarcheFactory,
    ElecteurFactory,
    ExerciceFactory,
    InstanceGouvernanceFactory,
    MandatFactory,
    PointOrdreDuJourFactory,
    PresenceSiegeFactory,
    ProcesVerbalFactory,
    RappelFactory,
    RecusationFactory,
    ReglageFactory,
    RencontreFactory,
    ResolutionFactory,
    RoleAttribueFactory,
    ScrutinFactory,
    SelRegistreFactory,
    SiegeFactory,
    TerritoireFactory,
    UtilisateurFactory,
    VoteFactory,
)
from tests.factories.partenaires import ElecteurPartenaireFactory, OrganisationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.base]
VEILLE = datetime.date(2020, 1, 1)
# The rooms that decide and pay.
DECISIONS = ("registre", "comptes", "gouvernance", "scrutins", "rencontres", "actions", "budget", "demandes")


def changer(fabrique, *, champs=None, **etat):
    """Make a valid row, then write these columns without asking anybody."""
    ligne = fabrique(**etat)
    return lambda: type(ligne)._default_manager.filter(pk=ligne.pk).update(**(champs or {}))


def doubler(fabrique, *champs, libres=None, **etat):
    """Make a valid row, then another that shares these columns, and has these others."""
    ligne = fabrique(**etat)
    return lambda: fabrique(**{champ: getattr(ligne, champ) for champ in champs}, **(libres or {}))


def second_sel():
    SelRegistre.objects.create(evenement=SelRegistreFactory().evenement, sel="autre")


def seconde_demarche():
    DemarcheFactory()
    Demarche.objects.filter(id=1).update(id=2)


def second_comite():
    InstanceGouvernanceFactory(comite=True)
    InstanceGouvernanceFactory(comite=True, prefixe="CP2", nom="Autre comité")


def deux_territoires_racines():
    return TerritoireFactory(parent=None, nom="Québec"), TerritoireFactory(parent=None, nom="Québec")


DEMANDE, PAIEMENT, SCRUTIN = DemandeFondsFactory, DecaissementFactory, ScrutinFactory
# constraint -> the writes that it refuses, each built inside its test.
CAS = {
    # Money.
    "demande_montant_positif": [lambda: changer(DEMANDE, champs={"montant_demande": 0})],
    "demande_personnelle_sans_organisation": [
        lambda: changer(DEMANDE, champs={"est_personnelle": True, "organisation_id": OrganisationFactory().pk}),
    ],
    "demande_accorde_au_plus_demande": [
        lambda: changer(DEMANDE, accordee=True, champs={"montant_accorde": Decimal("1500.01")}),
        lambda: changer(DEMANDE, accordee=True, champs={"montant_accorde": 0}),
    ],
    "demande_decision_complete": [
        lambda: changer(DEMANDE, soumise=True, champs={"etat": "accordee"}),
        lambda: changer(DEMANDE, soumise=True, champs={"etat": "refusee"}),
        lambda: changer(DEMANDE, soumise=True, champs={"montant_accorde": 10}),
        lambda: changer(DEMANDE, soumise=True, champs={"decidee_le": timezone.now()}),
        lambda: changer(DEMANDE, soumise=True, champs={"etat": "payée"}),
        lambda: changer(DEMANDE, accordee=True, champs={"resolution": None}),
        lambda: changer(DEMANDE, accordee=True, champs={"enveloppe": None}),
        lambda: changer(DEMANDE, accordee=True, champs={"montant_accorde": None}),
        lambda: changer(DEMANDE, refusee=True, champs={"montant_accorde": 10}),
    ],
    "demande_paye_au_plus_accorde": [
        lambda: changer(DEMANDE, accordee=True, champs={"montant_paye": Decimal("1500.01")}),
        lambda: changer(DEMANDE, accordee=True, champs={"montant_paye": 1000, "montant_libere": Decimal("500.01")}),
        lambda: changer(DEMANDE, accordee=True, champs={"montant_paye": -1}),
        lambda: changer(DEMANDE, accordee=True, champs={"montant_libere": -1}),
        lambda: changer(DEMANDE, soumise=True, champs={"montant_paye": 1}),
        lambda: changer(DEMANDE, refusee=True, champs={"montant_libere": 1}),
    ],
    "demande_reserve_en_deliberation": [
        lambda: changer(DEMANDE, soumise=True, champs={"montant_reserve": 1}),
        lambda: changer(DEMANDE, accordee=True, champs={"montant_reserve": 1}),
        lambda: changer(DEMANDE, en_deliberation=True, champs={"montant_reserve": Decimal("1500.01")}),
        lambda: changer(DEMANDE, en_deliberation=True, champs={"montant_reserve": -1}),
    ],
    "demande_soumise_avec_regle": [
        lambda: changer(DEMANDE, champs={"etat": "soumise"}),
        *(
            lambda champ=champ: changer(DEMANDE, soumise=True, champs={champ: None})
            for champ in ("soumise_le", "regle", "total_action", "instance_gouvernance")
        ),
    ],
    "decaissement_signe": [
        lambda: changer(PAIEMENT, champs={"montant": 0}),
        lambda: changer(PAIEMENT, champs={"montant": -1}),
        lambda: changer(PAIEMENT, champs={"motif": "Sans raison."}),
        lambda: changer(PAIEMENT, contrepassation=True, champs={"montant": 100}),
        lambda: changer(PAIEMENT, contrepassation=True, champs={"motif": ""}),
    ],
    "decaissement_remboursement_avec_recu": [lambda: changer(PAIEMENT, remboursement=True, champs={"recu": None})],
    "enveloppe_montant_positif": [lambda: changer(EnveloppeFactory, champs={"montant": -1})],
    "enveloppe_engage_au_plus_disponible": [
        lambda: changer(EnveloppeFactory, champs={"montant_engage": Decimal("100000.01")}),
        lambda: changer(EnveloppeFactory, champs={"montant_engage": -1}),
        lambda: changer(EnveloppeFactory, montant_engage=100, champs={"montant": 99}),
    ],
    "enveloppe_periode": [lambda: changer(EnveloppeFactory, champs={"au": VEILLE})],
    "enveloppe_surplus_sans_bailleur": [
        lambda: changer(EnveloppeFactory, bailleur="Ville", champs={"est_surplus": True})
    ],
    "ligne_montants_positifs": [
        lambda: changer(LigneBudgetaireFactory, champs={"montant_prevu": -1}),
        lambda: changer(LigneBudgetaireFactory, champs={"montant_reel": -1}),
    ],
    "regle_seuils_croissants": [lambda: changer(RegleAllocationFactory, champs={"seuil_assemblee": 1000})],
    "apport_montant_positif": [lambda: changer(ApportDemandeFactory, champs={"montant": 0})],
    "precision_repondue_avec_texte": [
        lambda: changer(PrecisionDemandeFactory, champs={"reponse": "Oui."}),
        lambda: changer(PrecisionDemandeFactory, repondue=True, champs={"reponse": ""}),
    ],
    "precision_une_en_attente": [lambda: doubler(PrecisionDemandeFactory, "demande")],
    "organisation_concernee_unique": [lambda: doubler(OrganisationConcerneeFactory, "demande", "organisation")],
    "motif_type_unique": [lambda: doubler(MotifTypeFactory, "sens", "texte")],
    # Ballots.
    "scrutin_clos_avec_issue": [
        lambda: changer(SCRUTIN, champs={"etat": "clos"}),
        lambda: changer(SCRUTIN, champs={"issue": "adoptee"}),
        lambda: changer(SCRUTIN, clos=True, champs={"issue": ""}),
        lambda: changer(SCRUTIN, clos=True, champs={"clos_le": None}),
        lambda: changer(SCRUTIN, annule=True, champs={"issue": "adoptee"}),
    ],
    "scrutin_presents_suffisants": [lambda: changer(SCRUTIN, champs={"nb_presents": 2, "nb_pour": 2, "nb_contre": 1})],
    "scrutin_quorum": [
        lambda: changer(SCRUTIN, champs={"regle_quorum": "nombre"}),
        lambda: changer(SCRUTIN, champs={"regle_quorum": "nombre", "quorum_nombre": 0}),
        lambda: changer(SCRUTIN, champs={"quorum_nombre": 3}),
    ],
    "electeur_numero_unique": [lambda: doubler(ElecteurFactory, "scrutin", "numero")],
    "electeur_un_par_siege": [lambda: doubler(ElecteurFactory, "scrutin", "siege", libres={"numero": 99})],
    "vote_recu_par_l_equipe": [
        lambda: changer(VoteFactory, champs={"inscrit_par": UtilisateurFactory()}),
        lambda: changer(VoteFactory, champs={"utilisateur": None}),
        lambda: changer(VoteFactory, champs={"canal": "telephone"}),
        lambda: changer(VoteFactory, champs={"canal": "rencontre"}),
    ],
    "rappel_un_par_echeance": [lambda: doubler(RappelFactory, "utilisateur", "echeance")],
    "resolution_numero_unique": [
        lambda: doubler(ResolutionFactory, "instance_gouvernance", "exercice", "numero", libres={"code": "AUTRE-1"})
    ],
    "tete_unique": [lambda: lambda: TeteRegistre.objects.create(pk=2)],
    # Meetings.
    "point_enterinement_cite": [lambda: changer(PointOrdreDuJourFactory, champs={"genre": "enterinement"})],
    "point_proces_verbal_cite": [lambda: changer(PointOrdreDuJourFactory, champs={"genre": "proces_verbal"})],
    "rencontre_annulee_motivee": [
        lambda: changer(RencontreFactory, champs={"annulee_le": timezone.now()}),
        lambda: changer(RencontreFactory, champs={"motif_annulation": "Tempête"}),
    ],
    "presence_siege_unique": [lambda: doubler(PresenceSiegeFactory, "rencontre", "siege")],
    "proces_verbal_adopte_fige": [
        lambda: changer(ProcesVerbalFactory, champs={"etat": "adopte"}),
        *(
            lambda champ=champ: changer(ProcesVerbalFactory, adopte=True, champs={champ: None})
            for champ in ("adopte_le", "adopte_a", "document")
        ),
        lambda: changer(ProcesVerbalFactory, adopte=True, champs={"etat": "projet"}),
    ],
    # Who we are.
    "demarche_unique": [lambda: seconde_demarche],
    "territoire_nom_unique": [lambda: doubler(TerritoireFactory, "nom", "parent", parent=TerritoireFactory())],
    "territoire_racine_unique": [lambda: deux_territoires_racines],
    "reglage_a_sa_source": [lambda: changer(ReglageFactory, champs={"source": ""})],
    "exercice_fin_apres_debut": [lambda: changer(ExerciceFactory, champs={"fin": VEILLE})],
    "instance_decisionnelle_unique": [lambda: second_comite],
    "instance_quorum": [
        lambda: changer(InstanceGouvernanceFactory, champs={"regle_quorum": "nombre"}),
        lambda: changer(InstanceGouvernanceFactory, champs={"quorum_nombre": 3}),
    ],
    "instance_mode_du_genre": [
        lambda: changer(InstanceGouvernanceFactory, comite=True, champs={"mode_decision": "une_personne"}),
        lambda: changer(InstanceGouvernanceFactory, coordination=True, champs={"mode_decision": "en_ligne"}),
    ],
    "siege_numero_unique": [lambda: doubler(SiegeFactory, "instance_gouvernance", "numero")],
    "mandat_periode": [lambda: changer(MandatFactory, champs={"au": VEILLE})],
    "mandat_un_titulaire": [lambda: doubler(MandatFactory, "siege")],
    "role_attribue_periode": [lambda: changer(RoleAttribueFactory, champs={"au": VEILLE})],
    "role_attribue_une_fois": [lambda: doubler(RoleAttribueFactory, "utilisateur", "role")],
    # What is done.
    "objectif_chantier_numero_unique": [lambda: doubler(ObjectifChantierFactory, "chantier", "exercice", "numero")],
    "action_dates": [lambda: changer(ActionCollectiveFactory, champs={"fin": VEILLE})],
    "action_origine": [
        lambda: changer(ActionCollectiveFactory, champs={"chantier": None}),
        lambda: changer(ActionCollectiveFactory, du_comite=True, champs={"justification": ""}),
    ],
    "activite_heures_positives": [lambda: changer(ActiviteFactory, champs={"heures_citoyennes": -1})],
    # Columns that are unique by themselves.
    "un vote par électeur": [lambda: doubler(VoteFactory, "electeur")],
    "une récusation par électeur": [lambda: doubler(RecusationFactory, "electeur")],
    "un partenaire par électeur": [lambda: doubler(ElecteurPartenaireFactory, "electeur")],
    "une délibération par scrutin": [lambda: doubler(DeliberationFactory, "scrutin")],
    "un scrutin par résolution": [lambda: doubler(ScrutinFactory, "resolution", resolution=ResolutionFactory())],
    "une annulation par paiement": [
        lambda: doubler(DecaissementFactory, "contrepasse", "montant", "motif", contrepassation=True)
    ],
    "un code par résolution": [lambda: doubler(ResolutionFactory, "code")],
    "une demande par point": [lambda: doubler(PointDemandeFactory, "point")],
    "un report par point": [
        lambda: doubler(PointOrdreDuJourFactory, "reporte_de", reporte_de=PointOrdreDuJourFactory())
    ],
    "un procès-verbal par rencontre": [lambda: doubler(ProcesVerbalFactory, "rencontre")],
    "un sel par ligne": [lambda: second_sel],
}
VERIFICATIONS = {
    contrainte.name
    for app in DECISIONS
    for modele in apps.get_app_config(app).get_models()
    for contrainte in modele._meta.constraints
    if isinstance(contrainte, CheckConstraint)
}
ECRITURES = [(nom, ecriture) for nom, ecritures in CAS.items() for ecriture in ecritures]


@pytest.mark.parametrize(("nom", "ecriture"), ECRITURES, ids=[nom.replace(" ", "-") for nom, _ in ECRITURES])
def test_database_refuses(nom, ecriture):
    ecrire = ecriture()
    with pytest.raises(IntegrityError) as refus, transaction.atomic():
        ecrire()
    # SQLite names the columns of a unique constraint; a negative sum also breaks what it commits.
    if nom in VERIFICATIONS - {"enveloppe_montant_positif"}:
        assert nom in str(refus.value)


def test_every_constraint_of_decisions_and_money_has_its_broken_write():
    noms = {
        contrainte.name
        for app in DECISIONS
        for modele in apps.get_app_config(app).get_models()
        for contrainte in modele._meta.constraints
    }
    assert noms - set(CAS) == set()
