// Passkeys: the button shows where the browser can use one; a refusal is said in the page.
for (const bouton of document.querySelectorAll("[data-cle-acces]")) {
  bouton.hidden = !("PublicKeyCredential" in window);
}

document.addEventListener("allauth.error", (evenement) => {
  const message = document.getElementById("cle-acces-erreur");
  if (!message) return;
  evenement.preventDefault();
  message.hidden = false;
});
