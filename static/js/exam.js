// The exam screen: options, flag, strike, note, timer, shortcuts, and moving on without a new page.
// Every control is a form that works by itself; this only saves the wait.
(() => {
  "use strict";
  const Saving = window.Saving;
  const form = () => document.getElementById("exam");
  const find = (selector) => document.querySelector(selector);
  const NUMBERS = ["None", "One", "Two", "Three"];
  const cookie = (name, value) => { document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`; };
  const say = (text) => { document.getElementById("status").textContent = text; };

  // ---- options ----
  const chosen = () => [...document.querySelectorAll("input[name=choice]:checked")];
  const choose = () => Number(form().dataset.choose);

  function count() {
    const place = find("#many");
    if (!place) return;
    const left = choose() - chosen().length;
    place.textContent = left === choose() ? "" : `${NUMBERS[chosen().length]} chosen${left ? `, ${NUMBERS[left].toLowerCase()} to go` : ""}.`;
  }

  function pick(input) {
    if (input.type === "checkbox" && chosen().length > choose()) {
      input.checked = false;
      const words = `${NUMBERS[choose()]} are chosen. Take one back first.`;
      find("#many").textContent = words;
      say(words);
      return;
    }
    const strike = input.closest(".option").querySelector(".strike");
    press(strike, false); // choosing takes the strike back, here and on the server
    count();
    Saving.changed();
  }

  function press(button, on) {
    button.setAttribute("aria-pressed", String(on));
    if (button.name === "strike") button.value = `${button.value[0]}-${on ? "off" : "on"}`;
    else button.value = on ? "off" : "on";
  }

  function toggle(button) {
    const on = button.getAttribute("aria-pressed") !== "true";
    const option = button.closest(".option");
    if (option && option.querySelector("input").checked) return;
    press(button, on);
    Saving.extra(option ? `strike${button.value[0]}` : "flag", option ? `${button.value[0]}-${on ? "on" : "off"}` : on ? "on" : "off");
  }

  // ---- navigator ----
  const NAMES = { done: "answered", part: "incomplete", seen: "not answered" };

  function mark() {
    const cell = find(".cells [aria-current]");
    if (!cell) return;
    const number = chosen().length;
    const state = number === 0 ? "seen" : number === choose() ? "done" : "part";
    const flagged = find("#flag").getAttribute("aria-pressed") === "true";
    bump(cell.dataset.state ?? "unseen", -1);
    bump(state, 1);
    if (Boolean(cell.querySelector(".pin")) !== flagged) bump("flagged", flagged ? 1 : -1);
    cell.dataset.state = state;
    cell.setAttribute("aria-label", `${cell.value}, ${NAMES[state]}${flagged ? ", flagged" : ""}`);
    cell.querySelector(".pin")?.remove();
    if (flagged) cell.insertAdjacentHTML("beforeend", '<svg class="pin" aria-hidden="true"><use href="#i-pin"/></svg>');
  }

  function bump(name, by) {
    for (const place of document.querySelectorAll(`[data-count="${name}"]`)) place.textContent = Number(place.textContent) + by;
  }

  // ---- timer: the server's time left, counted down; each reply sets it anew ----
  const SPOKEN = [[1800, "30 minutes"], [600, "10 minutes"], [300, "5 minutes"], [60, "1 minute"]];
  let deadline = 0;
  let before = Infinity;
  let ending = false;
  const left = () => Math.max(0, (deadline - performance.now()) / 1000);

  function sync(seconds) {
    deadline = performance.now() + seconds * 1000;
    if (before === Infinity) before = seconds;
  }

  function written(seconds) {
    const whole = Math.ceil(seconds);
    const two = (number) => String(number).padStart(2, "0");
    return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  }

  function spoken(seconds) {
    const minutes = Math.floor(seconds / 60);
    return minutes ? `${minutes} minute${minutes > 1 ? "s" : ""} left` : `${Math.ceil(seconds)} seconds left`;
  }

  function tick() {
    if (!find("#timer")) return; // a drill without a clock
    const now = left();
    const time = find("#timer time");
    if (time) time.textContent = written(now);
    for (const [limit, words] of SPOKEN) if (before > limit && now <= limit) threshold(limit, words);
    if (now < before || now > before + 10) before = now; // a reply that sets the clock by a moment tells nothing twice
    if (now === 0 && !ending) end();
  }

  function threshold(limit, words) {
    const text = `${words} left.`;
    if (limit <= 60) document.getElementById("alert").textContent = text;
    else say(text);
    if (limit > 300) return;
    find("#timer").dataset.level = "low";
    if (!document.getElementById("notices")) return;
    const open = [...document.querySelectorAll(".cells .cell:not([data-state=done])")].map((cell) => cell.value);
    const list = open.slice(0, 12).map((value) => `<button class="inline" name="go" value="${value}">${value}</button>`).join(", ");
    document.getElementById("time")?.remove();
    document.getElementById("notices").insertAdjacentHTML("afterbegin",
      `<div class="notice caution" id="time"><svg class="icon" aria-hidden="true"><use href="#i-clock"/></svg>
      <p><b>Under ${words} left.</b> The exam ends by itself, and what is saved counts.${open.length ? ` Still open: ${list}${open.length > 12 ? ` and ${open.length - 12} more` : ""}.` : ""}</p></div>`);
  }

  async function end() {
    ending = true;
    if (Saving) await Saving.drained(8000);
    try {
      const data = new URLSearchParams({ csrfmiddlewaretoken: form().elements.csrfmiddlewaretoken.value });
      const response = await fetch(form().dataset.end, { method: "POST", body: data, signal: AbortSignal.timeout(10_000) });
      if (!response.ok) throw new Error("not ended");
      location.assign(response.url);
    } catch {
      ending = false; // the next tick tries again
      await new Promise((resolve) => setTimeout(resolve, 3000));
    }
  }

  async function resync() {
    if (document.hidden) return;
    try {
      const response = await fetch(form().dataset.left, { signal: AbortSignal.timeout(10_000) });
      if (response.status === 410) location.assign((await response.json()).next);
      else if (response.ok) sync((await response.json()).left);
    } catch { /* the next reply brings the time */ }
  }

  function hide(button) {
    const shown = find("#timer [role=timer]");
    shown.hidden = !shown.hidden;
    button.textContent = shown.hidden ? "Show time" : "Hide";
    button.setAttribute("aria-label", `${shown.hidden ? "Show" : "Hide"} the time left`);
    cookie("timer", shown.hidden ? "hidden" : "shown");
  }

  function tell() {
    const shown = find("#timer [role=timer]");
    if (!shown) return say("There is no time limit.");
    say(spoken(left()));
    if (!shown.hidden) return;
    shown.hidden = false;
    setTimeout(() => { shown.hidden = true; }, 5000);
  }

  // ---- shortcuts ----
  const help = () => document.getElementById("keys");

  function shortcut(event) {
    if (!help() || help().dataset.shortcuts !== "on" || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("textarea, select, input:not([type=radio]):not([type=checkbox])")) return;
    const options = [...document.querySelectorAll(".option")];
    const digit = /^Digit([1-6])$/.exec(event.code);
    const letter = /^[a-e]$/i.test(event.key) ? event.key.toUpperCase().charCodeAt(0) - 64 : 0;
    const option = options[(digit ? Number(digit[1]) : event.shiftKey ? 0 : letter) - 1];
    if (digit && event.shiftKey) act(option?.querySelector(".strike"));
    else if (option) act(option.querySelector("input"));
    else if (event.key === "?") { help().open = true; help().querySelector("summary").focus(); }
    else if (event.shiftKey) return;
    else if (event.key.toLowerCase() === "t") tell();
    else if (/^[npf]$/i.test(event.key)) act(find(`[data-key="${event.key.toLowerCase()}"]`));
    else return;
    event.preventDefault();
  }

  function act(control) {
    if (!control) return;
    control.focus();
    control.click();
  }

  // ---- events; the form is swapped as a whole, so they are bound to the document ----
  document.addEventListener("change", (event) => {
    if (Saving && event.target.name === "choice") pick(event.target);
  });
  document.addEventListener("input", (event) => {
    if (!Saving || event.target.id !== "note") return;
    form().elements.note_was.disabled = true; // what is sent from now on was written here, also where it is empty
    Saving.extra("note", event.target.value, 800);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button, a");
    if (!button) return;
    // Enter on an option sends the form with its first button; by script all is sent already, so nothing moves
    if (Saving && button.value === "stay") event.preventDefault();
    if (Saving && (button.name === "strike" || button.name === "flag")) { event.preventDefault(); toggle(button); }
    if (button.matches("[data-timer]")) hide(button);
    if (button.matches("[data-toggle-shortcuts]")) shortcuts(button);
  });
  function shortcuts(button) {
    const on = help().dataset.shortcuts !== "on";
    help().dataset.shortcuts = on ? "on" : "off";
    button.textContent = on ? "Turn shortcuts off" : "Turn shortcuts on";
    cookie("shortcuts", on ? "on" : "off");
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") find("[data-escape]")?.click();
    else if (Saving) shortcut(event);
  });
  document.addEventListener("cutscore:left", (event) => sync(event.detail));
  document.addEventListener("cutscore:stored", mark);
  document.addEventListener("visibilitychange", resync);
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // ---- moving on by htmx: the answer goes with the request ----
  document.addEventListener("htmx:configRequest", (event) => {
    for (const [name, value] of Saving.extras()) {
      const place = name.startsWith("strike") ? "strike" : name;
      if (place !== "note") event.detail.parameters.append(place, value);
    }
  });
  document.addEventListener("htmx:afterSwap", () => {
    Saving.reset();
    arrive();
    scrollTo(0, 0);
    find("#conflict") ? document.getElementById("alert").textContent = "This question was answered in another tab." : find("#place").focus();
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, unmoved);
  document.addEventListener("htmx:responseError", async (event) => {
    if (![401, 403].includes(event.detail.xhr.status)) return unmoved();
    form().elements.seq.value = Number(form().elements.seq.value) + 1;
    if (await Saving.signedOut()) event.detail.requestConfig.triggeringEvent?.submitter?.click(); // with the new token
  });
  function unmoved() {
    form().elements.seq.value = Number(form().elements.seq.value) + 1; // what went with the request is unknown: send it again
    Saving.late(true);
  }

  function arrive() {
    const timer = find("#timer");
    if (timer) sync(Number(timer.dataset.left));
    if (find("#ask")) count();
  }

  arrive();
  find("[data-focus]")?.focus({ preventScroll: true });
  tick();
  setInterval(tick, 500);
})();
