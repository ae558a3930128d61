"""Forms of the accounts."""

from django import forms
from django.utils import timezone

from demarche.comptes.enums import Role
from demarche.comptes.models import Utilisateur
from demarche.socle.champs import DateFormField
from demarche.socle.services.jetons import JetonField

EXPLICATIONS = {
    Role.AGENT: "Saisit les actions, les activités, les rencontres et les résultats.",
    Role.COORDONNATEUR: "Fait tout ce que fait l’équipe; ouvre les scrutins, accepte les adhésions, publie le bilan.",
    Role.FIDUCIAIRE: "Inscrit les paiements; voit les demandes, les décisions, le budget et les enveloppes.",
    Role.ADMINISTRATEUR: "Gère les comptes et les réglages. Ne décide de rien et ne vote nulle part.",
}


class CompteForm(forms.ModelForm[Utilisateur]):
    class Meta:
        model = Utilisateur
        fields = ("prenom", "nom", "email", "telephone")

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        if Utilisateur.objects.exclude(pk=self.instance.pk).filter(email__iexact=email).exists():
            raise forms.ValidationError("Un compte existe déjà avec ce courriel.")
        return email


class InvitationForm(CompteForm):
    jeton = JetonField()
    roles = forms.MultipleChoiceField(
        label="Rôles",
        required=False,
        choices=[(role.value, f"{role.label} : {EXPLICATIONS[role]}") for role in Role],
        widget=forms.CheckboxSelectMultiple,
        help_text="Sans rôle, la personne peut tenir un siège ou représenter un partenaire.",
    )


class RoleForm(forms.Form):
    jeton = JetonField()
    role = forms.ChoiceField(
        label="Rôle", choices=[("", "Choisir un rôle"), *((role.value, role.label) for role in Role)]
    )
    du = DateFormField(label="À partir du", initial=timezone.localdate)
    au = DateFormField(label="Jusqu’au", required=False)


class RechercheForm(forms.Form):
    q = forms.CharField(label="Nom ou courriel", required=False, max_length=80)
    etat = forms.ChoiceField(
        label="Comptes", required=False, choices=[("", "Actifs"), ("desactives", "Désactivés"), ("tous", "Tous")]
    )


class FinForm(forms.Form):
    """Last day of a mandate or of a role."""

    au = DateFormField(label="Dernier jour", initial=timezone.localdate)
