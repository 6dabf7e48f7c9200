// The booth's modules as one object that a test can call. Arguments and results are what JSON can
// carry: a secret scalar is decimal text, bytes are hex; errors come back as {error, what, why}.

import { checkOpened } from "/static/board/opened_ballot.js";
import { approve } from "/static/booth/approval.js";
import { checkAuthorisation } from "/static/booth/authorisation.js";
import * as ballot from "/static/booth/ballot.js";
import { checkBallot } from "/static/booth/ballot_check.js";
import { dump, load } from "/static/booth/canonical.js";
import { manifestLogKey, openCheckpoint, openNote, parseLogKey } from "/static/booth/checkpoint.js";
import { credentialPublic, freshCredential } from "/static/booth/credential.js";
import { parseElection } from "/static/booth/election.js";
import { verify } from "/static/booth/ed25519.js";
import { hex, unhex, utf8 } from "/static/booth/encoding.js";
import { Encryption } from "/static/booth/encrypt.js";
import { generatorBase, parsePoint, parseScalar, pointText, systemRandom } from "/static/booth/group.js";
import { verifyConsistency, verifyInclusion } from "/static/booth/merkle.js";
import { checkGrowth, checkReceipt, parseReceipt } from "/static/booth/receipt.js";
import { cmsFromBytes } from "/static/booth/signers/cms.js";
import { fileSigner } from "/static/booth/signers/file.js";
import { ncalayerSigner, signerError } from "/static/booth/signers/ncalayer.js";
import { makeSigningKey, openSigningKey } from "/static/booth/signing_key.js";
import { missingFeatures } from "/static/booth/support.js";

function replay(streamHex) {
  const bytes = unhex(streamHex, "stream");
  let used = 0;
  const random = (length) => bytes.slice(used, (used += length));
  return { random, used: () => used };
}

const calls = {
  missingFeatures,

  makeBallot({ election, secret, choices, stream }) {
    const { random, used } = replay(stream);
    const text = ballot.makeBallot(parseElection(election), BigInt(secret), choices, random);
    return { text, used: used() };
  },
  makeFreshBallot({ election, choices }) {
    const { secret } = freshCredential();
    const text = ballot.makeBallot(parseElection(election), secret, choices, systemRandom);
    return { text, tracker: ballot.tracker(text), credential: credentialPublic(secret) };
  },
  checkBallot: ({ text, election }) => checkBallot(text, election),
  choiceVector: ({ question, chosen }) => ballot.choiceVector(question, chosen),
  parseElection: ({ election }) => parseElection(election).fingerprint,
  timeBallots({ election, choices, rounds }) {
    const { secret } = freshCredential();
    return Array.from({ length: rounds }, () => {
      const start = performance.now();
      ballot.makeBallot(parseElection(election), secret, choices, systemRandom);
      return performance.now() - start;
    });
  },

  parsePoint: ({ text }) => pointText(parsePoint(text)),
  parseScalar: ({ text }) => String(parseScalar(text)),
  timesGenerator: ({ scalar }) => pointText(generatorBase().times(BigInt(scalar))),

  dump: ({ value }) => dump(value),
  load: ({ text }) => load(text, "entry"),

  verifyInclusion: ({ leaf, index, size, proof, root }) =>
    verifyInclusion(unhex(leaf, ""), index, size, proof.map((hash) => unhex(hash, "")), unhex(root, "")),
  verifyConsistency: ({ oldSize, oldRoot, newSize, newRoot, proof }) =>
    verifyConsistency(
      oldSize, unhex(oldRoot, ""), newSize, unhex(newRoot, ""), proof.map((hash) => unhex(hash, "")),
    ),

  verifySignature: ({ key, message, signature }) =>
    verify(unhex(signature, ""), utf8(message), unhex(key, "")),
  openNote: ({ note, key }) => openNote(note, parseLogKey(key)),
  openCheckpoint({ note, key }) {
    const { origin, size, root } = openCheckpoint(note, parseLogKey(key));
    return { origin, size, root: hex(root) };
  },
  checkReceipt: ({ receipt, manifest }) => checkReceipt(receipt, manifestLogKey(manifest)),
  checkReceiptFile: ({ text, manifest }) => checkReceipt(parseReceipt(text), manifestLogKey(manifest)),
  checkGrowth: ({ receipt, later, proof, manifest }) =>
    checkGrowth(receipt, later, proof, manifestLogKey(manifest)),

  async makeSigningKey({ passphrase, prefix, message }) {
    const { key, file } = await makeSigningKey(passphrase);
    return { file, publicKey: key.publicKey, signature: key.sign(prefix, unhex(message, "")) };
  },
  async openSigningKey({ file, passphrase, prefix, message }) {
    const key = await openSigningKey(file, passphrase);
    return { publicKey: key.publicKey, signature: key.sign(prefix, unhex(message, "")) };
  },

  async approve({ file, passphrase, election, decision, publicKey }) {
    const key = await openSigningKey(file, passphrase);
    return approve(key, election, decision, publicKey ?? key.publicKey);
  },
  checkAuthorisation: ({ challenge, expected }) => checkAuthorisation(challenge, expected),

  async encryptInWorker({ election, secret, choices }) {
    const steps = [];
    const encryption = new Encryption(election);
    const order = { credentialSecret: BigInt(secret), choices, onProgress: (step) => steps.push(step) };
    const code = await encryption.prepare(order).finally(() => setTimeout(() => encryption.end(), 50));
    return { ...await encryption.sign(), code, steps };
  },
  checkOpened: ({ text, elections }) => checkOpened(text, elections),
  async beatWhileEncrypting({ election, secret, choices }) {
    const encryption = new Encryption(election);
    const times = [performance.now()];
    const timer = setInterval(() => times.push(performance.now()), 0);
    await encryption.prepare({ credentialSecret: BigInt(secret), choices });
    clearInterval(timer);
    encryption.end();
    const gaps = times.slice(1).map((time, i) => time - times[i]);
    return { beats: gaps.length, still: Math.max(...gaps), whole: times.at(-1) - times[0] };
  },
  // What becomes of an encrypted ballot that is used in these ways, one after the other.
  async useBallot({ election, secret, choices, uses }) {
    const encryption = new Encryption(election);
    const credentialSecret = BigInt(secret);
    const codes = [];
    for (const vector of choices) codes.push(await encryption.prepare({ credentialSecret, choices: vector }));
    const results = [];
    for (const use of uses) results.push(await encryption[use]().catch((error) => ({ refused: error.message })));
    return { codes, results };
  },
  openedWith({ election, secret, choices, stream }) {
    const prepared = ballot.prepareBallot(parseElection(election), BigInt(secret), choices, replay(stream).random);
    const again = () => {
      try {
        return prepared.sign(systemRandom);
      } catch (error) {
        return error.message;
      }
    };
    return { code: prepared.code, opened: prepared.open(), signing: again() };
  },
  signNcalayer: ({ challenge, locale, options }) => ncalayerSigner(options).sign(challenge, { locale }),
  signerCode: ({ message }) => signerError({ message }).code,
  async signFile({ challenge, file }) {
    let offered = "";
    const signer = fileSigner(async (blob) => {
      offered = hex(new Uint8Array(await blob.arrayBuffer()));
      return file === null ? null : new Blob([unhex(file, "")]);
    });
    return { cms: await signer.sign(challenge, { locale: "kk" }), offered };
  },
  cmsFromBytes: ({ bytes }) => cmsFromBytes(unhex(bytes, "")),
};

globalThis.booth = async (name, argument) => {
  try {
    return { result: await calls[name](argument) };
  } catch (error) {
    const { what, why, code, question } = error;
    return { error: error.name, what: what ?? code ?? question ?? null, why: why ?? error.message };
  }
};
