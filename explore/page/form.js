// The form: cell, dish, compounds, duration, readouts, parameters.
import { $, make, short, state } from "./state.js";

const MOST_DRUGS = 3, MOST_READOUTS = 12, SHOWN = 12;
let offered = null;
let changed = () => {};

/** Fill the form for a model; `told` is called after every change. */
export function fill(found, told) {
  offered = found;
  changed = told;
  const own = found.model.startsWith("upload:");
  for (const each of document.querySelectorAll(".ours")) each.hidden = own;
  $("t-map").hidden = !found.has_rules || own && !found.has_rules;
  for (const id of ["t-dose", "t-synergy", "t-claims"]) $(id).hidden = own;
  $("t-check").hidden = !own;
  $("until-unit").textContent = found.time_unit || "the file's own time";
  $("until").value = state.scenario.until;
  options("readouts", found.readouts);
  if (!own) {
    const kinds = found.conditions;
    options("cells", Object.keys(kinds).filter((k) => k !== "environment").flatMap((k) => kinds[k].map((c) => ({ ...c, about: `${k}: ${c.about}` }))));
    options("dishes", kinds.environment || []);
  }
  chips(); drugs(); looked(); sliders();
}

function options(id, entries) {
  $(id).replaceChildren(...entries.map((e) => make("option", { value: e.name, label: e.about || null })));
}

function known(list, name) {
  const wanted = name.trim().toLowerCase();
  return list.find((e) => e.name.toLowerCase() === wanted);
}

function complain(input, why) {
  input.setCustomValidity(why);
  input.reportValidity();
  input.addEventListener("input", () => input.setCustomValidity(""), { once: true });
}

function adder(input, button, list, add) {
  const put = () => {
    const field = $(input);
    if (!field.value.trim()) return;
    const found = known(list(), field.value);
    if (!found) return complain(field, `There is no ${field.value.trim()} here; choose one of the list.`);
    field.value = "";
    add(found.name);
    field.focus();
  };
  $(button).addEventListener("click", put);
  $(input).addEventListener("keydown", (e) => { if (e.key === "Enter") { e.preventDefault(); put(); } });
  // A choice of the list comes at once.
  $(input).addEventListener("input", (e) => { if (!e.inputType || e.inputType === "insertReplacementText") put(); });
}

export function wire() {
  const all = () => Object.values(offered.conditions).flat();
  const put = (name) => {
    if (!state.scenario.conditions.includes(name)) state.scenario.conditions.push(name);
    chips(); changed();
  };
  adder("cell-add", "cell-put", all, put);
  adder("dish-add", "dish-put", all, put);
  adder("readout-add", "readout-put", () => offered.readouts, (name) => {
    const list = state.scenario.readouts;
    if (list.length >= MOST_READOUTS) return complain($("readout-add"), `${MOST_READOUTS} readouts are the most.`);
    if (!list.includes(name)) list.push(name);
    looked(); changed();
  });
  $("drug-put").addEventListener("click", () => {
    const taken = new Set(state.scenario.drugs.map((d) => d.name));
    const classes = new Set(offered.compounds.filter((c) => taken.has(c.name)).map((c) => c.class));
    const next = offered.compounds.find((c) => !classes.has(c.class)) || offered.compounds.find((c) => !taken.has(c.name));
    if (!next) return;
    state.scenario.drugs.push(fresh(next));
    drugs(); changed();
    $("drugs").lastElementChild.querySelector("select").focus();
  });
  $("until").addEventListener("input", () => {
    const value = Number($("until").value);
    if (value > 0) { state.scenario.until = value; changed(); }
  });
  $("find").addEventListener("input", sliders);
  $("wishes").addEventListener("submit", (e) => e.preventDefault());
}

export function fresh(compound) {
  return { name: compound.name, dose: compound.usual || 100, at: 0, washout: null };
}

function removable(name, gone) {
  return make("li", {}, name, make("button", { type: "button", "aria-label": `Remove ${name}`, onclick: gone }, "×"));
}

function chips() {
  const list = state.scenario.conditions;
  $("conditions").replaceChildren(...list.map((name) => removable(name, () => {
    list.splice(list.indexOf(name), 1); chips(); $("cell-add").focus(); changed();
  })));
}

function looked() {
  const list = state.scenario.readouts;
  $("looked").replaceChildren(...list.map((name) => removable(name, () => {
    if (list.length === 1) return;
    list.splice(list.indexOf(name), 1); looked(); $("readout-add").focus(); changed();
  })));
}

function drugs() {
  const list = state.scenario.drugs;
  $("drugs").replaceChildren(...list.map((drug, place) => row(drug, place)));
  $("drug-put").disabled = list.length >= MOST_DRUGS || !offered.compounds || !offered.compounds.length;
}

function row(drug, place) {
  const compound = offered.compounds.find((c) => c.name === drug.name) || { usual: 100, about: "" };
  const usual = compound.usual || 100;
  const low = usual / 1e4, high = usual * 10, steps = 100;
  const at = (dose) => dose <= 0 ? 0 : Math.round(1 + (steps - 1) * Math.log(Math.max(dose, low) / low) / Math.log(high / low));
  const of = (step) => step <= 0 ? 0 : Number((low * (high / low) ** ((step - 1) / (steps - 1))).toPrecision(3));
  const byClass = new Map();
  for (const c of offered.compounds) byClass.set(c.class, [...(byClass.get(c.class) || []), c]);
  const select = make("select", { id: `drug-${place}`, onchange: () => {
    const next = offered.compounds.find((c) => c.name === select.value);
    state.scenario.drugs[place] = { ...drug, name: next.name, dose: next.usual || 100 };
    drugs(); $(`drug-${place}`).focus(); changed();
  } }, ...[...byClass].map(([name, some]) => make("optgroup", { label: name }, ...some.map((c) => make("option", { value: c.name, selected: c.name === drug.name }, c.name)))));
  const exact = make("input", { type: "number", id: `dose-${place}`, min: 0, step: "any", value: drug.dose });
  const slider = make("input", { type: "range", id: `slide-${place}`, min: 0, max: steps, step: 1, value: at(drug.dose), "aria-label": `Dose of ${drug.name} in nM`, "aria-valuetext": `${short(drug.dose)} nM` });
  const dose = (value) => { drug.dose = value; slider.setAttribute("aria-valuetext", `${short(value)} nM`); changed(); };
  slider.addEventListener("input", () => { const value = of(Number(slider.value)); exact.value = value; dose(value); });
  exact.addEventListener("input", () => { const value = Number(exact.value); if (exact.value !== "" && value >= 0) { slider.value = at(value); dose(value); } });
  const time = (key, id, label, empty) => {
    const field = make("input", { type: "number", id, min: 0, step: "any", value: drug[key] === null ? "" : drug[key], placeholder: empty });
    field.addEventListener("input", () => {
      drug[key] = field.value === "" ? (key === "at" ? 0 : null) : Number(field.value);
      changed();
    });
    return make("div", {}, make("label", { for: id }, label), field);
  };
  return make("fieldset", {}, make("legend", {}, `Compound ${place + 1}`),
    make("label", { for: select.id }, "Which"), select,
    make("p", { class: "about" }, compound.about),
    make("label", { for: exact.id }, "Dose (nM)"), slider, exact,
    make("div", { class: "pair" }, time("at", `at-${place}`, "Added at (h)", "0"), time("washout", `out-${place}`, "Washed out at (h)", "never")),
    make("button", { type: "button", onclick: () => { state.scenario.drugs.splice(place, 1); drugs(); $("drug-put").focus(); changed(); } }, `Remove ${drug.name}`));
}

function sliders() {
  const wanted = $("find").value.trim().toLowerCase();
  const settings = state.scenario.settings;
  const some = offered.parameters.filter((p) => p.name in settings || !wanted || p.name.toLowerCase().includes(wanted) || p.about.toLowerCase().includes(wanted));
  some.sort((a, b) => (b.name in settings) - (a.name in settings));
  const shown = some.slice(0, SHOWN);
  $("sliders").replaceChildren(...shown.map((p, place) => slider(p, place, settings)),
    make("p", { class: "about" }, some.length > SHOWN ? `These are ${SHOWN} of ${some.length}; find others by name.` : `${some.length} parameters.`));
}

function slider(parameter, place, settings) {
  const steps = 80, span = 100;
  const own = parameter.value, now = settings[parameter.name] ?? own;
  // What is 0 or negative goes along a line, anything else by factors.
  const by = own > 0 ? (s) => own * span ** ((s - steps / 2) / (steps / 2)) : (s) => own + (s - steps / 2) / (steps / 2) * Math.max(Math.abs(own), 1);
  const at = own > 0 ? (v) => v <= 0 ? 0 : steps / 2 + steps / 2 * Math.log(v / own) / Math.log(span) : (v) => steps / 2 + (v - own) / Math.max(Math.abs(own), 1) * steps / 2;
  const range = make("input", { type: "range", min: 0, max: steps, step: 1, value: at(now), "aria-label": `${parameter.name}, by factors` });
  const exact = make("input", { type: "number", id: `p-${place}`, step: "any", value: short(now) });
  const set = (value) => {
    if (value === own) delete settings[parameter.name]; else settings[parameter.name] = value;
    changed();
  };
  range.addEventListener("input", () => {
    const value = Number(range.value) === steps / 2 ? own : Number(by(Number(range.value)).toPrecision(4));
    exact.value = value; set(value);
  });
  exact.addEventListener("input", () => { if (exact.value !== "") { range.value = at(Number(exact.value)); set(Number(exact.value)); } });
  return make("div", {}, make("label", { for: exact.id, title: parameter.about }, parameter.name + (parameter.unit ? ` (${parameter.unit})` : "")), range, exact);
}
