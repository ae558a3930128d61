// Live totals of amounts typed in a form.
//   <input data-montant="prevu-depense">            adds to the total of that name
//   <output data-total-de="prevu-depense">          shows it
//   <output data-difference="prevu-revenu prevu-depense">   shows first minus second
// The server computes again: what is shown here is never posted.
const ecriture = new Intl.NumberFormat("fr-CA", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

function lire(texte) {
  const brut = texte.replace(/[\s\u00a0\u202f$]/g, "").replace(",", ".");
  return /^\d+(\.\d{0,2})?$/.test(brut) ? Math.round(Number(brut) * 100) : 0;
}

function ecrire(cents) {
  const texte = ecriture.format(Math.abs(cents) / 100).replace(/\u202f/g, "\u00a0");
  return `${cents < 0 ? "\u2212" : ""}${texte}\u00a0$`;
}

function retiree(champ) {
  const ligne = champ.closest("[data-ligne], .formset__ligne, tr");
  return Boolean(ligne?.querySelector('input[name$="-DELETE"]:checked'));
}

function somme(portee, nom) {
  let cents = 0;
  for (const champ of portee.querySelectorAll(`[data-montant="${CSS.escape(nom)}"]`)) {
    if (!retiree(champ)) cents += lire(champ.value ?? champ.dataset.valeur ?? "");
  }
  return cents;
}

function recalculer(portee) {
  for (const sortie of portee.querySelectorAll("[data-total-de]")) {
    sortie.textContent = ecrire(somme(portee, sortie.dataset.totalDe));
  }
  for (const sortie of portee.querySelectorAll("[data-difference]")) {
    const [plus, moins] = sortie.dataset.difference.split(" ");
    const cents = somme(portee, plus) - somme(portee, moins);
    sortie.textContent = ecrire(cents);
    sortie.classList.toggle("negatif", cents < 0);
  }
}

for (const portee of document.querySelectorAll("form")) {
  if (!portee.querySelector("[data-total-de], [data-difference]")) continue;
  recalculer(portee);
  portee.addEventListener("input", () => recalculer(portee));
}
