// "Check that my ballot was made honestly": instead of being cast, the encrypted ballot is opened,
// so that another program can encrypt the same again and compare (docs/protocol.md, "Opened
// ballots"). The code of the ballot stands on the page before anybody knows whether the voter will
// ask: a page that encrypts something else cannot know when it is being watched.

import { clearProblem, one, showProblem } from "./words.js";

const GROUP = /.{1,4}/g;

/**
 * @param {any} root of the ballot's page
 * @param {{open: () => Promise<string>, again: () => void}} deeds
 */
export function offerOpening(root, { open, again }) {
  const address = one("[data-address]", root);
  address.textContent = address.closest("section").querySelector("a[target]").href;
  const button = one("[data-open]", root);
  button.addEventListener("click", async () => {
    clearProblem();
    button.disabled = true;
    try {
      showOpened(root, await open());
    } catch {
      showProblem("booth");
    } finally {
      button.disabled = false;
    }
  });
  one("[data-choose-again]", root).addEventListener("click", again);
}

/**
 * Show the code that commits to the ballot as soon as it is known.
 *
 * @param {any} root
 * @param {Promise<string>} code
 * @param {boolean} mayOpen not once a ballot of this page was sent: it may be in the box
 */
export function showCode(root, code, mayOpen) {
  const part = one("[data-code]", root);
  const details = one("[data-opening]", root);
  details.open = false;
  details.hidden = true;
  part.hidden = true;
  code.then((text) => {
    for (const place of root.querySelectorAll("[data-code-text]")) {
      place.textContent = (text.match(GROUP) ?? []).join(" ");
    }
    part.hidden = !mayOpen;
    details.hidden = !mayOpen;
  }, () => {}); // said when the ballot is cast
}

/**
 * Take the offer away: from now on the ballot is the voter's.
 *
 * @param {any} root
 */
export function noCode(root) {
  one("[data-opening]", root).hidden = true;
}

/**
 * @param {any} root
 * @param {string} text of the opened ballot
 */
function showOpened(root, text) {
  const save = one("[data-opened-save]", root);
  URL.revokeObjectURL(save.href);
  save.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const copy = one("[data-opened-copy]", root);
  copy.textContent = copy.dataset.ready;
  copy.onclick = async () => {
    copy.textContent = copy.dataset.ready; // said again when pressed again
    await navigator.clipboard.writeText(text);
    copy.textContent = copy.dataset.done;
  };
  const file = new File([text], save.download, { type: "application/json" });
  const share = one("[data-opened-share]", root);
  share.hidden = !navigator.canShare?.({ files: [file] });
  share.onclick = () => navigator.share({ files: [file] }).catch(() => {});
}
