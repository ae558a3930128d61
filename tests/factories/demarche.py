import datetime
import uuid

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from demarche.comptes.enums import Role
from demarche.comptes.models import RoleAttribue, Utilisateur
from demarche.gouvernance.enums import (
    Choix,
    GenreInstance,
    GenreSiege,
    GenreTerritoire,
    Issue,
    ModeDecision,
    RegleMajorite,
    RegleQuorum,
)
from demarche.gouvernance.models import (
    CadreReference,
    Demarche,
    Exercice,
    InstanceGouvernance,
    Mandat,
    Reglage,
    Rencontre,
    Resolution,
    Siege,
    Territoire,
)
from demarche.registre.enums import GenreEvenement
from demarche.registre.models import EvenementRegistre, SelRegistre, TeteRegistre
from demarche.registre.services.lignes import inscrire_evenement
from demarche.rencontres.enums import EtatPoint, EtatPresence, EtatProcesVerbal, GenrePoint
from demarche.rencontres.models import PointOrdreDuJour, PresenceSiege, ProcesVerbal
from demarche.scrutins.enums import CanalVote, EtatScrutin
from demarche.scrutins.models import Electeur, Rappel, Recusation, Scrutin, Vote
from demarche.socle.enums import EtatCourriel
from demarche.socle.models import Courriel, Document, JetonFormulaire
from tests.factories import DEBUT_EXERCICE, JOUR


class DemarcheFactory(DjangoModelFactory):
    class Meta:
        model = Demarche
        django_get_or_create = ("pk",)

    pk = 1
    nom = "Démarche des Érables"
    nom_territoire = "arrondissement des Érables"
    mission = "Réunir les forces du milieu contre la pauvreté et l’exclusion."


class TerritoireFactory(DjangoModelFactory):
    class Meta:
        model = Territoire

    nom = factory.Sequence(lambda n: f"Quartier {n}")
    genre = GenreTerritoire.QUARTIER


class ReglageFactory(DjangoModelFactory):
    """A number of the démarche in place of one of ours."""

    class Meta:
        model = Reglage

    cle = "rappel_avant"
    valeur = 48
    source = "Cadre de référence 2024, page 4"


class ExerciceFactory(DjangoModelFactory):
    """The exercice of JOUR; `annee=2023` makes 2023-2024. Asking twice for one year gives the same row."""

    class Meta:
        model = Exercice
        django_get_or_create = ("code",)

    class Params:
        annee = 2025
        clos = factory.Trait(est_clos=True)

    code = factory.LazyAttribute(lambda o: f"{o.annee}-{o.annee + 1}")
    debut = factory.LazyAttribute(lambda o: datetime.date(o.annee, 7, 1))
    fin = factory.LazyAttribute(lambda o: datetime.date(o.annee + 1, 6, 30))


class UtilisateurFactory(DjangoModelFactory):
    """An account without any role; a trait by role."""

    class Meta:
        model = Utilisateur
        skip_postgeneration_save = True

    class Params:
        agent = factory.Trait(
            role_agent=factory.RelatedFactory(
                "tests.factories.demarche.RoleAttribueFactory", "utilisateur", role=Role.AGENT
            )
        )
        coordonnateur = factory.Trait(
            role_coordonnateur=factory.RelatedFactory(
                "tests.factories.demarche.RoleAttribueFactory", "utilisateur", role=Role.COORDONNATEUR
            )
        )
        fiduciaire = factory.Trait(
            role_fiduciaire=factory.RelatedFactory(
                "tests.factories.demarche.RoleAttribueFactory", "utilisateur", role=Role.FIDUCIAIRE
            )
        )
        administrateur = factory.Trait(
            role_administrateur=factory.RelatedFactory(
                "tests.factories.demarche.RoleAttribueFactory", "utilisateur", role=Role.ADMINISTRATEUR
            )
        )

    email = factory.Sequence(lambda n: f"personne{n}@exemple.test")
    prenom = "Camille"
    nom = factory.Sequence(lambda n: f"Tremblay {n}")

    @classmethod
    def _create(cls, model_class, *args, **champs):
        return model_class.objects.create_user(*args, **champs)


class RoleAttribueFactory(DjangoModelFactory):
    class Meta:
        model = RoleAttribue

    utilisateur = factory.SubFactory(UtilisateurFactory)
    role = Role.AGENT
    du = DEBUT_EXERCICE


class InstanceGouvernanceFactory(DjangoModelFactory):
    """A comité de chantier; traits for the instances that decide (asking twice gives the same row)."""

    class Meta:
        model = InstanceGouvernance
        django_get_or_create = ("prefixe",)

    class Params:
        assemblee = factory.Trait(
            genre=GenreInstance.ASSEMBLEE, nom="Assemblée des partenaires", prefixe="AP", ordre=1
        )
        comite = factory.Trait(
            genre=GenreInstance.COMITE_PILOTAGE,
            nom="Comité de pilotage",
            prefixe="CP",
            ordre=2,
            mode_decision=ModeDecision.EN_LIGNE,
        )
        coordination = factory.Trait(
            genre=GenreInstance.COORDINATION,
            nom="Coordination",
            prefixe="CO",
            ordre=3,
            mode_decision=ModeDecision.UNE_PERSONNE,
        )
        concertation = factory.Trait(genre=GenreInstance.CONCERTATION)

    nom = factory.Sequence(lambda n: f"Instance {n}")
    genre = GenreInstance.COMITE_CHANTIER
    prefixe = factory.Sequence(lambda n: f"I{n}")
    ordre = 10


class SiegeFactory(DjangoModelFactory):
    """A vacant seat of the comité de pilotage."""

    class Meta:
        model = Siege

    instance_gouvernance = factory.SubFactory(InstanceGouvernanceFactory, comite=True)
    numero = factory.Sequence(lambda n: n + 1)
    genre = GenreSiege.COMMUNAUTAIRE
    libelle = factory.LazyAttribute(lambda o: f"Siège {o.numero}")


class MandatFactory(DjangoModelFactory):
    class Meta:
        model = Mandat

    siege = factory.SubFactory(SiegeFactory)
    utilisateur = factory.SubFactory(UtilisateurFactory)
    du = DEBUT_EXERCICE


class RencontreFactory(DjangoModelFactory):
    class Meta:
        model = Rencontre

    instance_gouvernance = factory.SubFactory(InstanceGouvernanceFactory, comite=True)
    titre = factory.Sequence(lambda n: f"Rencontre {n}")
    date = JOUR


class PresenceSiegeFactory(DjangoModelFactory):
    class Meta:
        model = PresenceSiege

    rencontre = factory.SubFactory(RencontreFactory)
    siege = factory.SubFactory(
        SiegeFactory, instance_gouvernance=factory.SelfAttribute("..rencontre.instance_gouvernance")
    )
    utilisateur = factory.SubFactory(UtilisateurFactory)
    etat = EtatPresence.PRESENT


class ProcesVerbalFactory(DjangoModelFactory):
    """Minutes still being written; `adopte` freezes them."""

    class Meta:
        model = ProcesVerbal

    class Params:
        adopte = factory.Trait(
            etat=EtatProcesVerbal.ADOPTE,
            adopte_le=JOUR,
            adopte_a=factory.SubFactory(
                RencontreFactory, instance_gouvernance=factory.SelfAttribute("..rencontre.instance_gouvernance")
            ),
            donnees={"titre": "Rencontre"},
            document=factory.SubFactory("tests.factories.demarche.DocumentFactory"),
            empreinte_document="0" * 64,
            numero_registre=0,
            empreinte_registre="0" * 64,
        )

    rencontre = factory.SubFactory(RencontreFactory)


class PointOrdreDuJourFactory(DjangoModelFactory):
    """A free point not dealt with yet; a trait by state, and by genre that cites something."""

    class Meta:
        model = PointOrdreDuJour

    class Params:
        traite = factory.Trait(etat=EtatPoint.TRAITE)
        reporte = factory.Trait(etat=EtatPoint.REPORTE)
        de_resolution = factory.Trait(genre=GenrePoint.RESOLUTION, texte="Il est résolu de tenir la fête.")
        d_enterinement = factory.Trait(
            genre=GenrePoint.ENTERINEMENT,
            consultation=factory.SubFactory(
                "tests.factories.demarche.ScrutinFactory",
                consultation=True,
                clos=True,
                instance_gouvernance=factory.SelfAttribute("..rencontre.instance_gouvernance"),
            ),
        )
        de_proces_verbal = factory.Trait(
            genre=GenrePoint.PROCES_VERBAL, proces_verbal=factory.SubFactory(ProcesVerbalFactory)
        )

    rencontre = factory.SubFactory(RencontreFactory)
    ordre = factory.Sequence(lambda n: n % 30_000 + 1)
    titre = factory.Sequence(lambda n: f"Point {n}")


class ScrutinFactory(DjangoModelFactory):
    """An online ballot of the comité, open for a week."""

    class Meta:
        model = Scrutin

    class Params:
        clos = factory.Trait(etat=EtatScrutin.CLOS, clos_le=factory.LazyFunction(timezone.now), issue=Issue.ADOPTEE)
        annule = factory.Trait(etat=EtatScrutin.ANNULE)
        main_levee = factory.Trait(mode=ModeDecision.MAIN_LEVEE, echeance=None)
        resolution_ecrite = factory.Trait(
            mode=ModeDecision.RESOLUTION_ECRITE,
            regle_quorum=RegleQuorum.TOUS,
            regle_majorite=RegleMajorite.TOUS_POUR,
        )
        consultation = factory.Trait(mode=ModeDecision.CONSULTATION)

    instance_gouvernance = factory.SubFactory(InstanceGouvernanceFactory, comite=True)
    mode = ModeDecision.EN_LIGNE
    question = factory.Sequence(lambda n: f"Question {n}")
    texte = "Que le comité accorde la somme demandée."
    echeance = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=7))


class ElecteurFactory(DjangoModelFactory):
    class Meta:
        model = Electeur

    scrutin = factory.SubFactory(ScrutinFactory)
    siege = factory.SubFactory(
        SiegeFactory, instance_gouvernance=factory.SelfAttribute("..scrutin.instance_gouvernance")
    )
    numero = factory.SelfAttribute("siege.numero")
    libelle = factory.SelfAttribute("siege.libelle")
    utilisateur = factory.SubFactory(UtilisateurFactory)


class VoteFactory(DjangoModelFactory):
    class Meta:
        model = Vote

    class Params:
        par_telephone = factory.Trait(
            canal=CanalVote.TELEPHONE, inscrit_par=factory.SubFactory(UtilisateurFactory, agent=True)
        )

    electeur = factory.SubFactory(ElecteurFactory)
    utilisateur = factory.SelfAttribute("electeur.utilisateur")
    choix = Choix.POUR


class RecusationFactory(DjangoModelFactory):
    class Meta:
        model = Recusation

    electeur = factory.SubFactory(ElecteurFactory)
    utilisateur = factory.SelfAttribute("electeur.utilisateur")


class RappelFactory(DjangoModelFactory):
    class Meta:
        model = Rappel

    utilisateur = factory.SubFactory(UtilisateurFactory)
    echeance = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=1))


class TeteRegistreFactory(DjangoModelFactory):
    """The one row of the head, as it stands."""

    class Meta:
        model = TeteRegistre
        django_get_or_create = ("pk",)

    pk = 1


class EvenementRegistreFactory(DjangoModelFactory):
    """The next line of the register, through its only door, so that the chain stays whole."""

    class Meta:
        model = EvenementRegistre

    genre = GenreEvenement.OUVERTURE
    objet = factory.Sequence(lambda n: f"essai {n}")
    corps = factory.LazyFunction(dict)
    secret = None

    @classmethod
    def _create(cls, model_class, *args, **champs):
        return inscrire_evenement(champs.pop("genre"), champs.pop("objet"), **champs)


class SelRegistreFactory(DjangoModelFactory):
    """The salt of a line that commits to something."""

    class Meta:
        model = SelRegistre

    evenement = factory.SubFactory(EvenementRegistreFactory, secret={"choix": "pour"})

    @classmethod
    def _create(cls, model_class, *args, **champs):
        return champs["evenement"].sel


class ResolutionFactory(DjangoModelFactory):
    class Meta:
        model = Resolution
        skip_postgeneration_save = True

    instance_gouvernance = factory.SubFactory(InstanceGouvernanceFactory, comite=True)
    exercice = factory.SubFactory(ExerciceFactory)
    numero = factory.Sequence(lambda n: n + 1)
    code = factory.LazyAttribute(lambda o: f"{o.instance_gouvernance.prefixe}-{o.exercice.code}-{o.numero:03d}")
    titre = factory.Sequence(lambda n: f"Résolution {n}")
    texte = "Il est résolu d’accorder la somme demandée."
    adoptee_le = JOUR

    @factory.post_generation
    def scrutin(resolution, create, scrutin, **kwargs):
        """Say which ballot adopted it."""
        if scrutin is not None:
            scrutin.resolution = resolution
            scrutin.save()


class DocumentFactory(DjangoModelFactory):
    """A small PDF; the trait `image` makes a photo."""

    class Meta:
        model = Document

    class Params:
        image = factory.Trait(
            fichier=factory.django.ImageField(width=4, height=3, filename="photo.jpg"),
            nom_origine="photo.jpg",
            type_contenu="image/jpeg",
            texte_alternatif="Une table et des gens autour.",
        )

    titre = factory.Sequence(lambda n: f"Document {n}")
    fichier = factory.django.FileField(data=b"%PDF-1.4\n%%EOF\n", filename="piece.pdf")
    nom_origine = "piece.pdf"
    type_contenu = "application/pdf"
    taille = factory.LazyAttribute(lambda o: o.fichier.size)


class CadreReferenceFactory(DjangoModelFactory):
    class Meta:
        model = CadreReference

    version = factory.Sequence(lambda n: f"version {n}")
    adopte_le = DEBUT_EXERCICE


class CourrielFactory(DjangoModelFactory):
    class Meta:
        model = Courriel

    class Params:
        envoye = factory.Trait(etat=EtatCourriel.ENVOYE, envoye_le=factory.LazyFunction(timezone.now))
        en_echec = factory.Trait(etat=EtatCourriel.EN_ECHEC, erreur="Connexion refusée.")

    destinataire = factory.Sequence(lambda n: f"destinataire{n}@exemple.test")
    sujet = "Sujet"
    texte = "Bonjour,"


class JetonFormulaireFactory(DjangoModelFactory):
    class Meta:
        model = JetonFormulaire

    jeton = factory.LazyFunction(uuid.uuid4)
    adresse = "/"
