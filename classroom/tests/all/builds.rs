//! Nothing is built twice on the way through the programs, and an example builds nothing but itself.
//!
//! Cargo builds a crate again where another package wants it with other features, and it builds an
//! example with the development dependencies of its package: half a minute, in the middle of a lesson.

use std::collections::BTreeMap;
use std::env;
use std::path::Path;

use serde_json::Value;
use testing::run;

const LESSONS: [&str; 8] = [
    "cpu_mp",
    "cpu_non_concurrent",
    "cpu_threading",
    "io_asyncio",
    "io_mp",
    "io_non_concurrent",
    "io_threading",
    "race_condition",
];

/// What examples are built with beside the crates of their program: our own support, and a crate of it.
const SUPPORT: [&str; 4] = ["base64", "experiment", "testing", "testing_downloads"];

fn cargo(arguments: &[&str]) -> String {
    let cargo = env::var("CARGO").expect("cargo runs the tests");
    run(&cargo, &[arguments, &["--offline", "--locked"]].concat()).with_status(0).stdout
}

/// All crates that cargo builds for a program (`normal,build`) or for its examples as well (`dev`):
/// each with its version, and its features.
fn crates(package: &str, edges: &str) -> BTreeMap<String, String> {
    let tree = cargo(&["tree", "--prefix", "none", "-p", package, "-e", edges, "-f", "{p}|{f}"]);
    let crates = tree.lines().filter_map(|line| line.split_once('|'));
    let crates = crates.map(|(name, features)| {
        (name.to_string(), features.trim_end_matches(" (*)").trim().to_string())
    });
    crates.collect()
}

#[test]
fn the_programs_ask_for_the_same_features() {
    let mut all = BTreeMap::new();
    for package in LESSONS.into_iter().chain(["classroom"]) {
        for (name, features) in crates(package, "normal,build") {
            let (first, known) = all.entry(name.clone()).or_insert((package, features.clone()));
            assert_eq!(*known, features, "{name} is built for {first}, and again for {package}");
        }
    }
}

#[test]
fn an_example_needs_no_crate_and_no_feature_of_its_own() {
    for package in LESSONS {
        let program = crates(package, "normal,build");
        let mut examples = crates(package, "normal,build,dev");
        examples.retain(|name, features| {
            let is_support = SUPPORT.iter().any(|support| name.starts_with(&format!("{support} ")));
            !is_support && program.get(name) != Some(features)
        });
        assert!(examples.is_empty(), "built for the examples of {package}: {examples:#?}");
    }
}

/// `cargo test -p NAME` runs something, and links one executable for it.
#[test]
fn the_tests_of_a_package_are_one_executable() {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1"]))
            .expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    assert!(packages.len() > LESSONS.len());
    for package in packages {
        let targets = package["targets"].as_array().expect("a package has targets");
        let of_tests = targets.iter().filter(|target| target["kind"][0] == "test").count();
        let manifest = Path::new(package["manifest_path"].as_str().expect("it has a manifest"));
        let has_tests = manifest.with_file_name("tests").exists();
        assert_eq!(of_tests, usize::from(has_tests), "tests of {}", manifest.display());
        let needs_feature = |target: &Value| !target["required-features"].is_null();
        assert!(!targets.iter().any(needs_feature), "features of {}", manifest.display());
    }
}
