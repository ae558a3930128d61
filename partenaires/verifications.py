"""Checks over the data of the room `partenaires`, for the vérificateur."""

from collections.abc import Iterable
from itertools import combinations

from django.urls import reverse
from django.utils import timezone

from demarche.gouvernance.models import Exercice
from demarche.gouvernance.protocoles import Constat, Verification
from partenaires.models import Adhesion, Organisation
from partenaires.queries.liste import partenaires_en_date
from partenaires.queries.organisations import cles_organisation
from partenaires.queries.participation import assemblees_de_l_exercice
from partenaires.rapprochement import cles_se_ressemblent


def noms_voisins(exercice: Exercice) -> Iterable[Constat]:
    """Find organisations that may be the same one under two names: they would be counted twice."""
    fiches = [(organisation, cles_organisation(organisation)) for organisation in Organisation.objects.all()]
    for (une, cles), (autre, autres) in combinations(fiches, 2):
        if any(cles_se_ressemblent(cle, proche) for cle in cles for proche in autres):
            yield Constat(
                "a_verifier",
                f"« {une} » et « {autre} » ont des noms voisins : est-ce la même organisation?",
                autre.get_absolute_url(),
            )


def partenaires_sans_representant(exercice: Exercice) -> Iterable[Constat]:
    """Find the organisations that joined by the form in the exercice and have nobody to speak for them."""
    for adhesion in (
        Adhesion.objects.commencees_dans(exercice)
        .filter(personne__isnull=True, organisation__isnull=False, organisation__affiliations__isnull=True)
        .select_related("organisation")
    ):
        yield Constat(
            "a_verifier",
            f"« {adhesion} » est partenaire, mais aucune personne ne la représente dans le registre.",
            adhesion.organisation.get_absolute_url(),
        )


def assemblees_sans_presences(exercice: Exercice) -> Iterable[Constat]:
    """Find the assemblées of the exercice, already held, whose presences were never noted."""
    for compte in assemblees_de_l_exercice(exercice):
        if not compte.est_notee and compte.rencontre.date <= timezone.localdate():
            yield Constat(
                "a_corriger",
                f"« {compte.rencontre} » n’a aucune présence notée : le bilan ne peut pas dire combien de personnes "
                "y étaient.",
                reverse("partenaires:presence_modifier", args=[compte.rencontre.pk]),
            )


def adhesions_sans_reponse(exercice: Exercice) -> Iterable[Constat]:
    """Find the adhesions confirmed in the exercice and still without an answer."""
    for adhesion in (
        Adhesion.objects.a_etudier()
        .filter(confirmee_le__date__range=(exercice.debut, exercice.fin))
        .select_related("organisation", "personne")
    ):
        yield Constat(
            "a_verifier", f"L’adhésion de « {adhesion} » attend encore une réponse.", adhesion.get_absolute_url()
        )


def aucun_partenaire(exercice: Exercice) -> Iterable[Constat]:
    """Say when the annex of partners would be empty on the last day of the exercice."""
    if partenaires_en_date(exercice.fin).total == 0:
        yield Constat(
            "a_corriger",
            "Aucun partenaire au dernier jour de l’exercice : l’annexe des partenaires serait vide.",
            reverse("partenaires:adhesion_liste"),
        )


def citoyens_non_publies(exercice: Exercice) -> Iterable[Constat]:
    """Say how many citizens the annex counts without naming, so that nobody looks for them."""
    nb = partenaires_en_date(exercice.fin).nb_citoyens_non_publies
    if nb:
        qui = "Une personne est comptée" if nb == 1 else f"{nb} personnes sont comptées"
        yield Constat(
            "a_verifier",
            f"{qui} dans l’annexe des partenaires sans y être nommée{'s' if nb > 1 else ''}, faute de consentement.",
            reverse("partenaires:adhesion_liste") + "?etat=acceptee",
        )


VERIFICATIONS = (
    Verification("partenaires.noms_voisins", "Organisations aux noms voisins", noms_voisins),
    Verification("partenaires.representant", "Partenaires sans représentant", partenaires_sans_representant),
    Verification("partenaires.presences", "Assemblées sans présences", assemblees_sans_presences),
    Verification("partenaires.sans_reponse", "Adhésions sans réponse", adhesions_sans_reponse),
    Verification("partenaires.annexe_vide", "Annexe des partenaires vide", aucun_partenaire),
    Verification("partenaires.non_publies", "Noms non publiés", citoyens_non_publies),
)
