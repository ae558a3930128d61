"""Forms of organisations, contacts and seats."""

from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from demarche.socle.champs import DateFormField
from demarche.socle.concurrence import VersionField
from demarche.socle.services.jetons import JetonField
from partenaires.enums import CategorieOrganisation
from partenaires.forms.adhesions import champ_texte, une_seule_ligne
from partenaires.models import Organisation
from partenaires.queries.organisations import organisations_proches


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    """One organisation. A name that looks like another one's is questioned once; ticking the box keeps it."""

    jeton = JetonField()
    version = VersionField(initial=0)
    site_web = forms.URLField(label="Site web", max_length=200, required=False, assume_scheme="https")
    est_distincte = forms.BooleanField(
        label="C’est bien une autre organisation", required=False, widget=forms.HiddenInput
    )

    class Meta:
        model = Organisation
        fields = ("nom", "sigle", "categorie", "mission", "site_web", "autres_noms")
        widgets: ClassVar[dict[str, Any]] = {
            "mission": forms.Textarea(attrs={"rows": 3}),
            "autres_noms": forms.Textarea(attrs={"rows": 2}),
        }
        error_messages: ClassVar[dict[str, Any]] = {
            "nom": {"unique": "Une organisation porte déjà ce nom.", "required": "Écrivez le nom de l’organisation."},
            "categorie": {"required": "Choisissez une catégorie."},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version if self.instance.pk else 0
        for nom in ("nom", "sigle"):
            self.fields[nom].validators.append(une_seule_ligne)

    def clean(self) -> dict[str, Any]:
        donnees: dict[str, Any] = super().clean() or {}
        if "nom" in self.changed_data and donnees.get("nom") and not donnees.get("est_distincte"):
            proches = organisations_proches(donnees["nom"], sauf=self.instance.pk)
            if proches:
                self.fields["est_distincte"].widget = forms.CheckboxInput()
                noms = ", ".join(f"« {organisation} »" for organisation in proches[:3])
                self.add_error("est_distincte", f"Ce nom ressemble à {noms}. Si ce n’est pas la même, cochez la case.")
        return donnees

    @property
    def donnees(self) -> dict[str, Any]:
        """The fields of the organisation, without those of the form."""
        return {champ: self.cleaned_data[champ] for champ in self.Meta.fields}


class FiltreOrganisationsForm(forms.Form):
    q = forms.CharField(label="Nom ou sigle", required=False, max_length=80)
    categorie = forms.ChoiceField(
        label="Catégorie", required=False, choices=[("", "Toutes"), *CategorieOrganisation.choices]
    )


class PersonneForm(forms.Form):
    """A person the team adds: a citizen at a meeting, a contact."""

    jeton = JetonField()
    prenom = champ_texte("Prénom", longueur=80, complete="off", requis="Écrivez le prénom.")
    nom = champ_texte("Nom", longueur=80, complete="off", requis="Écrivez le nom.")
    courriel = forms.EmailField(label="Courriel", required=False, max_length=254)
    telephone = champ_texte("Téléphone", longueur=30, complete="off")


class AffiliationForm(PersonneForm):
    """A contact of an organisation, from a day on."""

    fonction = champ_texte("Fonction", longueur=120, complete="off")
    du = DateFormField(label="À compter du")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["du"].initial = timezone.localdate


class RepresentationForm(forms.Form):
    """The organisation that a seat stands for, from a day on."""

    organisation = forms.ModelChoiceField(
        label="Organisation",
        queryset=Organisation.objects.all(),
        empty_label="Choisissez…",
        error_messages={"required": "Choisissez une organisation."},
    )
    du = DateFormField(label="À compter du")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["du"].initial = timezone.localdate
