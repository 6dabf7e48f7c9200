// What can go wrong while a person signs, in words that the page translates.

/**
 * - `not_running`: the signing program is absent or closed
 * - `not_allowed`: the browser was told not to let this page reach programs on this computer
 * - `cancelled`: the person closed the signing window
 * - `wrong_key`: not the right kind of key (another purpose, another holder, wrong password)
 * - `expired_key`: the certificate is out of date
 * - `refused`: anything else; `detail` is for the help desk
 *
 * @typedef {"not_running" | "not_allowed" | "cancelled" | "wrong_key" | "expired_key" | "refused"} SignerCode
 */

export class SignerError extends Error {
  /**
   * @param {SignerCode} code
   * @param {string} [detail] as the signing program said it
   */
  constructor(code, detail = "") {
    super(detail ? `${code}: ${detail}` : code);
    this.name = "SignerError";
    this.code = code;
    this.detail = detail;
  }
}

/**
 * A way to sign. `sign` takes the challenge in base64 and gives the CMS, with the challenge
 * inside, as base64 of DER or BER. It may be called on a person's click only: browsers ask
 * whether the page may reach a local program.
 *
 * @typedef {object} Signer
 * @property {string} id stable word, "ncalayer"
 * @property {(challengeBase64: string, options: {locale: "kk" | "ru" | "en"}) => Promise<string>} sign
 */
