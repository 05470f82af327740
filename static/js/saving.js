// Saving an answer: sent at every change, kept until the server has acknowledged exactly this change, sent again until
// it has. "Saved" is shown for an acknowledgement only: a reply that echoes page and seq. Everything else is unknown.
(() => {
  "use strict";
  const TIMEOUT = 10_000;
  const SLOW = 400;
  const BACKOFF = [1_000, 2_000, 4_000, 8_000];
  const WORDS = { saved: "Saved", saving: "Saving", late: "Not saved yet: retrying", held: "Not saved" };
  const ICONS = { saved: "i-check", saving: "i-retry", late: "i-retry", held: "i-warn" };
  const form = () => document.getElementById("exam");
  const say = (text) => { document.getElementById("status").textContent = text; };
  const alert = (text) => { document.getElementById("alert").textContent = text; };
  let acknowledged = 1; // the seq that the server has; a page begins with 1 and nothing to send
  let extras = new Map(); // flag, strikes and note that the server does not have yet
  let failures = 0;
  let retry = 0;
  let writing = 0;
  let refreshed = -Infinity; // when the token was last renewed: one that is refused again is not the reason
  let halted = false; // a conflict waits for the candidate's decision

  const seq = () => Number(form().elements.seq.value);
  const pending = () => seq() !== acknowledged || extras.size > 0;

  function show(state) {
    const place = document.getElementById("save");
    if (!place || place.dataset.state === state) return;
    place.dataset.state = state;
    place.querySelector("use").setAttribute("href", `#${ICONS[state]}`);
    place.querySelector("span").textContent = WORDS[state];
  }

  function notice(id, html) {
    document.getElementById(id)?.remove();
    document.getElementById("notices").insertAdjacentHTML("afterbegin", html);
  }

  function warn(id, first, rest, action) {
    notice(id, `<div class="notice caution" id="${id}"><svg class="icon" aria-hidden="true"><use href="#i-warn"/></svg>
      <p><b>${first}</b> ${rest}</p>${action ? `<p>${action}</p>` : ""}</div>`);
  }

  function body() {
    const data = new FormData(form());
    data.delete("note");
    data.delete("note_was");
    for (const [name, value] of extras) data.append(name.startsWith("strike") ? "strike" : name, value);
    return new URLSearchParams(data);
  }

  // One request; resolves to the reply, or to a status that says why there is none.
  async function post(sent) {
    try {
      const response = await fetch(form().dataset.save, {
        method: "POST", body: sent, redirect: "manual", credentials: "same-origin",
        signal: AbortSignal.timeout(TIMEOUT), headers: { Accept: "application/json" },
      });
      const json = response.headers.get("Content-Type")?.startsWith("application/json") ? await response.json() : {};
      return { status: response.status, json };
    } catch {
      return { status: 0, json: {} };
    }
  }

  async function send() {
    clearTimeout(retry);
    if (halted || !pending()) return;
    const sent = body();
    const carried = new Map(extras);
    const slow = setTimeout(() => { if (document.getElementById("save").dataset.state === "saved") show("saving"); }, SLOW);
    const reply = await post(sent);
    clearTimeout(slow);
    if (form()?.elements.page.value !== sent.get("page")) return; // another question is shown by now
    settle(reply, sent, carried);
  }

  function settle({ status, json }, sent, carried) {
    const echoed = json.page === sent.get("page") && String(json.seq) === sent.get("seq");
    if (status === 200 && echoed) return stored(json, carried);
    if (status === 409 && echoed) return conflict(json);
    if (status === 410) return location.assign(json.next);
    if (status === 422) return refused(json);
    if (status === 404) return foreign();
    if (status === 401 || status === 403) return signedOut(status);
    late();
  }

  function stored(json, carried) {
    acknowledged = Math.max(acknowledged, json.seq);
    for (const [name, value] of carried) if (extras.get(name) === value) extras.delete(name);
    form().elements.version.value = json.version;
    form().elements.shown.value = json.shown;
    document.dispatchEvent(new CustomEvent("cutscore:left", { detail: json.left }));
    if (pending()) return; // a later change is on its way
    document.dispatchEvent(new CustomEvent("cutscore:stored"));
    const was = failures;
    failures = 0;
    show("saved");
    const told = [...document.querySelectorAll("#late, #signed-out, #conflict")];
    const held = told.some((one) => one.contains(document.activeElement));
    for (const one of told) one.remove();
    if (held) document.getElementById("place").focus();
    if (was && told.length) say("Saved. Everything has reached us.");
  }

  function conflict(json) {
    halted = true;
    show("held");
    const told = document.getElementById("conflict");
    notice("conflict", json.notice);
    if (!told) alert("This question was answered in another tab.");
  }

  function refused(json) {
    halted = true;
    show("held");
    warn("refused", "Your last answer was not taken.", "Reload the page and choose again.",
      `<a class="btn small" href="">Reload</a>`);
    alert(`Your last answer was not taken. ${json.problem || ""}`);
  }

  function foreign() {
    halted = true;
    show("held");
    warn("refused", "This exam belongs to somebody else.", "Sign in as the person who started it.", "");
    alert("This exam belongs to somebody else.");
  }

  function late(unmoved) {
    if (!pending()) return; // a later change has been stored meanwhile, and this one with it
    if (!failures || unmoved) {
      warn("late", "Your last answer has not reached us.",
        `It is kept on this page and sent again every few seconds. ${unmoved ? "Other questions open when we can be reached again" : "You can go on answering"}; please keep this tab open.`,
        `<button class="btn small" type="button" data-try>Try now</button>`);
      say("Your last answer has not reached us. It is kept on this page.");
    }
    again();
  }

  async function signedOut(status) {
    if (status === 403 && performance.now() - refreshed <= 3_000) return late(); // signed in, and refused all the same
    // the token may only be old, because of a sign-in elsewhere; a guest is known by the cookie
    if (performance.now() - refreshed > 3_000 && (await token())) { retry = setTimeout(send, 200); return true; }
    if (!document.getElementById("signed-out")) {
      warn("signed-out", "You are signed out.",
        "Your last answer is kept on this page and sent when you are signed in again.",
        `<a class="btn small" href="/account/sign-in/" target="_blank" rel="opener">Sign in, in a new tab</a>`);
      alert("You are signed out. Your last answer is kept on this page.");
    }
    again();
  }

  async function token() {
    try {
      const response = await fetch("/account/token/", { method: "POST", signal: AbortSignal.timeout(TIMEOUT) });
      if (!response.ok) return false;
      const value = (await response.json()).token;
      form().elements.csrfmiddlewaretoken.value = value;
      refreshed = performance.now();
      return true;
    } catch {
      return false;
    }
  }

  function again() {
    show("late");
    clearTimeout(retry);
    const wait = BACKOFF[Math.min(failures, BACKOFF.length - 1)];
    failures += 1;
    retry = setTimeout(send, wait * (0.75 + Math.random() / 2));
  }

  function changed() {
    form().elements.seq.value = seq() + 1;
    if (document.getElementById("conflict")) halted = false; // the notice has to name the new choice
    send();
  }

  function extra(name, value, wait = 0) {
    extras.set(name, value);
    if (wait) show("saving"); // what is being written is not there yet
    clearTimeout(writing);
    writing = setTimeout(send, wait);
  }

  // A new question came in: what was pending went with the request that brought it.
  function reset() {
    clearTimeout(retry);
    acknowledged = seq();
    extras = new Map();
    failures = 0;
    halted = Boolean(document.getElementById("conflict"));
    if (halted) show("held");
  }

  // Wait until everything is stored, at most so long.
  async function drained(milliseconds) {
    const until = performance.now() + milliseconds;
    send();
    while (pending() && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 100));
  }

  addEventListener("online", send);
  let decided = false; // leaving is what the candidate has chosen in a notice
  addEventListener("beforeunload", (event) => {
    if (!decided && (pending() || document.getElementById("conflict"))) event.preventDefault();
  });
  // what is unsent goes along once more, and the time spent here is noted
  addEventListener("pagehide", () => {
    if (halted || !form()) return;
    const last = body();
    last.append("leaving", "yes");
    fetch(form().dataset.save, { method: "POST", body: last, keepalive: true }).catch(() => {});
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-try]")) send();
    if (event.target.closest("#conflict a, #refused a")) decided = true;
  });

  window.Saving = { changed, extra, reset, drained, late, signedOut, pending, extras: () => extras, say, alert, warn };
})();
