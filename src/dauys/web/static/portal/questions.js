// The questions of the ballot as they stand on the page: what is marked, whether it may be
// encrypted, and how it is told to the voter.

import { fill, one } from "./words.js";

/** @typedef {import("../booth/election.js").Question} Question */
/** @typedef {import("../booth/list_answer.js").ListChoice} ListChoice */
/** @typedef {{title: string, list: string, names: string[]}} Told what the voter chose, in words */

/**
 * @typedef {object} Field a question on the page
 * @property {any} root its fieldset
 * @property {(question: Question | undefined) => boolean} fits whether the page shows this question
 * @property {() => string} fault why the marks may not be encrypted, as a word in the dataset of `data-none`
 * @property {() => readonly number[] | "blank" | ListChoice} chosen once there is no fault
 * @property {() => Told} told
 */

/**
 * @param {any} form
 * @returns {Field[]} in the order of the ballot paper
 */
export function fieldsOf(form) {
  return [...form.querySelectorAll("[data-question]")].map((root) => (
    root.dataset.kind === "lists" ? new ListField(root) : new ChoiceField(root)
  ));
}

/**
 * Show at each question what is missing in it, and move the focus to the first.
 *
 * @param {readonly Field[]} fields
 * @returns {boolean} whether nothing is
 */
export function allAnswered(fields) {
  const places = fields.map((field) => {
    const fault = field.fault();
    const place = one("[data-none]", field.root);
    place.hidden = !fault;
    if (fault) place.lastElementChild.textContent = place.dataset[fault];
    field.root.parentElement.classList.toggle("p-question--error", Boolean(fault));
    return fault ? place : null;
  });
  places.find(Boolean)?.focus();
  return !places.some(Boolean);
}

/**
 * The voter is at it: what was missing is said no longer.
 *
 * @param {any} root of a question
 */
function forgive(root) {
  one("[data-none]", root).hidden = true;
  root.parentElement.classList.remove("p-question--error");
}

/** Some of the answers, up to a number, or the blank vote. */
class ChoiceField {
  /** @param {any} root */
  constructor(root) {
    this.root = root;
    this.minimum = Number(root.dataset.minimum);
    this.maximum = Number(root.dataset.maximum);
    this.marks = [...root.querySelectorAll("[data-mark]")];
    this.blank = this.marks.find((mark) => mark.value === "blank");
    this.oneOnly = this.marks[0].type === "radio";
    root.addEventListener("change", (/** @type {Event} */ event) => this.#count(event.target));
    this.#count(null);
  }

  /** @param {Question | undefined} question */
  fits(question) {
    if (question?.kind !== "choice") return false;
    const names = this.marks.filter((mark) => mark !== this.blank).map((mark) => mark.dataset.name);
    return sameTexts(names, question.answers)
      && question.blank === Boolean(this.blank) && question.min === this.minimum && question.max === this.maximum;
  }

  fault() {
    if (this.blank?.checked) return "";
    const { length } = this.#chosenMarks();
    return length < this.minimum ? "tooFew" : "";
  }

  chosen() {
    return this.blank?.checked ? "blank" : this.#chosenMarks().map((mark) => Number(mark.value));
  }

  told() {
    const names = this.marks.filter((mark) => mark.checked).map((mark) => mark.dataset.name);
    return { title: this.root.dataset.title, list: "", names };
  }

  #chosenMarks() {
    return this.marks.filter((mark) => mark.checked && mark !== this.blank);
  }

  /** @param {any} changed */
  #count(changed) {
    const { blank, marks, maximum, root } = this;
    forgive(root);
    if (this.oneOnly) return;
    if (changed?.checked && blank) {
      if (changed === blank) marks.forEach((mark) => { if (mark !== blank) mark.checked = false; });
      else blank.checked = false;
    }
    const n = this.#chosenMarks().length;
    const full = n >= maximum;
    marks.forEach((mark) => { mark.disabled = full && !mark.checked && mark !== blank; });
    const count = one("[data-count]", root);
    count.textContent = fill(count.dataset.words, { n }) + (full ? `. ${count.dataset.full}` : "");
  }
}

/** One list, and at least one of its candidates. */
class ListField {
  /** @param {any} root */
  constructor(root) {
    this.root = root;
    this.lists = [...root.querySelectorAll("[data-list]")].map((place) => ({
      place,
      mark: one("[data-list-mark]", place),
      members: one("[data-members]", place),
      marks: [...place.querySelectorAll("[data-mark]")],
    }));
    root.addEventListener("change", () => this.#update());
    this.#update();
  }

  /** @param {Question | undefined} question */
  fits(question) {
    if (question?.kind !== "lists" || question.lists.length !== this.lists.length) return false;
    return this.lists.every(({ mark, marks }, i) => (
      sameTexts([mark, ...marks].map(({ dataset }) => dataset.name), question.lists[i])
    ));
  }

  fault() {
    const open = this.#open();
    if (!open) return "noList";
    return open.marks.some((mark) => mark.checked) ? "" : "tooFew";
  }

  chosen() {
    const list = this.lists.findIndex(({ mark }) => mark.checked);
    const candidates = this.lists[list].marks.filter((mark) => mark.checked).map((mark) => Number(mark.value));
    return { list, candidates };
  }

  told() {
    const open = this.#open();
    const names = open?.marks.filter((mark) => mark.checked).map((mark) => mark.dataset.name) ?? [];
    return { title: this.root.dataset.title, list: open?.mark.dataset.name ?? "", names };
  }

  #open() {
    return this.lists.find(({ mark }) => mark.checked);
  }

  /** Only the chosen list shows its candidates; marks elsewhere are taken away. */
  #update() {
    forgive(this.root);
    for (const { mark, members, marks } of this.lists) {
      members.hidden = !mark.checked;
      if (!mark.checked) marks.forEach((one) => { one.checked = false; });
    }
    const open = this.#open();
    const count = one("[data-count]", this.root);
    const n = open?.marks.filter((mark) => mark.checked).length ?? 0;
    const name = document.createElement("span");
    name.translate = false; // a name, in nobody's language
    name.textContent = open?.mark.dataset.name ?? "";
    count.replaceChildren(...(open ? [name, `: ${fill(count.dataset.words, { n })}`] : []));
  }
}

/**
 * @param {readonly string[]} one
 * @param {readonly string[]} other
 */
function sameTexts(one, other) {
  return one.length === other.length && one.every((text, i) => text === other[i]);
}
