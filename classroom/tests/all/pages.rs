//! What is written about the programs is true: links lead somewhere, commands can be typed, and the
//! eight programs keep their shape.

use std::fs;
use std::path::{Path, PathBuf};

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

/// The folder of the workspace.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the classroom is in the workspace")
}

/// All files below a folder that `wanted` names, but not what was built or is hidden.
fn files(folder: &Path, wanted: &dyn Fn(&Path) -> bool) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read").flatten() {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            found.extend(files(&path, wanted));
        } else if wanted(&path) {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A path as it is seen from the workspace.
fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

fn readmes() -> Vec<PathBuf> {
    files(root(), &|path| path.file_name().is_some_and(|name| name == "README.md"))
}

/// The lines of a file's `//!` header, without the marks.
fn header(source: &str) -> String {
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    lines.map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<&str>>().join("\n")
}

/// All texts that tell a reader what to type: the name of the file, and the text.
fn texts() -> Vec<(String, String)> {
    let sources = files(root(), &|path| path.extension().is_some_and(|kind| kind == "rs"));
    let headers = sources.into_iter().map(|path| (shown(&path), header(&read(&path))));
    readmes().into_iter().map(|path| (shown(&path), read(&path))).chain(headers).collect()
}

/// The words of each command in a text that begins with `begin`, up to its end.
fn commands<'a>(text: &'a str, begin: &str) -> Vec<Vec<&'a str>> {
    let command = |rest: &'a str| {
        let line = rest.split(['\n', '`']).next().unwrap_or_default();
        let ends = ["#", "|", "&&", "&", ";", ">", "…"];
        line.split_whitespace().take_while(|word| !ends.contains(word)).collect()
    };
    text.match_indices(begin).map(|(at, begin)| command(&text[at + begin.len()..])).collect()
}

/// The word after one of these options.
fn value<'a>(words: &[&'a str], options: &[&str]) -> Option<&'a str> {
    let position = words.iter().position(|word| options.contains(word))?;
    words.get(position + 1).copied()
}

/// What is wrong with the words after `cargo run`; nothing if they can be typed.
fn fault(words: &[&str]) -> Option<String> {
    let own = words.iter().position(|word| *word == "--").unwrap_or(words.len());
    let words = &words[..own];
    let Some(package) = value(words, &["-p", "--package"]) else {
        return Some("names no package".into());
    };
    let folder = root().join(package);
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    if !manifest.contains(&format!("name = \"{package}\"")) {
        return Some(format!("there is no package {package}"));
    }
    let Some(example) = value(words, &["--example"]) else {
        let main = folder.join("src/main.rs");
        return (!main.exists()).then(|| format!("{package} is no program"));
    };
    let exists = source_of(package, example).exists();
    (!exists).then(|| format!("{package} has no example {example}"))
}

#[test]
fn every_command_can_be_typed() {
    let mut checked = 0;
    let mut faults = Vec::new();
    for (file, text) in texts() {
        for words in commands(&text, "cargo run") {
            // `cargo run` alone is spoken of, and not typed.
            if words.is_empty() {
                continue;
            }
            checked += 1;
            if let Some(fault) = fault(&words) {
                faults.push(format!("{file}: cargo run {}: {fault}", words.join(" ")));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(checked >= 2 * PROGRAMS.len(), "only {checked} commands were found");
}

#[test]
fn every_diff_compares_two_files() {
    let mut checked = 0;
    let mut faults = Vec::new();
    for (file, text) in texts() {
        // The command, at the begin of a line or of a piece of code, and not the word.
        for begin in ["`diff ", "$ diff ", "\ndiff "] {
            for words in commands(&text, begin) {
                checked += 1;
                let paths = words.iter().filter(|word| !word.starts_with('-'));
                let missing = paths.clone().filter(|path| !root().join(path).is_file());
                if paths.count() != 2 || missing.count() > 0 {
                    faults.push(format!("{file}: diff {}", words.join(" ")));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(checked > 0, "no command was found");
}

/// The targets of all links of a page.
fn links(page: &str) -> Vec<&str> {
    let mut code = false;
    let mut links = Vec::new();
    for line in page.lines() {
        code ^= line.trim_start().starts_with("```");
        if code {
            continue;
        }
        // `[text](target)`, and `[name]: target` by itself.
        links.extend(line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next()));
        if let Some((name, target)) = line.split_once("]: ")
            && name.starts_with('[')
        {
            links.push(target.trim());
        }
    }
    links
}

#[test]
fn every_link_leads_somewhere() {
    let mut checked = 0;
    let mut dead = Vec::new();
    for readme in readmes() {
        let page = read(&readme);
        for link in links(&page) {
            let elsewhere = ["http://", "https://", "mailto:", "#"];
            if elsewhere.iter().any(|begin| link.starts_with(begin)) {
                continue;
            }
            checked += 1;
            let file = link.split('#').next().unwrap_or_default();
            if !readme.with_file_name(file).exists() {
                dead.push(format!("{}: {link}", shown(&readme)));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
    assert!(checked > 0, "no link was found");
}

#[test]
fn every_link_within_a_page_leads_to_a_heading() {
    // As GitHub makes a name of a heading: small letters, a hyphen for each space, no punctuation.
    let name = |heading: &str| -> String {
        let heading = heading.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        heading
            .chars()
            .filter(|letter| letter.is_alphanumeric() || "-_".contains(*letter))
            .collect()
    };
    let mut dead = Vec::new();
    for readme in readmes() {
        let page = read(&readme);
        let headings: Vec<String> =
            page.lines().filter(|line| line.starts_with('#')).map(name).collect();
        for link in links(&page) {
            let Some(heading) = link.strip_prefix('#') else { continue };
            if !headings.iter().any(|other| other == heading) {
                dead.push(format!("{}: {link}", shown(&readme)));
            }
        }
    }
    assert!(dead.is_empty(), "{dead:#?}");
}

/// The examples of all crates: the crate, and the example's name.
fn examples() -> Vec<(String, String)> {
    programs_in("examples")
}

/// The exercises that check themselves: the crate, and the exercise's name.
fn exercises() -> Vec<(String, String)> {
    programs_in("exercises")
}

/// The programs in a folder of each crate: the crate, and the program's name.
fn programs_in(folder: &str) -> Vec<(String, String)> {
    let mut examples = Vec::new();
    for krate in fs::read_dir(root()).expect("the workspace can be read").flatten() {
        let package = krate.file_name().to_string_lossy().into_owned();
        for entry in fs::read_dir(krate.path().join(folder)).into_iter().flatten().flatten() {
            let path = entry.path();
            // As cargo finds them: a file, or a folder with a `main.rs`.
            if path.extension().is_some_and(|kind| kind == "rs") || path.join("main.rs").is_file() {
                let name = path.file_stem().expect("a file has a name").to_string_lossy();
                examples.push((package.clone(), name.into_owned()));
            }
        }
    }
    examples.sort();
    examples
}

#[test]
fn every_example_is_on_the_first_page() {
    check_rows("The examples", &examples());
}

#[test]
fn every_exercise_is_on_the_first_page() {
    check_rows("Exercises that check themselves", &exercises());
}

/// Checks that a section of the first page has a row with the command of each of these programs.
fn check_rows(section: &str, programs: &[(String, String)]) {
    let page = read(&root().join("README.md"));
    let table = page.split(&format!("\n## {section}\n")).nth(1).expect("the page has this section");
    let table = table.split("\n## ").next().unwrap_or_default();
    let rows: Vec<&str> = table.lines().filter(|line| line.starts_with("| `")).collect();
    let mut shown: Vec<Vec<&str>> =
        rows.iter().flat_map(|row| commands(row, "cargo run ").into_iter().take(1)).collect();
    // An example that needs a feature has it in its command.
    for words in &mut shown {
        if let Some(features) = words.iter().position(|word| *word == "--features") {
            words.drain(features..features + 2);
        }
    }

    assert!(!programs.is_empty(), "no program was found");
    let mut missing = Vec::new();
    for (package, example) in programs {
        let wanted = ["-p", package, "--example", example];
        if !shown.iter().any(|words| words.starts_with(&wanted)) {
            missing.push(format!("cargo run {}", wanted.join(" ")));
        }
    }
    assert!(missing.is_empty(), "not in the table of README.md: {missing:#?}");
}

#[test]
fn no_two_examples_share_a_name() {
    // Cargo builds the examples of all crates into one folder, so one would replace the other.
    let examples = [examples(), exercises()].concat();
    let shared = |name: &str| examples.iter().filter(|(_, other)| other == name).count() > 1;
    let twice: Vec<_> = examples.iter().filter(|(_, name)| shared(name)).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

#[test]
fn every_program_has_its_page() {
    let mut missing: Vec<&str> = PROGRAMS.into_iter().chain(["classroom", "."]).collect();
    missing.retain(|folder| !root().join(folder).join("README.md").is_file());
    assert!(missing.is_empty(), "without a README.md: {missing:?}");
}

#[test]
fn no_page_has_an_empty_place() {
    // Figures that a script fills in from a real run stand as @NAME@ until then.
    let is_place = |word: &str| {
        let name = word.strip_prefix('@').and_then(|word| word.strip_suffix('@'));
        name.is_some_and(|name| {
            !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
        })
    };
    let mut places = Vec::new();
    for (file, text) in texts() {
        let words =
            text.split(|letter: char| letter.is_whitespace() || "|`,.:;*()".contains(letter));
        places.extend(words.filter(|word| is_place(word)).map(|word| format!("{file}: {word}")));
    }
    assert!(places.is_empty(), "{places:#?}");
}

#[test]
fn every_header_names_its_own_command() {
    for program in PROGRAMS {
        let header = header(&read(&root().join(program).join("src/main.rs")));
        let own = commands(&header, "cargo run").into_iter().any(|words| words == ["-p", program]);
        assert!(own, "no `cargo run -p {program}` in the header of {program}:\n{header}");
        // The first program of each kind has nothing to be compared with.
        let itself = format!("{program}/src/main.rs");
        for words in commands(&header, "`diff ") {
            assert!(words.contains(&itself.as_str()), "{program} compares others: {words:?}");
        }
    }
}

#[test]
fn every_program_has_one_line_that_matters() {
    for program in PROGRAMS {
        let source = read(&root().join(program).join("src/main.rs"));
        let marks = source.matches("// The line that matters").count();
        assert_eq!(marks, 1, "{program}/src/main.rs");
    }
}

/// How many lines of code a file has.
fn lines_of_code(source: &str) -> usize {
    let lines = source.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with("//")).count()
}

#[test]
fn every_program_is_short() {
    for program in PROGRAMS {
        let code = lines_of_code(&read(&root().join(program).join("src/main.rs")));
        assert!((20..=60).contains(&code), "{code} lines of code in {program}/src/main.rs");
    }
}

/// Where cargo finds an example, or an exercise.
fn source_of(package: &str, example: &str) -> PathBuf {
    let folder = root().join(package);
    let places = [
        format!("examples/{example}.rs"),
        format!("exercises/{example}.rs"),
        format!("examples/{example}/main.rs"),
    ];
    let [.., last] = &places;
    let found = places.iter().find(|place| folder.join(place).is_file());
    folder.join(found.unwrap_or(last))
}

#[test]
fn every_example_has_the_same_header() {
    let mut faults = Vec::new();
    for (package, example) in examples() {
        let header = header(&read(&source_of(&package, &example)));
        let own = ["-p", &package, "--example", &example];
        let is_own = |words: &Vec<&str>| own.iter().all(|word| words.contains(word));
        let runs = commands(&header, "cargo run").iter().any(is_own);
        let parts = ["- **Run** ", "- **See** ", "- **Why** ", "- **Next** "];
        if !runs || !parts.iter().all(|part| header.contains(part)) {
            faults.push(example);
        }
    }
    assert!(faults.is_empty(), "without Run, See, Why or Next: {faults:?}");
}

#[test]
fn every_exercise_has_the_same_header() {
    let mut faults = Vec::new();
    for (package, exercise) in exercises() {
        let header = header(&read(&source_of(&package, &exercise)));
        let own = ["-p", &package, "--example", &exercise];
        let hint = [&own[..], &["--", "--hint"]].concat();
        let commands = commands(&header, "cargo run");
        let has_own = [&own[..], &hint].iter().all(|own| commands.iter().any(|words| words == own));
        let parts = ["- **Run** ", "- **Fault** ", "- **Reach** ", "- **Hint** ", "- **Next** "];
        if !has_own || !parts.iter().all(|part| header.contains(part)) {
            faults.push(exercise);
        }
    }
    assert!(faults.is_empty(), "without Run, Fault, Reach, Hint or Next: {faults:?}");
}

/// Examples that are longer than the others, because that is their subject: they write out what a
/// library does otherwise.
const LONG_EXAMPLES: [&str; 1] = ["event_loop"];

#[test]
fn every_experiment_is_short_and_has_one_line_that_matters() {
    let mut faults = Vec::new();
    for (package, example) in examples() {
        // Those of the race are a lesson plan with games of its own.
        if ["classroom", "race_condition"].contains(&&*package) {
            continue;
        }
        let source = source_of(&package, &example);
        let most = if LONG_EXAMPLES.contains(&&*example) { 170 } else { 75 };
        let mut sources = vec![(source.clone(), most)];
        if source.ends_with("main.rs") {
            // Its parts stand in files of their own, with an idea each.
            let folder = source.parent().expect("it is in its folder");
            let parts = files(folder, &|file| file != source);
            sources.extend(parts.into_iter().map(|part| (part, 80)));
        }
        let (mut marks, mut lines, mut too_long) = (0, 0, false);
        for (source, most) in sources {
            let text = read(&source);
            marks += text.matches("// The line that matters").count();
            lines += lines_of_code(&text);
            too_long |= lines_of_code(&text) > most;
        }
        if marks != 1 || lines < 20 || too_long {
            faults.push(format!("{example}: {lines} lines of code, {marks} that matter"));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// The times in the table of `compare` on the first page, by program.
fn compared() -> Vec<(&'static str, String)> {
    let page = read(&root().join("README.md"));
    let row = |program: &'static str| {
        let rows = page.lines().filter(|line| line.starts_with(&format!("{program} ")));
        let row = rows.map(|line| line.split_whitespace().collect::<Vec<&str>>()).next()?;
        Some((program, row.get(2)?.to_string()))
    };
    PROGRAMS[..7].iter().filter_map(|program| row(program)).collect()
}

/// The time that a program's own page shows in the sample of its output.
fn printed(program: &str) -> String {
    let page = read(&root().join(program).join("README.md"));
    let line = page
        .lines()
        .find(|line| line.starts_with("Downloaded 160 in ") || line.starts_with("Duration "));
    let line = line.unwrap_or_else(|| panic!("{program}/README.md shows no time"));
    let seconds = line.split_whitespace().rev().nth(1);
    seconds.unwrap_or_else(|| panic!("no time in {line:?}")).to_string()
}

#[test]
fn a_figure_is_the_same_on_all_pages() {
    let first = read(&root().join("README.md"));
    let compared = compared();
    assert_eq!(compared.len(), 7, "{compared:?}");
    let mut quotes = 0;
    for (program, seconds) in &compared {
        // The table of the eight programs has two digits.
        let row = format!("| [{program}]({program}/README.md) |");
        let row = first.lines().find(|line| line.starts_with(&row)).expect("the table has it");
        let here: f64 = printed(program).parse().expect("a program prints a time");
        let mut exact = here;
        if program.starts_with("io_") {
            // `compare` has taken the fastest of three runs, and the page shows another run.
            exact = seconds.parse().expect("compare prints a time");
            assert!((0.85..1.25).contains(&(here / exact)), "{program}: {here} and {exact}");
        }
        assert!(row.contains(&format!("| {exact:.2} s |")), "{program}: {exact}, but {row}");
        // Other pages quote what the program's own page shows.
        for page in readmes() {
            let text = read(&page).replace('\n', " ");
            for (at, said) in text.match_indices(&format!("`{program}` took ")) {
                let quote = text[at + said.len()..].split(' ').next().unwrap_or_default();
                assert_eq!(quote, printed(program), "`{program}` took … in {}", shown(&page));
                quotes += 1;
            }
        }
    }
    assert!(quotes >= 5, "only {quotes} quotes were found");
    // The diagrams and the sample on the first page are those of the programs' pages.
    for program in ["io_non_concurrent", "io_threading"] {
        let page = read(&root().join(program).join("README.md"));
        let drawn: Vec<&str> = first.lines().filter(|line| line.contains('▐')).collect();
        let whole = first.lines().filter(|line| line.starts_with("whole run "));
        assert!(whole.clone().count() >= 2);
        let own = whole.chain(drawn).filter(|line| page.contains(*line)).count();
        assert!(own >= 2, "the diagram of {program} on the first page is another");
    }
    let sample = format!("Downloaded 160 in {} seconds", printed("io_threading"));
    assert!(first.contains(&sample), "the first page shows another run of io_threading");
}
