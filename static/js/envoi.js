// A form posted twice by an impatient click goes once; the server has its own guard (one-time token).
const envoyes = new WeakSet();

document.addEventListener("submit", (evenement) => {
  const formulaire = evenement.target;
  if (formulaire.method !== "post" || formulaire.target === "_blank" || evenement.defaultPrevented) return;
  if (envoyes.has(formulaire)) {
    evenement.preventDefault();
    return;
  }
  envoyes.add(formulaire);
  evenement.submitter?.setAttribute("aria-disabled", "true");
});

// Back button: the page comes from the cache as it was left, so its forms are ready again.
window.addEventListener("pageshow", (evenement) => {
  if (!evenement.persisted) return;
  for (const formulaire of document.forms) {
    envoyes.delete(formulaire);
    for (const bouton of formulaire.querySelectorAll('[aria-disabled="true"]')) bouton.removeAttribute("aria-disabled");
  }
});
