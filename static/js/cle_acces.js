// Passkeys. A button is sent inert (disabled) and lives once allauth's script is tied to its form: tapped before, it
// would send an empty key. Loaded after allauth's scripts; expected markup, allauth's own:
//   <script data-allauth-onload="allauth.webauthn.forms.addForm" type="application/json">
//     {"ids": {"add": "id of the button", "credential": "id of the hidden field", …}}</script>
const formulaires = window.allauth?.webauthn?.forms;
const possible = formulaires && window.webauthnJSON && "PublicKeyCredential" in window;

function dire(quoi) {
  for (const message of document.querySelectorAll(`[data-cle="${quoi}"]`)) message.hidden = false;
}

function activer(notice) {
  const { ids } = JSON.parse(notice.textContent);
  const bouton = document.getElementById(ids.login ?? ids.authenticate ?? ids.add);
  formulaires[notice.dataset.allauthOnload.split(".").pop()]({ ids });
  // Only allauth's script sends the form, once the device has answered: the Enter key asks the device too.
  bouton.form.addEventListener("submit", (evenement) => evenement.preventDefault());
  bouton.disabled = false;
}

if (possible) document.querySelectorAll("script[data-allauth-onload]").forEach(activer);
else dire("impossible");

document.addEventListener("allauth.error", (evenement) => {
  evenement.preventDefault();
  dire("refusee");
});
