"""Opening a ballot on a request; the coordination's own decision."""

import datetime
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone

from chantiers.demandes.enums import EtatDemande, SensMotif
from chantiers.demandes.forms.decisions import DecisionForm, OuvertureForm
from chantiers.demandes.models import DemandeFonds
from chantiers.demandes.permissions import (
    peut_decider_seul,
    peut_ouvrir_deliberation,
    peut_porter_en_rencontre,
    peut_voir_fiche,
)
from chantiers.demandes.queries.apports import cout_total
from chantiers.demandes.queries.engagements import restes_apres, soldes_utilisables
from chantiers.demandes.queries.porteurs import cumuls_de
from chantiers.demandes.services.appels import voix_a_appeler
from chantiers.demandes.services.decisions import decider_seul
from chantiers.demandes.services.deliberations import ouvrir_deliberation
from chantiers.demandes.services.demandes import attribution_de
from chantiers.demandes.services.manques import ce_qui_manque_pour_accorder, ce_qui_manque_pour_ouvrir
from chantiers.demandes.services.motifs import motifs_actifs
from chantiers.demandes.views.demandes import lire_demande
from chantiers.demandes.views.redaction import version_de
from demarche.comptes.permissions import exiger
from demarche.comptes.views.acces import auteur_de
from demarche.gouvernance.phrases_regle import ecrire_regle
from demarche.scrutins.models import Scrutin
from demarche.scrutins.views.scrutins import annoncer_ouverture
from demarche.socle.views.formulaires import save_form

DELAI_PAR_DEFAUT = 7
CLOS_AUSSITOT = "Le scrutin s’est clos aussitôt : les voix écartées d’office rendent le quorum impossible."


def demande_ouvrir(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the remote ballot of the instance that decides on a request."""
    demande = lire_demande(request, pk)
    if demande.etat == EtatDemande.EN_DELIBERATION and peut_voir_fiche(request.user, demande):
        return redirect("demandes:demande_fiche", pk=demande.pk)
    exiger(peut_porter_en_rencontre(request.user, demande))
    form = _form_ouverture(request, demande)

    ouverts: list[Scrutin] = []

    def enregistrer() -> str:
        scrutin = ouvrir_deliberation(
            demande.pk,
            auteur=auteur_de(request),
            enveloppe=form.cleaned_data["enveloppe"],
            echeance=form.echeance(),
            montant=form.cleaned_data["montant"],
            conditions=form.cleaned_data["conditions"],
            motif=form.cleaned_data["motif"],
            version=form.cleaned_data["version"],
        )
        ouverts.append(scrutin)
        return resolve_url("demandes:demande_fiche", pk=demande.pk)

    reponse = save_form(
        request,
        form,
        enregistrer,
        message=lambda _: annoncer_ouverture(ouverts[0]) if ouverts[0].est_ouvert else CLOS_AUSSITOT,
        version=version_de(demande),
    )
    if reponse:
        return reponse
    appeles, instance = voix_a_appeler(demande), demande.instance_gouvernance
    nb_ecartees = sum(voix.est_ecartee for voix in appeles)
    contexte = _contexte(lire_demande(request, pk), form) | {
        "manque": ce_qui_manque_pour_ouvrir(demande),
        "peut_ouvrir": peut_ouvrir_deliberation(request.user, demande),
        "appeles": appeles,
        "nb_ecartees": nb_ecartees,
        "regle": ecrire_regle(instance, nb_voix=len(appeles), nb_ecartees=nb_ecartees) if instance else None,
    }
    return render(request, "demandes/demande_ouvrir.html", contexte)


def _form_ouverture(request: HttpRequest, demande: DemandeFonds) -> OuvertureForm:
    """Return the form with the amount asked and the deadline that the instance's delay gives."""
    instance = demande.instance_gouvernance
    delai = instance.delai_jours if instance else DELAI_PAR_DEFAUT
    initial = {
        "montant": demande.montant_demande,
        "dernier_jour": timezone.localdate() + datetime.timedelta(days=delai),
        "version": demande.version,
    }
    return OuvertureForm(
        request.POST or None,
        soldes=soldes_utilisables(demande),
        motifs=motifs_actifs(SensMotif.ACCORD),
        initial=initial,
    )


def demande_decider(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide alone, under the first threshold."""
    demande = lire_demande(request, pk)
    exiger(peut_decider_seul(request.user, demande))
    form = DecisionForm(
        request.POST or None,
        soldes=soldes_utilisables(demande),
        motifs=motifs_actifs(SensMotif.ACCORD, SensMotif.REFUS),
        initial={"montant": demande.montant_demande, "version": demande.version},
    )

    def enregistrer() -> str:
        noms = ("montant", "enveloppe", "motif", "conditions", "version")
        decider_seul(demande.pk, auteur=auteur_de(request), **{nom: form.cleaned_data[nom] for nom in noms})
        return resolve_url(demande)

    reponse = save_form(
        request,
        form,
        enregistrer,
        message="La décision est inscrite, et la personne qui demande en est avisée.",
        version=version_de(demande),
    )
    if reponse:
        return reponse
    contexte = _contexte(lire_demande(request, pk), form) | {"manque": ce_qui_manque_pour_accorder(demande)}
    return render(request, "demandes/demande_decider.html", contexte)


def _contexte(demande: DemandeFonds, form: BaseForm) -> dict[str, Any]:
    """Return what both pages show beside the form: the request as it now stands, the money left after this amount."""
    montant = form.cleaned_data.get("montant") if form.is_bound and hasattr(form, "cleaned_data") else None
    soumis: Decimal = montant or demande.montant_demande
    return {
        "demande": demande,
        "form": form,
        "attribution": attribution_de(demande),
        "restes": [replace(reste, montant=soumis) for reste in restes_apres(demande)],
        "montant": soumis,
        "cout": cout_total(demande),
        "cumul": cumuls_de([demande]).get(demande.pk),
    }
