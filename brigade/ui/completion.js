// Completes the word before the caret of a text area: names offered below it, taken with Tab or a
// click. The text area stays Streamlit's own; this part only writes into it as typing would.

const SHOWN = 8;
const WORD = /[\p{L}\p{N}_]+$/u;

export default function ({ data, parentElement }) {
  const box = document.querySelector(`.st-key-${data.key} textarea`);
  const list = parentElement.querySelector("ul");
  if (!box || !list) return;
  list.id = `completion-${data.key}`;
  list.setAttribute("aria-label", data.label);
  let offered = [];
  let chosen = 0;

  const word = () => (box.value.slice(0, box.selectionStart).match(WORD) || [""])[0];

  // What begins with the word comes first, then what holds it; columns of the extracts that the
  // question already names come before the others.
  const rank = (name, start, named) => {
    const at = Math.min(...[name.name, name.label].map((text) => {
      const found = text.toLowerCase().indexOf(start);
      return found < 0 ? 9 : Math.min(found, 1);
    }));
    return at === 9 ? null : 2 * at + (name.of && !name.of.some((one) => named.has(one)) ? 1 : 0);
  };

  const find = () => {
    const start = word().toLowerCase();
    if (!start || box.selectionStart !== box.selectionEnd) return [];
    const named = new Set(box.value.toLowerCase().match(/[a-z_]+/g) || []);
    return data.names
      .map((name, order) => ({ name, order, rank: rank(name, start, named) }))
      .filter((one) => one.rank !== null && one.name.name !== start)
      .sort((a, b) => a.rank - b.rank || a.order - b.order)
      .slice(0, SHOWN)
      .map((one) => one.name);
  };

  const draw = () => {
    list.hidden = !offered.length;
    list.replaceChildren(...offered.map((name, index) => {
      const item = document.createElement("li");
      item.id = `${list.id}-${index}`;
      item.role = "option";
      item.ariaSelected = String(index === chosen);
      const code = document.createElement("code");
      code.textContent = name.name;
      item.append(code, ` ${name.label}`);
      // Before the click takes the focus from the text area.
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(name); });
      return item;
    }));
    box.setAttribute("aria-expanded", String(!list.hidden));
  };

  const offer = () => { offered = find(); chosen = 0; draw(); };
  const close = () => { offered = []; draw(); };

  const take = (name) => {
    const end = box.selectionStart;
    box.setRangeText(name.name, end - word().length, end, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  };

  const typed = (event) => { if (event.inputType) offer(); };
  const pressed = (event) => {
    if (!offered.length) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) {
      chosen = (chosen + move + offered.length) % offered.length;
      draw();
    } else if (event.key === "Tab" && !event.shiftKey) {
      take(offered[chosen]);
    } else if (event.key === "Escape") {
      close();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };

  box.setAttribute("aria-autocomplete", "list");
  box.addEventListener("input", typed);
  box.addEventListener("keydown", pressed, true);
  box.addEventListener("blur", close);
  close();
  return () => {
    box.removeEventListener("input", typed);
    box.removeEventListener("keydown", pressed, true);
    box.removeEventListener("blur", close);
  };
}
