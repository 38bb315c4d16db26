// The map of the pathway: molecules, who acts on whom, and how far each is from the untreated cell.
/* global d3 */
import { ask } from "./api.js";
import { $, make, short, state } from "./state.js";

const WIDTH = 104, HEIGHT = 26, MOST = 3;
const DRUG = { width: 76, height: 20 }; // they stand close to their targets
const scale = d3.scaleLinear([-MOST, 0, MOST], ["#6fa8dc", "#ffffff", "#f0954f"]).clamp(true);
let drawn = "", seen = null, names = [], about = new Map();

/** Draw the map of a model once, and colour it for the scenario. */
export async function show(signal) {
  const model = state.scenario.model;
  if (drawn !== model) {
    draw(await ask("layout", { model }, signal));
    drawn = model;
    $("part").replaceChildren();
  }
  seen = await ask("map", { scenario: state.scenario }, signal);
  paint();
}

function draw(layout) {
  // Drugs that are not given are left out: they touch nothing.
  const touching = new Set(layout.edges.flatMap((e) => [e.from, e.to]));
  const nodes = layout.nodes.filter((n) => touching.has(n.id));
  about = new Map(nodes.map((n) => [n.id, n]));
  names = [...nodes].sort((a, b) => a.y - b.y || a.x - b.x).map((n) => n.id);
  const [x0, x1] = d3.extent(nodes, (n) => n.x), [y0, y1] = d3.extent(nodes, (n) => n.y);
  const across = x1 - x0 + 2 * WIDTH;
  const svg = d3.create("svg").attr("viewBox", [x0 - WIDTH, y0 - HEIGHT, across, y1 - y0 + 2 * HEIGHT])
    .style("width", `min(100%, ${across}px)`).style("min-width", `${Math.min(832, across)}px`)
    .attr("role", "group").attr("aria-label", "Molecules");
  const defs = svg.append("defs");
  defs.append("marker").attr("id", "arrow").attr("viewBox", "0 0 8 8").attr("refX", 8).attr("refY", 4).attr("markerWidth", 7).attr("markerHeight", 7).attr("orient", "auto")
    .append("path").attr("d", "M0 0L8 4L0 8z").attr("fill", "var(--edge)");
  defs.append("marker").attr("id", "bar").attr("viewBox", "0 0 4 10").attr("refX", 2).attr("refY", 5).attr("markerWidth", 5).attr("markerHeight", 9).attr("orient", "auto")
    .append("path").attr("d", "M2 0V10").attr("stroke", "var(--edge)").attr("stroke-width", 3);
  svg.append("g").attr("aria-hidden", "true").selectAll("line").data(layout.edges.filter((e) => about.has(e.from) && about.has(e.to))).join("line")
    .attr("class", "edge").each(function (e) {
      const a = about.get(e.from), [x, y] = border(a, about.get(e.to));
      d3.select(this).attr("x1", a.x).attr("y1", a.y).attr("x2", x).attr("y2", y)
        .attr("stroke-dasharray", e.kind === "bond" ? "3 5" : null)
        .attr("marker-end", e.kind === "bond" ? null : e.sign < 0 ? "url(#bar)" : "url(#arrow)");
    });
  const node = svg.append("g").selectAll("g").data(nodes).join("g").attr("class", "node").attr("id", (n) => `m-${n.id}`)
    .attr("role", "button").attr("tabindex", (n) => n.id === names[0] ? 0 : -1).attr("transform", (n) => `translate(${n.x},${n.y})`);
  node.append("rect").attr("x", (n) => -size(n).width / 2).attr("y", (n) => -size(n).height / 2).attr("width", (n) => size(n).width).attr("height", (n) => size(n).height).attr("rx", (n) => n.drug ? DRUG.height / 2 : 4).attr("fill", "#fff");
  node.append("text").text((n) => n.id).attr("font-size", (n) => n.drug ? 14 : 18).each(function (n) {
    if (n.id.length > 7) d3.select(this).attr("textLength", Math.min(size(n).width - 8, n.id.length * 11)).attr("lengthAdjust", "spacingAndGlyphs");
  });
  node.on("click", (_, n) => open(n.id))
    .on("keydown", (event, n) => key(event, n.id))
    .on("pointerenter focus", (event, n) => tip(event.currentTarget, n.id))
    .on("pointerleave blur", () => { $("tip").hidden = true; });
  $("map").replaceChildren(svg.node());
  $("legend").replaceChildren(`${short(2 ** -MOST)}-fold`, ...d3.range(-MOST, MOST + 1).map((v) => make("i", { style: `background:${scale(v)}` })), `${2 ** MOST}-fold of the untreated cell`);
}

const size = (node) => node.drug ? DRUG : { width: WIDTH, height: HEIGHT };

function border(a, b) {
  const dx = a.x - b.x, dy = a.y - b.y, { width, height } = size(b);
  const share = Math.min(dx ? width / 2 / Math.abs(dx) : Infinity, dy ? height / 2 / Math.abs(dy) : Infinity, 1);
  return [b.x + dx * share, b.y + dy * share];
}

function key(event, name) {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    const next = names[(names.indexOf(name) + step + names.length) % names.length];
    $(`m-${name}`).setAttribute("tabindex", -1);
    $(`m-${next}`).setAttribute("tabindex", 0);
    $(`m-${next}`).focus();
  } else if (event.key === "Enter" || event.key === " ") {
    event.preventDefault();
    open(name);
  } else if (event.key === "Escape") $("tip").hidden = true;
}

function told(name) {
  const found = seen && seen.molecules[name], at = Number($("moment").value);
  if (!found) return "nothing is observed of it";
  const value = found.value[at], before = found.untreated[at];
  const most = Math.max(...found.value, ...found.untreated);
  const none = (v) => !(v > 1e-6 * most); // what rounding left of nothing
  const fold = none(before) ? (none(value) ? "neither is there" : "not there untreated") : `${short(value / before)}-fold`;
  return `${found.observable} ${none(value) ? 0 : short(value)} ${found.unit}, untreated ${none(before) ? 0 : short(before)}, ${fold}`;
}

/** Colour the map at the moment of the slider. */
export function paint() {
  if (!seen) return;
  const at = Math.min(Number($("moment").value), seen.time.length - 1);
  const moment = `${short(seen.time[at])} ${seen.time_unit}`;
  $("moment-said").textContent = moment;
  $("moment").setAttribute("aria-valuetext", moment);
  d3.select("#map").selectAll(".node").each(function (n) {
    const found = seen.molecules[n.id];
    d3.select(this).attr("aria-label", `${n.id}: ${told(n.id)}`).select("rect").attr("fill", found ? scale(found.change[at] ?? 0) : "#e4e4e4");
  });
  const most = Object.entries(seen.molecules).filter(([name]) => about.has(name)).sort((a, b) => Math.abs(b[1].change[at]) - Math.abs(a[1].change[at])).slice(0, 8).filter(([, f]) => Math.abs(f.change[at]) > 0.01);
  $("most").replaceChildren(...most.map(([name]) => make("li", {}, make("button", { type: "button", onclick: () => open(name) }, name), ` ${told(name)}`)));
  if (!most.length) $("most").replaceChildren(make("li", {}, "Nothing differs from the untreated cell."));
}

function tip(element, name) {
  const node = about.get(name);
  const sources = node.sources.map((s) => s.replace(/^https?:\/\/(identifiers\.org|doi\.org)\//, "")).slice(0, 4).join(", ");
  $("tip").replaceChildren(make("strong", {}, name), make("div", {}, node.about), make("div", {}, told(name)), make("div", {}, sources));
  $("tip").hidden = false;
  const box = element.getBoundingClientRect(), own = $("tip").getBoundingClientRect();
  $("tip").style.left = `${Math.max(4, Math.min(box.left, innerWidth - own.width - 8))}px`;
  $("tip").style.top = `${box.bottom + own.height + 8 > innerHeight ? Math.max(4, box.top - own.height - 6) : box.bottom + 6}px`;
}

async function open(name) {
  $("part").replaceChildren(make("p", {}, `Looking ${name} up…`));
  let found;
  try {
    found = await ask("part", { model: state.scenario.model, part: name });
  } catch (error) {
    $("part").replaceChildren(make("p", { class: "fail" }, error.message));
    return;
  }
  const heading = make("h3", { tabindex: -1 }, found.name);
  $("part").replaceChildren(heading,
    make("p", {}, [found.about, told(name)].filter(Boolean).join(". ")),
    make("p", { class: "about" }, [...found.sources, ...found.sites.map((s) => s.name + (s.states.length ? `: ${s.states.join(", ")}` : ""))].join("; ")),
    make("h4", {}, found.rules.length === 1 ? "1 rule" : `${found.rules.length + found.more} rules`),
    ...found.rules.map((rule) => make("details", {}, make("summary", {}, rule.says),
      make("p", {}, make("code", {}, rule.bngl)),
      make("p", { class: "about" }, [rule.name, rule.mechanism, ...rule.sources].filter(Boolean).join("; ")),
      ...(rule.parameters.length ? [make("div", { class: "wide" }, make("table", {},
        make("thead", {}, make("tr", {}, ...["parameter", "value", "unit", "meaning", "sources"].map((h) => make("th", { scope: "col" }, h)))),
        make("tbody", {}, ...rule.parameters.map((p) => make("tr", {}, make("td", {}, p.name), make("td", {}, typeof p.value === "number" ? short(p.value) : p.value), make("td", {}, p.unit), make("td", {}, p.about), make("td", {}, p.sources.join(", "))))))) ] : []))),
    ...(found.more ? [make("p", {}, `And ${found.more} more.`)] : []));
  heading.focus();
}
