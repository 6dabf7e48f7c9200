// Module worker: a BallotMaker away from the page, so that the page stays responsive. Workers have
// no import maps, so every module of the booth is named by its relative path.
//
// In:  {call: "begin", argument: electionText}, then any of
//      {call: "prepare", argument: {credentialSecret, choices}}, {call: "sign"}, {call: "open"},
//      each after the answer to the one before
// Out: {kind: "ready"} once loaded; {kind: "progress", done, total} while it prepares; for each call
//      {kind: "done", result} or {kind: "failed", name, args}.

import { BallotMaker } from "./ballot_maker.js";
import { errorParts } from "./errors.js";

/** @type {any} */
let maker;

/** @type {Record<string, (argument: any) => unknown>} */
const CALLS = {
  begin: (electionText) => { maker = new BallotMaker(electionText); },
  prepare: (order) => maker.prepare(order, (/** @type {object} */ progress) => {
    postMessage({ kind: "progress", ...progress });
  }),
  sign: () => maker.sign(),
  open: () => maker.open(),
};

globalThis.addEventListener("message", ({ data: { call, argument } }) => {
  try {
    postMessage({ kind: "done", result: CALLS[call](argument) });
  } catch (error) {
    postMessage({ kind: "failed", ...errorParts(error) });
  }
});

postMessage({ kind: "ready" });
