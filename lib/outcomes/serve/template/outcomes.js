// The script of a live page: its address, what it says aloud, sorting, busy and broken states.
// The pieces of HTML it looks for come from the apps; each reads well without it.
"use strict";

(() => {
  const BASE = document.currentScript.dataset.base;
  const ENDED = 4001;
  const IDLE = 4002;
  const SHOW_BUSY_AFTER = 150;
  const GIVE_UP_AFTER = 10000;
  const byId = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // ---- the connection to the kernel: say in plain words when it is gone

  const TROUBLE = {
    idle:
      "This page was idle for long; reload it: the address keeps your choices.",
    ended:
      "This page has stopped on the server. Reload it: the address keeps your choices.",
    lost:
      "The connection to this page was lost; it is being tried again. You can also reload the page: " +
      "the address keeps your choices.",
    unmade:
      "This page could not be made. It is not your doing, and it was written down. Reload it to try " +
      "again.",
    failed:
      "That could not be worked out, and it was written down. What you see is from before; another " +
      "choice may still work.",
  };
  let over = false;
  let started = false;

  function trouble(kind) {
    if (over) return;
    over = kind === "idle" || kind === "ended" || kind === "unmade";
    const box = document.createElement("div");
    box.className = "outcomes-message";
    box.dataset.kind = kind;
    const words = document.createElement("p");
    words.textContent = TROUBLE[kind];
    box.append(words);
    if (kind !== "failed") {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Reload";
      button.addEventListener("click", () => location.reload());
      box.append(button);
    }
    byId("trouble").replaceChildren(box);
    done();
  }

  function noTrouble(kind) {
    if (!over && byId("trouble")?.firstChild?.dataset.kind === kind) byId("trouble").replaceChildren();
  }

  const kernelId = () => JSON.parse(byId("jupyter-config-data").textContent).kernelId;

  const server = window.fetch.bind(window);

  async function stillThere() {
    try {
      const answer = await server(`${BASE}api/kernels/${kernelId()}`);
      if (answer.status === 404) trouble("ended");
    } catch {
      // The server cannot be reached: the message that says so stands.
    }
  }

  // Voilà's front end asks for the kernel, and then shows what it finds in the page: put it there.
  window.fetch = async (...asked) => {
    const answer = await server(...asked);
    if (!answer.url.includes(`/api/kernels/${kernelId()}`) || started) return answer;
    started = true;
    if (!answer.ok) trouble("unmade");
    else for (const output of (await answer.clone().json()).outputs) place(output);
    return answer;
  };

  function place(output) {
    const cell = document.createElement("div");
    const script = document.createElement("script");
    script.type = "application/vnd.voila.cell-output+json";
    script.textContent = JSON.stringify(output).replaceAll("<", "\\u003c");
    cell.append(script);
    byId("cells").append(cell);
  }

  let leaving = false;
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener("open", () => noTrouble("lost"));
      this.addEventListener("message", (event) => {
        if (event.data instanceof ArrayBuffer) rest(event.data);
        if (typeof event.data !== "string" || !event.data.startsWith('{"outcomes"')) return;
        event.stopImmediatePropagation();
        trouble("failed");
      });
      this.addEventListener("close", (event) => {
        if (leaving) return;
        if (event.code === IDLE) trouble("idle");
        else if (event.code === ENDED) trouble("ended");
        else {
          trouble("lost");
          setTimeout(stillThere, 1000);
        }
      });
    }
  };

  // Voilà's own listener would end the page whenever it might be left, also by saving a file.
  window.addEventListener("beforeunload", (event) => event.stopImmediatePropagation());
  window.addEventListener("pagehide", () => {
    leaving = true;
    if (byId("jupyter-config-data")) navigator.sendBeacon(`${BASE}apps/close/${kernelId()}`);
  });
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());

  // ---- busy: from a choice until the answer is complete

  let waiting = 0;
  let giveUp = 0;

  function busy() {
    if (over) return;
    byId("content").setAttribute("aria-busy", "true");
    clearTimeout(waiting);
    clearTimeout(giveUp);
    waiting = setTimeout(() => (byId("working").hidden = false), SHOW_BUSY_AFTER);
    giveUp = setTimeout(done, GIVE_UP_AFTER);
  }

  function done() {
    clearTimeout(waiting);
    clearTimeout(giveUp);
    byId("content").setAttribute("aria-busy", "false");
    byId("working").hidden = true;
    byId("working").classList.add("later");
  }

  // A choice that changes nothing has no answer to wait for: the kernel says when it has rested.
  const STATUS_IS_SHORTER = 4096;
  const RESTED = 100;
  let resting = 0;

  function rest(message) {
    if (message.byteLength > STATUS_IS_SHORTER || !byId("working").classList.contains("later")) return;
    const view = new DataView(message);
    const at = (number) => Number(view.getBigUint64(8 * (number + 1), true));
    const part = (number) =>
      JSON.parse(new TextDecoder().decode(message.slice(at(number), at(number + 1))));
    if (part(1).msg_type !== "status" || part(2).msg_type !== "comm_msg") return;
    clearTimeout(resting);
    if (part(4).execution_state === "idle") resting = setTimeout(done, RESTED);
  }

  function speak(words) {
    const region = byId("status");
    // The same words twice are said twice only if the region was empty between.
    region.textContent = "";
    setTimeout(() => (region.textContent = words), 50);
  }

  // ---- the address

  const seen = new WeakMap();

  function fresh(element, value) {
    if (seen.get(element) === value) return false;
    seen.set(element, value);
    return true;
  }

  function address() {
    const mark = all(".outcomes-address").at(-1);
    if (!mark || !fresh(mark, `${mark.dataset.query}\n${mark.dataset.title}`)) return;
    history.replaceState(null, "", `${location.pathname}?${mark.dataset.query}${location.hash}`);
    document.title = mark.dataset.title;
    byId("copy-link").hidden = false;
    noTrouble("failed");
    done();
  }

  async function copyLink() {
    try {
      await navigator.clipboard.writeText(location.href);
      speak("The link to this view has been copied.");
      byId("copy-link").textContent = "Link copied";
    } catch {
      prompt("Copy this link:", location.href);
    }
    setTimeout(() => (byId("copy-link").textContent = "Copy link to this view"), 3000);
  }

  // ---- sorting

  const orders = new Map();
  const NUMBER = /(^|[^\w.])([-\u2212\u2013+]?)\s?£?\s?(\d[\d,]*(?:\.\d+)?)/;

  function figure(text) {
    const found = NUMBER.exec(text);
    if (!found) return null;
    const size = Number(found[3].replaceAll(",", ""));
    return found[2] && found[2] !== "+" ? -size : size;
  }

  function sort(table, heading, direction) {
    const heads = all("thead th", table);
    const column = heads.findIndex((head) => name(head) === heading);
    if (column < 0) return false;
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row, place) => {
      const text = row.cells[column]?.innerText.trim() ?? "";
      const words = row.cells[column]?.tagName === "TH";
      return { row, place, text, value: words ? null : figure(text) };
    });
    const told = rows.filter((each) => each.value !== null).length;
    const numbers = told > 0 && told * 2 >= rows.filter((each) => each.text).length;
    const sign = direction === "descending" ? -1 : 1;
    rows.sort((a, b) => {
      if (!numbers) return sign * a.text.localeCompare(b.text, "en-GB") || a.place - b.place;
      if (a.value === null || b.value === null) {
        return (a.value === null) - (b.value === null) || a.place - b.place;
      }
      return sign * (a.value - b.value) || a.place - b.place;
    });
    body.append(...rows.map((each) => each.row));
    heads.forEach((head, number) => {
      if (number === column) head.setAttribute("aria-sort", direction);
      else head.removeAttribute("aria-sort");
    });
    return numbers ? "numbers" : "words";
  }

  const name = (head) => head.dataset.heading ?? head.textContent.trim();

  function order(wrapper) {
    return all(".outcomes-sortable").indexOf(wrapper);
  }

  function sortable(wrapper) {
    const table = wrapper.querySelector("table");
    if (!table || !table.tBodies.length || !fresh(table, "sortable")) return;
    for (const head of all("thead th", table)) {
      const heading = head.textContent.trim();
      if (!heading) continue;
      head.dataset.heading = heading;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "outcomes-sort";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        const direction = up ? "ascending" : "descending";
        const kind = sort(table, heading, direction);
        orders.set(order(wrapper), { heading, direction });
        const first = { numbers: ["smallest", "largest"], words: ["A", "Z"] }[kind][up ? 0 : 1];
        speak(`Sorted by ${heading}, ${first} first.`);
      });
    }
    const kept = orders.get(order(wrapper));
    if (kept) sort(table, kept.heading, kept.direction);
  }

  // ---- a button that makes a choice, and files that were prepared

  // ipywidgets writes the options of a list with spaces that do not break.
  const plain = (words) => words.replaceAll("\u00a0", " ").trim();

  function choose(button) {
    const { control, value } = button.dataset;
    const within = `.outcomes-${CSS.escape(control)}`;
    const field = document.querySelector(
      `${within} select, ${within} input[type=text], ${within} input:not([type]), input${within}, select${within}`,
    );
    if (!field) return;
    if (field.tagName === "SELECT") {
      const option = [...field.options].find((each) => plain(each.text) === plain(value));
      if (!option) return;
      field.selectedIndex = option.index;
    } else field.value = value;
    for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
    answerOf(control);
  }

  let heading = null;
  let asker = null;

  // An answer that is late takes nobody away from where they have gone on meanwhile.
  function take(control) {
    const here = document.activeElement;
    const gone = here === document.body || !here.getClientRects().length;
    if (gone || here === asker) answerOf(control);
  }

  function answerOf(control) {
    heading = `.outcomes-${CSS.escape(control)}-answer`;
    focusAnswer();
  }

  function focusAnswer() {
    const answer = heading && document.querySelector(heading);
    if (answer && document.activeElement !== answer) answer.focus();
  }

  let preparing = 0;

  function downloads() {
    for (const link of all("a.outcomes-download")) {
      if (!fresh(link, link.href) || Date.now() - preparing > GIVE_UP_AFTER) continue;
      preparing = 0;
      link.click();
      done();
    }
  }

  // ipywidgets gives the handle of a slider no name; the title of its label says what it sets.
  function named(handle) {
    const title = handle.closest(".widget-slider")?.querySelector("[title]")?.title;
    if (title) handle.setAttribute("aria-label", title);
  }

  // A set of tick boxes is a group, called by the words that stand before it.
  function grouped(box) {
    const name = document.querySelector(".outcomes-group-name");
    if (!name || !fresh(box, name.textContent)) return;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", name.textContent);
  }

  // So is a set of radio buttons, called by its question.
  function asked(box) {
    const question = box.parentElement.querySelector(".widget-label");
    if (!question || !fresh(box, question.textContent)) return;
    box.setAttribute("role", "radiogroup");
    box.setAttribute("aria-label", question.textContent);
  }

  // ---- look at what has changed

  function look() {
    downloads();
    all(".outcomes-sortable").forEach(sortable);
    all(".noUi-handle:not([aria-label])").forEach(named);
    all(".outcomes-group").forEach(grouped);
    all(".widget-radio-box").forEach(asked);
    for (const mark of all(".outcomes-spoken")) {
      if (fresh(mark, mark.dataset.words)) speak(mark.dataset.words);
    }
    for (const mark of all(".outcomes-go-to")) {
      if (fresh(mark, mark.dataset.control)) take(mark.dataset.control);
    }
    for (const field of all(".outcomes-code input")) {
      const wrong = document.querySelector("#outcomes-wrong-code");
      field.setAttribute("aria-invalid", Boolean(wrong));
      field.setAttribute("aria-describedby", wrong?.id ?? "");
    }
    for (const box of all("#cells .outcomes-message")) {
      // Once the controls beside it have been drawn, which move it.
      if (fresh(box, "shown")) setTimeout(() => box.scrollIntoView({ block: "nearest" }), RESTED);
    }
    if (heading && document.activeElement === document.body) focusAnswer();
    address();
  }

  let planned = false;

  function plan() {
    if (planned) return;
    planned = true;
    queueMicrotask(() => {
      planned = false;
      look();
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    giveUp = setTimeout(done, 3 * GIVE_UP_AFTER);
    new MutationObserver(plan).observe(byId("content"), {
      subtree: true,
      childList: true,
      attributes: true,
      attributeFilter: ["data-query", "data-title", "data-words", "href", "title"],
    });
    const content = byId("content");
    content.addEventListener("change", (event) => event.target.closest("#cells") && busy());
    content.addEventListener("click", (event) => {
      const chosen = event.target.closest("button.outcomes-choose");
      if (chosen) return choose(chosen);
      heading = null;
      if (event.target.closest(".outcomes-sort, a, summary, select")) return undefined;
      if (event.target.closest(".outcomes-prepare")) preparing = Date.now();
      const button = event.target.closest("#cells button");
      if (!button) return undefined;
      asker = button;
      return busy();
    });
    // Enter in the field of a code is as good as the button beside it.
    content.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.closest(".outcomes-code")) return;
      event.target.dispatchEvent(new Event("change", { bubbles: true }));
      document.querySelector(".outcomes-enter")?.click();
    }, true); // on the way down: widgets stop it on the way up
    byId("copy-link").addEventListener("click", copyLink);
    return undefined;
  });
})();
