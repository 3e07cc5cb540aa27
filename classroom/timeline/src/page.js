// What a page of pictures does: it zooms, plays the runs, and tells what a bar is. The browser itself
// scrolls: a zoom sets the width of what lies in its box. Times are microseconds from the start of a
// run.

// Where an item is narrower than this, in pixels, no lines part the items: the lines would take the
// place of what is in them.
const WIDE_ENOUGH = 12;
// Browsers place nothing that is further from the left edge than some 17 million pixels.
const WIDEST = 8e6;
// How wide a stretch of work is made that was too short to see, in pixels.
const SEEN = 24;

const all = (query, of = document) => [...of.querySelectorAll(query)];
const tip = document.getElementById("tip");
const stillness = matchMedia("(prefers-reduced-motion: reduce)");

// Start and end of each rectangle of a path.
function stretches(path) {
  const found = path?.getAttribute("d").matchAll(/M([\d.]+) [\d.]+h([\d.]+)/g) ?? [];
  return [...found].map(([, x, width]) => ({ start: +x, end: +x + +width }));
}

// A drawing and its items.
function drawingOf(svg) {
  const veil = document.createElement("div");
  veil.className = "veil";
  svg.parentElement.append(veil);
  const lanes = all(".lane", svg).map((lane) => stretches(lane.querySelector(".wait")));
  const told = svg.parentElement.previousElementSibling.querySelector(".told");
  return { svg, veil, lanes, items: lanes.flat(), told, words: told?.textContent };
}

function start(group) {
  const whole = Number(group.dataset.whole);
  const one = (query) => group.querySelector(query);
  const [view, canvas, axis] = [".view", ".canvas", ".axis"].map(one);
  const [controls, overview, slider] = [".controls", ".overview", "input"].map(one);
  const [speed, output, play] = ["select", "output", "[data-do=play]"].map(one);
  const drawings = all("svg", view).map(drawingOf);
  // The thread of all tasks has no items of its own.
  const items = drawings.flatMap((drawing) =>
    drawing.svg.closest(".thread") ? [] : drawing.items,
  );
  const times = items.flatMap(({ start, end }) => [start, end]).sort((a, b) => a - b);
  const shortest = items.reduce((least, { start, end }) => Math.min(least, end - start), whole);
  const rows = all("table.items tbody tr");
  let [zoom, now, playing, pointer] = [1, whole, false, null];

  // How many microseconds a pixel is, and the time at the left edge of the box and at the right one.
  function sight() {
    const [box, plot] = [view.getBoundingClientRect(), axis.getBoundingClientRect()];
    const scale = whole / plot.width;
    // The names stay at the left edge and cover what lies below them.
    const left = box.left + canvas.clientWidth - axis.clientWidth;
    const [from, to] = [left, box.right].map((x) => (x - plot.left) * scale);
    return { scale, left, right: box.right, plot, from, to };
  }

  // Makes the picture so many times as wide and keeps what is at this place of the window there.
  function setZoom(next, x = pointer) {
    const before = sight();
    x ??= (before.left + before.right) / 2;
    const held = (x - before.plot.left) / before.plot.width;
    zoom = Math.min(WIDEST / view.clientWidth, Math.max(1, next));
    canvas.style.setProperty("--zoom", zoom);
    const after = axis.getBoundingClientRect();
    view.scrollLeft += after.left + held * after.width - x;
    draw();
  }

  // What depends on the part in sight.
  function draw() {
    const { scale, from, to } = sight();
    for (const { svg } of drawings) svg.classList.toggle("lined", shortest / scale >= WIDE_ENOUGH);
    for (const note of all(".short", group)) note.hidden = note.dataset.work / scale >= 1;
    drawAxis(scale, Math.max(0, from), Math.min(whole, to));
    overview.hidden = zoom <= 1;
    const part = overview.firstElementChild.style;
    part.left = `${(100 * from) / whole}%`;
    part.width = `${(100 * (to - from)) / whole}%`;
    drawNow();
    tip.hidden = true;
  }

  // Round times in seconds, as many as there is room for; the first number has its unit.
  function drawAxis(scale, from, to) {
    const room = scale * 90;
    const decade = 10 ** Math.floor(Math.log10(room));
    const step = [1, 2, 5, 10].map((times) => times * decade).find((step) => step >= room * 0.999);
    const digits = Math.max(0, 6 - Math.floor(Math.log10(step) + 1e-9));
    const ticks = [];
    for (let i = Math.ceil(from / step - 1e-6); i * step <= to; i++) {
      const tick = document.createElement("span");
      const number = i ? ((i * step) / 1e6).toFixed(digits) : "0";
      tick.textContent = ticks.length ? number : `${number} s`;
      tick.style.left = `${(100 * i * step) / whole}%`;
      ticks.push(tick);
    }
    axis.replaceChildren(...ticks);
    // Half a number is another number.
    const last = ticks.at(-1);
    if (last && last.offsetLeft + last.offsetWidth > axis.clientWidth) last.textContent = "";
  }

  // What has happened until now.
  function drawNow() {
    for (const { veil, items, told, words } of drawings) {
      veil.hidden = now >= whole;
      // Not with `left`, for which the bars below would be drawn anew.
      veil.style.transform = `translateX(${(now / whole) * axis.clientWidth}px)`;
      if (told) told.textContent = now >= whole ? words : `${done(items)} of ${items.length} done`;
    }
    slider.value = (1000 * now) / whole;
    const begun = items.filter(({ start }) => start <= now).length;
    const said = `${(now / 1e6).toFixed(whole < 1e6 ? 4 : 3)} s: ${begun - done(items)} under way, ${done(items)} of ${items.length} ${group.dataset.noun}s done`;
    output.textContent = now < whole ? said : "";
    slider.setAttribute("aria-valuetext", output.textContent || "the end");
  }

  const done = (items) => items.filter(({ end }) => end <= now).length;

  // Goes to a moment, and the picture with it.
  function go(moment) {
    now = Math.min(whole, Math.max(0, moment));
    const { scale, from, to } = sight();
    if (zoom > 1 && now < whole && (now < from || now > to))
      view.scrollLeft += (now - from) / scale - 10;
    drawNow();
  }

  function run(isOn) {
    playing = isOn && !stillness.matches;
    play.textContent = playing ? "Pause" : "▶ Play";
    // What is said of every frame is not to be read aloud.
    output.setAttribute("aria-live", playing ? "off" : "polite");
    if (!playing) return;
    if (now >= whole) go(0);
    let last;
    requestAnimationFrame(function frame(at) {
      if (!playing) return;
      go(now + (last === undefined ? 0 : at - last) * 1e3 * speed.value);
      last = at;
      if (now < whole) requestAnimationFrame(frame);
      else run(false);
    });
  }

  function step(isForward) {
    run(false);
    const at = now >= whole && isForward ? -1 : now;
    go(
      (isForward ? times.find((time) => time > at) : times.findLast((time) => time < at)) ??
        (isForward ? whole : 0),
    );
  }

  // Makes the first work so wide that it is seen.
  function showWork(work) {
    const first = stretches(drawings[0].svg.querySelector(".work"))[0];
    setZoom((zoom * SEEN * sight().scale) / work);
    const { scale, from } = sight();
    view.scrollLeft += (first.start - from) / scale - SEEN;
  }

  const acts = {
    play: () => run(!playing),
    back: () => step(false),
    forward: () => step(true),
    in: () => setZoom(2 * zoom),
    out: () => setZoom(zoom / 2),
    all: () => setZoom(1),
    work: (button) => showWork(Number(button.closest("[data-work]").dataset.work)),
  };
  for (const button of all("[data-do]", group)) {
    button.addEventListener("click", () => {
      pointer = null;
      acts[button.dataset.do](button);
    });
  }
  slider.addEventListener("input", () => {
    run(false);
    go((slider.value * whole) / 1000);
  });

  // The item at a place of the window, or a few pixels beside it, in words; the table has them.
  function itemAt(drawing, x, y) {
    const box = drawing.svg.getBoundingClientRect();
    const { scale } = sight();
    const time = (x - box.left) * scale;
    const lane = Math.floor((drawing.lanes.length * (y - box.top)) / box.height);
    const apart = ({ start, end }) => Math.max(start - time, time - end, 0);
    const near = drawing.lanes[lane]?.filter((item) => apart(item) < 3 * scale) ?? [];
    return near.sort((a, b) => apart(a) - apart(b))[0];
  }

  function tell(event) {
    pointer = event.clientX;
    const drawing = drawings.find(({ svg }) => svg === event.target.closest?.("svg"));
    const item = drawing && itemAt(drawing, event.clientX, event.clientY);
    const row = item && rows[items.indexOf(item)];
    tip.hidden = !row;
    if (!row) return;
    const [lane, label, start, end, took, worked, waited, failed] = [...row.cells].map((cell) =>
      cell.textContent.trim(),
    );
    tip.textContent = `${label}: ${lane}, from ${start} s to ${end} s, ${took} s long: worked ${worked} s, waited ${waited} s${failed && `; failed: ${failed}`}`;
    tip.style.left = `${Math.max(8, Math.min(event.clientX + 12, innerWidth - tip.offsetWidth - 8))}px`;
    tip.style.top = `${Math.min(event.clientY + 16, innerHeight - tip.offsetHeight - 8)}px`;
  }

  view.addEventListener("pointermove", tell);
  view.addEventListener("pointerdown", tell);
  view.addEventListener("pointerleave", () => {
    pointer = null;
    tip.hidden = true;
  });
  view.addEventListener("scroll", draw, { passive: true });
  view.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    setZoom(zoom * 2 ** (-event.deltaY / 200), event.clientX);
  });
  addEventListener("resize", draw);
  addEventListener("beforeprint", () => setZoom(1));

  const obey = () => {
    play.hidden = speed.hidden = stillness.matches;
    if (stillness.matches) run(false);
  };
  stillness.addEventListener("change", obey);
  obey();
  // A run that is over before one has looked is played slowly.
  speed.value = whole > 2e6 ? "1" : whole > 2e5 ? "0.1" : "0.01";
  controls.hidden = false;
  draw();
  return { acts, group };
}

const groups = all(".group").map(start);
const KEYS = { p: "play", ".": "forward", ",": "back", "+": "in", "=": "in", "-": "out", 0: "all" };

addEventListener("keydown", (event) => {
  if (event.key === "Escape") tip.hidden = true;
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select, input"))
    return;
  // The group where one is, or the first one.
  const at = groups.find(({ group }) => group.contains(event.target) || group.matches(":hover"));
  const act = KEYS[event.key.toLowerCase()];
  if (!act || !groups.length) return;
  event.preventDefault();
  (at ?? groups[0]).acts[act]();
});
