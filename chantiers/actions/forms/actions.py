"""Forms of collective actions: the action, the filters of the list."""

from typing import Any

from django import forms
from django.db.models import Q

from chantiers.actions.enums import EtatAction, OrigineAction, TypeAction
from chantiers.actions.forms.groupes import FormulaireGroupe
from chantiers.actions.models import ActionCollective, Chantier
from demarche.gouvernance.enums import GenreInstance
from demarche.gouvernance.models import InstanceGouvernance
from demarche.socle.concurrence import VersionField
from demarche.socle.services.jetons import JetonField

SUIVIS = (("sans_activite", "Sans activité notée"), ("sans_budget", "Sans budget"))
QUAND = "Quand, et où en est-on?"


class ActionForm(FormulaireGroupe, forms.ModelForm[ActionCollective]):
    """One collective action, in four plain questions."""

    GROUPES = (
        ("De quoi s’agit-il?", ("titre", "resume", "type_action")),
        ("D’où vient l’idée?", ("origine", "chantier", "concertation", "justification")),
        (QUAND, ("debut", "fin", "etat")),
        ("Avec qui, et où?", ("porteur", "partenaires", "territoire")),
        ("Qui peut la voir?", ("est_publique",)),
    )

    EN_LIGNE = {QUAND: "champs-en-ligne--dates"}

    class Meta:
        model = ActionCollective
        fields = (
            "titre",
            "resume",
            "type_action",
            "origine",
            "chantier",
            "concertation",
            "justification",
            "porteur",
            "partenaires",
            "territoire",
            "debut",
            "fin",
            "etat",
            "est_publique",
        )
        widgets = {
            "resume": forms.Textarea(attrs={"rows": 4}),
            "justification": forms.Textarea(attrs={"rows": 3}),
            "type_action": forms.RadioSelect,
            "origine": forms.RadioSelect,
            "partenaires": forms.CheckboxSelectMultiple(attrs={"class": "choix--colonnes"}),
        }
        labels = {
            "type_action": "L’action est",
            "origine": "Elle est proposée par",
            "chantier": "Chantier",
            "est_publique": "Tout le monde peut lire cette action sur le site, sans compte",
            "etat": "État",
        }
        help_texts = {
            "type_action": "Ponctuelle : peu de ressources, un effet immédiat, moins d’un an, on peut la refaire. "
            "Structurante : des ressources importantes, un effet à long terme, un an ou plus.",
            "origine": "Une action vient d’un chantier ou d’une concertation locale. Le comité de pilotage n’en "
            "propose une que si aucun des deux ne couvre le domaine.",
            "chantier": "Le chantier dont l’action fait partie, même si l’idée vient d’ailleurs.",
            "concertation": "À remplir si l’idée vient d’une concertation locale.",
            "justification": "À remplir si l’idée vient du comité de pilotage : pourquoi aucun chantier ni aucune "
            "concertation ne couvre ce domaine.",
            "partenaires": "Cochez les organisations qui y contribuent.",
            "fin": "Laissez vide si la fin n’est pas connue.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champs: dict[str, Any] = self.fields
        actuel = self.instance.chantier_id
        champs["chantier"].queryset = Chantier.objects.filter(Q(est_actif=True) | Q(pk=actuel))
        champs["chantier"].empty_label = "Aucun chantier"
        champs["concertation"].queryset = InstanceGouvernance.objects.filter(
            Q(genre=GenreInstance.CONCERTATION, est_active=True) | Q(pk=self.instance.concertation_id)
        )
        champs["concertation"].empty_label = "Aucune concertation"
        champs["porteur"].empty_label = "La démarche elle-même"
        champs["territoire"].empty_label = "Tout le territoire"
        for nom in ("chantier", "concertation", "justification"):
            champs[nom].est_conditionnel = True  # the origin makes one of them necessary (R2)
        champs["type_action"].choices = TypeAction.choices
        champs["origine"].choices = OrigineAction.choices


class ActionCreationForm(ActionForm):
    jeton = JetonField()


class ActionModificationForm(ActionForm):
    version = VersionField()


class FiltreActionsForm(forms.Form):
    """What the list of actions keeps."""

    q = forms.CharField(label="Chercher", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    chantier = forms.ModelChoiceField(
        label="Chantier", required=False, queryset=Chantier.objects.all(), empty_label="Tous"
    )
    type_action = forms.ChoiceField(label="Type", required=False, choices=[("", "Tous"), *TypeAction.choices])
    etat = forms.ChoiceField(label="État", required=False, choices=[("", "Tous"), *EtatAction.choices])
    suivi = forms.ChoiceField(label="À suivre", required=False, choices=[("", "Toutes"), *SUIVIS])

    def __init__(self, *args: Any, interne: bool, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "filtre_%s")
        super().__init__(*args, **kwargs)
        if not interne:
            del self.fields["suivi"]
