import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from partenaires import enums, models
from tests.factories import DEBUT_EXERCICE
from tests.factories.demarche import ElecteurFactory, RencontreFactory, SiegeFactory, UtilisateurFactory


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = models.Organisation

    nom = factory.Sequence(lambda n: f"Organisme {n:03d}")
    categorie = enums.CategorieOrganisation.ORGANISME


class PersonneFactory(DjangoModelFactory):
    """A contact without an account; `avec_compte` gives one."""

    class Meta:
        model = models.Personne

    class Params:
        avec_compte = factory.Trait(utilisateur=factory.SubFactory(UtilisateurFactory))

    prenom = "Dominique"
    nom = factory.Sequence(lambda n: f"Gagnon {n}")


class AffiliationFactory(DjangoModelFactory):
    class Meta:
        model = models.Affiliation

    personne = factory.SubFactory(PersonneFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    du = DEBUT_EXERCICE


class AdhesionFactory(DjangoModelFactory):
    """A form just sent by an organisation, its e-mail not confirmed yet; a trait by state, one for citizens."""

    class Meta:
        model = models.Adhesion

    class Params:
        confirmee = factory.Trait(confirmee_le=factory.LazyFunction(timezone.now))
        traitee = factory.Trait(confirmee=True, traitee_le=factory.LazyFunction(timezone.now))
        a_etudier = factory.Trait(confirmee=True, etat=enums.EtatAdhesion.A_ETUDIER)
        refusee = factory.Trait(traitee=True, etat=enums.EtatAdhesion.REFUSEE, motif="N’œuvre pas sur le territoire.")
        acceptee = factory.Trait(
            traitee=True,
            etat=enums.EtatAdhesion.ACCEPTEE,
            organisation=factory.SubFactory(OrganisationFactory),
            du=DEBUT_EXERCICE,
        )
        terminee = factory.Trait(
            traitee=True,
            etat=enums.EtatAdhesion.TERMINEE,
            organisation=factory.SubFactory(OrganisationFactory),
            du=DEBUT_EXERCICE,
            au=DEBUT_EXERCICE.replace(month=12),
        )
        # With any of the states: `AdhesionFactory(citoyenne=True, acceptee=True)`.
        citoyenne = factory.Trait(categorie=enums.CategoriePartenaire.CITOYEN, organisation=None, nom_organisation="")

    mode = enums.ModeAdhesion.FORMELLE
    categorie = enums.CategoriePartenaire.ORGANISME
    nom_organisation = factory.Sequence(lambda n: f"Organisme candidat {n}")
    prenom = "Andrée"
    nom = "Bouchard"
    courriel = factory.Sequence(lambda n: f"candidat{n}@exemple.test")
    oeuvre_sur_territoire = True
    adhere_mission = True
    texte_mission = "Réunir les forces du milieu."


class ConsentementFactory(DjangoModelFactory):
    class Meta:
        model = models.Consentement

    adhesion = factory.SubFactory(AdhesionFactory)
    finalite = enums.FinaliteConsentement.PUBLICATION_NOM
    texte = "Mon nom peut paraître dans la liste des partenaires."
    est_accorde = True


class RepresentationFactory(DjangoModelFactory):
    class Meta:
        model = models.Representation

    siege = factory.SubFactory(SiegeFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    du = DEBUT_EXERCICE


class PresenceFactory(DjangoModelFactory):
    class Meta:
        model = models.Presence

    rencontre = factory.SubFactory(RencontreFactory)
    organisation = factory.SubFactory(OrganisationFactory)


class ElecteurPartenaireFactory(DjangoModelFactory):
    """The voice of a partner in a ballot of the assemblée."""

    class Meta:
        model = models.ElecteurPartenaire

    adhesion = factory.SubFactory(AdhesionFactory, acceptee=True)
    electeur = factory.SubFactory(
        ElecteurFactory,
        siege=None,
        numero=factory.Sequence(lambda n: n + 1),
        libelle=factory.SelfAttribute("..adhesion.organisation.nom"),
        scrutin__instance_gouvernance__assemblee=True,
        scrutin__instance_gouvernance__comite=False,
    )


class CollaborationStructuranteFactory(DjangoModelFactory):
    class Meta:
        model = models.CollaborationStructurante

    titre = factory.Sequence(lambda n: f"Collaboration {n}")
    genre = enums.GenreCollaboration.EVENEMENT
    debut = DEBUT_EXERCICE
