"""The proofs of an account, by allauth's public model: an application of codes, a passkey, spare codes."""

import base64
import hashlib
import hmac
import struct
import time

import factory
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from factory.django import DjangoModelFactory
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from tests.factories.demarche import UtilisateurFactory

SECRET = "A" * 32


class ApplicationFactory(DjangoModelFactory):
    class Meta:
        model = Authenticator

    user = factory.SubFactory(UtilisateurFactory)
    type = Authenticator.Type.TOTP
    data = factory.LazyFunction(lambda: {"secret": get_adapter().encrypt(SECRET)})


class CodesDeSecoursFactory(DjangoModelFactory):
    class Meta:
        model = Authenticator

    user = factory.SubFactory(UtilisateurFactory)
    type = Authenticator.Type.RECOVERY_CODES
    data = factory.LazyFunction(lambda: {"seed": get_adapter().encrypt("0123456789"), "used_mask": 0})


def _cle_enregistree() -> dict[str, object]:
    """Return what a browser sends for a new passkey; nobody holds the private half of this one."""
    publique = ES256({1: 2, 3: -7, -1: 1, -2: b"\1" * 32, -3: b"\2" * 32})
    drapeaux = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    cle = AttestedCredentialData.create(bytes(16), b"cle-d-acces", publique)
    donnees = AuthenticatorData.create(hashlib.sha256(b"testserver").digest(), drapeaux, 0, cle)
    client = CollectedClientData.create("webauthn.create", b"defi", "https://testserver")
    reponse = {"clientDataJSON": client, "attestationObject": AttestationObject.create("none", donnees, {})}
    return {
        "id": websafe_encode(cle.credential_id),
        "rawId": websafe_encode(cle.credential_id),
        "type": "public-key",
        "response": {nom: websafe_encode(valeur) for nom, valeur in reponse.items()},
        "clientExtensionResults": {"credProps": {"rk": True}},
    }


class CleAccesFactory(DjangoModelFactory):
    class Meta:
        model = Authenticator

    user = factory.SubFactory(UtilisateurFactory)
    type = Authenticator.Type.WEBAUTHN
    data = factory.LazyFunction(lambda: {"name": "Mon téléphone", "credential": _cle_enregistree()})


def code_de_l_application(secret: str = SECRET) -> str:
    """Return the six digits that the application shows now (RFC 6238)."""
    trace = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    debut = trace[-1] & 15
    return f"{(struct.unpack('>I', trace[debut : debut + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"
