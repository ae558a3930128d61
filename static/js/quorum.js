// The quorum while presences are being ticked; the server computes it again when they are saved.
//   <output data-quorum="4" data-pourvus="6">
const sortie = document.querySelector("output[data-quorum]");
const formulaire = sortie?.closest("form");

function depart(coche) {
  return formulaire.querySelector(`input[name="${coche.name.replace("etat-", "depart-")}"]`);
}

function ecrire() {
  const coches = [...formulaire.querySelectorAll('input[name^="etat-"][value="present"]:checked')];
  const presents = coches.filter((coche) => !depart(coche)?.value.trim()).length;
  const pourvus = Number(sortie.dataset.pourvus);
  const voulu = Number(sortie.dataset.quorum);
  const sieges = pourvus > 1 ? `${pourvus} sièges pourvus` : `${pourvus} siège pourvu`;
  const issue = presents >= voulu ? "quorum atteint" : "pas de quorum";
  sortie.textContent = `${presents} présent${presents > 1 ? "s" : ""} sur ${sieges}\u00a0: ${issue} (il en faut ${voulu})`;
}

if (formulaire) {
  ecrire();
  formulaire.addEventListener("change", ecrire);
}
