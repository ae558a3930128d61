"""Forms of the instances: what they are, how they decide, who sits."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.gouvernance.enums import GenreInstance, GenreSiege, ModeDecision, RegleQuorum
from demarche.gouvernance.forms.reglages import nommer_choix_vide, zone
from demarche.gouvernance.models import CadreReference, InstanceGouvernance, Resolution, Siege
from demarche.socle.champs import DateFormField, FichierField
from demarche.socle.concurrence import EmpreinteField, VersionField, empreinte
from demarche.socle.services.jetons import JetonField


class InstanceForm(forms.ModelForm[InstanceGouvernance]):
    class Meta:
        model = InstanceGouvernance
        fields = ("nom", "genre", "parent", "prefixe", "role", "ordre", "est_active")
        help_texts = {
            "role": "Ce dont elle s’occupe. La première phrase paraît dans le schéma de gouvernance.",
            "ordre": "Rang dans les listes et le schéma : 1 pour la première.",
        }
        widgets = {"role": zone(3)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nommer_choix_vide(self.fields["genre"], GenreInstance)
        choix = self.fields["parent"]
        assert isinstance(choix, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        choix.empty_label = "Aucune"
        if self.instance.pk:
            choix.queryset = InstanceGouvernance.objects.exclude(pk=self.instance.pk)
            self.fields["version"] = VersionField(initial=self.instance.version)
        else:
            self.fields["jeton"] = JetonField()

    def clean_prefixe(self) -> str:
        return str(self.cleaned_data["prefixe"]).strip().upper()


class RegleDecisionForm(forms.ModelForm[InstanceGouvernance]):
    """How one instance decides; the number is asked only of a fixed quorum."""

    version = VersionField()

    class Meta:
        model = InstanceGouvernance
        fields = (
            "mode_decision",
            "regle_quorum",
            "quorum_nombre",
            "regle_majorite",
            "delai_jours",
            "suite_recusations",
            "nomme_proposeurs",
            "source_regle",
        )
        labels = {
            "regle_quorum": "Quorum",
            "quorum_nombre": "Nombre du quorum fixe",
            "nomme_proposeurs": "Les résolutions nomment qui propose et qui appuie",
            "source_regle": "Source de cette règle",
        }
        help_texts = {
            "quorum_nombre": "Seulement pour un quorum qui est un nombre fixe.",
            "delai_jours": "Combien de jours un scrutin à distance reste ouvert.",
            "source_regle": "La page du cadre de référence, ou la résolution, qui fixe cette règle. "
            "Vide, chaque valeur est montrée comme une valeur par défaut de l’outil.",
        }
        widgets = {"source_regle": forms.TextInput(attrs={"list": "sources-regle"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        modes = self.fields["mode_decision"]
        assert isinstance(modes, forms.ChoiceField)  # noqa: S101 - for the type checker
        modes.choices = [(mode.value, mode.label) for mode in ModeDecision.possibles(self.instance.genre)]
        self.fields["version"].initial = self.instance.version
        if len(modes.choices) == 1:  # the coordination decides alone: nothing is counted
            for nom in ("regle_quorum", "quorum_nombre", "regle_majorite", "suite_recusations", "nomme_proposeurs"):
                del self.fields[nom]
            self.fields["delai_jours"].label = "Délai promis pour répondre, en jours"
            self.fields["delai_jours"].help_text = "Compté du dépôt de la demande."

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if donnees.get("regle_quorum") == RegleQuorum.NOMBRE:
            if not donnees.get("quorum_nombre") and "quorum_nombre" not in self.errors:
                self.add_error("quorum_nombre", "Donnez le nombre de voix du quorum fixe.")
        else:
            donnees["quorum_nombre"] = None
        return donnees

    @property
    def champs(self) -> dict[str, Any]:
        """The values of the rule; those that a coordination is not asked stay as they are."""
        return {nom: self.cleaned_data.get(nom, getattr(self.instance, nom)) for nom in self.Meta.fields}

    @property
    def sources(self) -> list[str]:
        """What the field of the source proposes: the versions of the cadre de référence."""
        return [str(cadre) for cadre in CadreReference.objects.all()]


class SiegeForm(forms.ModelForm[Siege]):
    class Meta:
        model = Siege
        fields = ("numero", "genre", "libelle", "est_actif")
        help_texts = {"libelle": "Ce que le siège représente, par exemple « Organisme communautaire, famille »."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nommer_choix_vide(self.fields["genre"], GenreSiege)
        if not self.instance.pk:
            self.fields["jeton"] = JetonField()
            del self.fields["est_actif"]


class MandatForm(forms.Form):
    jeton = JetonField()
    utilisateur = forms.ModelChoiceField(
        Utilisateur.objects.filter(is_active=True), label="Titulaire", empty_label="Choisir une personne"
    )
    du = DateFormField(label="Premier jour du mandat", initial=timezone.localdate)
    au = DateFormField(label="Dernier jour du mandat", required=False)


class CadreForm(forms.Form):
    """One version of the cadre de référence, new or to complete."""

    CHAMPS = ("version", "adopte_le", "resolution", "texte", "definition_partenaire")

    version = forms.CharField(label="Version", max_length=40, help_text="Par exemple : juin 2024.")
    adopte_le = DateFormField(label="Adopté le")
    resolution = forms.ModelChoiceField(
        Resolution.objects.filter(instance_gouvernance__genre=GenreInstance.ASSEMBLEE),
        label="Résolution de l’assemblée qui l’adopte",
        required=False,
        empty_label="Aucune",
    )
    texte = forms.CharField(label="Résumé", required=False, widget=zone(6))
    definition_partenaire = forms.CharField(
        label="Définition du partenaire", required=False, widget=zone(3), help_text="Qui peut l’être, selon ce cadre."
    )
    fichier = FichierField(label="Document", required=False)

    def __init__(self, *args: Any, cadre: CadreReference | None = None, **kwargs: Any) -> None:
        self.cadre = cadre
        kwargs["initial"] = {nom: getattr(cadre, nom) for nom in self.CHAMPS} if cadre else {}
        super().__init__(*args, **kwargs)
        if cadre is None:
            self.fields["jeton"] = JetonField()
        else:
            self.fields["empreinte"] = EmpreinteField(initial=empreinte([cadre]))
            if cadre.document_id:
                self.fields["fichier"].help_text = "Laissez vide pour garder le document actuel."

    @property
    def champs(self) -> dict[str, Any]:
        return {nom: self.cleaned_data[nom] for nom in self.CHAMPS}

    def clean_version(self) -> str:
        version = str(self.cleaned_data["version"])
        autres = CadreReference.objects.exclude(pk=self.cadre.pk) if self.cadre else CadreReference.objects.all()
        if autres.filter(version=version).exists():
            raise forms.ValidationError("Cette version existe déjà.")
        return version

    def remplacer_empreinte(self, valeur: str) -> None:
        """Carry what the version is now: once told of a change, the person may save again."""
        donnees = cast(QueryDict, self.data).copy()
        donnees["empreinte"] = valeur
        self.data = donnees
