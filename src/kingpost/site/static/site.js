// The site's only script, our own: light or dark, and a search over names. Not a module, since
// browsers refuse modules to pages that are opened from a file.
(() => {
  const root = document.documentElement;
  const kept = (() => { try { return localStorage.getItem("kingpost-theme"); } catch { return null; } })();
  if (kept === "light" || kept === "dark") root.dataset.theme = kept;

  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);

  function themes() {
    const button = document.querySelector(".theme");
    button.hidden = false;
    button.addEventListener("click", () => {
      root.dataset.theme = isDark() ? "light" : "dark";
      try { localStorage.setItem("kingpost-theme", root.dataset.theme); } catch { /* It holds for this page. */ }
    });
  }

  // A map that is wider than its room begins where the work begins, not at its left edge.
  function begin() {
    for (const room of document.querySelectorAll("#map .room")) {
      const first = [...room.querySelectorAll(".picture > :is(a, g.box)")].find((each) => each.getBoundingClientRect().width);
      if (!first || room.scrollWidth <= room.clientWidth) continue;
      const box = first.getBoundingClientRect();
      room.scrollLeft += box.left - room.getBoundingClientRect().left - (room.clientWidth - box.width) / 2;
    }
  }

  // Every word must stand in the name or the address; a name that begins with the text comes first.
  function find(text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return [];
    const rank = ([name]) => (name.toLowerCase().startsWith(words[0]) ? 0 : 1);
    return window.kingpostSearch
      .filter(([name, kind, , address]) => { const all = `${name} ${kind} ${address}`.toLowerCase(); return words.every((word) => all.includes(word)); })
      .map((entry, index) => [rank(entry), entry[0].length, index, entry])
      .sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
      .slice(0, 12)
      .map((entry) => entry[3]);
  }

  function search() {
    const box = document.querySelector(".search");
    const input = box.querySelector("input");
    const list = box.querySelector("ul");
    const told = document.getElementById("told");
    let chosen = -1;
    box.hidden = false;

    const choose = (index) => {
      const items = [...list.children];
      if (!items.length) return;
      chosen = (index + items.length) % items.length;
      items.forEach((item, number) => item.setAttribute("aria-selected", String(number === chosen)));
      input.setAttribute("aria-activedescendant", items[chosen].id);
      items[chosen].scrollIntoView({ block: "nearest" });
    };
    const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); chosen = -1; };
    const go = (item) => { if (item) location.href = document.body.dataset.root + item.dataset.url; };

    const show = () => {
      const found = find(input.value);
      list.replaceChildren(...found.map(([name, kind, url, address], number) => {
        const item = document.createElement("li");
        item.id = `found-${number}`;
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.dataset.url = url;
        const first = document.createElement("span");
        first.textContent = name;
        const second = document.createElement("span");
        second.className = "note";
        second.textContent = `${kind} · ${address}`;
        item.append(first, second);
        item.addEventListener("pointerdown", (event) => { event.preventDefault(); go(item); });
        return item;
      }));
      chosen = -1;
      list.hidden = !found.length;
      input.setAttribute("aria-expanded", String(found.length > 0));
      if (input.value.trim()) told.textContent = found.length === 1 ? "1 name found" : `${found.length} names found`;
    };

    input.addEventListener("input", show);
    input.addEventListener("focus", show);
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") { choose(chosen + 1); event.preventDefault(); }
      else if (event.key === "ArrowUp") { choose(chosen - 1); event.preventDefault(); }
      else if (event.key === "Enter") go(list.children[Math.max(0, chosen)]);
      else if (event.key === "Escape") close();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
      event.preventDefault();
      input.focus();
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    if (matchMedia("(max-width: 760px)").matches) document.querySelector(".menu").open = false;
    themes();
    search();
    begin();
  });
})();
