import datetime
import uuid

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from demarche import enums, models

from . import DEBUT_EXERCICE, JOUR


class DemarcheFactory(DjangoModelFactory):
    class Meta:
        model = models.Demarche
        django_get_or_create = ("pk",)

    pk = 1
    nom = "Démarche des Érables"
    nom_territoire = "arrondissement des Érables"
    mission = "Réunir les forces du milieu contre la pauvreté et l’exclusion."


class TerritoireFactory(DjangoModelFactory):
    class Meta:
        model = models.Territoire

    nom = factory.Sequence(lambda n: f"Quartier {n}")
    genre = enums.GenreTerritoire.QUARTIER


class ExerciceFactory(DjangoModelFactory):
    """The exercice of JOUR; `annee=2023` makes 2023-2024. Asking twice for one year gives the same row."""

    class Meta:
        model = models.Exercice
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
        model = models.Utilisateur
        skip_postgeneration_save = True

    class Params:
        agent = factory.Trait(
            role_agent=factory.RelatedFactory(
                "tests.factories.demarche.RoleAttribueFactory", "utilisateur", role=enums.Role.AGENT
            )
        )
        coordonnateur = factory.Trait(
            role_coordonnateur=factory.RelatedFactory(
                "tests.factories.demarche.RoleAttribueFactory", "utilisateur", role=enums.Role.COORDONNATEUR
            )
        )
        fiduciaire = factory.Trait(
            role_fiduciaire=factory.RelatedFactory(
                "tests.factories.demarche.RoleAttribueFactory", "utilisateur", role=enums.Role.FIDUCIAIRE
            )
        )
        administrateur = factory.Trait(
            role_administrateur=factory.RelatedFactory(
                "tests.factories.demarche.RoleAttribueFactory", "utilisateur", role=enums.Role.ADMINISTRATEUR
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
        model = models.RoleAttribue

    utilisateur = factory.SubFactory(UtilisateurFactory)
    role = enums.Role.AGENT
    du = DEBUT_EXERCICE


class InstanceGouvernanceFactory(DjangoModelFactory):
    """A comité de chantier; traits for the instances that decide (asking twice gives the same row)."""

    class Meta:
        model = models.InstanceGouvernance
        django_get_or_create = ("prefixe",)

    class Params:
        assemblee = factory.Trait(
            genre=enums.GenreInstance.ASSEMBLEE, nom="Assemblée des partenaires", prefixe="AP", ordre=1
        )
        comite = factory.Trait(
            genre=enums.GenreInstance.COMITE_PILOTAGE,
            nom="Comité de pilotage",
            prefixe="CP",
            ordre=2,
            mode_decision=enums.ModeDecision.EN_LIGNE,
        )
        coordination = factory.Trait(
            genre=enums.GenreInstance.COORDINATION,
            nom="Coordination",
            prefixe="CO",
            ordre=3,
            mode_decision=enums.ModeDecision.UNE_PERSONNE,
        )
        concertation = factory.Trait(genre=enums.GenreInstance.CONCERTATION)

    nom = factory.Sequence(lambda n: f"Instance {n}")
    genre = enums.GenreInstance.COMITE_CHANTIER
    prefixe = factory.Sequence(lambda n: f"I{n}")
    ordre = 10


class SiegeFactory(DjangoModelFactory):
    """A vacant seat of the comité de pilotage."""

    class Meta:
        model = models.Siege

    instance_gouvernance = factory.SubFactory(InstanceGouvernanceFactory, comite=True)
    numero = factory.Sequence(lambda n: n + 1)
    genre = enums.GenreSiege.COMMUNAUTAIRE
    libelle = factory.LazyAttribute(lambda o: f"Siège {o.numero}")


class MandatFactory(DjangoModelFactory):
    class Meta:
        model = models.Mandat

    siege = factory.SubFactory(SiegeFactory)
    utilisateur = factory.SubFactory(UtilisateurFactory)
    du = DEBUT_EXERCICE


class RencontreFactory(DjangoModelFactory):
    class Meta:
        model = models.Rencontre

    instance_gouvernance = factory.SubFactory(InstanceGouvernanceFactory, comite=True)
    titre = factory.Sequence(lambda n: f"Rencontre {n}")
    date = JOUR


class ScrutinFactory(DjangoModelFactory):
    """An online ballot of the comité, open for a week."""

    class Meta:
        model = models.Scrutin

    class Params:
        clos = factory.Trait(
            etat=enums.EtatScrutin.CLOS, clos_le=factory.LazyFunction(timezone.now), issue=enums.Issue.ADOPTEE
        )
        annule = factory.Trait(etat=enums.EtatScrutin.ANNULE)
        main_levee = factory.Trait(mode=enums.ModeDecision.MAIN_LEVEE, echeance=None)

    instance_gouvernance = factory.SubFactory(InstanceGouvernanceFactory, comite=True)
    mode = enums.ModeDecision.EN_LIGNE
    question = factory.Sequence(lambda n: f"Question {n}")
    texte = "Que le comité accorde la somme demandée."
    echeance = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=7))


class ElecteurFactory(DjangoModelFactory):
    class Meta:
        model = models.Electeur

    scrutin = factory.SubFactory(ScrutinFactory)
    siege = factory.SubFactory(
        SiegeFactory, instance_gouvernance=factory.SelfAttribute("..scrutin.instance_gouvernance")
    )
    numero = factory.SelfAttribute("siege.numero")
    libelle = factory.SelfAttribute("siege.libelle")
    utilisateur = factory.SubFactory(UtilisateurFactory)


class VoteFactory(DjangoModelFactory):
    class Meta:
        model = models.Vote

    electeur = factory.SubFactory(ElecteurFactory)
    utilisateur = factory.SelfAttribute("electeur.utilisateur")
    choix = enums.Choix.POUR


class RecusationFactory(DjangoModelFactory):
    class Meta:
        model = models.Recusation

    electeur = factory.SubFactory(ElecteurFactory)
    utilisateur = factory.SelfAttribute("electeur.utilisateur")


class ResolutionFactory(DjangoModelFactory):
    class Meta:
        model = models.Resolution

    instance_gouvernance = factory.SubFactory(InstanceGouvernanceFactory, comite=True)
    exercice = factory.SubFactory(ExerciceFactory)
    numero = factory.Sequence(lambda n: n + 1)
    code = factory.LazyAttribute(lambda o: f"{o.instance_gouvernance.prefixe}-{o.exercice.code}-{o.numero:03d}")
    titre = factory.Sequence(lambda n: f"Résolution {n}")
    texte = "Il est résolu d’accorder la somme demandée."
    adoptee_le = JOUR


class DocumentFactory(DjangoModelFactory):
    """A small PDF; the trait `image` makes a photo."""

    class Meta:
        model = models.Document

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
        model = models.CadreReference

    version = factory.Sequence(lambda n: f"version {n}")
    adopte_le = DEBUT_EXERCICE


class CourrielFactory(DjangoModelFactory):
    class Meta:
        model = models.Courriel

    class Params:
        envoye = factory.Trait(etat=enums.EtatCourriel.ENVOYE, envoye_le=factory.LazyFunction(timezone.now))
        en_echec = factory.Trait(etat=enums.EtatCourriel.EN_ECHEC, erreur="Connexion refusée.")

    destinataire = factory.Sequence(lambda n: f"destinataire{n}@exemple.test")
    sujet = "Sujet"
    texte = "Bonjour,"


class JetonFormulaireFactory(DjangoModelFactory):
    class Meta:
        model = models.JetonFormulaire

    jeton = factory.LazyFunction(uuid.uuid4)
    adresse = "/"
