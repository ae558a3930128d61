import datetime

import pytest
from django.utils import timezone

from demarche.comptes.models import Utilisateur
from demarche.socle.erreurs import ErreurMetier
from demarche.socle.models import Courriel
from partenaires.enums import TRANSITIONS_ADHESION, EtatAdhesion, FinaliteConsentement, ModeAdhesion, VerbeAdhesion
from partenaires.models import Adhesion, Affiliation, Organisation, Personne
from partenaires.services.adhesions import (
    accepter_adhesion,
    confirmer_adhesion,
    deposer_adhesion,
    enregistrer_adhesion_papier,
    refuser_adhesion,
    terminer_adhesion,
)
from partenaires.services.consentements import noter_consentements
from partenaires.services.organisations import inviter_personne
from tests.factories import JOUR
from tests.factories.demarche import DemarcheFactory, UtilisateurFactory
from tests.factories.partenaires import (
    AdhesionFactory,
    ConsentementFactory,
    OrganisationFactory,
    PersonneFactory,
)
from tests.partenaires.donnees import MISSION, nettoyees

pytestmark = pytest.mark.django_db

TRAITS = {
    EtatAdhesion.A_CONFIRMER: {},
    EtatAdhesion.A_ETUDIER: {"a_etudier": True},
    EtatAdhesion.ACCEPTEE: {"acceptee": True},
    EtatAdhesion.REFUSEE: {"refusee": True},
    EtatAdhesion.TERMINEE: {"terminee": True},
}
CIBLES = {
    VerbeAdhesion.CONFIRMER: EtatAdhesion.A_ETUDIER,
    VerbeAdhesion.ACCEPTER: EtatAdhesion.ACCEPTEE,
    VerbeAdhesion.REFUSER: EtatAdhesion.REFUSEE,
    VerbeAdhesion.TERMINER: EtatAdhesion.TERMINEE,
}


@pytest.fixture
def coordination():
    return UtilisateurFactory(coordonnateur=True)


def appliquer(verbe, adhesion, auteur):
    match verbe:
        case VerbeAdhesion.CONFIRMER:
            return confirmer_adhesion(adhesion)
        case VerbeAdhesion.ACCEPTER:
            return accepter_adhesion(adhesion, auteur=auteur, du=JOUR)
        case VerbeAdhesion.REFUSER:
            return refuser_adhesion(adhesion, auteur=auteur, motif="Hors du territoire.")
        case VerbeAdhesion.TERMINER:
            return terminer_adhesion(adhesion, auteur=auteur, au=JOUR)


@pytest.mark.regle("R12")
@pytest.mark.parametrize("verbe", VerbeAdhesion)
@pytest.mark.parametrize("etat", EtatAdhesion)
def test_every_state_and_verb(etat, verbe, coordination):
    adhesion = AdhesionFactory(**TRAITS[etat])
    traces = adhesion.history.count()
    courriels = Courriel.objects.count()

    if (etat, verbe) in TRANSITIONS_ADHESION:
        appliquer(verbe, adhesion, coordination)
        adhesion.refresh_from_db()
        assert adhesion.etat == CIBLES[verbe]
        assert adhesion.history.count() == traces + 1
    elif etat == CIBLES[verbe]:
        appliquer(verbe, adhesion, coordination)
        adhesion.refresh_from_db()
        assert adhesion.etat == etat
        assert adhesion.history.count() == traces
        assert Courriel.objects.count() == courriels
    else:
        with pytest.raises(ErreurMetier):
            appliquer(verbe, adhesion, coordination)
        adhesion.refresh_from_db()
        assert adhesion.etat == etat
        assert adhesion.history.count() == traces


@pytest.mark.regle("R12")
def test_deposer_keeps_the_mission_and_the_consents_as_shown():
    DemarcheFactory(mission=MISSION)
    adhesion = deposer_adhesion(nettoyees(), accords=frozenset({FinaliteConsentement.PHOTOS}))
    assert (adhesion.etat, adhesion.mode, adhesion.texte_mission) == ("a_confirmer", "formelle", MISSION)
    reponses = {c.finalite: c.est_accorde for c in adhesion.consentements.all()}
    assert reponses == {"infolettre": False, "photos": True}
    assert all(c.texte for c in adhesion.consentements.all())


def test_citizen_is_also_asked_about_publication():
    adhesion = deposer_adhesion(nettoyees(categorie="citoyen", nom_organisation=""), accords=frozenset())
    assert {c.finalite for c in adhesion.consentements.all()} == set(FinaliteConsentement.values)


def test_confirmation_mail_repeats_nothing_typed():
    deposer_adhesion(
        nettoyees(prenom="GAGNEZ", nom="http://piege.test", nom_organisation="Piège"), accords=frozenset()
    )
    courriel = Courriel.objects.get()
    assert courriel.destinataire == "mireille@exemple.test"
    assert Adhesion.objects.get().jeton.hex in courriel.texte.replace("-", "")
    for tape in ("GAGNEZ", "piege.test", "Piège"):
        assert tape not in courriel.texte + courriel.sujet


@pytest.mark.regle("R12")
@pytest.mark.parametrize(("jours", "accepte"), [(30, True), (31, False)])
def test_confirmation_link_expires(jours, accepte, horloge):
    adhesion = AdhesionFactory()
    horloge.shift(datetime.timedelta(days=jours))
    if accepte:
        assert confirmer_adhesion(adhesion).etat == "a_etudier"
    else:
        with pytest.raises(ErreurMetier, match="n’est plus valable"):
            confirmer_adhesion(adhesion)


@pytest.mark.regle("R12")
def test_answer_is_promised_from_the_confirmation(horloge):
    adhesion = AdhesionFactory()
    assert adhesion.reponse_promise_le is None
    horloge.shift(datetime.timedelta(days=3))
    assert confirmer_adhesion(adhesion).reponse_promise_le == JOUR + datetime.timedelta(days=17)


def test_accepter_makes_the_organisation_the_person_and_the_affiliation(coordination):
    adhesion = AdhesionFactory(a_etudier=True, nom_organisation="Cuisines du Nord", fonction="Direction")
    acceptee = accepter_adhesion(adhesion, auteur=coordination, du=JOUR)
    organisation = Organisation.objects.get(nom="Cuisines du Nord")
    affiliation = Affiliation.objects.get()
    assert acceptee.organisation == organisation
    assert (str(acceptee.personne), affiliation.fonction, affiliation.du) == ("Andrée Bouchard", "Direction", JOUR)
    assert (acceptee.du, acceptee.au, acceptee.traitee_par) == (JOUR, None, coordination)
    assert acceptee.history.first().history_user == coordination
    assert "Cuisines du Nord fait maintenant partie des partenaires" in Courriel.objects.get().texte


def test_accepter_takes_the_organisation_and_the_person_chosen(coordination):
    organisation, personne = OrganisationFactory(), PersonneFactory(prenom="Andrée", nom="Bouchard")
    adhesion = AdhesionFactory(a_etudier=True)
    accepter_adhesion(adhesion, auteur=coordination, du=JOUR, organisation=organisation, personne=personne)
    assert Organisation.objects.get() == organisation
    personne.refresh_from_db()
    assert (Personne.objects.count(), personne.courriel) == (1, adhesion.courriel)


def test_accepter_refuses_a_name_already_taken(coordination):
    OrganisationFactory(nom="Cuisines du Nord")
    adhesion = AdhesionFactory(a_etudier=True, nom_organisation="cuisines du nord")
    with pytest.raises(ErreurMetier, match="existe déjà"):
        accepter_adhesion(adhesion, auteur=coordination, du=JOUR)
    assert Personne.objects.count() == 0


def test_accepter_refuses_an_organisation_already_partner(coordination):
    deja = AdhesionFactory(acceptee=True)
    adhesion = AdhesionFactory(a_etudier=True)
    with pytest.raises(ErreurMetier, match="est déjà partenaire"):
        accepter_adhesion(adhesion, auteur=coordination, du=JOUR, organisation=deja.organisation)
    adhesion.refresh_from_db()
    assert adhesion.etat == "a_etudier"
    assert Courriel.objects.count() == 0


def test_accepter_refuses_a_citizen_already_partner(coordination):
    personne = PersonneFactory(prenom="Aïcha", nom="Diallo", courriel="aicha@exemple.test")
    AdhesionFactory(acceptee=True, citoyenne=True, personne=personne)
    adhesion = AdhesionFactory(
        a_etudier=True, citoyenne=True, prenom="Aicha", nom="Diallo", courriel="AICHA@exemple.test"
    )
    with pytest.raises(ErreurMetier, match="est déjà partenaire"):
        accepter_adhesion(adhesion, auteur=coordination, du=JOUR)


@pytest.mark.regle("R11")
def test_formal_adhesion_takes_over_from_the_tacit_one(coordination):
    tacite = AdhesionFactory(acceptee=True, mode=ModeAdhesion.TACITE)
    adhesion = AdhesionFactory(a_etudier=True)
    accepter_adhesion(adhesion, auteur=coordination, du=JOUR, organisation=tacite.organisation)
    tacite.refresh_from_db()
    assert (tacite.etat, tacite.au) == ("terminee", JOUR - datetime.timedelta(days=1))


def test_accepter_says_what_is_missing(coordination):
    adhesion = AdhesionFactory(
        a_etudier=True, adhere_mission=False, oeuvre_sur_territoire=False, nom_organisation="", prenom=""
    )
    with pytest.raises(ErreurMetier) as refus:
        accepter_adhesion(adhesion, auteur=coordination, du=JOUR)
    assert refus.value.messages == adhesion.ce_qui_manque()
    assert len(adhesion.ce_qui_manque()) == 4


def test_same_mailbox_with_another_name_is_another_person(coordination):
    PersonneFactory(prenom="Luc", nom="Roy", courriel="info@exemple.test")
    adhesion = AdhesionFactory(a_etudier=True, courriel="info@exemple.test")
    accepter_adhesion(adhesion, auteur=coordination, du=JOUR)
    assert Personne.objects.filter(courriel="info@exemple.test").count() == 2


def test_accepter_may_invite(coordination):
    adhesion = AdhesionFactory(a_etudier=True)
    acceptee = accepter_adhesion(adhesion, auteur=coordination, du=JOUR, inviter=True)
    compte = Utilisateur.objects.get(email=adhesion.courriel)
    assert acceptee.personne is not None
    assert Personne.objects.get().utilisateur == compte
    assert compte.roles == frozenset()
    assert Courriel.objects.filter(destinataire=adhesion.courriel).count() == 2


def test_inviter_twice_makes_one_account(coordination):
    personne = PersonneFactory(courriel="a@exemple.test")
    assert inviter_personne(personne, auteur=coordination) == inviter_personne(personne, auteur=coordination)
    assert Courriel.objects.count() == 1


def test_inviter_refuses_the_account_of_somebody_else(coordination):
    autre = PersonneFactory(avec_compte=True)
    personne = PersonneFactory(courriel=autre.utilisateur.email)
    with pytest.raises(ErreurMetier, match="une autre personne"):
        inviter_personne(personne, auteur=coordination)


@pytest.mark.regle("R12")
def test_refuser_needs_a_reason_and_sends_it(coordination):
    adhesion = AdhesionFactory(a_etudier=True)
    with pytest.raises(ErreurMetier, match="motif"):
        refuser_adhesion(adhesion, auteur=coordination, motif="  ")
    refuser_adhesion(adhesion, auteur=coordination, motif="Hors du territoire <b>.")
    courriel = Courriel.objects.get()
    assert courriel.destinataire == adhesion.courriel
    assert "Hors du territoire <b>." in courriel.texte


def test_terminer_refuses_to_end_before_the_beginning(coordination):
    adhesion = AdhesionFactory(acceptee=True, du=JOUR)
    with pytest.raises(ErreurMetier, match="précéder"):
        terminer_adhesion(adhesion, auteur=coordination, au=JOUR - datetime.timedelta(days=1))
    assert terminer_adhesion(adhesion, auteur=coordination, au=JOUR).au == JOUR


@pytest.mark.regle("R12")
def test_paper_form_goes_straight_to_study(coordination):
    adhesion = enregistrer_adhesion_papier(nettoyees(courriel=""), accords=frozenset(), auteur=coordination)
    assert (adhesion.etat, adhesion.confirmee_le) == ("a_etudier", timezone.now())
    accepter_adhesion(adhesion, auteur=coordination, du=JOUR)
    assert Courriel.objects.count() == 0


@pytest.mark.regle("R13")
def test_consent_withdrawn_keeps_its_history(coordination):
    adhesion = AdhesionFactory(acceptee=True, citoyenne=True)
    accord = ConsentementFactory(adhesion=adhesion)
    changes = noter_consentements(adhesion, frozenset(), auteur=coordination, raison="Courriel du 3 mai")
    assert changes == [accord]
    accord.refresh_from_db()
    assert accord.est_accorde is False
    assert [h.est_accorde for h in accord.history.order_by("history_id")] == [True, False]
    assert accord.history.first().history_change_reason == "Courriel du 3 mai"
    assert noter_consentements(adhesion, frozenset(), auteur=coordination, raison="Encore") == []


@pytest.mark.regle("R13")
def test_history_never_holds_personal_data():
    champs = {champ.name for champ in Adhesion.history.model._meta.fields}
    assert not champs & {"prenom", "nom", "fonction", "courriel", "telephone", "commentaire", "jeton"}
    assert not {champ.name for champ in Personne.history.model._meta.fields} & {"prenom", "nom", "courriel"}


@pytest.mark.regle("R11")
def test_database_refuses_a_second_adhesion_in_force():
    deja = AdhesionFactory(acceptee=True)
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        AdhesionFactory(acceptee=True, organisation=deja.organisation)
    personne = PersonneFactory()
    AdhesionFactory(acceptee=True, citoyenne=True, personne=personne)
    with pytest.raises(IntegrityError), transaction.atomic():
        AdhesionFactory(acceptee=True, citoyenne=True, personne=personne)
