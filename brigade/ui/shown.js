// One view: title, notes, chart, and the buttons for its other faces and its CSV. The chart stays:
// it takes new rows, and is drawn anew only when what is drawn, not of which rows, has changed.
// Vega is the one that Streamlit ships, with its interpreter, so that no text is run as code.

const KEPT = 60; // views of pages that were left, ready for coming back
const NEAR = 300; // pixels from the screen within which a chart is drawn before the others

const read = new TextDecoder();
const shown = new WeakMap(); // by the element that Streamlit gives
const parked = new Map(); // drawings of parts that left the page, the oldest first
const compiled = new Map(); // Vega programs by specification
const waiting = new Set(); // charts with something to draw
let vega;

// Streamlit's files of Vega stand beside its own; the letters under which they export change.
const loadVega = () => {
  vega ??= (async () => {
    const own = document.querySelector('script[type=module][src*="static/js/index."]').src;
    const files = ["{{embed}}", "{{vega-interpreter}}"].map((name) => import(new URL(name, own).href));
    const found = Object.assign({}, ...(await Promise.all(files)).flatMap(Object.values)
      .filter((part) => part?.vegaLite || part?.expressionInterpreter));
    return { vega: found.vega, lite: found.vegaLite, expr: found.expressionInterpreter };
  })();
  return vega;
};

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};

const write = (element, text) => {
  if (element.textContent !== text) element.textContent = text;
  element.hidden = !text;
};

const rowsOf = (columns) => {
  const names = Object.keys(columns);
  const count = names.length ? columns[names[0]].length : 0;
  return Array.from({ length: count }, (_, i) =>
    Object.fromEntries(names.map((name) => [name, columns[name][i]])));
};

// The box at the mouse with what a mark says.
const box = make("div", "brigade-tooltip");
box.id = "vg-tooltip-element";
const hover = (handler, event, item, value) => {
  if (!value || typeof value !== "object") { box.remove(); return; }
  const lines = Object.entries(value).map(([title, text]) => {
    const line = make("tr");
    line.append(make("td", "key", title), make("td", "value", text));
    return line;
  });
  const table = make("table");
  table.append(...lines);
  box.replaceChildren(table);
  if (!box.isConnected) document.body.append(box);
  const { offsetWidth: width, offsetHeight: height } = box;
  const left = event.clientX + 12 + width > innerWidth ? event.clientX - 12 - width : event.clientX + 12;
  const top = event.clientY + 12 + height > innerHeight ? event.clientY - 12 - height : event.clientY + 12;
  box.style.left = `${Math.max(0, left)}px`;
  box.style.top = `${Math.max(0, top)}px`;
};

// Marks that say nothing on hover let the mouse through to those behind them.
const onlyWhatAnswers = (marks) => marks.forEach((mark) => {
  if (mark.marks) onlyWhatAnswers(mark.marks);
  else if (!mark.encode?.update?.tooltip) mark.interactive = false;
});

// What is on the screen is drawn at once, the rest right after, each in a turn of its own.
const near = (chart) => {
  const { top, bottom } = chart.frame.getBoundingClientRect();
  return bottom > -NEAR && top < innerHeight + NEAR;
};
let turn = null;
const drawWaiting = () => {
  turn = null;
  const charts = [...waiting];
  const first = charts.filter(near);
  const now = first.length ? first : charts.slice(0, 1);
  now.forEach((chart) => { waiting.delete(chart); chart.draw(); });
  if (waiting.size) turn ??= setTimeout(drawWaiting);
};
const drawSoon = (chart) => {
  waiting.add(chart);
  turn ??= setTimeout(drawWaiting);
};
addEventListener("beforeprint", () => {
  box.remove();
  waiting.forEach((chart) => chart.draw());
  waiting.clear();
});

class Chart {
  constructor(frame) {
    this.frame = frame;
    this.width = 0;
    this.watch = new ResizeObserver(() => this.fit());
    this.watch.observe(frame);
  }

  take(slug, spec, rows, label) {
    this.label = label;
    if (spec !== this.spec || slug !== this.slug) this.leave();
    this.slug = slug;
    this.spec = spec;
    this.rows = rows;
    this.frame.setAttribute("aria-busy", "true");
    loadVega().then((loaded) => { this.loaded = loaded; drawSoon(this); });
  }

  draw() {
    if (!this.frame.isConnected || !this.rows) return;
    const { rows } = this;
    this.rows = null;
    if (!this.view) this.begin();
    for (const [name, columns] of Object.entries(rows)) this.view.data(name, rowsOf(columns));
    this.frame.setAttribute("aria-label", this.label);
    this.width = this.frame.clientWidth;
    this.view.resize().run();
    this.frame.removeAttribute("aria-busy");
  }

  begin() {
    const kept = parked.get(`${this.slug} ${this.spec}`);
    if (kept) {
      parked.delete(`${this.slug} ${this.spec}`);
      this.view = kept.view;
      this.canvas = kept.canvas;
      this.frame.replaceChildren(this.canvas);
      if (this.canvas.clientWidth) this.view.width(this.canvas.clientWidth);
    } else {
      const { vega, lite, expr } = this.loaded;
      if (!compiled.has(this.spec)) {
        const quiet = { logger: vega.logger(vega.Error) };
        const program = lite.compile(JSON.parse(this.spec), quiet).spec;
        onlyWhatAnswers(program.marks);
        compiled.set(this.spec, vega.parse(program, {}, { ast: true }));
      }
      this.canvas = make("div", "brigade-canvas");
      this.frame.replaceChildren(this.canvas);
      this.view = new vega.View(compiled.get(this.spec), { expr, renderer: "svg", logLevel: vega.Error });
      this.view.tooltip(hover).initialize(this.canvas);
      this.canvas.removeAttribute("role");
    }
    this.view.pick = (_, item) => {
      const keys = Object.entries(item?.datum ?? {}).filter(([name]) => name.startsWith("key_"));
      if (keys.length) this.picked(Object.fromEntries(keys));
    };
    this.view.addEventListener("click", this.view.pick);
  }

  fit() {
    const width = this.frame.clientWidth;
    if (!this.view || !width || width === this.width) return;
    this.width = width;
    this.view.width(width).resize().run();
  }

  // Keeps the drawing for when its page is opened again.
  leave() {
    waiting.delete(this);
    if (!this.view) return;
    this.view.removeEventListener("click", this.view.pick);
    this.canvas.remove();
    box.remove();
    parked.set(`${this.slug} ${this.spec}`, { view: this.view, canvas: this.canvas });
    this.view = null;
    while (parked.size > KEPT) {
      const [oldest] = parked.keys();
      parked.get(oldest).view.finalize();
      parked.delete(oldest);
    }
  }
}

class Shown {
  constructor(parent) {
    this.title = make("h4", "brigade-title");
    this.before = make("div", "brigade-notes");
    this.alt = make("p", "visually-hidden");
    this.frame = make("div", "brigade-chart");
    this.frame.setAttribute("role", "graphics-document");
    this.frame.setAttribute("aria-roledescription", "visualization");
    this.after = make("div", "brigade-notes");
    this.faces = make("div", "brigade-faces");
    this.group = make("div", "brigade-choice");
    this.group.setAttribute("role", "radiogroup");
    this.csv = make("button", "brigade-csv", "CSV");
    this.csv.type = "button";
    this.csv.addEventListener("click", () => this.send("csv", true));
    this.faces.append(this.group, this.csv);
    this.whole = make("div", "brigade-view");
    this.whole.append(this.title, this.before, this.alt, this.frame, this.after, this.faces);
    parent.append(this.whole);
  }

  take(said) {
    write(this.title, said.title);
    this.notes(this.before, said.notes);
    this.notes(this.after, said.under);
    write(this.alt, said.alt);
    this.buttons(said.faces, said.face, said.show_as);
    this.faces.hidden = !said.faces.length;
    this.csv.title = said.csv;
    this.frame.hidden = !said.spec;
    if (said.spec) {
      this.chart ??= new Chart(this.frame);
      this.chart.picked = (keys) => this.send("pick", keys);
      this.chart.take(said.slug, said.spec, said.rows, said.title);
    } else {
      this.chart?.leave();
    }
    if (said.file) this.save(said.file);
  }

  notes(element, texts) {
    const text = JSON.stringify(texts);
    if (element.dataset.text === text) return;
    element.dataset.text = text;
    element.hidden = !texts.length;
    element.replaceChildren(...texts.map((note) => make("p", "", note)));
  }

  buttons(faces, face, label) {
    this.group.setAttribute("aria-label", label);
    const known = JSON.stringify(faces);
    if (this.group.dataset.known !== known) {
      this.group.dataset.known = known;
      this.group.replaceChildren(...faces.map(([id, text]) => {
        const button = make("button", "", text);
        button.type = "button";
        button.dataset.face = id;
        button.setAttribute("role", "radio");
        button.addEventListener("click", () => this.choose(id));
        button.addEventListener("keydown", (event) => this.move(event, button));
        return button;
      }));
    }
    for (const button of this.group.children) {
      const chosen = button.dataset.face === face;
      button.setAttribute("aria-checked", String(chosen));
      button.tabIndex = chosen ? 0 : -1;
    }
  }

  choose(face) {
    this.send("face", face);
  }

  move(event, button) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step) return;
    const all = [...this.group.children];
    const next = all[(all.indexOf(button) + step + all.length) % all.length];
    next.focus();
    this.choose(next.dataset.face);
    event.preventDefault();
  }

  save({ name, text }) {
    const address = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
    const link = make("a");
    link.href = address;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const text = read.decode(data);
  let part = shown.get(parentElement);
  if (!part) shown.set(parentElement, (part = new Shown(parentElement)));
  part.send = setTriggerValue;
  if (text !== part.text) {
    part.text = text;
    part.take(JSON.parse(text));
  }
  return () => part.chart?.leave();
}
