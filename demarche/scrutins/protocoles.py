"""Who answers a ballot, and what a ballot is about (R3, R4, R5, R6)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from demarche.comptes.models import Utilisateur
from demarche.scrutins.models import Electeur, Scrutin
from demarche.socle.protocoles import Extensions


class Electorat:
    """Protocol: the voices without seat that a kind of instance calls to its ballots: partners, at the assemblée."""

    genre: str  # of the instances whose voices these are

    def appeles(self, jour: date) -> Sequence[Any]:
        """Return those who would be called that day, as `Appele`."""
        raise NotImplementedError

    def ouvrir(self, **scrutin: Any) -> Scrutin:
        """Open a ballot that calls these voices; arguments: those of `ouvrir_scrutin`."""
        raise NotImplementedError

    def voix(self, scrutin: Scrutin, utilisateur: Utilisateur) -> Electeur | None:
        """Return the elector this person speaks for at a ballot, or None."""
        raise NotImplementedError

    def voix_ouvertes(self, utilisateur: Utilisateur) -> Iterable[int]:
        """Yield the electors of open ballots this person speaks for today; one call a page."""
        raise NotImplementedError

    def tient(self, electeur: Electeur) -> bool:
        """Return whether a voice may still answer today: the adhesion of the partner may have ended."""
        raise NotImplementedError

    def parle_pour(self, electeur: Electeur, utilisateur: Utilisateur) -> bool:
        """Return whether an account still speaks today for a voice."""
        raise NotImplementedError

    def noms(self, electeurs: Collection[int]) -> Mapping[int, str]:
        """Return the names, for the team alone, behind the voices whose label hides them: the citizens (R13)."""
        raise NotImplementedError

    def adresse(self, electeur: Electeur) -> str:
        """Return where to write to a voice without account; empty: nowhere known."""
        raise NotImplementedError


class TousLesElectorats(Extensions[Electorat]):
    """The voices without seat that the rooms know."""

    def du_genre(self, genre: str) -> Electorat | None:
        """Return who is called to the ballots of an instance of that kind; None when its seats are."""
        return next((un for un in self if un.genre == genre), None)

    def voix_de(self, scrutin: Scrutin, utilisateur: Utilisateur) -> Electeur | None:
        """Return the elector without seat this person speaks for."""
        return next((e for un in self if (e := un.voix(scrutin, utilisateur)) is not None), None)

    def electeurs_de(self, utilisateur: Utilisateur) -> list[int]:
        """Return the electors of open ballots, seats left out, this person speaks for."""
        return [pk for un in self for pk in un.voix_ouvertes(utilisateur)]

    def voix_tient(self, electeur: Electeur) -> bool:
        """Return whether a voice without a seat may still answer today."""
        return all(un.tient(electeur) for un in self)

    def parle_pour(self, electeur: Electeur, utilisateur: Utilisateur) -> bool:
        """Return whether an account still speaks today for a voice without a seat."""
        return any(un.parle_pour(electeur, utilisateur) for un in self)

    def noms_des_voix(self, electeurs: Collection[int]) -> dict[int, str]:
        """Return the names, for the team alone, behind the voices whose label hides them (R13)."""
        return {pk: nom for un in self if electeurs for pk, nom in un.noms(electeurs).items()}

    def adresse_de(self, electeur: Electeur) -> str:
        """Return where to write to a voice without account; empty when no room knows."""
        return next((adresse for un in self if (adresse := un.adresse(electeur))), "")


ELECTORATS = TousLesElectorats()


class ObjetDeScrutin:
    """Protocol: what a ballot is about, when it is not a free question: a fund request."""

    routes: Sequence[str] = ()  # where such a ballot is answered, for the sign-in page to say what one came for

    def pages(self, scrutins: Collection[int]) -> Mapping[int, str]:
        """Return the address of the page of these ballots: pk -> address; the others are left out."""
        return {}

    def demandeurs(self, scrutins: Collection[int]) -> Mapping[int, Collection[int]]:
        """Return the accounts that ask, themselves or by their organisation, for what these ballots decide."""
        return {}


class TousLesObjets(Extensions[ObjetDeScrutin]):
    """What the ballots are about, whatever the room."""

    def routes_de_scrutin(self) -> set[str]:
        """Return the routes where a ballot is answered."""
        return {"scrutins:scrutin_detail", "scrutins:scrutin_voter"} | {r for un in self for r in un.routes}

    def pages_des_scrutins(self, scrutins: Iterable[Scrutin]) -> dict[int, str]:
        """Return the address of the page of each of these ballots; the query count does not depend on how many."""
        pks = [scrutin.pk for scrutin in scrutins]
        pages = {pk: reverse("scrutins:scrutin_detail", args=[pk]) for pk in pks}
        for un in self:
            if pks:
                pages |= un.pages(pks)
        return pages

    def page_du_scrutin(self, scrutin: Scrutin) -> str:
        """Return the address of the page where this ballot is read and answered."""
        return self.pages_des_scrutins([scrutin])[scrutin.pk]

    def demandeurs_de(self, scrutins: Iterable[Scrutin]) -> dict[int, set[int]]:
        """Return the accounts that ask today, themselves or by their organisation, for what each ballot decides (R4).

        Shape: mapping scrutin.pk -> accounts; the query count does not depend on how many ballots.
        """
        trouves = {un.pk: {un.demandeur_id} if un.demandeur_id else set() for un in scrutins}
        for un in self:
            if trouves:
                for pk, comptes in un.demandeurs(trouves).items():
                    trouves[pk] |= set(comptes)
        return trouves

    def est_demandeur(self, scrutin: Scrutin, utilisateur: Utilisateur) -> bool:
        """Return whether this person asks today for what a ballot decides, and so has no hand in it (R4)."""
        return utilisateur.pk in self.demandeurs_de([scrutin])[scrutin.pk]


OBJETS = TousLesObjets()
