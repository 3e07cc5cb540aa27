//! The modules of the classroom stand on floors: no module imports from one that imports from it,
//! directly or by way of others.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The module of each file: `["lesson", "io"]` for `src/lesson/io.rs`.
type Module = Vec<String>;

/// From each module to those whose names it uses.
type Arrows = BTreeMap<Module, BTreeSet<Module>>;

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read").flatten();
    let files = entries.flat_map(|entry| {
        let path = entry.path();
        if path.is_dir() { files(&path) } else { vec![path] }
    });
    files.filter(|path| path.extension().is_some_and(|kind| kind == "rs")).collect()
}

fn module(source: &Path, file: &Path) -> Module {
    let path = file.strip_prefix(source).expect("the file is in the folder").with_extension("");
    path.iter().map(|part| part.to_string_lossy().into_owned()).collect()
}

/// A file without its comments, and where its tests begin.
fn code(text: &str) -> (String, usize) {
    let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    let code = lines.collect::<Vec<&str>>().join("\n");
    let tests = code.find("#[cfg(test)]").unwrap_or(code.len());
    (code, tests)
}

/// All paths in a piece of code that begin with `crate` or `super`, each as its words.
fn paths(code: &str) -> Vec<(usize, Vec<String>)> {
    let mut found = Vec::new();
    for start in ["crate::", "super::"] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back().unwrap_or(' ');
            if before == ':' || before == '_' || before.is_alphanumeric() {
                continue; // the middle of a path
            }
            expand(&code[at..], &[], &mut |path| found.push((at, path)));
        }
    }
    found
}

/// Reads a path, and each path of a list in braces: `super::{html, run::Timeline}`.
fn expand<'a>(code: &'a str, before: &[String], found: &mut dyn FnMut(Vec<String>)) -> &'a str {
    let mut path = before.to_vec();
    let mut rest = code;
    loop {
        rest = rest.trim_start();
        if let Some(list) = rest.strip_prefix('{') {
            rest = list;
            while !rest.trim_start().starts_with('}') {
                let left = rest.len();
                rest = expand(rest, &path, found).trim_start().trim_start_matches(',');
                assert!(rest.len() < left, "not a list of paths: {}", &code[..code.len().min(80)]);
            }
            return &rest.trim_start()[1..];
        }
        let end = rest.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(rest.len());
        let word = if rest.starts_with('*') { "*" } else { &rest[..end] };
        path.push(word.into());
        rest = &rest[word.len()..];
        match rest.strip_prefix("::") {
            Some(deeper) => rest = deeper,
            None => break,
        }
    }
    // `use a::b as c`
    let rest = rest.trim_start().strip_prefix("as ").map_or(rest, |name| {
        name.trim_start().trim_start_matches(|c: char| c == '_' || c.is_alphanumeric())
    });
    found(path);
    rest
}

/// The module that a path leads to, seen from a module or from the tests in it.
fn resolve(path: &[String], from: &Module, in_tests: bool, all: &BTreeSet<Module>) -> Module {
    let mut place: Module = Vec::new();
    if path[0] == "super" {
        place.clone_from(from);
        if in_tests {
            place.push("tests".into());
        }
    }
    for word in path {
        match word.as_str() {
            "crate" => {}
            "super" => drop(place.pop()),
            word => {
                let mut deeper = place.clone();
                deeper.push(word.into());
                if !all.contains(&deeper) {
                    break; // a name in that module
                }
                place = deeper;
            }
        }
    }
    place
}

fn arrows() -> Arrows {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = files(&source);
    let all: BTreeSet<Module> = files.iter().map(|file| module(&source, file)).collect();
    let mut arrows = Arrows::new();
    for file in files {
        let from = module(&source, &file);
        let (code, tests) = code(&fs::read_to_string(&file).expect("the file can be read"));
        let to = paths(&code)
            .into_iter()
            .map(|(at, path)| resolve(&path, &from, at > tests, &all))
            // A name at the root of the crate is a macro.
            .filter(|to| !to.is_empty() && *to != from)
            .collect();
        arrows.insert(from, to);
    }
    // `pub use` of a child names it without `self`.
    for from in &all {
        let file = from.iter().fold(source.clone(), |path, part| path.join(part));
        let text = fs::read_to_string(file.with_extension("rs")).expect("the file can be read");
        for child in all.iter().filter(|child| child[..child.len() - 1] == from[..]) {
            let name = child.last().expect("a child has a name");
            let uses = |line: &str| {
                let line = line.trim_start().trim_start_matches("pub ");
                line.strip_prefix("use ").is_some_and(|path| path.starts_with(&format!("{name}::")))
            };
            if text.lines().any(uses) {
                arrows.entry(from.clone()).or_default().insert(child.clone());
            }
        }
    }
    arrows
}

/// A way from a module back to itself, if there is one.
fn circle(arrows: &Arrows) -> Option<Vec<String>> {
    fn go_on(
        at: &Module,
        way: &mut Vec<Module>,
        done: &mut BTreeSet<Module>,
        all: &Arrows,
    ) -> bool {
        if way.contains(at) {
            way.push(at.clone());
            return true;
        }
        if !done.insert(at.clone()) {
            return false;
        }
        way.push(at.clone());
        if all.get(at).into_iter().flatten().any(|next| go_on(next, way, done, all)) {
            return true;
        }
        way.pop();
        false
    }
    let mut done = BTreeSet::new();
    arrows.keys().find_map(|start| {
        let mut way = Vec::new();
        let names = |way: Vec<Module>| way.iter().map(|module| module.join("::")).collect();
        go_on(start, &mut way, &mut done, arrows).then(|| names(way))
    })
}

#[test]
fn no_module_imports_from_a_floor_above() {
    let arrows = arrows();
    assert_eq!(circle(&arrows), None, "these modules import each other in a circle");
    // The floors, from the ground; each module stands below those that use it.
    let position = |name: &str| {
        let floors = [
            "error",
            "words",
            "this_process",
            "output",
            "site",
            "timeline",
            "pool",
            "lesson",
            "cargo",
            "testing",
        ];
        floors.into_iter().position(|floor| floor == name)
    };
    for (from, to) in &arrows {
        for to in to {
            if let (Some(above), Some(below)) = (position(&from[0]), position(&to[0])) {
                let (from, to) = (from.join("::"), to.join("::"));
                assert!(below <= above, "{from} imports from {to}, which is above it");
            }
        }
    }
    let count: usize = arrows.values().map(BTreeSet::len).sum();
    assert!(count > 50, "only {count} arrows were found");
}

#[test]
fn a_circle_would_be_found() {
    let module = |name: &str| vec![name.to_string()];
    let mut arrows = Arrows::from([
        (module("a"), BTreeSet::from([module("b")])),
        (module("b"), BTreeSet::from([module("c")])),
        (module("c"), BTreeSet::new()),
    ]);
    assert_eq!(circle(&arrows), None);
    arrows.insert(module("c"), BTreeSet::from([module("a")]));
    assert_eq!(circle(&arrows).map(|way| way.join(" ")).as_deref(), Some("a b c a"));
    // Lists and renamings are read, too.
    let found: Vec<String> =
        paths("use super::{html, run::{Item, Lane as L}};\nlet x = crate::pool::lost();")
            .into_iter()
            .map(|(_, path)| path.join("::"))
            .collect();
    let wanted = ["crate::pool::lost", "super::html", "super::run::Item", "super::run::Lane"];
    assert_eq!(found, wanted);
}
