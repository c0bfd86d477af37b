// A row of key figures: label, value, change in words, trend, target, and the way to the rows.

const read = new TextDecoder();
const rows = new WeakMap(); // by the element that Streamlit gives
const SVG = "http://www.w3.org/2000/svg";
const WIDE = 200;
const HIGH = 40;

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

const write = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
};

class Card {
  constructor(name, send) {
    this.name = name;
    this.whole = make("div", `brigade-card st-key-kpi_${name}`);
    this.label = make("span");
    this.help = make("span", "brigade-help", "?");
    this.help.tabIndex = 0;
    this.said = make("span", "brigade-said");
    this.said.role = "tooltip";
    this.said.id = `help-of-${name}`;
    this.help.setAttribute("aria-describedby", this.said.id);
    this.help.append(this.said);
    const head = make("div", "brigade-label");
    head.append(this.label, this.help);
    this.value = make("div", "brigade-figure");
    this.trend = document.createElementNS(SVG, "svg");
    this.trend.setAttribute("class", "brigade-trend");
    this.trend.setAttribute("viewBox", `0 0 ${WIDE} ${HIGH}`);
    this.trend.setAttribute("preserveAspectRatio", "none");
    this.trend.setAttribute("aria-hidden", "true");
    this.area = document.createElementNS(SVG, "path");
    this.area.setAttribute("class", "area");
    this.line = document.createElementNS(SVG, "path");
    this.line.setAttribute("class", "line");
    this.trend.append(this.area, this.line);
    this.change = make("p", "brigade-words");
    this.aim = make("p", "brigade-words");
    this.verdict = make("span");
    this.ways = make("div", "brigade-ways");
    this.whole.append(head, this.value, this.trend, this.change, this.aim, this.ways);
    this.open = this.way(`st-key-rows_of_${name}`, () => send("rows", name));
    // A link of Streamlit's own that nobody sees keeps the filters on the way to the other page.
    this.more = this.way(`st-key-more_of_${name}`, () =>
      document.querySelector(`.st-key-way_${name} a`).click());
    this.more.button.setAttribute("role", "link");
  }

  way(className, act) {
    const holder = make("div", className);
    const button = make("button", "brigade-way");
    button.type = "button";
    button.addEventListener("click", act);
    holder.append(button);
    this.ways.append(holder);
    return { holder, button };
  }

  take(said) {
    write(this.label, said.label);
    write(this.value, said.value);
    if (this.said.textContent !== said.help) this.said.textContent = said.help;
    write(this.change, said.change);
    this.change.dataset.tone = said.tone;
    this.aim.hidden = !said.aim;
    if (said.aim) {
      const [words, verdict, tone] = said.aim;
      this.verdict.textContent = verdict;
      this.verdict.dataset.tone = tone;
      this.aim.replaceChildren(words, this.verdict);
    }
    for (const [way, text] of [[this.open, said.rows], [this.more, said.more]]) {
      way.holder.hidden = !text;
      write(way.button, text);
    }
    this.draw(said.trend);
  }

  draw(values) {
    this.trend.toggleAttribute("hidden", !values);
    if (!values) return;
    const low = Math.min(...values);
    const span = Math.max(...values) - low || 1;
    const x = (i) => Math.round((10 * WIDE * i) / (values.length - 1)) / 10;
    const y = (value) => Math.round(10 * (HIGH - 3 - ((HIGH - 6) * (value - low)) / span)) / 10;
    const points = values.map((value, i) => `${x(i)} ${y(value)}`).join("L");
    this.line.setAttribute("d", `M${points}`);
    this.area.setAttribute("d", `M${points}L${WIDE} ${HIGH}L0 ${HIGH}Z`);
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const text = read.decode(data);
  let row = rows.get(parentElement);
  if (!row) {
    row = { whole: make("div", "brigade-cards"), cards: new Map() };
    parentElement.append(row.whole);
    rows.set(parentElement, row);
  }
  row.send = setTriggerValue;
  if (text === row.text) return;
  row.text = text;
  const said = JSON.parse(text);
  for (const card of said) {
    if (!row.cards.has(card.name)) row.cards.set(card.name, new Card(card.name, (...all) => row.send(...all)));
    row.cards.get(card.name).take(card);
  }
  const wanted = said.map((card) => row.cards.get(card.name).whole);
  if (wanted.length !== row.whole.children.length || wanted.some((card, i) => row.whole.children[i] !== card)) {
    row.whole.replaceChildren(...wanted);
  }
}
