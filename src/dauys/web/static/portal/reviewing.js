// "Check your choice": every question with what was chosen in it, and a way back to it.

import { one } from "./words.js";

/** @typedef {import("./questions.js").Field} Field */

/**
 * @param {any} root of the ballot's page
 * @param {readonly Field[]} fields
 * @param {(field: Field) => void} change called when the voter wants to change an answer
 */
export function showReview(root, fields, change) {
  const template = one("template[data-answer]", root).content.firstElementChild;
  one("[data-chosen]", root).replaceChildren(...fields.map((field) => {
    const { title, list, names } = field.told();
    const part = template.cloneNode(true);
    const heading = one("[data-answer-title]", part);
    heading.textContent = title;
    heading.hidden = fields.length === 1;
    const listName = one("[data-answer-list]", part);
    listName.textContent = list;
    listName.hidden = !list;
    one("[data-answer-names]", part).replaceChildren(...names.map((name) => {
      const item = document.createElement("li");
      item.textContent = name;
      item.translate = false;
      return item;
    }));
    one("[data-answer-nobody]", part).hidden = names.length > 0;
    one("[data-change-title]", part).textContent = fields.length === 1 ? "" : title;
    one("[data-change]", part).addEventListener("click", () => change(field));
    return part;
  }));
}
