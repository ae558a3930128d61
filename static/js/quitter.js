// Leaving a form that was changed and not sent asks first. A form opts out with data-sans-avertir.
const modifies = new Set();

document.addEventListener("input", (evenement) => {
  const formulaire = evenement.target.closest?.("form.formulaire");
  if (formulaire && formulaire.method === "post" && !("sansAvertir" in formulaire.dataset)) modifies.add(formulaire);
});
document.addEventListener("submit", () => modifies.clear());
window.addEventListener("beforeunload", (evenement) => {
  if (modifies.size) evenement.preventDefault();
});
