"""Forms of the evaluation plan and of its moments."""

from django import forms

from evaluation.models import MomentEvaluation, PlanEvaluation

from .elements import ElementForm


class PlanEvaluationForm(ElementForm[PlanEvaluation]):
    class Meta:
        model = PlanEvaluation
        fields = ("titre", "debut", "fin")


class MomentForm(forms.ModelForm[MomentEvaluation]):
    class Meta:
        model = MomentEvaluation
        fields = ("dimension", "instance_gouvernance", "frequence", "collecte_du", "collecte_au")


class MomentFormSetBase(forms.BaseInlineFormSet[MomentEvaluation, PlanEvaluation, MomentForm]):
    @property
    def remplis(self) -> list[MomentEvaluation]:
        """Return the moments to keep, those left empty apart."""
        return [
            form.instance
            for form in self.forms
            if form not in self.deleted_forms and (form.instance.pk or form.has_changed())
        ]

    @property
    def retires(self) -> list[MomentEvaluation]:
        return [form.instance for form in self.deleted_forms if form.instance.pk]


MomentFormSet = forms.inlineformset_factory(
    PlanEvaluation, MomentEvaluation, form=MomentForm, formset=MomentFormSetBase, extra=2, max_num=60
)
