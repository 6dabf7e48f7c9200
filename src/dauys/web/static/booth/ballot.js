// Ballots of the Belenios protocol (specification 3.0, sections "Encrypted answers", "Signatures"
// and "Ballots"): made, checked, and named by their tracker. The Python twin is
// dauys.crypto.ballot; both print the same ballot from the same random bytes.
//
// Order of the random scalars: question by question, a nonce for each choice, then the
// individual proofs, then the blank proof if any, then the overall proof; last, the signature.

import { readBallot } from "./ballot_text.js";
import { parseElection } from "./election.js";
import { ChoiceError, VerificationError } from "./errors.js";
import { GENERATOR, IDENTITY, generatorBase, pointText, randomScalar, reduce } from "./group.js";
import { fingerprint } from "./hash.js";
import { proveOneOf, signHash, verifyHash, verifyOneOf } from "./proofs.js";

/** @typedef {import("./election.js").Election} Election */
/** @typedef {import("./election.js").Question} Question */
/** @typedef {import("./group.js").GroupPoint} GroupPoint */
/** @typedef {import("./group.js").RandomBytes} RandomBytes */
/** @typedef {import("./proofs.js").Proof} Proof */
/** @typedef {import("./proofs.js").Statement} Ciphertext */
/** @typedef {{plain: number, nonce: bigint}} Secret of a ciphertext: what was encrypted, and r */

/**
 * The 0-or-1 vector that a question's ciphertexts hide. Where a blank vote is allowed it has a
 * leading place for it.
 *
 * @param {Question} question
 * @param {readonly number[] | "blank"} chosen indices of the chosen answers, from 0
 * @returns {number[]}
 */
export function choiceVector(question, chosen) {
  const answers = question.answers.map((_, i) => (chosen !== "blank" && chosen.includes(i) ? 1 : 0));
  return question.blank ? [chosen === "blank" ? 1 : 0, ...answers] : answers;
}

/**
 * Encrypt and sign.
 *
 * @param {Election} election
 * @param {bigint} credentialKey secret key of the credential, 0 < key < ORDER
 * @param {readonly (readonly number[])[]} choices one 0-or-1 vector per question, see choiceVector
 * @param {RandomBytes} random
 * @param {(done: number, total: number) => void} [onStep] called after each encrypted choice
 * @returns {string} the ballot's JSON
 * @throws {ChoiceError} when the choices break a question's rules
 */
export function makeBallot(election, credentialKey, choices, random, onStep = () => {}) {
  checkChoices(election, choices);
  const credential = pointText(generatorBase().times(credentialKey));
  const total = choices.reduce((sum, vector) => sum + vector.length, 0);
  let done = 0;
  const answers = election.questions.map((question, index) =>
    encryptAnswer(election, question, `${election.fingerprint}|${credential}`, choices[index], random,
      () => onStep((done += 1), total)),
  );
  const unsigned = {
    election_uuid: election.uuid,
    election_hash: election.fingerprint,
    credential,
    answers,
  };
  const hash = fingerprint(JSON.stringify(unsigned));
  const proof = printProof(signHash(credentialKey, hash, random));
  return JSON.stringify({ ...unsigned, signature: { hash, proof } });
}

/**
 * @param {string} ballotText
 * @param {string | Election} election its JSON, or the election already read
 * @returns {{tracker: string, credential: string}}
 * @throws {MalformedError} when the text is not in the one accepted form
 * @throws {VerificationError} naming the first proof that does not hold
 */
export function checkBallot(ballotText, election) {
  const known = typeof election === "string" ? parseElection(election) : election;
  const ballot = readBallot(ballotText, known);
  const { fingerprint: ours, uuid } = known;
  if (ballot.uuid !== uuid) throw new VerificationError("election", "another uuid");
  if (ballot.electionHash !== ours) throw new VerificationError("election", "another hash");
  if (ballot.signature.hash !== ballot.hash) throw new VerificationError("signature", "hash differs");
  if (!verifyHash(ballot.credential, ballot.hash, ballot.signature.proof)) {
    throw new VerificationError("signature");
  }
  ballot.answers.forEach((answer, index) => {
    verifyAnswer(known, index, `${ours}|${ballot.credentialText}`, answer);
  });
  return { tracker: tracker(ballotText), credential: ballot.credentialText };
}

/**
 * @param {string} ballotText
 * @returns {string} 43 base64 characters: the voter's receipt
 */
export function tracker(ballotText) {
  return fingerprint(ballotText);
}

/**
 * @param {Election} election
 * @param {Question} question
 * @param {string} context S_0 of the specification
 * @param {readonly number[]} vector
 * @param {RandomBytes} random
 * @param {() => void} onStep
 * @returns {object} `answer_h` in the order of its fields
 */
function encryptAnswer(election, question, context, vector, random, onStep) {
  const { key } = election;
  /** @type {Secret[]} */
  const secrets = vector.map((plain) => ({ plain, nonce: randomScalar(random) }));
  const ciphertexts = secrets.map((secret) => encrypt(election, secret));
  const individual = secrets.map((secret, i) => {
    const proof = proveOneOf(
      key, memberPrefix(context, ciphertexts[i]), openings(secret, 0, 1), secret.plain, random,
    );
    onStep();
    return proof;
  });
  const choices = ciphertexts.map(printCiphertext);
  const all = `${context}|${choices.map(({ alpha, beta }) => `${alpha},${beta}`).join(",")}`;
  const sum = addSecrets(question.blank ? secrets.slice(1) : secrets);
  const interval = openings(sum, question.min, question.max);
  const answer = { choices, individual_proofs: individual.map((proofs) => proofs.map(printProof)) };
  if (!question.blank) {
    const prefix = memberPrefix(all, encrypt(election, sum));
    const overall = proveOneOf(key, prefix, interval, sum.plain - question.min, random);
    return { ...answer, overall_proof: overall.map(printProof) };
  }
  const [first] = secrets;
  const isBlank = first.plain === 1;
  const either = [...openings(first, 0, 0), ...openings(sum, 0, 0)];
  const blank = proveOneOf(key, `bproof0|${all}|`, either, isBlank ? 1 : 0, random);
  const place = isBlank ? 0 : sum.plain - question.min + 1;
  const cases = [...openings(first, 1, 1), ...interval];
  const overall = proveOneOf(key, `bproof1|${all}|`, cases, place, random);
  return { ...answer, overall_proof: overall.map(printProof), blank_proof: blank.map(printProof) };
}

/**
 * @param {Election} election
 * @param {number} index of the question
 * @param {string} context S_0 of the specification
 * @param {import("./ballot_text.js").Answer} answer
 */
function verifyAnswer({ key, questions }, index, context, answer) {
  const { blank, min, max } = questions[index];
  const fail = (/** @type {string} */ proof) => {
    throw new VerificationError(proof, `question ${index}`);
  };
  answer.choices.forEach((ciphertext, i) => {
    const prefix = memberPrefix(context, ciphertext);
    if (!verifyOneOf(key, prefix, statements(ciphertext, 0, 1), answer.individual[i])) {
      fail(`individual proof ${i}`);
    }
  });
  const all = `${context}|${answer.choices.map(ciphertextText).join(",")}`;
  const sum = addCiphertexts(blank ? answer.choices.slice(1) : answer.choices);
  const interval = statements(sum, min, max);
  if (!blank) {
    if (!verifyOneOf(key, memberPrefix(all, sum), interval, answer.overall)) fail("overall proof");
    return;
  }
  const [first] = answer.choices;
  const either = [...statements(first, 0, 0), ...statements(sum, 0, 0)];
  if (!verifyOneOf(key, `bproof0|${all}|`, either, answer.blank)) fail("blank proof");
  const cases = [...statements(first, 1, 1), ...interval];
  if (!verifyOneOf(key, `bproof1|${all}|`, cases, answer.overall)) fail("overall proof");
}

/**
 * @param {Election} election
 * @param {readonly (readonly number[])[]} choices
 */
function checkChoices({ questions }, choices) {
  if (choices.length !== questions.length) throw new ChoiceError(choices.length, "not one vector per question");
  questions.forEach(({ answers, blank, min, max }, index) => {
    const vector = choices[index];
    if (vector.length !== answers.length + (blank ? 1 : 0)) throw new ChoiceError(index, "wrong length");
    if (!vector.every((plain) => plain === 0 || plain === 1)) throw new ChoiceError(index, "not 0 or 1");
    const chosen = (blank ? vector.slice(1) : vector).reduce((sum, plain) => sum + plain, 0);
    if (blank && vector[0] === 1) {
      if (chosen) throw new ChoiceError(index, "blank, and yet something is chosen");
    } else if (chosen < min || chosen > max) {
      throw new ChoiceError(index, `${chosen} chosen, not ${min} to ${max}`);
    }
  });
}

/**
 * One opening for each plaintext M from `least` to `most`, of the statement "the plaintext is M".
 *
 * @param {Secret} secret
 * @param {number} least
 * @param {number} most
 * @returns {import("./proofs.js").Opening[]}
 */
function openings({ plain, nonce }, least, most) {
  return range(least, most).map((M) => ({ nonce, offset: plain - M }));
}

/**
 * The statements that `openings` opens: beta less M·g.
 *
 * @param {Ciphertext} ciphertext
 * @param {number} least
 * @param {number} most
 * @returns {import("./proofs.js").Statement[]}
 */
function statements({ alpha, beta }, least, most) {
  return range(least, most).map((M) => ({
    alpha, beta: beta.subtract(GENERATOR.multiply(BigInt(M), false)),
  }));
}

/**
 * @param {Election} election
 * @param {Secret} secret
 * @returns {Ciphertext} (r·g, r·y + m·g)
 */
function encrypt({ key }, { plain, nonce }) {
  const g = generatorBase();
  return { alpha: g.times(nonce), beta: key.times(nonce).add(g.times(BigInt(plain))) };
}

/**
 * @param {readonly Secret[]} secrets
 * @returns {Secret} of the sum of the ciphertexts
 */
function addSecrets(secrets) {
  return {
    plain: secrets.reduce((sum, secret) => sum + secret.plain, 0),
    nonce: reduce(secrets.reduce((sum, secret) => sum + secret.nonce, 0n)),
  };
}

/**
 * @param {readonly Ciphertext[]} ciphertexts
 * @returns {Ciphertext}
 */
function addCiphertexts(ciphertexts) {
  return ciphertexts.reduce(
    (sum, { alpha, beta }) => ({ alpha: sum.alpha.add(alpha), beta: sum.beta.add(beta) }),
    { alpha: IDENTITY, beta: IDENTITY },
  );
}

/** Prefix of the hash in iprove(S, ...), with S = context.
 * @param {string} context
 * @param {Ciphertext} ciphertext
 */
function memberPrefix(context, ciphertext) {
  return `prove|${context}|${ciphertextText(ciphertext)}|`;
}

/** @param {Ciphertext} ciphertext */
function ciphertextText({ alpha, beta }) {
  return `${pointText(alpha)},${pointText(beta)}`;
}

/** @param {Ciphertext} ciphertext */
function printCiphertext({ alpha, beta }) {
  return { alpha: pointText(alpha), beta: pointText(beta) };
}

/** @param {Proof} proof */
function printProof({ challenge, response }) {
  return { challenge: String(challenge), response: String(response) };
}

/**
 * @param {number} least
 * @param {number} most
 * @returns {number[]}
 */
function range(least, most) {
  return Array.from({ length: most - least + 1 }, (_, i) => least + i);
}
