// The page: asks for what is chosen, shows what comes back, one question of a kind at a time.
import { ask, bring, drop } from "./api.js";
import * as charts from "./charts.js";
import * as form from "./form.js";
import * as map from "./map.js";
import { $, MOST_PINS, make, remember, restore, said, short, state } from "./state.js";

const begin = JSON.parse($("begin").textContent);
const copy = (value) => JSON.parse(JSON.stringify(value));
let offered = null;
let shown = []; // the lines that are drawn
let latest = null; // the answer for the present scenario
const courses = new Map(); // answers by scenario, for pins and for the untreated cell

// -- what is going on ---------------------------------------------------------------------------

function status(text) { $("status").textContent = text; }

function fault(error) {
  $("error").hidden = !error;
  $("error").textContent = error ? error.message : "";
  if (error) status("");
}

/** Run a job again and again until nothing has changed meanwhile; never two at a time. */
function following(job) {
  let running = false, again = false;
  return async function go() {
    again = true;
    if (running) return;
    running = true;
    try {
      while (again) { again = false; await job(); }
    } finally { running = false; }
  };
}

// -- courses ------------------------------------------------------------------------------------

async function course(scenario) {
  const key = JSON.stringify(scenario);
  if (!courses.has(key)) {
    if (courses.size > 60) courses.delete(courses.keys().next().value);
    for (let tries = 0; ; tries++) {
      try { courses.set(key, await ask("course", { scenario })); break; }
      catch (error) { // a server that is busy is asked again
        if (error.status !== 503 || tries > 4) throw error;
        status("The server is busy; waiting…");
        await new Promise((go) => setTimeout(go, 800 * (tries + 1)));
      }
    }
  }
  return courses.get(key);
}

const update = following(async () => {
  const scenario = copy(state.scenario), began = performance.now();
  $("link").value = remember();
  status("Computing…");
  let found;
  try {
    found = await course(scenario);
    const pins = await Promise.all(state.pins.filter((p) => p.model === scenario.model).map((p) => course({ ...p, readouts: scenario.readouts, until: scenario.until })));
    const plain = { ...scenario, drugs: [] };
    const compared = state.untreated && scenario.drugs.some((d) => d.dose > 0) && !scenario.model.startsWith("upload:") ? await course(plain) : null;
    draw(scenario, found, pins, compared);
    fault(null);
    const took = Math.round(performance.now() - began);
    document.body.dataset.took = took;
    document.body.dataset.drawn = JSON.stringify(scenario);
    status(`Up to date (${took} ms).`);
  } catch (error) {
    fault(error);
    return;
  }
  if ($("bands").checked && begin.ensemble && scenario.model === begin.model) await band(scenario);
  if (state.tab === "map") await mapped();
  if (state.tab === "claims") await claims();
});

let soon = 0;
function changed() {
  clearTimeout(soon);
  soon = setTimeout(update, 40);
  choices();
}

function lined(found, place, label, more = {}) {
  return { found, place, said: label, ...more };
}

function draw(scenario, found, pins, compared) {
  latest = { scenario, found };
  shown = [lined(found, 0, said(scenario))];
  state.pins.filter((p) => p.model === scenario.model).forEach((p, i) => shown.push(lined(pins[i], i + 1, said(p), { pin: p })));
  if (compared) shown.push(lined(compared, 0, "untreated cell", { free: true }));
  paint();
  $("commands").textContent = found.commands.join("\n\n");
  $("python").textContent = found.python;
}

function paint(bands = null) {
  const { found } = latest;
  $("charts").replaceChildren(...found.readouts.map((readout, at) => {
    const lines = shown.map((line) => {
      const points = line.found.time.map((t, i) => ({ t, v: line.found.readouts[at]?.values[i] ?? NaN }));
      const quantiles = bands && !line.free && line.place === 0 && bands.readouts[readout.name];
      const band = quantiles && line.found.time.map((t, i) => ({ t, low: quantiles[0][i], high: quantiles[2][i] }));
      return { ...line, points, band };
    });
    return charts.courses(readout.name, lines, readout.unit, found.time_unit);
  }));
  $("pins").replaceChildren(...shown.map((line) => make("li", {}, swatch(line), line.place === 0 && !line.free ? `Now: ${line.said}` : line.said,
    line.pin ? make("button", { type: "button", "aria-label": `Unpin ${line.said}`, onclick: () => { state.pins.splice(state.pins.indexOf(line.pin), 1); $("pin").focus(); update(); } }, "×") : null)));
  $("pin").disabled = state.pins.length >= MOST_PINS;
  const head = make("tr", {}, make("th", { scope: "col" }, `time (${found.time_unit})`), ...found.readouts.map((r) => make("th", { scope: "col" }, r.name + (r.unit ? ` (${r.unit})` : ""))));
  const rows = [];
  for (let i = 0; i < found.time.length; i += 10) rows.push(make("tr", {}, make("th", { scope: "row" }, short(found.time[i])), ...found.readouts.map((r) => make("td", {}, short(r.values[i])))));
  $("table").replaceChildren(make("caption", {}, said(latest.scenario)), make("thead", {}, head), make("tbody", {}, ...rows));
}

function swatch(line) {
  const space = "http://www.w3.org/2000/svg", drawn = charts.style(line);
  const svg = document.createElementNS(space, "svg"), at = document.createElementNS(space, "line");
  svg.setAttribute("width", 34); svg.setAttribute("height", 12); svg.setAttribute("aria-hidden", "true");
  for (const [name, value] of Object.entries({ x1: 0, x2: 34, y1: 6, y2: 6, stroke: drawn.stroke, "stroke-width": 3, "stroke-dasharray": drawn.strokeDasharray || "" })) at.setAttribute(name, value);
  svg.append(at);
  return svg;
}

async function band(scenario) {
  status("Computing the ensemble…");
  try {
    const found = await ask("bands", { scenario });
    if (JSON.stringify(scenario) !== JSON.stringify(state.scenario)) return;
    paint(found);
    status(`The band holds ${Math.round(found.share * 100)} % of ${found.members} parameter sets.`);
  } catch (error) { fault(error); }
}

// -- tabs ---------------------------------------------------------------------------------------

const tabs = () => [...document.querySelectorAll("[role=tab]")].filter((t) => !t.hidden);

function select(name, focus = false) {
  let tab = $(`t-${name}`);
  if (!tab || tab.hidden) { name = "courses"; tab = $("t-courses"); }
  for (const each of document.querySelectorAll("[role=tab]")) {
    const on = each === tab;
    each.setAttribute("aria-selected", on);
    each.tabIndex = on ? 0 : -1;
    $(each.getAttribute("aria-controls")).hidden = !on;
  }
  if (focus) tab.focus();
  state.tab = name;
  if (offered) $("link").value = remember();
  if (offered && name === "map") mapped();
  if (offered && name === "claims") claims();
}

function wireTabs() {
  for (const tab of document.querySelectorAll("[role=tab]")) {
    tab.addEventListener("click", () => select(tab.id.slice(2)));
    tab.addEventListener("keydown", (event) => {
      const all = tabs(), at = all.indexOf(tab);
      const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
      if (next === undefined) return;
      event.preventDefault();
      select(all[(next + all.length) % all.length].id.slice(2), true);
    });
  }
}

const mapped = following(async () => {
  status("Colouring the map…");
  try { await map.show(); fault(null); status("Up to date."); } catch (error) { fault(error); }
});

// -- dose response, synergy, claims ---------------------------------------------------------------

function choices() {
  const drugs = state.scenario.drugs.map((d) => d.name);
  for (const [id, first] of [["dose-of", 0], ["one", 0], ["other", 1]]) {
    const kept = $(id).value;
    $(id).replaceChildren(...drugs.map((name) => make("option", { value: name }, name)));
    $(id).value = drugs.includes(kept) ? kept : drugs[first] || "";
  }
  $("dose-go").disabled = drugs.length < 1;
  $("synergy-go").disabled = drugs.length < 2;
}

/** Let a button start a long job, and end it while it runs. */
function longJob(button, job) {
  const idle = $(button).textContent;
  let running = null;
  $(button).addEventListener("click", async () => {
    if (running) { running.abort(); return; }
    running = new AbortController();
    $(button).textContent = "Stop";
    status("Computing; this may take a minute…");
    try { await job(running.signal); fault(null); status("Done."); }
    catch (error) { if (error.name === "AbortError") status("Stopped."); else fault(error); }
    finally { running = null; $(button).textContent = idle; choices(); }
  });
}

async function dose(signal) {
  const scenario = copy(state.scenario);
  const found = await ask("dose", { scenario, compound: $("dose-of").value }, signal);
  $("dose-out").replaceChildren(make("p", {}, `${found.compound} after ${scenario.until} h: ${said({ ...scenario, drugs: scenario.drugs.filter((d) => d.name !== found.compound) })}. The dashed line is without it.`),
    make("div", { class: "figures" }, ...found.curves.map((c) => charts.response(c, found.doses))),
    charts.table(found.table), ...found.said.map((s) => make("p", { class: "about" }, s)));
}

async function synergy(signal) {
  const compounds = [$("one").value, $("other").value];
  if (compounds[0] === compounds[1]) throw new Error("Choose two different compounds.");
  const found = await ask("synergy", { scenario: copy(state.scenario), compounds }, signal);
  $("synergy-out").replaceChildren(
    make("div", { class: "figures" }, ...found.surfaces.flatMap((s) => [charts.surface(s, found.compounds, "effect"), charts.surface(s, found.compounds, "excess")])),
    charts.table(found.table), ...found.said.map((s) => make("p", { class: "about" }, s)));
}

let claimed = "";
const claims = following(async () => {
  const scenario = copy(state.scenario), key = JSON.stringify(scenario);
  if (claimed === key) return;
  try {
    const found = await ask("claims", { scenario });
    claimed = key;
    $("claims").replaceChildren(...found.claims.map((claim) => claimItem(claim, scenario.model)),
      ...(found.more ? [make("li", {}, `And ${found.more} more; 'mtorules claims --list' has all.`)] : []));
    if (!found.claims.length) $("claims").replaceChildren(make("li", {}, "No claim is about this."));
    status(`${found.claims.length} claims bear on it.`);
  } catch (error) { fault(error); }
});

function claimItem(claim, model) {
  const out = make("span", { role: "status" });
  const button = make("button", { type: "button", "aria-label": `Does ${claim.id} hold?`, onclick: async () => {
    button.disabled = true;
    out.textContent = "Running its experiments…";
    try {
      const { verdict } = await ask("claim", { model, id: claim.id });
      out.replaceChildren(make("strong", { class: verdict.passed ? "pass" : "fail" }, verdict.passed ? "holds" : "fails"), ` with a margin of ${short(verdict.margin)}. `,
        make("a", { href: `/claim/${encodeURIComponent(model)}/${encodeURIComponent(claim.id)}`, target: "_blank", rel: "noopener" }, `Page of ${claim.id}`));
    } catch (error) { out.textContent = error.message; }
    button.disabled = false;
  } }, "Does it hold?");
  return make("li", {}, make("strong", {}, claim.id), `: ${claim.statement} `, make("span", { class: "about" }, `(${claim.kind}; shares ${claim.shares.join(", ")}) `), button, " ", out);
}

// -- taking away --------------------------------------------------------------------------------

function save(name, parts, type) {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

async function taken(task, name, type) {
  status(`Writing ${name}…`);
  try {
    const found = await ask(task, { scenario: state.scenario });
    const parts = { archive: () => Uint8Array.from(atob(found), (c) => c.charCodeAt(0)), sbml: () => found.text, csv: () => found };
    save(name, [parts[task]()], type);
    fault(null);
    status(`${name} is saved.`);
    $("take-said").textContent = found.said || "";
  } catch (error) { fault(error); }
}

function wireTaking() {
  const stem = () => (offered.title || "model").replace(/\W+/g, "_");
  const picture = () => charts.together($("charts"), shown);
  $("take-csv").addEventListener("click", () => taken("csv", `${stem()}.csv`, "text/csv"));
  $("take-sbml").addEventListener("click", () => taken("sbml", `${stem()}.xml`, "application/xml"));
  $("take-archive").addEventListener("click", () => taken("archive", `${stem()}.omex`, "application/zip"));
  $("take-svg").addEventListener("click", () => { save(`${stem()}.svg`, [picture()], "image/svg+xml"); status("The picture is saved."); });
  $("take-png").addEventListener("click", async () => {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture())}`;
    await image.decode();
    const canvas = make("canvas", { width: image.width * 2, height: image.height * 2 });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => save(`${stem()}.png`, [blob], "image/png"));
    status("The picture is saved.");
  });
  const put = async (text) => {
    try { await navigator.clipboard.writeText(text); status("Copied."); } catch { status("Select the text and copy it."); }
  };
  $("take-link").addEventListener("click", () => { $("link").select(); put($("link").value); });
  for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", () => put($(button.dataset.copy).textContent));
}

// -- models -------------------------------------------------------------------------------------

async function open(model, fresh, found = null) {
  status("Opening the model…");
  offered = found || await ask("offered", { model });
  if (fresh) {
    const own = model.startsWith("upload:");
    const first = own ? [] : offered.compounds.slice(0, 1).map(form.fresh);
    Object.assign(state.scenario, { model, conditions: [], drugs: first, settings: {}, until: own ? 100 : 48, readouts: [...offered.default] });
    state.pins = [];
  } else if (!state.scenario.readouts.length) state.scenario.readouts = [...offered.default];
  if (![...$("model").options].some((o) => o.value === model)) $("model").append(make("option", { value: model }, `${offered.title} (your own)`));
  $("model").value = model;
  form.fill(offered, changed);
  $("bands-label").hidden = !(begin.ensemble && model === begin.model);
  $("check-out").textContent = (offered.warnings || []).join("\n");
  choices();
  select(state.tab);
  await update();
}

async function brought(file) {
  if (!file) return;
  if (/\.py$/i.test(file.name)) return fault(new Error("Python is code and is never run here. Write the model as SBML with 'mtorules export', and bring that."));
  if (file.size > 10 * 2 ** 20) return fault(new Error(`${file.name} has ${(file.size / 2 ** 20).toFixed(1)} MB; 10 MB are the most.`));
  status(`Reading ${file.name}…`);
  try {
    const before = [...$("model").options].filter((o) => o.value.startsWith("upload:") && o.value !== "upload:start");
    if (before.length >= 5) { drop(before[0].value.slice(7)); before[0].remove(); }
    const found = await bring(file);
    fault(null);
    state.tab = "courses";
    await open(found.model, true, found);
  } catch (error) { fault(error); }
}

async function start() {
  wireTabs(); form.wire(); wireTaking();
  longJob("dose-go", dose);
  longJob("synergy-go", synergy);
  longJob("check-go", async (signal) => { $("check-out").textContent = (await ask("check", { model: state.scenario.model }, signal)).text; });
  $("moment").addEventListener("input", map.paint);
  $("untreated").addEventListener("change", () => { state.untreated = $("untreated").checked; update(); });
  $("bands").addEventListener("change", update);
  $("pin").addEventListener("click", () => { if (state.pins.length < MOST_PINS) { state.pins.push(copy(state.scenario)); update(); } });
  $("bring").addEventListener("click", () => $("file").click());
  $("file").addEventListener("change", () => { brought($("file").files[0]); $("file").value = ""; });
  $("model").addEventListener("change", () => open($("model").value, true).catch(fault));
  addEventListener("hashchange", () => { if (restore()) open(state.scenario.model, false).catch(fault); });
  try {
    const models = await ask("models", {});
    $("model").replaceChildren(...models.map((m) => make("option", { value: m.name, title: m.about }, m.name)));
    const restored = restore();
    $("untreated").checked = state.untreated;
    try { await open(restored ? state.scenario.model : begin.model, !restored); }
    catch (error) {
      fault(error);
      if (restored && state.scenario.model.startsWith("upload:")) await open(begin.model, true);
    }
  } catch (error) { fault(error); }
}

start();
