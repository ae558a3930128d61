// « Ajouter une ligne » of a formset. Expected markup:
//   <div data-formset="prefixe"> management form, <div data-lignes>…rows…</div>,
//     <template>one empty row, with __prefix__</template>, <button type="button" data-ajouter hidden> </div>
// Without script the page keeps the extra empty rows that the server sent.
for (const bloc of document.querySelectorAll("[data-formset]")) {
  const total = bloc.querySelector(`input[name="${bloc.dataset.formset}-TOTAL_FORMS"]`);
  const maximum = bloc.querySelector(`input[name="${bloc.dataset.formset}-MAX_NUM_FORMS"]`);
  const gabarit = bloc.querySelector("template");
  const lignes = bloc.querySelector("[data-lignes]");
  const bouton = bloc.querySelector("[data-ajouter]");
  if (!total || !gabarit || !lignes || !bouton) continue;

  bouton.hidden = false;
  bouton.addEventListener("click", () => {
    const rang = Number(total.value);
    const modele = document.createElement("template");
    modele.innerHTML = gabarit.innerHTML.replaceAll("__prefix__", String(rang));
    const ligne = modele.content.firstElementChild;
    lignes.append(modele.content);
    total.value = String(rang + 1);
    bouton.hidden = Boolean(maximum) && rang + 1 >= Number(maximum.value);
    ligne?.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    bloc.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
