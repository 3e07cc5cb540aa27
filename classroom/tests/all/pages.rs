//! What is written about the programs is true: commands can be typed, links lead somewhere, the tables
//! are complete, and the eight programs keep their shape.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use testing::run;

const PROGRAMS: [&str; 8] = [
    "io_non_concurrent",
    "io_threading",
    "io_asyncio",
    "io_mp",
    "cpu_non_concurrent",
    "cpu_threading",
    "cpu_mp",
    "race_condition",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the classroom is in the workspace")
}

/// All files of the project with this ending, but not what was built or is hidden.
fn files(ending: &str) -> Vec<PathBuf> {
    let mut folders = vec![root().to_path_buf()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder can be read").flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                folders.push(path);
            } else if name.ends_with(ending) && path.is_file() {
                files.push(path);
            }
        }
    }
    files
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What cargo can run: `-p PACKAGE`, with `--example NAME` or `--bin NAME` behind it.
fn programs() -> BTreeSet<Vec<String>> {
    let cargo = env::var("CARGO").expect("cargo runs the tests");
    let metadata = run(&cargo, &["metadata", "--no-deps", "--offline", "--format-version=1"]);
    let metadata: Value = serde_json::from_str(&metadata.well().stdout).expect("it is JSON");
    let mut programs = BTreeSet::new();
    for package in metadata["packages"].as_array().expect("the workspace has packages") {
        for target in package["targets"].as_array().expect("a package has targets") {
            let (package, name) = (package["name"].as_str(), target["name"].as_str());
            let words: &[&str] = match target["kind"][0].as_str() {
                Some("bin") if package == name => &["-p"],
                Some("bin") => &["-p", "--bin"],
                Some("example") => &["-p", "--example"],
                _ => continue,
            };
            let values = [package, name].map(|name| name.expect("it has a name"));
            programs.insert(
                words.iter().zip(values).flat_map(|(a, b)| [*a, b]).map(String::from).collect(),
            );
        }
    }
    programs
}

/// The lines of a file's `//!` header, without the marks.
fn header(source: &str) -> String {
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    lines.map(str::trim_start).collect::<Vec<&str>>().join("\n")
}

/// All texts that tell a reader what to type: pages and headers.
fn texts() -> Vec<(PathBuf, String)> {
    let headers = files(".rs").into_iter().map(|file| (header(&read(&file)), file));
    let pages = files(".md").into_iter().map(|file| (read(&file), file));
    headers.chain(pages).map(|(text, file)| (file, text)).collect()
}

/// The words of each command in a text that begins with `begin`, up to its end or its own options.
fn commands<'a>(text: &'a str, begin: &str) -> Vec<Vec<&'a str>> {
    let command = |rest: &'a str| {
        let line = rest.split(['\n', '`', '"']).next().unwrap_or_default();
        let ends = ["--", "#", "|", "&&", "&", ";", ">", "…"];
        line.split_whitespace().take_while(|word| !ends.contains(word)).collect()
    };
    text.match_indices(begin).map(|(at, begin)| command(&text[at + begin.len()..])).collect()
}

#[test]
fn every_command_can_be_typed() {
    let programs = programs();
    let mut faults = Vec::new();
    let mut checked = 0;
    for (file, text) in texts() {
        for words in commands(&text, "cargo run ") {
            let words = words.into_iter().filter(|word| !["-q", "--release"].contains(word));
            let words: Vec<String> = words.map(String::from).collect();
            checked += 1;
            // `NAME` stands for any.
            let is_pattern = words.last().is_some_and(|word| word == "NAME");
            if !words.is_empty() && !is_pattern && !programs.contains(&words) {
                faults.push(format!("{}: cargo run {}", file.display(), words.join(" ")));
            }
        }
        for begin in ["`diff ", "$ diff ", "\ndiff "] {
            for words in commands(&text, begin) {
                let paths = words.iter().filter(|word| !word.starts_with('-'));
                if paths.filter(|path| root().join(path).is_file()).count() != 2 {
                    faults.push(format!("{}: diff {}", file.display(), words.join(" ")));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(checked > 100, "only {checked} commands were found");
}

/// The targets of all links of a page.
fn links(page: &str) -> Vec<&str> {
    let text: Vec<&str> = page.split("```").step_by(2).collect();
    let links = text.iter().flat_map(|text| text.split("](").skip(1));
    let targets = links.filter_map(|rest| rest.split([')', ' ']).next());
    let named = text.iter().flat_map(|text| text.lines()).filter(|line| line.starts_with('['));
    targets.chain(named.filter_map(|line| Some(line.split_once("]: ")?.1.trim()))).collect()
}

/// The names that headings of a page have in links: small letters, hyphens, no punctuation.
fn headings(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter(|line| line.starts_with('#'));
    let name = |heading: &str| {
        let heading = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        heading.chars().filter(|c| c.is_alphanumeric() || "-_".contains(*c)).collect()
    };
    headings.map(name).collect()
}

#[test]
fn every_link_leads_somewhere() {
    let mut dead = Vec::new();
    let mut checked = 0;
    for file in files(".md") {
        let page = read(&file);
        for link in links(&page).into_iter().filter(|link| !link.contains("://")) {
            checked += 1;
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { file.clone() } else { file.with_file_name(path) };
            let has_heading = || heading.is_empty() || headings(&read(&target)).contains(heading);
            if !(target.exists() && has_heading()) {
                dead.push(format!("{}: {link}", file.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
    assert!(checked > 50, "only {checked} links were found");
}

#[test]
fn every_experiment_and_exercise_is_in_a_table_with_a_link_to_its_source() {
    let pages = ["experiments.md", "exercises.md"];
    let pages = pages.map(|page| read(&root().join("classroom/pages").join(page))).concat();
    let missing: Vec<_> = programs()
        .into_iter()
        // The example of `experiment` is for its tests, and those to be copied have a page.
        .filter(|program| program.len() > 2 && !["experiment", "take_away"].contains(&&*program[1]))
        .filter(|program| !pages.contains(&format!("/{}", program[3])))
        .collect();
    assert!(missing.is_empty(), "in no table: {missing:#?}");
}

#[test]
fn no_two_programs_share_a_name() {
    // Cargo builds those of all packages into one folder, so one would replace the other.
    let programs = programs();
    let names: BTreeSet<&String> = programs.iter().filter_map(|words| words.last()).collect();
    assert_eq!(names.len(), programs.len(), "{programs:#?}");
}

#[test]
fn the_eight_programs_keep_their_shape() {
    for program in PROGRAMS {
        let source = read(&root().join(program).join("src/main.rs"));
        let header = header(&source);
        let own = commands(&header, "cargo run").into_iter().any(|words| words == ["-p", program]);
        assert!(own, "no `cargo run -p {program}` in the header of {program}:\n{header}");
        assert_eq!(source.matches("// The line that matters").count(), 1, "{program}");
        let lines = source.lines().map(str::trim);
        let code = lines.filter(|line| !line.is_empty() && !line.starts_with("//")).count();
        assert!((20..=60).contains(&code), "{code} lines of code in {program}");
    }
}
