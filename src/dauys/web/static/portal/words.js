// Words come with the page, in its language: in data attributes and in templates of refusals.

/**
 * @param {string} words with `{n}` and its like
 * @param {Record<string, string | number>} values
 * @returns {string}
 */
export function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * Show the message of a refusal and move the focus to it.
 *
 * @param {string} code as the server or the signing program said; a stranger reads as `server`
 * @param {{focus?: boolean}} [options] without focus, the same message is not shown twice
 */
export function showProblem(code, { focus = true } = {}) {
  const place = one("[data-problem]");
  if (!focus && place.dataset.shown === code && place.firstElementChild) return;
  place.dataset.shown = code;
  const template = document.querySelector(`template[data-refusal="${CSS.escape(code)}"]`)
    ?? document.querySelector('template[data-refusal="server"]');
  place.replaceChildren(/** @type {HTMLTemplateElement} */ (template).content.cloneNode(true));
  if (focus) /** @type {HTMLElement} */ (place.firstElementChild).focus();
  else place.scrollIntoView({ block: "nearest" });
}

/** Take the message away. */
export function clearProblem() {
  one("[data-problem]").replaceChildren();
}

/**
 * @param {string} selector of an element that the page is known to have
 * @param {ParentNode} [root]
 * @returns {any}
 */
export function one(selector, root = document) {
  const found = root.querySelector(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}
