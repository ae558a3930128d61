"""What upper apps offer to lower ones: menu entries, home cards, what waits, tabs, checks.

A lower app never names an upper one: it reads here what the modules `cartes` and `verifications`
of every installed app have registered at start. What an offer is made of: `offres`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Model, Q
from django.urls import reverse

from .models import (
    Document,
    Electeur,
    Exercice,
    InstanceGouvernance,
    PointOrdreDuJour,
    Rencontre,
    Scrutin,
    Utilisateur,
)
from .offres import (
    ActePoint,
    Assistance,
    Attente,
    Carte,
    Constat,
    Convoque,
    Defaut,
    EntreeMenu,
    EtapeInstallation,
    LienReglage,
    ObjetNomme,
    Onglet,
    Ouverture,
    PointDeCloture,
    Rupture,
    ValeurReglee,
    Verification,
)

__all__ = [
    "ActePoint",
    "Assistance",
    "Attente",
    "Carte",
    "Constat",
    "Convoque",
    "Defaut",
    "EntreeMenu",
    "EtapeInstallation",
    "LienReglage",
    "ObjetNomme",
    "Onglet",
    "Ouverture",
    "PointDeCloture",
    "Registre",
    "Rupture",
    "ValeurReglee",
    "Verification",
    "registre",
]


@dataclass
class Registre:
    menu: list[EntreeMenu] = field(default_factory=list)
    menu_public: list[EntreeMenu] = field(default_factory=list)  # seen by everybody, `visible` not asked
    attentes: list[Callable[[Utilisateur], Iterable[Attente]]] = field(default_factory=list)
    # What is overdue and takes effect before any page is shown: ballots past their deadline, questions unanswered.
    echeances: list[Callable[[], object]] = field(default_factory=list)
    cartes: list[Carte] = field(default_factory=list)
    onglets: list[Onglet] = field(default_factory=list)
    verifications: list[Verification] = field(default_factory=list)
    reglages: list[LienReglage] = field(default_factory=list)
    # What an app adds to the « Premiers pas » of a new installation, after those of `demarche`, in order.
    etapes_installation: list[Callable[[Utilisateur], EtapeInstallation]] = field(default_factory=list)
    # May this person (None: not signed in) read this document? One yes is enough.
    acces_documents: list[Callable[[Utilisateur | None, Document], bool]] = field(default_factory=list)
    # The elector this person speaks for at a ballot where seats do not vote (the assemblée), or None.
    voix: list[Callable[[Scrutin, Utilisateur], Electeur | None]] = field(default_factory=list)
    # The open ballots' electors, besides its seats, this person speaks for today; one call a page.
    voix_ouvertes: list[Callable[[Utilisateur], Iterable[int]]] = field(default_factory=list)
    # Where the page of these ballots (pk) is, for an app that has its own: the decision sheet; mapping pk -> address.
    pages_de_scrutin: list[Callable[[Collection[int]], Mapping[int, str]]] = field(default_factory=list)
    # The routes where a ballot is answered, for the sign-in page to say what one came for.
    routes_de_scrutin: list[str] = field(default_factory=list)
    # How a ballot opens in an instance of this kind whose voices are not seats: the assemblée.
    ouvertures: dict[str, Ouverture] = field(default_factory=dict)
    # What does not hold between the chained register and the rows it tells about; `verifier_registre` runs them all.
    controles_registre: list[Callable[[], Iterable[Rupture]]] = field(default_factory=list)
    # By first word of `EvenementRegistre.objet`: how the rows with these keys are named on the page of the register.
    objets_registre: dict[str, Callable[[Collection[int]], Mapping[int, ObjetNomme]]] = field(default_factory=dict)
    # By `GenreEvenement`: what a line says, in plain French, from its content; without one, the label of its kind.
    phrases_registre: dict[str, Callable[[Mapping[str, Any], ObjetNomme], str]] = field(default_factory=dict)
    # What is missing before an exercice is closed, app by app; the page shows it, the service refuses with it.
    points_de_cloture: list[Callable[[Exercice], Iterable[PointDeCloture]]] = field(default_factory=list)
    # Who is called to a meeting besides the holders of seats: the partners, at the assemblée (R6).
    convoques: list[Callable[[Rencontre], Iterable[Convoque]]] = field(default_factory=list)
    # The rules, thresholds and delays in force, for the page « Valeurs par défaut » (R4, R5).
    valeurs: list[Callable[[], Iterable[ValeurReglee]]] = field(default_factory=list)
    # The numbers of ours that the démarche confirms or changes, by their key.
    defauts: dict[str, Defaut] = field(default_factory=dict)
    # May this voice without a seat still answer today? One no is enough: the adhesion of the partner ended.
    voix_tenues: list[Callable[[Electeur], bool]] = field(default_factory=list)
    # Does this account still speak today for this voice without a seat? One yes is enough.
    paroles: list[Callable[[Electeur, Utilisateur], bool]] = field(default_factory=list)
    # What this person may do on these points of one agenda: mapping point.pk -> act; one call a page.
    actes_point: list[Callable[[Utilisateur, Sequence[PointOrdreDuJour]], Mapping[int, ActePoint]]] = field(
        default_factory=list
    )
    # How many voices an instance without seats has on a day: the partners of the assemblée; None: not this app's.
    electorats: list[Callable[[InstanceGouvernance, date], int | None]] = field(default_factory=list)
    # What this person is besides its roles and seats: « Partenaire : Café du coin », or None.
    qualites: list[Callable[[Utilisateur], str | None]] = field(default_factory=list)
    # Who was at a meeting, when the app keeps it otherwise than by seat; None: nothing was noted.
    assistances: list[Callable[[Rencontre], Assistance | None]] = field(default_factory=list)
    # The organisation that each of these seats stood for on that day: seat number in the database -> name.
    organisations_des_sieges: list[Callable[[Iterable[int], date], dict[int, str]]] = field(default_factory=list)
    # What still waits for a decision of this instance, as French phrases: « 2 demandes de fonds ».
    attendus_de_l_instance: list[Callable[[InstanceGouvernance], Iterable[str]]] = field(default_factory=list)
    # The accounts that ask, themselves or by their organisation, for what these ballots (pk) decide: pk -> accounts.
    demandeurs: list[Callable[[Collection[int]], Mapping[int, Collection[int]]]] = field(default_factory=list)
    # The names behind these voices (pk) whose label hides them, for the team alone: the citizens; pk -> name.
    noms: list[Callable[[Collection[int]], Mapping[int, str]]] = field(default_factory=list)
    # Where to write to a voice without account; empty: nowhere known.
    adresses: list[Callable[[Electeur], str]] = field(default_factory=list)
    # The resolutions this person may read though they do not see every decision: a condition on them, or None.
    resolutions_lisibles: list[Callable[[Utilisateur], Q | None]] = field(default_factory=list)
    # Does this person take part in the assemblée today?
    membres_assemblee: list[Callable[[Utilisateur], bool]] = field(default_factory=list)

    def menu_de(self, utilisateur: Utilisateur) -> list[EntreeMenu]:
        """Return the entries this person sees, in order."""
        return sorted((e for e in self.menu if e.visible(utilisateur)), key=lambda e: e.ordre)

    def attentes_de(self, utilisateur: Utilisateur) -> list[Attente]:
        """Return what waits for this person, the nearest date first, the undated last."""
        trouvees = [attente for source in self.attentes for attente in source(utilisateur)]
        return sorted(trouvees, key=lambda a: (a.echeance is None, str(a.echeance or ""), a.libelle))

    def reglages_de(self, utilisateur: Utilisateur) -> list[LienReglage]:
        """Return the settings pages this person may open, in order."""
        return sorted((r for r in self.reglages if r.visible(utilisateur)), key=lambda r: r.ordre)

    def document_accessible(self, utilisateur: Utilisateur | None, document: Document) -> bool:
        """Return whether an app says that this person may read this document."""
        return any(predicat(utilisateur, document) for predicat in self.acces_documents)

    def cloture_de(self, exercice: Exercice) -> list[PointDeCloture]:
        """Return what to look at before this exercice is closed, what stands in the way first, what is done last."""
        points = [point for source in self.points_de_cloture for point in source(exercice)]
        return sorted(points, key=lambda point: (not point.empeche, point.est_fait))

    def voix_de(self, scrutin: Scrutin, utilisateur: Utilisateur) -> Electeur | None:
        """Return the elector this person speaks for, as the apps say."""
        return next((e for source in self.voix if (e := source(scrutin, utilisateur)) is not None), None)

    def electeurs_de(self, utilisateur: Utilisateur) -> list[int]:
        """Return the electors of open ballots, seats left out, this person speaks for, as the apps say."""
        return [pk for source in self.voix_ouvertes for pk in source(utilisateur)]

    def pages_des_scrutins(self, scrutins: Iterable[Scrutin]) -> dict[int, str]:
        """Return the address of the page of each of these ballots; the query count does not depend on how many."""
        pks = [scrutin.pk for scrutin in scrutins]
        pages = {pk: reverse("demarche:scrutin_detail", args=[pk]) for pk in pks}
        for source in self.pages_de_scrutin if pks else []:
            pages |= source(pks)
        return pages

    def offrir_defauts(self, *defauts: Defaut) -> None:
        """Let the démarche confirm or change these numbers."""
        self.defauts |= {defaut.cle: defaut for defaut in defauts}

    def valeurs_reglees(self) -> list[ValeurReglee]:
        """Return what every app says is in force."""
        return [valeur for source in self.valeurs for valeur in source()]

    def voix_tient(self, electeur: Electeur) -> bool:
        """Return whether a voice without a seat may still answer today, as the apps say."""
        return all(source(electeur) for source in self.voix_tenues)

    def parle_pour(self, electeur: Electeur, utilisateur: Utilisateur) -> bool:
        """Return whether an account still speaks today for a voice without a seat, as the apps say."""
        return any(source(electeur, utilisateur) for source in self.paroles)

    def demandeurs_de(self, scrutins: Iterable[Scrutin]) -> dict[int, set[int]]:
        """Return the accounts that ask today, themselves or by their organisation, for what each ballot decides (R4).

        Shape: mapping scrutin.pk -> accounts; the query count does not depend on how many ballots.
        """
        trouves = {une.pk: {une.demandeur_id} if une.demandeur_id else set() for une in scrutins}
        for source in self.demandeurs if trouves else []:
            for pk, comptes in source(trouves).items():
                trouves[pk] |= set(comptes)
        return trouves

    def noms_des_voix(self, electeurs: Collection[int]) -> dict[int, str]:
        """Return the names, for the team alone, behind the voices whose label hides them (R13)."""
        return {pk: nom for source in self.noms if electeurs for pk, nom in source(electeurs).items()}

    def adresse_de(self, electeur: Electeur) -> str:
        """Return where to write to a voice without account; empty when no app knows."""
        return next((adresse for source in self.adresses if (adresse := source(electeur))), "")

    def est_demandeur(self, scrutin: Scrutin, utilisateur: Utilisateur) -> bool:
        """Return whether this person asks today for what a ballot decides, and so has no hand in it (R4)."""
        return utilisateur.pk in self.demandeurs_de([scrutin])[scrutin.pk]

    def nb_voix_de(self, instance_gouvernance: InstanceGouvernance, jour: date) -> int | None:
        """Return how many voices an instance without seats has that day; None when no app knows."""
        return next((n for source in self.electorats if (n := source(instance_gouvernance, jour)) is not None), None)

    def page_du_scrutin(self, scrutin: Scrutin) -> str:
        """Return the address of the page where this ballot is read and answered."""
        return self.pages_des_scrutins([scrutin])[scrutin.pk]

    def convoques_de(self, rencontre: Rencontre) -> list[Convoque]:
        """Return who the apps call to a meeting."""
        return [convoque for source in self.convoques for convoque in source(rencontre)]

    def actes_de(self, utilisateur: Utilisateur, points: Sequence[PointOrdreDuJour]) -> dict[int, ActePoint]:
        """Return what the apps offer on these points."""
        return {pk: acte for source in self.actes_point for pk, acte in source(utilisateur, points).items()}

    def qualites_de(self, utilisateur: Utilisateur) -> list[str]:
        """Return what the apps say this person is."""
        return [libelle for source in self.qualites if (libelle := source(utilisateur))]

    def resolutions_lisibles_par(self, utilisateur: Utilisateur) -> Q | None:
        """Return the condition of the resolutions the apps open to this person; None when they open none."""
        conditions = [q for source in self.resolutions_lisibles if (q := source(utilisateur)) is not None]
        return reduce(or_, conditions) if conditions else None

    def assistance_a(self, rencontre: Rencontre) -> Assistance | None:
        """Return who was at this meeting, as the apps counted."""
        return next((a for source in self.assistances if (a := source(rencontre)) is not None), None)

    def organisations_de(self, sieges: Iterable[int], jour: date) -> dict[int, str]:
        """Return the organisation each seat stood for on that day, as the apps say."""
        cles = list(sieges)
        return {cle: nom for source in self.organisations_des_sieges for cle, nom in source(cles, jour).items()}

    def attendus_de(self, instance_gouvernance: InstanceGouvernance) -> list[str]:
        """Return what the apps say still waits for a decision of this instance."""
        return [phrase for source in self.attendus_de_l_instance for phrase in source(instance_gouvernance)]

    def siege_a_l_assemblee(self, utilisateur: Utilisateur) -> bool:
        """Return whether an app says that this person takes part in the assemblée today."""
        return any(predicat(utilisateur) for predicat in self.membres_assemblee)

    def cartes_de(self, page: str, utilisateur: Utilisateur | None) -> list[tuple[str, dict[str, Any]]]:
        """Return the (template, context) pairs of one home page."""
        choisies = sorted((c for c in self.cartes if c.page == page), key=lambda c: c.ordre)
        return [(c.gabarit, ctx) for c in choisies if (ctx := c.contexte(utilisateur)) is not None]

    def onglets_de(
        self, page: str, utilisateur: Utilisateur | None, objet: Model
    ) -> list[tuple[str, str, dict[str, Any]]]:
        """Return the (title, template, context) triples that upper apps add to this object's page."""
        choisis = sorted((o for o in self.onglets if o.page == page), key=lambda o: o.ordre)
        return [(o.titre, o.gabarit, ctx) for o in choisis if (ctx := o.contexte(utilisateur, objet)) is not None]


registre = Registre()
