// Shows new messages as they come.

const SECONDS = 3;
const list = /** @type {HTMLElement} */ (document.querySelector("[data-outbox]"));
let shown = "";

setInterval(async () => {
  if (document.hidden) return;
  const response = await fetch(String(list.dataset.outbox)).catch(() => null);
  const text = response?.ok ? await response.text() : shown;
  if (text === shown) return;
  shown = text;
  list.replaceChildren(...JSON.parse(text).messages.map(message));
}, SECONDS * 1000);

/** @param {{phone: string, at: string, text: string}} sent */
function message({ phone, at, text }) {
  const box = document.createElement("div");
  box.className = "m-message";
  box.append(line("m-message__to", `${phone} · ${at}`), line("m-message__text", text));
  return box;
}

/**
 * @param {string} name of the class
 * @param {string} text
 */
function line(name, text) {
  const place = document.createElement("p");
  place.className = name;
  place.translate = false;
  place.textContent = text;
  return place;
}
