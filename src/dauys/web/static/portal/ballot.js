// The ballot's page. Old browsers stop at the check below; the rest is loaded after.

import { supported } from "../booth/support.js";

// Where a file does not arrive, the line that says so stays.
if (supported()) import("./voting.js").then(() => document.querySelector("[data-loading]")?.remove());
else /** @type {HTMLElement} */ (document.getElementById("too-old")).hidden = false;
