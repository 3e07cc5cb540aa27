// What a page of pictures does: it makes a part of the time larger, plays the runs, tells what a
// bar is, and fills the screen of a projector. Times are seconds from the start of a run.

// Where an item is narrower than this, in pixels, no lines part the items: the lines would take the
// place of what is in them.
const WIDE_ENOUGH = 12;
// No shorter part of the time is shown.
const SHORTEST = 1e-6;
// How wide the bars of a printed page are, in pixels, at least.
const PRINTED = 480;
const SPEEDS = [
  [0.01, "very slow (1/100)"],
  [0.1, "slow (1/10)"],
  [1, "real time"],
  [10, "fast (×10)"],
];

const tip = document.getElementById("tip");
const stillness = matchMedia("(prefers-reduced-motion: reduce)");
// The charts that show the same part of the time, by the name of their group.
const groups = new Map();
// The group that the keys play.
let current = null;

// ---- What is on the page

function numbers(element, ...names) {
  return names.map((name) => Number(element.getAttribute(name)));
}

// The item of a bar, from its rectangles: the first is all of it, and the others are its work.
function itemOf(bar) {
  const [first, ...others] = bar.querySelectorAll("rect");
  const [x, width, whole] = numbers(first, "x", "width", "height");
  const work = others.map((work) => {
    const [x, width, height] = numbers(work, "x", "width", "height");
    return { start: x / 1e6, end: (x + width) / 1e6, share: height / whole };
  });
  return { bar, start: x / 1e6, end: (x + width) / 1e6, work };
}

function drawingOf(svg) {
  const lanes = [...svg.querySelectorAll(".lane")].map((lane) => ({
    first: Number(lane.dataset.first),
    items: [...lane.querySelectorAll(".bar")].map(itemOf),
  }));
  const items = lanes.flatMap((lane) => lane.items);
  return {
    svg,
    lanes,
    items,
    shortest: 1e6 * items.reduce((least, { start, end }) => Math.min(least, end - start), Infinity),
    height: svg.viewBox.baseVal.height,
    waiting: svg.querySelector("pattern[id^=waiting]"),
    idle: svg.querySelector("pattern[id^=idle]"),
    fails: [...svg.querySelectorAll(".fail")],
  };
}

function chartOf(element) {
  const plots = [...element.querySelectorAll(".plot")];
  for (const plot of plots) {
    const veil = document.createElement("div");
    veil.className = "veil";
    veil.hidden = true;
    plot.append(veil);
  }
  const drawings = [...element.querySelectorAll("svg")].map(drawingOf);
  const items = drawings.flatMap((drawing) => drawing.items);
  const seen = items
    .flatMap((item) => item.work)
    .map((work) => (work.end - work.start) * work.share);
  seen.sort((a, b) => a - b);
  const note = element.nextElementSibling;
  return {
    element,
    drawings,
    plots,
    veils: plots.map((plot) => plot.lastElementChild),
    axis: element.querySelector(".axis"),
    names: [...element.querySelectorAll(".names:not(.counts) > span")],
    lane: Number.parseFloat(element.style.getPropertyValue("--lane")),
    typicalWork: seen[seen.length >> 1],
    note: note?.matches(".short") ? note : null,
  };
}

for (const element of document.querySelectorAll(".chart")) {
  const { group: name, window } = element.dataset;
  const whole = Number(window);
  if (!groups.has(name)) {
    groups.set(name, { name, whole, from: 0, to: whole, now: whole, charts: [], runs: [] });
  }
  const group = groups.get(name);
  const chart = chartOf(element);
  group.charts.push(chart);
  for (const drawing of chart.drawings) {
    if (drawing.svg.getAttribute("role") === "group") listen(group, drawing);
  }
}
for (const group of groups.values()) {
  // The areas have all items of their runs, the other charts of a report only the first lanes.
  const areas = group.charts.filter((chart) => chart.element.parentElement.matches(".areas"));
  const charts = areas.length ? areas : group.charts;
  group.runs = charts.flatMap((chart) =>
    chart.drawings.filter((drawing) => drawing.items.length).map(runOf),
  );
  const place = [...document.querySelectorAll(".controls")].find(
    (place) => place.dataset.group === group.name,
  );
  if (place) controls(group, place);
  draw(group);
}

// ---- A part of the time, larger

// A time in a unit of its size, with as many digits as a step of the axis needs.
function exact(time, step) {
  const [unit, size] = time < 1e-3 ? ["µs", 1e-6] : time < 1 ? ["ms", 1e-3] : ["s", 1];
  const digits = Math.min(9, Math.max(0, Math.ceil(Math.log10(size / step) - 1e-9)));
  return `${(time / size).toFixed(digits)} ${unit}`;
}

// Round times for an axis of so many pixels; the first number has its unit.
function ticks(from, to, pixels) {
  const room = (to - from) / Math.max(1, pixels / 60);
  const decade = 10 ** Math.floor(Math.log10(room));
  const step = [1, 2, 5, 10].map((times) => times * decade).find((step) => step >= room * 0.999);
  const [unit, size] =
    step < 1e-6 ? ["ns", 1e-9] : step < 1e-3 ? ["µs", 1e-6] : step < 1 ? ["ms", 1e-3] : ["s", 1];
  const first = Math.ceil(from / step - 1e-9);
  // Long numbers that differ in their last digits only are hard to compare: the first is told, and
  // how much later the others are.
  const isFar = (first * step) / size >= 1e5;
  const list = [];
  for (let i = first; i * step <= to; i++) {
    const shown = isFar ? i - first : i;
    const number = Number(((shown * step) / size).toPrecision(9)).toLocaleString("en");
    let label = list.length ? number : `${number} ${unit}`;
    if (isFar) label = list.length ? `+${number}` : exact(i * step, step);
    if (isFar && list.length === 1) label += ` ${unit}`;
    list.push([i * step, label]);
  }
  return list;
}

// The drawings of a group at their present size.
function draw(group, printed) {
  const { from, to } = group;
  const length = to - from;
  const sizes = new Map();
  for (const { drawings } of group.charts) {
    for (const { svg } of drawings) {
      const { width, height } = svg.getBoundingClientRect();
      sizes.set(svg, [printed ?? width, height]);
    }
  }
  for (const chart of group.charts) {
    for (const drawing of chart.drawings) {
      const { svg, height } = drawing;
      const [pixels, high] = sizes.get(svg);
      svg.setAttribute("viewBox", `${from * 1e6} 0 ${length * 1e6} ${height}`);
      const [wide, tall] = [(length * 1e6) / (pixels || 1), height / (high || 1)];
      drawing.waiting?.setAttribute("patternTransform", `scale(${wide} ${tall})`);
      drawing.idle?.setAttribute("patternTransform", `scale(${wide} 1)`);
      // Of items that can be seen the begin need not be marked.
      svg.classList.toggle("far", drawing.shortest / wide >= 1);
      svg.classList.toggle("lined", drawing.shortest / wide >= WIDE_ENOUGH);
      for (const cross of drawing.fails) {
        const { x, y, half } = cross.dataset;
        const { start, end } = itemOf(cross.parentElement);
        const room = Math.min(1, ((end - start) * 1e6) / wide / (2 * half));
        const scale = `${wide * room} ${tall}`;
        cross.setAttribute("transform", `translate(${x} ${y}) scale(${scale})`);
      }
      if (chart.note && drawing.lanes.length) {
        chart.note.hidden = (chart.typicalWork * 1e6) / wide >= 1;
      }
    }
    drawAxis(chart.axis, from, to, printed);
  }
  drawNow(group);
  hideTip();
}

function drawAxis(axis, from, to, printed) {
  const spans = ticks(from, to, printed ?? axis.clientWidth).map(([time, label]) => {
    const span = document.createElement("span");
    span.textContent = label;
    span.style.left = `${(100 * (time - from)) / (to - from)}%`;
    return span;
  });
  axis.replaceChildren(...spans);
  // Half a number is another number.
  const last = axis.lastElementChild;
  if (last && last.offsetLeft + last.offsetWidth > axis.clientWidth) last.textContent = "";
}

// Shows a part of the time that is `times` as long and keeps the moment `at` in its place.
function zoom(group, times, at) {
  const length = Math.min(group.whole, Math.max(SHORTEST, (group.to - group.from) * times));
  const place = (at - group.from) / (group.to - group.from);
  show(group, at - place * length, length);
}

function show(group, from, length) {
  group.from = Math.min(Math.max(0, from), group.whole - length);
  group.to = group.from + length;
  draw(group);
}

function middle(group) {
  return (group.from + group.to) / 2;
}

// ---- What a bar is

function tell(item, x, y) {
  hideTip();
  tip.textContent = sentence(item.row);
  tip.hidden = false;
  item.bar.classList.add("told");
  const { width, height } = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(x + 12, innerWidth - width - 8))}px`;
  tip.style.top = `${y + height + 24 > innerHeight ? y - height - 12 : y + 16}px`;
}

function hideTip() {
  tip.hidden = true;
  for (const bar of document.querySelectorAll(".bar.told")) bar.classList.remove("told");
}

// What a row of the table says, as one sentence.
function sentence(row) {
  const [lane, item, , start, end, took, worked, waited, failed] = [...row.cells].map((cell) =>
    cell.textContent.trim(),
  );
  const about = `${item}: ${lane}, from ${start} to ${end}, ${took} long: worked ${worked}, waited ${waited}`;
  return failed ? `${about}; ${failed}` : about;
}

// Lets the focus come to the bar of an item.
function makeReachable(item) {
  item.bar.setAttribute("role", "img");
  item.bar.setAttribute("aria-label", sentence(item.row));
  item.bar.tabIndex = 0;
}

// The item of a lane that is nearest to a moment.
function nearest(items, time) {
  const distance = (item) => Math.max(item.start - time, time - item.end, 0);
  return items.reduce((a, b) => (a && distance(a) <= distance(b) ? a : b), undefined);
}

// Moves the focus to the bar of an item, and the picture if that is needed.
function go(group, drawing, item) {
  if (!item) return;
  const { start, end, bar } = item;
  const length = group.to - group.from;
  if (start < group.from || end > group.to) show(group, (start + end - length) / 2, length);
  for (const other of drawing.svg.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
  makeReachable(item);
  bar.focus();
}

// Has the pointer, fingers and keys act on the bars of a drawing.
function listen(group, drawing) {
  const { svg, lanes, items } = drawing;
  // Each bar is told about by a row of the table, and named when that is asked for.
  const rows = svg.closest("figure").querySelectorAll("table.items tbody tr");
  for (const lane of lanes) {
    lane.items.forEach((item, at) => {
      item.row = rows[lane.first + at];
    });
  }
  if (items.length) makeReachable(items[0]);

  const time = (x) => {
    const { left, width } = svg.getBoundingClientRect();
    return group.from + ((group.to - group.from) * (x - left)) / width;
  };
  // The item at a place, or a few pixels beside it.
  const itemAt = (x, y, pixels) => {
    const { top, width, height } = svg.getBoundingClientRect();
    const lane = lanes[Math.floor((lanes.length * (y - top)) / height)];
    const item = nearest(lane?.items ?? [], time(x));
    const room = (pixels * (group.to - group.from)) / width;
    return item && item.start - room <= time(x) && time(x) <= item.end + room ? item : null;
  };
  const tellBelow = (item) => {
    const { left, bottom } = item.bar.getBoundingClientRect();
    tell(item, Math.max(left, svg.getBoundingClientRect().left), bottom);
  };
  const itemOfBar = (bar) => items.find((item) => item.bar === bar);

  // Where each finger, or the pressed button, is, and which moment it holds.
  const held = new Map();
  let hasMoved = false;
  svg.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    if (held.size === 0) hasMoved = false;
    held.set(event.pointerId, {
      x: event.clientX,
      begin: event.clientX,
      time: time(event.clientX),
    });
  });
  svg.addEventListener("pointermove", (event) => {
    const finger = held.get(event.pointerId);
    if (!finger) {
      const item = itemAt(event.clientX, event.clientY, 3);
      if (item) tell(item, event.clientX, event.clientY);
      else hideTip();
      return;
    }
    finger.x = event.clientX;
    if (Math.abs(finger.x - finger.begin) > 6) hasMoved = true;
    if (!hasMoved) return;
    svg.setPointerCapture(event.pointerId);
    const { left, width } = svg.getBoundingClientRect();
    const [one, other] = [...held.values()].sort((a, b) => a.time - b.time);
    let length = group.to - group.from;
    if (other && other.x > one.x) {
      // Both moments stay under their fingers.
      length = ((other.time - one.time) * width) / (other.x - one.x);
      length = Math.min(group.whole, Math.max(SHORTEST, length));
    }
    if (length < group.whole || group.to - group.from < group.whole) {
      show(group, one.time - (length * (one.x - left)) / width, length);
    }
  });
  const release = (event) => {
    if (!held.has(event.pointerId)) return;
    // The finger that stays holds the moment that is under it now.
    held.delete(event.pointerId);
    for (const finger of held.values()) finger.time = time(finger.x);
  };
  svg.addEventListener("pointerup", (event) => {
    release(event);
    if (event.pointerType === "mouse" || hasMoved) return;
    const item = itemAt(event.clientX, event.clientY, 12);
    if (item) tell(item, event.clientX, event.clientY);
  });
  // It may be let go beside the picture.
  addEventListener("pointerup", release);
  addEventListener("pointercancel", release);
  svg.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse") hideTip();
  });

  // Not of the SVG: with these listeners Chromium would give it a stop of its own at Tab.
  const plot = svg.parentElement;
  plot.addEventListener("focusin", (event) => {
    const item = itemOfBar(event.target.closest(".bar"));
    if (item) tellBelow(item);
  });
  plot.addEventListener("focusout", hideTip);
  svg.addEventListener("keydown", (event) => {
    const item = itemOfBar(event.target.closest(".bar"));
    if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = items.indexOf(item);
    const row = lanes.findIndex((lane) => lane.items.includes(item));
    const length = group.to - group.from;
    const centre = (item.start + item.end) / 2;
    const arrow = { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
    const beside = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
    const end = { Home: 0, End: -1 }[event.key];
    if (arrow && event.shiftKey) show(group, group.from + (arrow * length) / 4, length);
    else if (arrow) go(group, drawing, items[at + arrow]);
    else if (beside) go(group, drawing, nearest(lanes[row + beside]?.items ?? [], centre));
    else if (end !== undefined) go(group, drawing, items.at(end));
    else if (event.key === "+" || event.key === "=") zoom(group, 0.5, centre);
    else if (event.key === "-") zoom(group, 2, centre);
    else if (event.key === "0") show(group, 0, group.whole);
    else return;
    event.preventDefault();
    if (document.activeElement === item.bar) tellBelow(item);
  });
}

// A tap beside the pictures puts the tip away.
addEventListener("pointerdown", (event) => {
  if (!event.target.closest(".bars")) hideTip();
});

// ---- A run, played

// When the items of a drawing begin and end, and how many work when.
function runOf({ svg, items }) {
  const sorted = (times) => Float64Array.from(times).sort();
  const work = items.flatMap((item) => item.work);
  const changes = work.flatMap(({ start, end, share }) => [
    [start, share],
    [end, -share],
  ]);
  changes.sort((a, b) => a[0] - b[0]);
  const working = [];
  for (const [, change] of changes) working.push((working.at(-1) ?? 0) + change);
  return {
    noun: svg.parentElement.dataset.noun ?? "item",
    words: svg.parentElement.previousElementSibling?.querySelector("small"),
    starts: sorted(items.map((item) => item.start)),
    ends: sorted(items.map((item) => item.end)),
    times: Float64Array.from(changes, ([time]) => time),
    working,
  };
}

// How many of these sorted times are not after a moment.
function until(times, now) {
  let [low, high] = [0, times.length];
  while (low < high) {
    const half = (low + high) >> 1;
    if (times[half] <= now) low = half + 1;
    else high = half;
  }
  return low;
}

// What happens in a run at a moment.
function happens({ starts, ends, times, working, noun }, now) {
  const done = until(ends, now);
  const underWay = until(starts, now) - done;
  const work = Math.max(0, working[until(times, now) - 1] ?? 0);
  const count = (number) => Number(number.toFixed(1)).toLocaleString("en");
  return {
    done: `${done} of ${starts.length} done`,
    all: `${count(underWay - work)} wait, ${count(work)} work; ${done} of ${starts.length} ${noun}s done`,
  };
}

// Draws what has happened until now, and says it.
function drawNow(group) {
  const { from, to, now, whole } = group;
  const place = Math.min(1, Math.max(0, (now - from) / (to - from)));
  for (const { veils } of group.charts) {
    for (const veil of veils) {
      veil.hidden = now >= whole;
      // Not with `left`, for which the bars below would be drawn anew.
      veil.style.transform = `translateX(${100 * place}%)`;
    }
  }
  for (const run of group.runs) {
    if (!run.words) continue;
    run.told ??= run.words.textContent;
    run.words.textContent = now >= whole ? run.told : happens(run, now).done;
  }
  if (!group.output) return;
  group.slider.value = String((1000 * now) / whole);
  const time = `${now.toFixed(whole < 1 ? 4 : 3)} s`;
  let said = "";
  if (now < whole) {
    said = group.runs.length === 1 ? `${time}: ${happens(group.runs[0], now).all}` : time;
  }
  group.output.textContent = said;
  group.slider.setAttribute("aria-valuetext", said || "the end");
}

function pause(group) {
  group.isPlaying = false;
  if (group.button) group.button.textContent = "▶ Play";
  // What is said of every frame is not to be read aloud.
  group.output?.setAttribute("aria-live", "polite");
}

function play(group) {
  for (const other of groups.values()) pause(other);
  if (stillness.matches) return;
  current = group;
  if (group.now >= group.whole) group.now = 0;
  group.isPlaying = true;
  group.button.textContent = "⏸ Pause";
  group.output.setAttribute("aria-live", "off");
  let last = null;
  const frame = (at) => {
    if (!group.isPlaying) return;
    const passed = last === null ? 0 : (at - last) / 1000;
    last = at;
    group.now = Math.min(group.whole, group.now + passed * Number(group.speed.value));
    const length = group.to - group.from;
    // What is played is seen.
    if (group.now < group.from || group.now > group.to) show(group, group.now, length);
    else drawNow(group);
    if (group.now >= group.whole) pause(group);
    else requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

function toggle(group) {
  if (group.isPlaying) pause(group);
  else play(group);
}

// Goes to the next begin or end of an item, or to the one before.
function step(group, forward) {
  pause(group);
  current = group;
  // A little more than the rounding of a time.
  const tiny = 1e-9;
  const now = group.now >= group.whole && forward ? 0 : group.now;
  const times = group.runs.flatMap(({ starts, ends }) => [starts, ends]);
  const near = times.map((times) =>
    forward ? times[until(times, now + tiny)] : times[until(times, now - tiny) - 1],
  );
  group.now = forward
    ? Math.min(...near.map((time) => time ?? group.whole))
    : Math.max(...near.map((time) => time ?? 0));
  const length = group.to - group.from;
  if (group.now < group.from || group.now > group.to) show(group, group.now - length / 2, length);
  else drawNow(group);
}

function make(name, text, label, properties) {
  const made = Object.assign(document.createElement(name), properties);
  if (text) made.textContent = text;
  if (label) made.setAttribute("aria-label", label);
  return made;
}

function controls(group, place) {
  const button = (text, label, act) => {
    const made = make("button", text, label, { type: "button" });
    made.addEventListener("click", act);
    return made;
  };
  place.setAttribute("role", "group");
  place.setAttribute("aria-label", "Play and zoom");
  group.button = button("▶ Play", "", () => toggle(group));
  group.speed = make("select", "", "Speed");
  for (const [speed, name] of SPEEDS) group.speed.append(new Option(name, speed));
  // A run that is over before one has looked is played slowly.
  group.speed.value = String(group.whole > 2 ? 1 : group.whole > 0.2 ? 0.1 : 0.01);
  group.slider = make("input", "", "Moment of the run", { type: "range", max: 1000, step: "any" });
  group.slider.addEventListener("input", () => {
    pause(group);
    current = group;
    group.now = (Number(group.slider.value) * group.whole) / 1000;
    drawNow(group);
  });
  group.output = make("output", "", "");
  const keys = make("details", "", "", { className: "hint" });
  keys.append(make("summary", "Keys and fingers", "", {}));
  keys.append(
    "P plays and pauses, comma and full stop step, B is for the projector. On a bar: the arrows go " +
      "from bar to bar, + − 0 zoom, Shift and an arrow moves. Drag to move, pinch to zoom, and tap " +
      "or point at a bar to see what it is.",
  );
  const still = make("span", "Your system asks for little motion: go step by step.", "", {
    className: "hint",
  });
  const obey = () => {
    group.button.hidden = stillness.matches;
    group.speed.hidden = stillness.matches;
    still.hidden = !stillness.matches;
    if (stillness.matches) pause(group);
  };
  stillness.addEventListener("change", obey);
  obey();
  place.append(
    group.button,
    button("◀", "Step back", () => step(group, false)),
    button("▶|", "Step forward", () => step(group, true)),
    group.speed,
    group.slider,
    still,
    group.output,
    button("+", "Zoom in", () => zoom(group, 0.5, middle(group))),
    button("−", "Zoom out", () => zoom(group, 2, middle(group))),
    button("All", "All: show the whole run", () => show(group, 0, group.whole)),
    button("Projector", "Projector: large text, and pictures that fill the screen", project),
    keys,
  );
  current ??= group;
}

// ---- For a projector

function project() {
  const isOn = document.body.classList.toggle("projector");
  fit();
  if (!isOn || !current) return;
  current.charts[0].element.closest("figure").scrollIntoView({ behavior: "instant" });
  // The controls stay at the top of the window.
  scrollBy(0, -(document.querySelector(".controls")?.offsetHeight ?? 0));
}

// Gives the lanes their height, and names to those that have room for one.
function fit() {
  const isOn = document.body.classList.contains("projector");
  for (const group of groups.values()) {
    for (const chart of group.charts) {
      const { element, names } = chart;
      let lane = chart.lane;
      if (isOn) {
        const bars = [...element.querySelectorAll(".bars")];
        const lanes = bars.reduce((sum, bars) => sum + bars.viewBox.baseVal.height / chart.lane, 0);
        element.style.setProperty("--lane", "0px");
        const others = element.getBoundingClientRect().height;
        const above = document.querySelector(".controls")?.offsetHeight ?? 0;
        const caption = element.parentElement.querySelector("figcaption")?.offsetHeight ?? 0;
        lane = Math.max(1, (innerHeight - above - caption - others - 24) / Math.max(1, lanes));
      }
      element.style.setProperty("--lane", `${lane}px`);
      const every = Math.ceil((isOn ? 24 : 14) / lane);
      names.forEach((name, at) => {
        name.classList.toggle("skipped", at % every !== 0);
      });
    }
    draw(group);
  }
}

addEventListener("resize", fit);
addEventListener("keydown", (event) => {
  if (event.key === "Escape") hideTip();
  const isTyped = event.target.closest("select, input, textarea");
  if (isTyped || event.ctrlKey || event.metaKey || event.altKey || !current) return;
  if (event.key === "p" || event.key === "P") toggle(current);
  else if (event.key === ".") step(current, true);
  else if (event.key === ",") step(current, false);
  else if (event.key === "b" || event.key === "B") project();
  else return;
  event.preventDefault();
});

// ---- On paper

const folded = [...document.querySelectorAll("details.printed:not([open])")];
addEventListener("beforeprint", () => {
  for (const details of folded) details.open = true;
  for (const group of groups.values()) {
    // All of a job is to be on its first page.
    for (const { element, lane } of group.charts) {
      const isTall = element.parentElement.matches(".areas") && element.clientHeight > 400;
      element.style.setProperty("--lane", `${isTall ? 0.75 * lane : lane}px`);
    }
    draw(group, PRINTED);
  }
});
addEventListener("afterprint", () => {
  for (const details of folded) details.open = false;
  fit();
});
