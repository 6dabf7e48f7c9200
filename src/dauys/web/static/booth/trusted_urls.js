// The two addresses that the booth loads as code after its page: the worker and the vendored
// NCALayer client. Under Trusted Types only a policy may name such addresses; this one knows no
// others. The page's CSP must allow it: trusted-types dauys-booth.

export const WORKER_URL = new URL("./worker.js", import.meta.url).href;
export const NCALAYER_CLIENT_URL = new URL(
  "../vendor/ncalayer-js-client-1.5.6/ncalayer-client.js", import.meta.url,
).href;

const ALLOWED = [WORKER_URL, NCALAYER_CLIENT_URL];

/** @type {any} TrustedTypePolicy, where the browser has them */
let policy;

/**
 * @param {string} url one of the two above
 * @returns {string} to be given to the browser as the address of a script (a TrustedScriptURL
 *   where the browser has them)
 */
export function trustedUrl(url) {
  const { trustedTypes } = /** @type {any} */ (globalThis);
  policy ??= (trustedTypes ?? { createPolicy: createNothing }).createPolicy("dauys-booth", {
    createScriptURL: onlyAllowed,
  });
  return policy.createScriptURL(url);
}

/**
 * @param {string} url
 * @returns {string}
 */
function onlyAllowed(url) {
  if (!ALLOWED.includes(url)) throw new TypeError("not an address of the booth");
  return url;
}

/**
 * @param {string} _name
 * @param {{createScriptURL: (url: string) => string}} rules
 */
function createNothing(_name, rules) {
  return rules;
}
