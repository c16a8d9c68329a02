// Kingpost in the browser: live refresh, countdowns, keyboard, dialogs, and forms that are sent once.
// Everything works without this file; it only saves waiting and keeps the reader's place.

const page = document.documentElement;
const body = document.body;
const policy = window.trustedTypes?.createPolicy("kingpost", { createHTML: (text) => text });
const parse = (text) => new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html");
const clockOffset = body.dataset.now ? Date.parse(body.dataset.now) - Date.now() : 0;
const say = (text) => { const spoken = document.getElementById("spoken"); if (spoken) spoken.textContent = text; };

// Morph: change only what differs, so that focus, selection and scroll stay.
const keyOf = (node) => (node.nodeType === 1 && node.id ? node.id : "");
const alike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
const KEPT = new Set(["open", "data-sent", "data-state", "aria-pressed"]);

function morphAttributes(from, to) {
  for (const { name } of [...from.attributes]) if (!to.hasAttribute(name) && !KEPT.has(name)) from.removeAttribute(name);
  for (const { name, value } of to.attributes) {
    if (name.startsWith("on") || name === "style") continue;
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
}

function morph(from, to) {
  if (from.nodeType !== 1) {
    if (from.nodeValue !== to.nodeValue) {
      from.nodeValue = to.nodeValue;
      const holder = from.parentElement?.closest(".value, .count, .number");
      if (holder) { holder.dataset.changed = ""; setTimeout(() => delete holder.dataset.changed, 1000); }
    }
    return;
  }
  morphAttributes(from, to);
  if (from.matches("input, textarea, select") || from.contains(document.activeElement) && from.matches("form")) return;
  const known = new Map();
  for (const child of from.childNodes) if (keyOf(child)) known.set(keyOf(child), child);
  let here = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const same = keyOf(wanted) ? known.get(keyOf(wanted)) : here && !keyOf(here) && alike(here, wanted) ? here : null;
    if (same && alike(same, wanted)) {
      if (same === here) here = here.nextSibling; else from.insertBefore(same, here);
      morph(same, wanted);
    } else from.insertBefore(document.importNode(wanted, true), here);
  }
  while (here) { const next = here.nextSibling; here.remove(); here = next; }
}

// Live refresh. The stream says only that something changed; the page is fetched with the reader's rights.
const live = { paused: false, tag: "", busy: false, again: false, spoken: 0, since: Date.now(), retry: 1000 };
const liveButton = document.querySelector("[data-live-button]");

function showLive(state) {
  if (!liveButton) return;
  liveButton.dataset.state = state;
  const minutes = Math.floor((Date.now() - live.since) / 60000);
  const age = minutes ? `, ${minutes} m old` : "";
  liveButton.querySelector("[data-live-text]").textContent = { on: "Live", paused: `Paused${age}`, lost: `Reconnecting${age}` }[state];
}

async function refresh() {
  if (live.paused || live.busy || document.querySelector("dialog[open]")) { live.again = true; return; }
  live.busy = true;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html", ...(live.tag && { "If-None-Match": live.tag }) } });
    if (answer.status === 200 && !answer.redirected) {
      live.tag = answer.headers.get("ETag") ?? "";
      const fresh = parse(await answer.text());
      for (const part of document.querySelectorAll("[data-live][id]")) {
        const wanted = fresh.getElementById(part.id);
        if (wanted) morph(part, wanted);
      }
      if (Date.now() - live.spoken > 30000) { live.spoken = Date.now(); say("The page is up to date"); }
    }
    if (answer.ok || answer.status === 304) { live.since = Date.now(); showLive("on"); }
  } catch { showLive("lost"); }
  live.busy = false;
  if (live.again) { live.again = false; setTimeout(refresh, 500); }
}

function follow() {
  const url = new URL(body.dataset.liveUrl, location.href);
  for (const topic of (body.dataset.topics ?? "").split(" ").filter(Boolean)) url.searchParams.append("topic", topic);
  const stream = new EventSource(url);
  let late = 0;
  stream.addEventListener("change", () => { clearTimeout(late); late = setTimeout(refresh, 150); });
  stream.addEventListener("open", () => { if (live.retry > 1000) refresh(); live.retry = 1000; if (!live.paused) showLive("on"); });
  stream.addEventListener("error", () => {
    if (!live.paused) showLive("lost");
    if (stream.readyState !== EventSource.CLOSED) return;
    setTimeout(follow, live.retry * (0.7 + Math.random() * 0.6));
    live.retry = Math.min(live.retry * 2, 60000);
  });
  addEventListener("pagehide", () => stream.close(), { once: true });
}

liveButton?.addEventListener("click", () => {
  live.paused = !live.paused;
  liveButton.setAttribute("aria-pressed", String(live.paused));
  showLive(live.paused ? "paused" : "on");
  if (!live.paused) refresh();
});
if (body.dataset.liveUrl) follow();

// Countdowns, by the server's clock; seconds only in the last hour, which the server chose by data-counts.
const two = (number) => String(number).padStart(2, "0");
function tick() {
  const now = Date.now() + clockOffset;
  for (const item of document.querySelectorAll("[data-counts]")) {
    const left = Math.round((Date.parse(item.dataset.counts) - now) / 1000);
    const [minutes, seconds] = [Math.floor(Math.abs(left) / 60), Math.abs(left) % 60];
    const text = left >= 0 ? `${minutes} m ${two(seconds)} s left` : `${minutes} m late`;
    if (item.textContent !== text) item.textContent = text;
    if (left < 0) item.closest(".clock")?.classList.replace("tone-risk", "tone-late");
  }
}
if (document.querySelector("[data-counts]")) setInterval(tick, 1000);

// Forms: once only, and a question first where the act is hard to undo.
function ask(question) {
  const dialog = document.getElementById("confirm");
  document.getElementById("confirm-text").textContent = question;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true }));
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent !== undefined) { event.preventDefault(); return; }
  if (form.dataset.confirm && form.dataset.confirmed === undefined && document.getElementById("confirm")) {
    event.preventDefault();
    if (await ask(form.dataset.confirm)) { form.dataset.confirmed = ""; form.requestSubmit(event.submitter); }
    return;
  }
  form.dataset.sent = "";
  event.submitter?.setAttribute("data-sent", "");
});
addEventListener("pageshow", () => { for (const item of document.querySelectorAll("[data-sent]")) delete item.dataset.sent; });

for (const offer of document.querySelectorAll("[data-undo]")) {
  let left = 10;
  const timer = setInterval(() => {
    if (offer.matches(":hover, :focus-within")) return;
    left -= 1;
    if (left === 0) { clearInterval(timer); offer.querySelector("form")?.remove(); }
  }, 1000);
}

// A page made to be printed.
for (const printer of document.querySelectorAll("[data-prints]")) {
  printer.hidden = false;
  printer.addEventListener("click", () => print());
}

// Dialogs and menus.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  if (event.target.matches("dialog")) event.target.close();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false;
});

// Search: what is found stands below the box while one types; Enter without a choice opens the page of all.
const box = document.querySelector("[data-search]");
const offered = document.getElementById("offered");
if (box && offered) {
  let asked = 0, waiting = 0, chosen = -1;
  const items = () => [...offered.querySelectorAll("[role=option]")];
  const close = () => { asked += 1; clearTimeout(waiting); offered.hidden = true; chosen = -1; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); };
  const choose = (index) => {
    const all = items();
    if (!all.length) return;
    chosen = (index + all.length) % all.length;
    all.forEach((item, number) => item.setAttribute("aria-selected", String(number === chosen)));
    box.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  };
  const offer = async () => {
    const mine = asked += 1;
    const answer = await fetch(`/search?offered&q=${encodeURIComponent(box.value)}`).catch(() => null);
    if (mine !== asked || !answer?.ok || answer.redirected) return;
    offered.replaceChildren(...parse(await answer.text()).querySelectorAll("li"));
    const found = items().length;
    if (mine !== asked || !found) { close(); return; }
    chosen = -1; offered.hidden = false;
    box.setAttribute("aria-expanded", "true");
    say(`${found} found`);
  };
  box.addEventListener("input", () => { clearTimeout(waiting); if (box.value.trim()) waiting = setTimeout(offer, 150); else close(); });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !offered.hidden) { event.preventDefault(); close(); }
    if (offered.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); choose(chosen + (event.key === "ArrowDown" ? 1 : chosen < 0 ? 0 : -1)); }
    if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); location.assign(items()[chosen].dataset.url); }
  });
  offered.addEventListener("pointerdown", (event) => { const item = event.target.closest("li"); if (item) { event.preventDefault(); location.assign(item.dataset.url); } });
  box.closest("form").addEventListener("focusout", (event) => { if (!box.closest("form").contains(event.relatedTarget)) setTimeout(close, 150); });
}

// Keyboard. Single keys can be turned off, and never act in fields.
const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent);
function move(by) {
  const all = rows();
  const here = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.max(0, Math.min(all.length - 1, here + (here < 0 ? Math.max(by, 1) : by)))];
  next?.querySelector("a, button")?.focus();
}
const acts = {
  j: () => move(1),
  k: () => move(-1),
  c: () => document.activeElement?.closest("[data-row]")?.querySelector(".owner form")?.requestSubmit(),
  x: () => document.activeElement?.closest("[data-row]")?.querySelector(".pick")?.click(),
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => document.getElementById("shortcuts")?.showModal(),
};
let going = 0;
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey) { event.preventDefault(); box?.focus(); box?.select(); return; }
  if (event.key === "Escape") for (const menu of document.querySelectorAll("details[data-menu][open]")) { menu.open = false; menu.querySelector("summary").focus(); }
  if (body.dataset.shortcuts === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, dialog[open], [contenteditable]")) return;
  const key = event.key.toLowerCase();
  if (Date.now() - going < 1500) {
    going = 0;
    const target = [...document.querySelectorAll("[data-go]")].find((link) => link.dataset.go === key);
    if (target) { event.preventDefault(); target.click(); }
    return;
  }
  if (key === "g") { going = Date.now(); return; }
  if (acts[key]) { event.preventDefault(); acts[key](); }
});

// Choosing rows: all of a page at once, and how many that are.
const picks = () => [...document.querySelectorAll(".pick")];
const every = document.querySelector("[data-every]");
function counted() {
  const chosen = picks().filter((pick) => pick.checked).length;
  const told = document.querySelector("[data-chosen]");
  if (told) told.textContent = chosen ? `${chosen} chosen` : "";
  if (every) { every.checked = chosen > 0 && chosen === picks().length; every.indeterminate = chosen > 0 && !every.checked; }
}
if (every) {
  every.closest("label").hidden = false;
  every.addEventListener("change", () => { for (const pick of picks()) pick.checked = every.checked; counted(); });
  document.addEventListener("change", (event) => { if (event.target.matches(".pick")) counted(); });
  counted();
}

// What is done in slices goes on by itself.
document.querySelector("form[data-goes-on]")?.requestSubmit();

// After an act, focus goes to the result.
document.querySelector("[data-focus]")?.focus();
page.dataset.ready = "";
