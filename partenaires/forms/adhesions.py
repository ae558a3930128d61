"""Forms of an adhesion: the public one, the same on paper, and the team's decisions."""

from hashlib import sha256
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from demarche.socle.services.jetons import JetonField
from partenaires.enums import TEXTES_CONSENTEMENT, CategoriePartenaire, FinaliteConsentement

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
