import datetime
from decimal import Decimal

import factory
from django.db.models import Sum
from django.utils import timezone
from factory.django import DjangoModelFactory

from chantiers.actions.enums import EtatAction, OrigineAction, TypeAction
from chantiers.actions.models import ActionCollective, Activite, Chantier, ObjectifChantier
from chantiers.budget.enums import NatureLigne
from chantiers.budget.models import AffectationSurplus, Enveloppe, LigneBudgetaire, ResultatFinancier
from chantiers.demandes.enums import EtatDemande, GenreApport, GenreDecaissement, SensMotif
from chantiers.demandes.models import (
    ApportDemande,
    Decaissement,
    Deliberation,
    DemandeFonds,
    MotifType,
    OrganisationConcernee,
    PieceDemande,
    PointDemande,
    PosteDemande,
    PrecisionDemande,
    RegleAllocation,
)
from chantiers.demandes.queries.engagements import disponible
from demarche.rencontres.enums import GenrePoint
from tests.factories import DEBUT_EXERCICE, JOUR
from tests.factories.demarche import (
    DocumentFactory,
    ExerciceFactory,
    InstanceGouvernanceFactory,
    PointOrdreDuJourFactory,
    ResolutionFactory,
    ScrutinFactory,
    UtilisateurFactory,
)
from tests.factories.partenaires import OrganisationFactory


class ChantierFactory(DjangoModelFactory):
    class Meta:
        model = Chantier

    nom = factory.Sequence(lambda n: f"Chantier {n}")
    ordre = factory.Sequence(lambda n: n % 30_000)


class ObjectifChantierFactory(DjangoModelFactory):
    class Meta:
        model = ObjectifChantier

    chantier = factory.SubFactory(ChantierFactory)
    exercice = factory.SubFactory(ExerciceFactory)
    numero = factory.Sequence(lambda n: n % 30_000 + 1)
    texte = "Rapprocher les services des gens."


class ActionCollectiveFactory(DjangoModelFactory):
    """A ponctuelle action of a chantier, under way; traits for the two other origins of R2."""

    class Meta:
        model = ActionCollective
        skip_postgeneration_save = True

    class Params:
        structurante = factory.Trait(type_action=TypeAction.STRUCTURANTE)
        de_concertation = factory.Trait(
            origine=OrigineAction.CONCERTATION,
            chantier=None,
            concertation=factory.SubFactory(InstanceGouvernanceFactory, concertation=True),
        )
        du_comite = factory.Trait(
            origine=OrigineAction.COMITE_PILOTAGE,
            chantier=None,
            justification="Aucun chantier ne couvre le transport.",
        )

    chantier = factory.SubFactory(ChantierFactory)
    titre = factory.Sequence(lambda n: f"Action {n:03d}")
    resume = "Une table ouverte à tout le quartier."
    type_action = TypeAction.PONCTUELLE
    origine = OrigineAction.CHANTIER
    debut = DEBUT_EXERCICE
    etat = EtatAction.EN_COURS

    @factory.post_generation
    def partenaires(self, create, extracted, **_):
        if create and extracted:
            self.partenaires.set(extracted)


class ActiviteFactory(DjangoModelFactory):
    class Meta:
        model = Activite

    action_collective = factory.SubFactory(ActionCollectiveFactory)
    date = JOUR
    titre = factory.Sequence(lambda n: f"Activité {n}")


class EnveloppeFactory(DjangoModelFactory):
    class Meta:
        model = Enveloppe

    nom = factory.Sequence(lambda n: f"Enveloppe {n}")
    gestionnaire = "Fiducie des Érables"
    montant = Decimal("100000.00")
    du = DEBUT_EXERCICE


class LigneBudgetaireFactory(DjangoModelFactory):
    """An expense of an action; `revenu` for a revenue, `de_la_demarche` for the démarche itself."""

    class Meta:
        model = LigneBudgetaire

    class Params:
        revenu = factory.Trait(nature=NatureLigne.REVENU)
        de_la_demarche = factory.Trait(action_collective=None)

    exercice = factory.SubFactory(ExerciceFactory)
    action_collective = factory.SubFactory(ActionCollectiveFactory)
    nature = NatureLigne.DEPENSE
    libelle = factory.Sequence(lambda n: f"Ligne {n}")
    montant_prevu = Decimal("100.00")


class ResultatFinancierFactory(DjangoModelFactory):
    class Meta:
        model = ResultatFinancier

    exercice = factory.SubFactory(ExerciceFactory)
    montant = Decimal("1234.50")
    source = "États financiers"


class AffectationSurplusFactory(DjangoModelFactory):
    class Meta:
        model = AffectationSurplus

    exercice = factory.SubFactory(ExerciceFactory)
    periode = "2026-2027"
    libelle = factory.Sequence(lambda n: f"Utilisation {n}")
    montant = Decimal("500.00")


class RegleAllocationFactory(DjangoModelFactory):
    """The thresholds of R1; asking twice for one date gives the same row."""

    class Meta:
        model = RegleAllocation
        django_get_or_create = ("en_vigueur_du",)

    en_vigueur_du = DEBUT_EXERCICE
    seuil_comite = Decimal("1000.00")
    seuil_assemblee = Decimal("50000.00")
    source = "Cadre de référence"


class DemandeFondsFactory(DjangoModelFactory):
    """A draft of 1 500 $, that the comité would decide; a trait by state.

    The envelope of a request in deliberation or granted says what it has committed, as after the services.
    """

    class Meta:
        model = DemandeFonds
        skip_postgeneration_save = True

    class Params:
        # What submission freezes; the states after the draft build on it.
        avec_regle = factory.Trait(
            soumise_le=factory.LazyFunction(timezone.now),
            regle=factory.SubFactory(RegleAllocationFactory),
            total_action=factory.SelfAttribute("montant_demande"),
            instance_gouvernance=factory.SubFactory(InstanceGouvernanceFactory, comite=True),
            raison_instance="Le total va de 1 000 $ à 50 000 $.",
        )
        soumise = factory.Trait(avec_regle=True, etat=EtatDemande.SOUMISE)
        precisions = factory.Trait(
            avec_regle=True,
            etat=EtatDemande.PRECISIONS,
            precision=factory.RelatedFactory("tests.factories.chantiers.PrecisionDemandeFactory", "demande"),
        )
        expiree = factory.Trait(avec_regle=True, etat=EtatDemande.EXPIREE)
        en_deliberation = factory.Trait(
            avec_regle=True,
            etat=EtatDemande.EN_DELIBERATION,
            montant_reserve=factory.SelfAttribute("montant_demande"),
            enveloppe=factory.SubFactory(EnveloppeFactory),
            deliberation=factory.RelatedFactory(
                "tests.factories.chantiers.DeliberationFactory",
                "demande",
                scrutin__instance_gouvernance=factory.SelfAttribute("..demande.instance_gouvernance"),
            ),
        )
        accordee = factory.Trait(
            avec_regle=True,
            etat=EtatDemande.ACCORDEE,
            montant_accorde=factory.SelfAttribute("montant_demande"),
            enveloppe=factory.SubFactory(EnveloppeFactory),
            resolution=factory.SubFactory(
                ResolutionFactory,
                instance_gouvernance=factory.SelfAttribute("..instance_gouvernance"),
                exercice=factory.SelfAttribute("..exercice"),
            ),
            decidee_le=factory.LazyFunction(timezone.now),
        )
        refusee = factory.Trait(
            avec_regle=True,
            etat=EtatDemande.REFUSEE,
            motif_decision="L’enveloppe est épuisée.",
            decidee_le=factory.LazyFunction(timezone.now),
        )
        retiree = factory.Trait(etat=EtatDemande.RETIREE)

    action_collective = factory.SubFactory(ActionCollectiveFactory)
    exercice = factory.SubFactory(ExerciceFactory)
    titre = factory.Sequence(lambda n: f"Demande {n}")
    motif = "Acheter le matériel avant le printemps."
    montant_demande = Decimal("1500.00")
    demandeur = factory.SubFactory(UtilisateurFactory)

    @factory.post_generation
    def engagement(self, create, extracted, **_):
        if create and self.enveloppe is not None:
            engage = self.enveloppe.montant - disponible(self.enveloppe)
            Enveloppe.objects.filter(pk=self.enveloppe.pk).update(montant_engage=engage)
            self.enveloppe.montant_engage = engage


class DeliberationFactory(DjangoModelFactory):
    class Meta:
        model = Deliberation

    demande = factory.SubFactory(DemandeFondsFactory)
    scrutin = factory.SubFactory(ScrutinFactory)
    montant = factory.SelfAttribute("demande.montant_demande")


class PosteDemandeFactory(DjangoModelFactory):
    class Meta:
        model = PosteDemande

    demande = factory.SubFactory(DemandeFondsFactory)
    libelle = factory.Sequence(lambda n: f"Poste {n}")
    montant = Decimal("1500.00")


class PieceDemandeFactory(DjangoModelFactory):
    class Meta:
        model = PieceDemande

    demande = factory.SubFactory(DemandeFondsFactory)
    document = factory.SubFactory(DocumentFactory)


class ApportDemandeFactory(DjangoModelFactory):
    class Meta:
        model = ApportDemande

    demande = factory.SubFactory(DemandeFondsFactory)
    genre = GenreApport.COFINANCEMENT
    source = factory.Sequence(lambda n: f"Bailleur {n}")
    montant = Decimal("500.00")


class OrganisationConcerneeFactory(DjangoModelFactory):
    class Meta:
        model = OrganisationConcernee

    demande = factory.SubFactory(DemandeFondsFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class PrecisionDemandeFactory(DjangoModelFactory):
    """A question that waits for its answer; `repondue` has it."""

    class Meta:
        model = PrecisionDemande

    class Params:
        repondue = factory.Trait(
            reponse="Soixante, surtout en février.", repondue_le=factory.LazyFunction(timezone.now)
        )

    demande = factory.SubFactory(DemandeFondsFactory, avec_regle=True, etat=EtatDemande.PRECISIONS)
    question = "Combien de familles seront rejointes?"
    avant_le = JOUR + datetime.timedelta(days=14)


class MotifTypeFactory(DjangoModelFactory):
    class Meta:
        model = MotifType

    sens = SensMotif.REFUS
    texte = factory.Sequence(lambda n: f"Motif {n}")


class PointDemandeFactory(DjangoModelFactory):
    class Meta:
        model = PointDemande

    demande = factory.SubFactory(DemandeFondsFactory, soumise=True)
    point = factory.SubFactory(
        PointOrdreDuJourFactory,
        genre=GenrePoint.DEMANDE,
        titre=factory.SelfAttribute("..demande.titre"),
        rencontre__instance_gouvernance=factory.SelfAttribute("...demande.instance_gouvernance"),
    )


class DecaissementFactory(DjangoModelFactory):
    """A direct payment of 100 $ on a granted request, which says what is paid, as after the services."""

    class Meta:
        model = Decaissement
        skip_postgeneration_save = True

    class Params:
        remboursement = factory.Trait(genre=GenreDecaissement.REMBOURSEMENT, recu=factory.SubFactory(DocumentFactory))
        transfert = factory.Trait(genre=GenreDecaissement.TRANSFERT)
        contrepassation = factory.Trait(
            contrepasse=factory.SubFactory("tests.factories.chantiers.DecaissementFactory"),
            demande=factory.SelfAttribute("contrepasse.demande"),
            montant=factory.LazyAttribute(lambda o: -o.contrepasse.montant),
            motif="Chèque jamais encaissé.",
        )

    demande = factory.SubFactory(DemandeFondsFactory, accordee=True)
    exercice = factory.SelfAttribute("demande.exercice")
    genre = GenreDecaissement.PAIEMENT_DIRECT
    montant = Decimal("100.00")
    date = JOUR
    beneficiaire = "Épicerie du Coin"
    libelle = "Denrées"

    @factory.post_generation
    def paiement(self, create, extracted, **_):
        if create:
            paye = self.demande.decaissements.aggregate(somme=Sum("montant"))["somme"]
            DemandeFonds.objects.filter(pk=self.demande.pk).update(montant_paye=paye)
            self.demande.montant_paye = paye
