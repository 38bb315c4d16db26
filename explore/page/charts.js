// Pictures of numbers, with Observable Plot: SVG whose colours follow the theme.
/* global Plot, d3 */
import { make, short } from "./state.js";

export const DASHES = ["", "8 4", "2 3", "10 3 2 3", "14 5"];
export const colour = (place) => `var(--l${place})`;
const FREE = "var(--free)";
// What follows the pointer is for who sees it; Plot gives it a label where none may be.
const SEEN = { ariaHidden: "true" };
const BELOW = { labelAnchor: "center", labelArrow: "none" };

/** The style of a line: the present scenario, pins, and the untreated cell. */
export function style(line) {
  return line.free ? { stroke: FREE, strokeDasharray: "3 4" } : { stroke: colour(line.place), strokeDasharray: DASHES[line.place] };
}

/** Draw one readout of several lines over time. */
export function courses(name, lines, unit, timeUnit) {
  const marks = [Plot.ruleY([0], { stroke: "currentColor", strokeOpacity: 0.4 })];
  for (const line of lines) {
    if (line.band) marks.push(Plot.areaY(line.band, { x: "t", y1: "low", y2: "high", fill: colour(line.place), fillOpacity: 0.2 }));
    marks.push(Plot.lineY(line.points, { x: "t", y: "v", ...style(line), strokeWidth: 2 }));
  }
  const all = lines.flatMap((line) => line.points.map((p) => ({ ...p, of: line.said })));
  marks.push(Plot.tip(all, Plot.pointer({ ...SEEN, x: "t", y: "v", title: (p) => `${p.of}\n${short(p.t)} ${timeUnit}: ${short(p.v)} ${unit}`, fill: "var(--back)", stroke: "currentColor" })));
  const end = lines.map((line) => `${line.said}: ${short(line.points.at(-1)?.v)}`).join("; ");
  return figure(name + (unit ? ` (${unit})` : ""), Plot.plot({
    width: 360, height: 220, marginLeft: 52, marginBottom: 40, style: { background: "none", fontSize: "12px" },
    x: { label: `time (${timeUnit || "the file's own"})`, ...BELOW }, y: { label: null, zero: true, nice: true }, marks,
  }), `${name} over time. At the end, ${end}.`);
}

/** Draw a dose response. */
export function response(curve, doses) {
  const points = doses.map((d, i) => ({ d, v: curve.values[i] }));
  const marks = [Plot.ruleY([0], { stroke: "currentColor", strokeOpacity: 0.4 }),
    Plot.ruleY([curve.control], { stroke: FREE, strokeDasharray: "3 4" })];
  if (curve.fitted) marks.push(Plot.lineY(curve.fitted.doses.map((d, i) => ({ d, v: curve.fitted.values[i] })), { x: "d", y: "v", stroke: colour(0) }));
  marks.push(Plot.dot(points, { x: "d", y: "v", fill: colour(0), r: 4, channels: {}, tip: SEEN }));
  return figure(curve.readout + (curve.unit ? ` (${curve.unit})` : ""), Plot.plot({
    width: 360, height: 220, marginLeft: 52, marginBottom: 40, style: { background: "none", fontSize: "12px" },
    x: { type: "log", label: "dose (nM)", tickFormat: short, ...BELOW }, y: { label: null, zero: true, nice: true }, marks,
  }), `${curve.readout} over dose: ${short(curve.control)} without, ${short(curve.values.at(-1))} at ${short(doses.at(-1))} nM.`);
}

/** Draw the surface of a pair: effects as colour and as numbers. */
export function surface(found, names, what) {
  const rows = what === "effect" ? found.effect : found.excess.Bliss;
  const [first, second] = found.doses;
  const cells = first.flatMap((a, i) => second.map((b, j) => ({ a: short(a), b: short(b), v: rows[i][j] })));
  const most = Math.max(0.05, ...cells.map((c) => Math.abs(c.v ?? 0)));
  const scale = d3.scaleLinear([-most, 0, most], ["#8fb8de", "#ffffff", "#f2a065"]).clamp(true);
  const title = `${found.readout}: ${what === "effect" ? "effect (share)" : "excess over Bliss"}`;
  return figure(title, Plot.plot({
    width: 360, height: 260, marginLeft: 60, marginBottom: 40, padding: 0.02, style: { background: "none", fontSize: "12px" },
    x: { domain: first.map(short), label: `${names[0]} (nM)` }, y: { domain: second.map(short).reverse(), label: `${names[1]} (nM)` },
    marks: [
      Plot.cell(cells, { x: "a", y: "b", fill: (c) => c.v === null ? "#ccc" : scale(c.v), stroke: "#555", strokeOpacity: 0.3 }),
      Plot.text(cells, { x: "a", y: "b", text: (c) => c.v === null ? "" : c.v.toFixed(2).replace(/^-(0\.00)$/, "$1"), fill: "#111" }),
    ],
  }), `${title} of ${names.join(" with ")}, ${found.verdict}.`);
}

function figure(title, svg, told) {
  // The picture is told as a whole; what Plot calls its parts is of no use to a listener.
  for (const part of svg.querySelectorAll("[aria-label], [aria-description], [aria-roledescription]"))
    for (const name of ["aria-label", "aria-description", "aria-roledescription"]) part.removeAttribute(name);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", told);
  return make("figure", {}, make("figcaption", {}, title), svg);
}

/** Return a table of rows that are objects. */
export function table(rows) {
  if (!rows.length) return make("p", {}, "Nothing.");
  const names = Object.keys(rows[0]);
  return make("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Table" }, make("table", {},
    make("thead", {}, make("tr", {}, ...names.map((n) => make("th", { scope: "col" }, n)))),
    make("tbody", {}, ...rows.map((row) => make("tr", {}, ...names.map((n) => make("td", {}, typeof row[n] === "number" ? short(row[n]) : String(row[n] ?? "–"))))))));
}

/** Return all pictures of an element as one SVG that stands alone, colours as they look now. */
export function together(box, lines) {
  const figures = [...box.querySelectorAll("figure")];
  const columns = Math.min(2, figures.length), width = 380, height = 260;
  const rows = Math.ceil(figures.length / columns), key = 22 * lines.length + 10;
  const ink = getComputedStyle(document.body).color, back = getComputedStyle(document.body).backgroundColor;
  const space = "http://www.w3.org/2000/svg";
  const all = d3.create("svg").attr("xmlns", space).attr("width", columns * width).attr("height", rows * height + key)
    .attr("font-family", "system-ui, sans-serif").attr("font-size", 12).attr("color", ink).attr("fill", ink);
  all.append("rect").attr("width", "100%").attr("height", "100%").attr("fill", back);
  figures.forEach((one, place) => {
    const g = all.append("g").attr("transform", `translate(${(place % columns) * width + 8},${Math.floor(place / columns) * height + 8})`);
    g.append("text").attr("y", 12).attr("font-weight", "bold").text(one.querySelector("figcaption").textContent);
    const copy = resolved(one.querySelector("svg"));
    copy.setAttribute("y", 20); copy.setAttribute("width", 360); copy.setAttribute("height", 220);
    g.node().append(copy);
  });
  lines.forEach((line, place) => {
    const y = rows * height + 14 + 22 * place;
    const drawn = style(line);
    const at = all.append("line").attr("x1", 8).attr("x2", 48).attr("y1", y).attr("y2", y).attr("stroke-width", 2).attr("stroke-dasharray", drawn.strokeDasharray);
    at.attr("stroke", value(drawn.stroke));
    all.append("text").attr("x", 56).attr("y", y + 4).text(line.said);
  });
  return new XMLSerializer().serializeToString(all.node());
}

function value(text) {
  const named = /^var\((--[\w-]+)\)$/.exec(text);
  return named ? getComputedStyle(document.documentElement).getPropertyValue(named[1]).trim() : text;
}

function resolved(svg) {
  const copy = svg.cloneNode(true);
  copy.querySelectorAll("style, [aria-label=tip]").forEach((each) => each.remove());
  for (const each of [copy, ...copy.querySelectorAll("*")])
    for (const name of ["fill", "stroke"]) if (each.hasAttribute(name)) each.setAttribute(name, value(each.getAttribute(name)));
  return copy;
}
