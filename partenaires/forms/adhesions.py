"""Forms of an adhesion: the public one, the same on paper, and the team's decisions."""

import datetime
from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from demarche.champs import DateFormField
from demarche.services.jetons import JetonField
from partenaires.enums import TEXTES_CONSENTEMENT, CategoriePartenaire, EtatAdhesion, FinaliteConsentement
from partenaires.models import Adhesion, Organisation, Personne
from partenaires.queries import organisations_proches, personnes_proches
from partenaires.rapprochement import cle_nom

PREFIXE_CONSENTEMENT = "consent_"


def une_seule_ligne(valeur: str) -> None:
    """Refuse line breaks and other control signs in a value that goes on one line (and maybe in an e-mail)."""
    if any(not signe.isprintable() for signe in valeur):
        raise ValidationError("Écrivez ce champ sur une seule ligne, sans caractère de commande.")


def champ_texte(libelle: str, *, longueur: int, complete: str, requis: str = "", aide: str = "") -> forms.CharField:
    """Return a one-line text field that browsers know how to fill; without `requis` it is optional."""
    return forms.CharField(
        label=libelle,
        max_length=longueur,
        required=bool(requis),
        help_text=aide,
        validators=[une_seule_ligne],
        widget=forms.TextInput(attrs={"autocomplete": complete}),
        error_messages={"required": requis},
    )


def empreinte(texte: str) -> str:
    """Return a short fingerprint of a text shown, to know that it is still the same."""
    return sha256(texte.encode()).hexdigest()[:16]


class AdhesionForm(forms.Form):
    """What a new partner fills (R12): who, where, the mission, the consents. The paper version prints from it."""

    jeton = JetonField()
    mission_lue = forms.CharField(widget=forms.HiddenInput, max_length=16)
    # Left empty by people, filled by robots; hidden from both the eye and the screen reader.
    site_internet = forms.CharField(
        required=False,
        label="Ne remplissez pas ce champ",
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )
    categorie = forms.ChoiceField(
        label="Vous adhérez à titre de…",
        choices=CategoriePartenaire.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez à quel titre vous adhérez."},
    )
    nom_organisation = champ_texte(
        "Nom de l’organisation",
        longueur=160,
        complete="organization",
        requis="Écrivez le nom de l’organisation que vous représentez.",
        aide="Au complet, sans sigle. Laissez vide si vous adhérez comme citoyenne ou citoyen.",
    )
    prenom = champ_texte("Prénom", longueur=80, complete="given-name", requis="Écrivez votre prénom.")
    nom = champ_texte("Nom", longueur=80, complete="family-name", requis="Écrivez votre nom.")
    fonction = champ_texte(
        "Fonction, ou groupe où vous vous impliquez",
        longueur=120,
        complete="organization-title",
        aide="Par exemple : direction générale, ou comité de quartier.",
    )
    courriel = forms.EmailField(
        label="Courriel",
        max_length=254,
        help_text="Un lien vous y sera envoyé pour confirmer votre demande.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Écrivez votre courriel."},
    )
    telephone = champ_texte("Téléphone", longueur=30, complete="tel")
    oeuvre_sur_territoire = forms.BooleanField(label="Oui, en tout ou en partie")
    adhere_mission = forms.BooleanField(
        label="J’adhère à cette mission",
        error_messages={
            "required": "Un partenaire adhère à la mission : cochez la case si c’est le cas. Une question sur son "
            "sens? Écrivez-nous avant d’envoyer le formulaire."
        },
    )
    commentaire = forms.CharField(
        label="Quelque chose à ajouter?",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, mission: str, territoire: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mission = mission
        self.territoire = territoire
        self.fields["mission_lue"].initial = empreinte(mission)
        # Asked of organisations only; the browser must not insist, it does not know who fills the form.
        self.fields["nom_organisation"].widget.use_required_attribute = lambda initial: False
        if self.data.get("categorie") == CategoriePartenaire.CITOYEN:
            self.fields["nom_organisation"].required = False
        self.fields["oeuvre_sur_territoire"].error_messages["required"] = (
            f"Les partenaires œuvrent en tout ou en partie sur le territoire ({territoire}). Cochez la case si c’est "
            "votre cas; sinon, écrivez-nous : nous pouvons collaborer autrement."
        )
        for finalite, texte in TEXTES_CONSENTEMENT.items():
            self.fields[f"{PREFIXE_CONSENTEMENT}{finalite}"] = forms.BooleanField(label=texte, required=False)

    def clean_nom_organisation(self) -> str:
        nom = " ".join(str(self.cleaned_data["nom_organisation"]).split())
        if self.cleaned_data.get("categorie") == CategoriePartenaire.CITOYEN:
            return ""
        return nom

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        if donnees.get("mission_lue") != empreinte(self.mission) and "adhere_mission" in donnees:
            self.add_error(
                "adhere_mission",
                "Le texte de la mission a changé pendant que vous remplissiez le formulaire : relisez-le, puis "
                "envoyez de nouveau.",
            )
            self.data = {**dict(self.data.items()), "mission_lue": empreinte(self.mission)}
        return donnees

    @property
    def est_un_robot(self) -> bool:
        return bool(self.data.get("site_internet"))

    @property
    def accords(self) -> frozenset[str]:
        """The purposes accepted."""
        return frozenset(f for f in FinaliteConsentement.values if self.cleaned_data[f"{PREFIXE_CONSENTEMENT}{f}"])

    @property
    def champs_consentements(self) -> list[forms.BoundField]:
        return [self[f"{PREFIXE_CONSENTEMENT}{finalite}"] for finalite in FinaliteConsentement.values]


class AdhesionPapierForm(AdhesionForm):
    """The same form, typed by the team from a signed sheet: the e-mail may be missing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["courriel"].required = False
        self.fields["courriel"].help_text = "Laissez vide si la feuille n’en porte pas."


NOUVELLE = "nouvelle"


class AccepterForm(forms.Form):
    """From which day, and whom this adhesion is about: an organisation or a person already known, or new ones."""

    du = DateFormField(label="Partenaire à compter du")
    organisation = forms.ChoiceField(
        label="Organisation",
        help_text="Si elle est déjà connue sous un nom voisin, choisissez-la: on évite ainsi les doublons.",
    )
    personne = forms.ChoiceField(label="Personne", help_text="Quelqu’un de connu porte ce nom ou ce courriel.")
    inviter = forms.BooleanField(
        label="Inviter cette personne à se connecter",
        required=False,
        help_text="Elle recevra un courriel qui lui explique comment.",
    )

    def __init__(self, *args: Any, adhesion: Adhesion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["du"].initial = timezone.localdate
        if adhesion.est_citoyenne:
            del self.fields["organisation"]
        else:
            self._proposer_organisations(adhesion)
        self._proposer_personnes(adhesion)
        if not adhesion.courriel:
            del self.fields["inviter"]

    def _proposer_organisations(self, adhesion: Adhesion) -> None:
        """Put the organisations that look alike first, and choose the one that has exactly this name."""
        champ = self.fields["organisation"]
        proches = organisations_proches(adhesion.nom_organisation)
        autres = [o for o in Organisation.objects.all() if o not in proches]
        groupes = (("Noms voisins", proches), ("Autres organisations", autres))
        champ.choices = [  # type: ignore[attr-defined]
            (NOUVELLE, f"Nouvelle organisation : {adhesion.nom_organisation}"),
            *((titre, [(str(o.pk), str(o)) for o in lot]) for titre, lot in groupes if lot),
        ]
        exactes = [o for o in proches if cle_nom(o.nom) == cle_nom(adhesion.nom_organisation)]
        champ.initial = str(exactes[0].pk) if exactes else NOUVELLE

    def _proposer_personnes(self, adhesion: Adhesion) -> None:
        """Offer the people who have this name or this e-mail; nobody known, nothing to choose."""
        connues = personnes_proches(adhesion)
        if not connues:
            del self.fields["personne"]
            return
        champ = self.fields["personne"]
        champ.choices = [  # type: ignore[attr-defined]
            *((str(p.pk), f"{p} ({p.courriel})" if p.courriel else f"{p} (sans courriel)") for p in connues),
            (NOUVELLE, f"Nouvelle personne : {adhesion.nom_personne}"),
        ]
        champ.initial = champ.choices[0][0]  # type: ignore[attr-defined]

    def clean_organisation(self) -> Organisation | None:
        choix = self.cleaned_data["organisation"]
        return None if choix == NOUVELLE else Organisation.objects.filter(pk=choix).first()

    def clean_personne(self) -> Personne | None:
        choix = self.cleaned_data["personne"]
        return None if choix == NOUVELLE else Personne.objects.filter(pk=choix).first()


class RefuserForm(forms.Form):
    motif = forms.CharField(
        label="Motif du refus",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="La personne le lira tel quel dans le courriel.",
        error_messages={"required": "Écrivez le motif du refus : la personne le recevra."},
    )


class TerminerForm(forms.Form):
    au = DateFormField(label="Dernier jour")
    motif = forms.CharField(label="Motif", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["au"].initial = timezone.localdate


class ConsentementsForm(forms.Form):
    """What the person now accepts, and how it was learned."""

    accords = forms.MultipleChoiceField(
        label="La personne accepte", required=False, widget=forms.CheckboxSelectMultiple
    )
    raison = champ_texte(
        "Comment l’avez-vous appris?",
        longueur=200,
        complete="off",
        requis="Dites comment la personne l’a fait savoir.",
        aide="Par exemple : feuille signée à l’assemblée, courriel du 3 mai.",
    )

    def __init__(self, *args: Any, finalites: list[str], accordees: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["accords"]
        champ.choices = [(f, TEXTES_CONSENTEMENT[f]) for f in finalites]  # type: ignore[attr-defined]
        champ.initial = accordees


class FiltreAdhesionsForm(forms.Form):
    etat = forms.ChoiceField(label="État", required=False, choices=[("", "Tous les états"), *EtatAdhesion.choices])


class EnDateForm(forms.Form):
    """The day of the list of partners; without one, today."""

    date = DateFormField(label="En date du", required=False, initial=timezone.localdate)

    def jour(self) -> datetime.date:
        """Return the day asked for; today when none was, or when it could not be read."""
        return (self.cleaned_data.get("date") if self.is_valid() else None) or timezone.localdate()
