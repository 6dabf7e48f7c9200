// Errors of the booth: one class for each thing a caller does differently, each with data.
// The words are those of dauys.core.errors, so that a fault reads the same on both sides.

/** Bytes from outside do not have the one accepted form. */
export class MalformedError extends Error {
  /**
   * @param {string} what the structure: "ballot", "checkpoint"
   * @param {string} why the first fault found
   */
  constructor(what, why) {
    super(`malformed ${what}: ${why}`);
    this.name = "MalformedError";
    this.what = what;
    this.why = why;
  }
}

/** Something well formed does not hold: a proof, a signature, a hash. */
export class VerificationError extends Error {
  /**
   * @param {string} what the claim that failed
   * @param {string} [why]
   */
  constructor(what, why = "") {
    super(why ? `${what}: ${why}` : what);
    this.name = "VerificationError";
    this.what = what;
    this.why = why;
  }
}

/** The voter's choices do not fit the rules of a question. */
export class ChoiceError extends Error {
  /**
   * @param {number} question index of the question, from 0
   * @param {string} why
   */
  constructor(question, why) {
    super(`question ${question}: ${why}`);
    this.name = "ChoiceError";
    this.question = question;
    this.why = why;
  }
}

/**
 * An error as a message between the worker and the page can carry it.
 *
 * @typedef {{name: string, args: [any, string]}} ErrorParts
 */

/**
 * @param {unknown} error
 * @returns {ErrorParts}
 */
export function errorParts(error) {
  if (error instanceof ChoiceError) return { name: error.name, args: [error.question, error.why] };
  if (error instanceof MalformedError || error instanceof VerificationError) {
    return { name: error.name, args: [error.what, error.why] };
  }
  return { name: "Error", args: [String(error), ""] };
}

/**
 * @param {ErrorParts} parts
 * @returns {Error}
 */
export function errorFrom({ name, args: [subject, why] }) {
  if (name === "ChoiceError") return new ChoiceError(subject, why);
  if (name === "MalformedError") return new MalformedError(subject, why);
  if (name === "VerificationError") return new VerificationError(subject, why);
  return new Error(subject);
}
