"""A small exercice, hand-computable: what the tests of the bilan stand on."""

import datetime
from decimal import Decimal

from chantiers.actions.enums import FiabiliteNombre
from demarche.gouvernance.enums import GenreInstance, GenreSiege
from demarche.gouvernance.models import Exercice
from evaluation.bilan.enums import SectionNarrative
from evaluation.plan.enums import NatureEffet, StatutCible
from partenaires.enums import FinaliteConsentement, ModeAdhesion
from tests.factories import chantiers as c
from tests.factories import demarche as d
from tests.factories import evaluation as e
from tests.factories import partenaires as p

AUTOMNE = datetime.date(2025, 10, 10)
HIVER = datetime.date(2026, 1, 10)


def petit_exercice() -> Exercice:
    """Make one exercice with a little of everything."""
    exercice = d.ExerciceFactory()
    d.DemarcheFactory(
        objectifs_generaux="Agir\nÉcouter", vision="Un milieu de vie accueillant", horizon_vision=2030, sigle="DDE"
    )
    assemblee = d.InstanceGouvernanceFactory(assemblee=True)
    comite = d.InstanceGouvernanceFactory(comite=True)
    d.InstanceGouvernanceFactory(genre=GenreInstance.CONCERTATION, nom="Table des aînés", parent=comite)
    for numero, genre in enumerate((GenreSiege.CITOYEN, GenreSiege.COMMUNAUTAIRE, GenreSiege.COMMUNAUTAIRE), start=1):
        d.SiegeFactory(instance_gouvernance=comite, numero=numero, genre=genre)
    c.RegleAllocationFactory()
    _chantier(exercice)
    _presences(assemblee)
    _resultats(exercice)
    return exercice


def _chantier(exercice):
    chantier = c.ChantierFactory(nom="Logement")
    c.ObjectifChantierFactory(chantier=chantier, exercice=exercice, numero=1)
    action = c.ActionCollectiveFactory(chantier=chantier, titre="Clinique <b>du</b> bail")
    c.ActiviteFactory(action_collective=action, nb_personnes=30, heures_citoyennes=Decimal("12.50"))
    c.ActiviteFactory(
        action_collective=action, nb_personnes=20, fiabilite=FiabiliteNombre.ESTIME, heures_partenaires=Decimal(4)
    )
    c.ActiviteFactory(action_collective=action, nb_personnes=500, date=datetime.date(2025, 6, 30))  # the year before
    reservee = c.ActionCollectiveFactory(chantier=chantier, titre="Secrète", est_publique=False)
    c.ActiviteFactory(action_collective=reservee, nb_personnes=999)
    c.LigneBudgetaireFactory(
        exercice=exercice,
        action_collective=action,
        revenu=True,
        bailleur="Fondation",
        gestionnaire="Fiducie",
        montant_prevu=Decimal(100),
        montant_reel=Decimal("90.50"),
    )
    c.ResultatFinancierFactory(exercice=exercice, montant=Decimal("1000.00"), solde_ouverture=Decimal("50.00"))
    c.AffectationSurplusFactory(exercice=exercice, montant=Decimal("400.00"))


def _presences(assemblee):
    organisation = p.OrganisationFactory(nom="Maison ouverte")
    for jour, nombre in ((AUTOMNE, 10), (HIVER, 14)):
        rencontre = d.RencontreFactory(instance_gouvernance=assemblee, date=jour, titre=f"Assemblée du {jour}")
        p.PresenceFactory(rencontre=rencontre, organisation=organisation, nb_personnes=nombre)
    p.AdhesionFactory(acceptee=True, organisation=organisation, mode=ModeAdhesion.TACITE)
    for nom, accord in (("Nommée", True), ("Discrète", False)):
        adhesion = p.AdhesionFactory(
            citoyenne=True, acceptee=True, organisation=None, personne=p.PersonneFactory(nom=nom)
        )
        p.ConsentementFactory(
            adhesion=adhesion, finalite=FinaliteConsentement.PUBLICATION_NOM, est_accorde=accord, texte="Nom publié."
        )


def _resultats(exercice):
    strategie = e.StrategieFactory(numero=1, objectif__numero=1, objectif__orientation__numero=1)
    e.CibleFactory(strategie=strategie, exercice=exercice, numero=1, atteinte=True)
    e.CibleFactory(strategie=strategie, exercice=exercice, numero=2, statut=StatutCible.NON_ATTEINTE)
    e.EffetConstateFactory(strategie=strategie, exercice=exercice, nature=NatureEffet.IDENTIFIE)
    indicateur = e.IndicateurFactory(nom="Abonnés")
    e.MesureFactory(indicateur=indicateur, valeur=Decimal(100), date=datetime.date(2025, 6, 30))
    e.MesureFactory(indicateur=indicateur, valeur=Decimal(150), date=HIVER)
    e.MomentEvaluationFactory()
    p.CollaborationStructuranteFactory(debut=AUTOMNE)
    e.NarratifFactory(
        exercice=exercice,
        section=SectionNarrative.CONTEXTE,
        texte="Bonjour <script>alert(1)</script>.\n\n- un\n- deux",
    )
