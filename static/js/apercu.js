// What a form would say, shown while it is filled.
//   <form data-apercu="/address/" data-apercu-dans="id of the zone">
// The zone is written by the server from the values typed; nothing is saved.
for (const formulaire of document.querySelectorAll("form[data-apercu]")) {
  const zone = document.getElementById(formulaire.dataset.apercuDans);
  let dernier = 0;
  const montrer = async () => {
    const numero = ++dernier;
    const valeurs = new URLSearchParams(new FormData(formulaire));
    valeurs.delete("csrfmiddlewaretoken");
    const reponse = await fetch(`${formulaire.dataset.apercu}?${valeurs}`, { credentials: "same-origin" });
    if (reponse.ok && numero === dernier) zone.innerHTML = await reponse.text();
  };
  formulaire.addEventListener("change", montrer);
}
