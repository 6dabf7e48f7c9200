// Moves the focus to what was just said: an error summary, a message, a preview.

const spoken = document.querySelector("[data-focus]");
if (spoken instanceof HTMLElement) spoken.focus();
