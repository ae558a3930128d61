"""Forms of the evaluation plan and of its moments."""

from django import forms

from evaluation.plan.forms.elements import ElementForm
from evaluation.plan.models import MomentEvaluation, PlanEvaluation


class PlanEvaluationForm(ElementForm[PlanEvaluation]):
    class Meta:
        model = PlanEvaluation
        fields = ("titre", "debut", "fin")


class MomentForm(forms.ModelForm[MomentEvaluation]):
    class Meta:
        model = MomentEvaluation
        fields = ("dimension", "instance_gouvernance", "frequence", "collecte_du", "collecte_au")


MomentFormSet = forms.inlineformset_factory(PlanEvaluation, MomentEvaluation, form=MomentForm, extra=2, max_num=60)


def moments_remplis(lignes: forms.BaseModelFormSet[MomentEvaluation, MomentForm]) -> list[MomentEvaluation]:
    """Return the moments to keep, rows left empty apart."""
    retirees = lignes.deleted_forms
    return [
        form.instance for form in lignes.forms if form not in retirees and (form.instance.pk or form.has_changed())
    ]


def moments_retires(lignes: forms.BaseModelFormSet[MomentEvaluation, MomentForm]) -> list[MomentEvaluation]:
    return [form.instance for form in lignes.deleted_forms if form.instance.pk]
