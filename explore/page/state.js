// What is chosen, and the link that holds it.

export const state = {
  scenario: { model: "", conditions: [], drugs: [], settings: {}, until: 48, readouts: [] },
  pins: [],
  tab: "courses",
  untreated: true,
};

export const MOST_PINS = 4;

/** Take what the address holds after its #, if it holds anything. */
export function restore() {
  if (location.hash.length < 2) return false;
  try {
    const told = JSON.parse(decodeURIComponent(location.hash.slice(1)));
    Object.assign(state.scenario, told.scenario);
    state.pins = (told.pins || []).slice(0, MOST_PINS);
    state.tab = told.tab || "courses";
    state.untreated = told.untreated !== false;
    return Boolean(told.scenario && told.scenario.model);
  } catch {
    return false;
  }
}

/** Put the state into the address, and return that. */
export function remember() {
  const { scenario, pins, tab, untreated } = state;
  history.replaceState(null, "", "#" + encodeURIComponent(JSON.stringify({ scenario, pins, tab, untreated })));
  return location.href;
}

/** Say in a few words what a scenario is. */
export function said(scenario) {
  const drugs = scenario.drugs.filter((d) => d.dose > 0).map((d) =>
    `${d.name} ${short(d.dose)} nM` + (d.at ? ` at ${d.at} h` : "") + (d.washout ? `, out at ${d.washout} h` : ""));
  const settings = Object.entries(scenario.settings).map(([name, value]) => `${name} = ${short(value)}`);
  const cell = scenario.conditions.join(" + ") || (scenario.model.startsWith("upload:") ? "" : "reference cell");
  return [cell, ...drugs, ...settings].filter(Boolean).join("; ") || "as the model is";
}

export function short(value) {
  if (value === null || value === undefined) return "–";
  return Number(Number(value).toPrecision(3)).toString();
}

/** Return an element with attributes and children. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const $ = (id) => document.getElementById(id);
