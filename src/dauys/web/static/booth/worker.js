// Module worker: encrypts one ballot away from the page, so that the page stays responsive.
// Workers have no import maps, so every module of the booth is named by its relative path.
//
// In:  {electionText, credentialSecret, choices}
// Out: {kind: "ready"} once loaded; {kind: "progress", done, total}; then either
//      {kind: "done", ballot, tracker} or {kind: "failed", name, args}.

import { makeBallot, tracker } from "./ballot.js";
import { parseElection } from "./election.js";
import { errorParts } from "./errors.js";
import { systemRandom } from "./group.js";

globalThis.addEventListener("message", ({ data }) => {
  try {
    const { electionText, credentialSecret, choices } = data;
    const election = parseElection(electionText);
    const ballot = makeBallot(election, credentialSecret, choices, systemRandom, (done, total) => {
      postMessage({ kind: "progress", done, total });
    });
    postMessage({ kind: "done", ballot, tracker: tracker(ballot) });
  } catch (error) {
    postMessage({ kind: "failed", ...errorParts(error) });
  }
});

postMessage({ kind: "ready" });
