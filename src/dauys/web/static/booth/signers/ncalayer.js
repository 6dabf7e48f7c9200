// Signs with NCALayer, the national signing program on the person's own computer, through the
// vendored ncalayer-js-client: its basics module, or the older commonUtils where that is missing.
// CSP: connect-src wss://127.0.0.1:13579.
// The client also asks https://127.0.0.1:24680 whether another program is there; CSP may refuse it.

import { NCALAYER_CLIENT_URL, trustedUrl } from "../trusted_urls.js";
import { cmsFromText } from "./cms.js";
import { SignerError } from "./errors.js";

/** @typedef {import("./errors.js").Signer} Signer */

const SIGNING_KEY = "1.3.6.1.5.5.7.3.4";
const HOLDERS = { individual: ["1.2.398.3.3.4.1.1"], company: ["1.2.398.3.3.4.1.2"], any: [] };

// An attached CMS over the decoded challenge, without a time stamp: the server knows the time.
const SIGNING_PARAMETERS = { decode: true, encapsulate: true, digested: false };

/**
 * @param {object} [options]
 * @param {keyof typeof HOLDERS} [options.holder] whose certificates NCALayer offers
 * @param {boolean} [options.testKeys] accept keys of the test authority, for rehearsals only
 * @param {string} [options.url]
 * @param {() => Promise<any>} [options.loadClient] gives the class NCALayerClient
 * @returns {Signer}
 */
export function ncalayerSigner({
  holder = "any", testKeys = false, url = "wss://127.0.0.1:13579", loadClient = loadVendored,
} = {}) {
  const signerParameters = {
    extKeyUsageOids: [SIGNING_KEY, ...HOLDERS[holder]],
    ...(testKeys ? { chain: [] } : {}),
  };
  return {
    id: "ncalayer",
    async sign(challengeBase64, { locale }) {
      const NCALayerClient = await loadClient();
      const client = new NCALayerClient(url, false);
      try {
        await connect(client);
        return readCms(await request(client, challengeBase64, signerParameters, locale));
      } finally {
        client.wsConnection?.close();
      }
    },
  };
}

/** @param {any} client */
async function connect(client) {
  try {
    await client.connect();
  } catch (error) {
    throw new SignerError(await mayConnect() ? "not_running" : "not_allowed", String(error));
  }
}

/** @returns {Promise<boolean>} unless the person refused: browsers ask since 2025, by two names */
async function mayConnect() {
  for (const name of ["loopback-network", "local-network-access"]) {
    try {
      const { state } = await navigator.permissions.query(/** @type {any} */ ({ name }));
      if (state === "denied") return false;
    } catch {
      // This browser does not know the name, and does not ask.
    }
  }
  return true;
}

/**
 * @param {any} client
 * @param {string} challengeBase64
 * @param {object} signerParameters
 * @param {"kk" | "ru" | "en"} locale
 * @returns {Promise<string>} PEM
 */
async function request(client, challengeBase64, signerParameters, locale) {
  try {
    const storages = null; // files, tokens and identity cards alike
    return await client.basicsSignCMS(
      storages, challengeBase64, SIGNING_PARAMETERS, signerParameters, locale,
    );
  } catch (error) {
    if (!isMissingModule(/** @type {any} */ (error))) throw signerError(/** @type {any} */ (error));
  }
  return requestOfOld(client, challengeBase64);
}

/**
 * Ask the module that NCALayer had before 2022. It knows neither purposes nor languages: the
 * server refuses a key of the wrong kind.
 *
 * @param {any} client
 * @param {string} challengeBase64
 * @returns {Promise<string>} PEM
 */
async function requestOfOld(client, challengeBase64) {
  const attached = true;
  try {
    return await client.createCMSSignatureFromBase64("PKCS12", challengeBase64, "SIGNATURE", attached);
  } catch (error) {
    throw signerError(/** @type {any} */ (error));
  }
}

/**
 * @param {{message?: string}} error
 * @returns {boolean} whether NCALayer says that it lacks the module asked for
 */
function isMissingModule({ message = "" }) {
  return /module|модул|kz\.gov\.pki\.knca\.basics/i.test(message);
}

/**
 * @param {string} pem
 * @returns {string} base64
 */
function readCms(pem) {
  try {
    return cmsFromText(pem);
  } catch (error) {
    throw new SignerError("refused", String(error));
  }
}

// NCALayer answers with a sentence in the person's language, so words are all there is to go by.
const SAYINGS = [
  { code: "expired_key", words: /expired|not (?:yet )?valid|просроч|ист[её]к|срок действия|мерзімі/i },
  { code: "not_running", words: /закрыл соединение|Ошибка взаимодействия/ },
  { code: "wrong_key", words: /password|certificate|парол|сертификат|құпия|(?:^|[^а-яё])ключ|\bkey\b|кілт/i },
];

/**
 * @param {{canceledByUser?: boolean, message?: string}} error of the vendored client
 * @returns {SignerError}
 */
export function signerError({ canceledByUser, message = "" }) {
  if (canceledByUser || /action\.cancell?ed/.test(message)) return new SignerError("cancelled");
  const saying = SAYINGS.find(({ words }) => words.test(message));
  const code = /** @type {import("./errors.js").SignerCode} */ (saying?.code ?? "refused");
  return new SignerError(code, message);
}

/** @returns {Promise<any>} the class NCALayerClient; its file is a classic script, not a module */
function loadVendored() {
  return new Promise((resolve, reject) => {
    const found = /** @type {any} */ (globalThis).NCALayerClient;
    if (found) {
      resolve(found);
      return;
    }
    const script = document.createElement("script");
    script.addEventListener("load", () => resolve(/** @type {any} */ (globalThis).NCALayerClient));
    script.addEventListener("error", () => reject(new SignerError("refused", "client did not load")));
    script.src = trustedUrl(NCALAYER_CLIENT_URL);
    document.head.append(script);
  });
}
