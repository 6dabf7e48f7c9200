// The secret of a one-time link stands behind the #, where no server and no log sees it.

const field = /** @type {HTMLInputElement | null} */ (document.getElementById("link"));
const secret = decodeURIComponent(location.hash.slice(1));
if (field && secret) {
  field.value = secret;
  history.replaceState(null, "", location.pathname + location.search);
}
