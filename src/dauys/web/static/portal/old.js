// Runs only where modules are unknown: says that this browser cannot encrypt a vote.
document.getElementById("too-old").hidden = false;
