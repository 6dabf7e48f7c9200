// Can this browser make a ballot? Imports nothing and uses old syntax only, so that a browser too
// old for the rest can still run it and the page can explain the other ways to vote.
// Meant: Chromium 93, Firefox 92, Safari 15.4 and newer. Module workers (Firefox 114) are not
// needed: without them the page encrypts by itself.

/** @returns {string[]} names of what is missing, empty when the booth works here */
export function missingFeatures() {
  const missing = [];
  if (typeof BigInt !== "function") missing.push("BigInt");
  if (typeof TextEncoder !== "function") missing.push("TextEncoder");
  if (typeof crypto !== "object" || typeof crypto.getRandomValues !== "function") missing.push("crypto");
  if (typeof String.prototype.replaceAll !== "function") missing.push("replaceAll");
  if (!("hasOwn" in Object)) missing.push("Object.hasOwn");
  if (!hasSurrogateProperty()) missing.push("Unicode properties");
  return missing;
}

/** @returns {boolean} */
export function supported() {
  return missingFeatures().length === 0;
}

/** @returns {boolean} */
function hasSurrogateProperty() {
  try {
    return new RegExp("\\p{Surrogate}", "u").test("\ud800");
  } catch (error) {
    return false;
  }
}
