// The ballot's page. Old browsers stop at the check below; the rest is loaded after.

import { supported } from "../booth/support.js";

if (supported()) import("./voting.js");
else /** @type {HTMLElement} */ (document.getElementById("too-old")).hidden = false;
