// Renews the part of the page that tells how far a run is, every two seconds, until it has ended.
const EVERY = 2000; // milliseconds
const PARTS = ["progress-status", "progress-count", "progress-numbers"];
const run = location.pathname.match(/^\/runs\/(\d+)$/)?.[1];
const address = run ? `/runs/progress?run=${run}` : "/runs/progress";

async function renew() {
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected) return location.reload(); // signed out, or the server is another
  const told = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of PARTS) {
    const old = document.getElementById(id);
    const renewed = told.getElementById(id);
    // What says the same stays, so that nobody hears it again and no place in it is lost.
    if (old && renewed && old.innerHTML !== renewed.innerHTML) old.replaceChildren(...renewed.childNodes);
  }
  if (told.getElementById("progress")?.dataset.running) setTimeout(again, EVERY);
  else location.reload();
}

async function again() {
  try {
    await renew();
  } catch {
    setTimeout(again, 5 * EVERY); // the server does not answer now
  }
}

if (document.getElementById("progress")?.dataset.running) setTimeout(again, EVERY);
