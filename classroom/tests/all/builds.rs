//! After a program has been built, its examples compile themselves and nothing else.
//!
//! Cargo builds an example with the development dependencies of its crate. A crate that only an
//! example uses, or a feature that only it switches on, would have half of the crates built again:
//! half a minute instead of two seconds, in the middle of a lesson.

use std::collections::BTreeSet;
use std::env;

use testing::run;

/// The lessons with examples, and whether these may need crates of their own.
const LESSONS: [(&str, bool); 8] = [
    ("cpu_mp", false),
    ("cpu_non_concurrent", false),
    ("cpu_threading", false),
    ("io_asyncio", false),
    ("io_mp", false),
    ("io_non_concurrent", false),
    ("io_threading", false),
    // A game on the whole screen, and a model checker.
    ("race_condition", true),
];

/// All crates that cargo builds for a program (`normal,build`) or for its examples as well (`dev`),
/// each with its version and its features.
fn built(package: &str, edges: &str) -> BTreeSet<String> {
    let cargo = env::var("CARGO").expect("cargo runs the tests");
    let arguments = ["tree", "--offline", "--locked", "--prefix", "none"];
    let arguments = [&arguments[..], &["-p", package, "-e", edges, "-f", "{p} {f}"]].concat();
    let tree = run(&cargo, &arguments).with_status(0);
    let crates = tree.stdout.lines().map(|line| line.trim_end_matches(" (*)").trim());
    crates.filter(|line| !line.is_empty()).map(String::from).collect()
}

#[test]
fn an_example_needs_no_crate_and_no_feature_of_its_own() {
    for (package, may_need_more) in LESSONS {
        let program = built(package, "normal,build");
        let examples = built(package, "normal,build,dev");
        assert!(program.iter().any(|line| line.starts_with("classroom ")), "{program:?}");
        let more: Vec<&String> = examples.symmetric_difference(&program).collect();
        assert_eq!(!more.is_empty(), may_need_more, "built for examples of {package}: {more:#?}");
    }
}
