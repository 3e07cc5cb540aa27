//! Runs the real example: without a terminal, and in one, with real key presses.

use testing::{check_head, check_width, check_wrong_usage, example, run};

// An example that cargo tests is no longer built as the program that the tests below run. So its
// parts are tested from here.
#[allow(dead_code, reason = "the program's `main` uses the rest")]
#[path = "../examples/scheduler/game.rs"]
mod game;
#[path = "../examples/scheduler/levels.rs"]
mod levels;
#[allow(dead_code, reason = "the program's `main` uses the rest")]
#[path = "../examples/machine/mod.rs"]
mod machine;
#[path = "../examples/scheduler/panels.rs"]
mod panels;
#[allow(dead_code, reason = "the program's `main` uses the rest")]
#[path = "../examples/scheduler/play.rs"]
mod play;
#[allow(dead_code, reason = "the program's `main` uses the rest")]
#[path = "../examples/scheduler/screen.rs"]
mod screen;
#[allow(dead_code, reason = "the program's `main` uses the rest")]
#[path = "../examples/scheduler/table.rs"]
mod table;
#[path = "../examples/scheduler/verdict.rs"]
mod verdict;

/// The path of the program.
#[track_caller]
fn scheduler() -> String {
    example("scheduler")
}

#[test]
fn a_replay_is_a_table() {
    let ended = run(&scheduler(), &["--replay", "1:121212"]).well();
    let table = "\
Level 1: Make two increments give 1.
Each thread runs counter += 1 once.

step  Thread 1            Thread 2            counter
                                                    0
   1  load   reg = 0                                0
   2                      load   reg = 0            0
   3  add    reg = 1                                0
   4                      add    reg = 1            0
   5  store  counter = 1                            1
   6                      store  counter = 1        1

Passed. The counter ended at 1.
Thread 1 read 0 and wrote 1, thread 2 read 0 and wrote 1. Thread 2 had loaded
before thread 1 stored, and wrote over it: 1 of 2 increments is lost.
";
    assert_eq!(ended.stdout, table);
}

#[test]
fn a_replay_shows_who_holds_a_mutex() {
    let ended = run(&scheduler(), &["--replay", "6:12"]).well();
    ended.assert_line("   2                      lock   B                  0  thread 1  thread 2");
    ended.assert_line("Passed. This is a deadlock.");
}

#[test]
fn a_replay_may_miss_the_goal_or_end_early() {
    let ended = run(&scheduler(), &["--replay", "1:111222"]).well();
    ended.assert_line("Not passed. The counter ended at 2, not at 1.");
    ended.assert_line("Up to step 2 the goal could still be reached.");
    let ended = run(&scheduler(), &["--replay", "1:12"]).well();
    ended.assert_line("The schedule ends before the threads do: steps are left to take.");
}

#[test]
fn a_claim_is_replayed_too() {
    let ended = run(&scheduler(), &["--replay", "5:i"]).well();
    ended.assert_line("Passed. It is impossible, as you have claimed.");
    let ended = run(&scheduler(), &["--replay", "1:i"]).well();
    ended.assert_line("Not passed. It can be done.");
    ended.assert_line("cargo run -p scheduler -- --replay 1:112122");
}

#[test]
fn the_orders_on_the_page_pass_their_levels() {
    let page = include_str!("../README.md");
    let game = page.split("\n## The game\n").nth(1).expect("the page has this section");
    let game = game.split("\n## ").next().unwrap_or_default();
    let replays: Vec<&str> = game
        .split('`')
        .filter(|code| code.contains(':') && code.starts_with(|first: char| first.is_ascii_digit()))
        .collect();
    let levels: Vec<usize> = (1..=levels::LEVELS.len()).collect();
    let mut found = Vec::new();
    for replay in replays {
        let play: play::Play = replay.parse().unwrap_or_else(|error| panic!("{replay}: {error}"));
        assert!(play.verdict().is_some_and(|verdict| verdict.passed), "{replay}");
        found.push(play.number() + 1);
    }
    assert_eq!(found, levels, "one for each level");
}

#[test]
fn wrong_usage_is_one_message() {
    let program = scheduler();
    check_wrong_usage(&program, &["--replay", "121212"], &["'121212'", "no colon"]);
    check_wrong_usage(&program, &["--replay", "10:12"], &["'10:12'", "the levels are 1 to 9"]);
    check_wrong_usage(&program, &["--replay", "1:13"], &["step 2 is '3'", "1 to 2"]);
    check_wrong_usage(&program, &["--replay", "1:1111"], &["step 4", "thread 1 has finished"]);
    check_wrong_usage(&program, &["--replay", "5:12"], &["step 2", "thread 1 holds mutex A"]);
    check_wrong_usage(&program, &["--level", "10"], &["'10'", "the levels are 1 to 9"]);
    check_wrong_usage(&program, &["--level", "1", "--replay", "1:1"], &["cannot be used with"]);
    check_wrong_usage(&program, &["1:121212"], &["'1:121212'"]);
}

#[test]
fn without_a_terminal_it_says_what_to_do_instead() {
    let ended = run(&scheduler(), &[]).with_status(2);
    assert_eq!(ended.stdout, "", "{ended}");
    assert_eq!(ended.stderr.lines().count(), 1, "{ended}");
    ended.assert_error("--replay 1:121212");
}

#[test]
fn help_fits_and_names_every_option() {
    let help = run(&scheduler(), &["--help"]).well();
    for option in ["--level <N>", "--replay <LEVEL:STEPS>", "--version"] {
        assert!(help.stdout.contains(option), "no {option} in {help}");
    }
    check_width(&help.stdout);
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    check_head(&scheduler(), &["--replay", "3:122211211122"], 2);
}

#[cfg(unix)]
mod in_a_terminal {
    use std::io::Write;
    use std::path::PathBuf;
    use std::process::{self, Command};

    use testing::wait_until;

    use super::scheduler;

    const PROMPT: &str = "ready>";

    /// A terminal of 80 x 24 in which a shell runs, in a server of its own that ends with the test.
    struct Tmux {
        server: String,
        folder: PathBuf,
    }

    impl Tmux {
        /// Starts a shell; nothing if there is no tmux here, which is said.
        fn start(name: &str) -> Option<Self> {
            if let Err(error) = Command::new("tmux").arg("-V").output() {
                // Not `println!`, whose lines cargo keeps to itself when a test passes.
                let line = format!("skipped: {name} needs tmux ({error})\n");
                let _ = std::io::stderr().write_all(line.as_bytes());
                return None;
            }
            let server = format!("scheduler-{name}-{}", process::id());
            let folder = std::env::temp_dir().join(&server);
            std::fs::create_dir_all(&folder).expect("the folder of temporary files is writable");
            let tmux = Self { server, folder };
            tmux.run(&["new-session", "-d", "-x", "80", "-y", "24", "env PS1='ready> ' sh"]);
            tmux.wait_for(PROMPT);
            Some(tmux)
        }

        /// Runs a command of tmux and returns what it prints.
        #[track_caller]
        fn run(&self, arguments: &[&str]) -> String {
            let output = Command::new("tmux")
                .args(["-u", "-f", "/dev/null", "-L", &self.server])
                .args(arguments)
                .env("TMUX_TMPDIR", &self.folder)
                .env_remove("TMUX")
                .env_remove("ENV")
                .output()
                .expect("tmux has been started before");
            let error = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "tmux {arguments:?}: {error}");
            String::from_utf8_lossy(&output.stdout).into_owned()
        }

        /// Types characters as they are.
        #[track_caller]
        fn type_keys(&self, keys: &str) {
            self.run(&["send-keys", "-l", keys]);
        }

        /// Types a line at the shell's prompt.
        #[track_caller]
        fn type_line(&self, line: &str) {
            self.type_keys(line);
            self.run(&["send-keys", "Enter"]);
        }

        fn screen(&self) -> String {
            self.run(&["capture-pane", "-p"])
        }

        #[track_caller]
        fn wait_for(&self, text: &str) {
            wait_until(&format!("{text:?} on the screen"), || self.screen().contains(text));
        }

        /// Whether a program has the whole screen, over what the shell has left there.
        fn is_in_alternate_screen(&self) -> bool {
            self.run(&["display-message", "-p", "#{alternate_on}"]).trim() == "1"
        }

        /// Checks that the shell is back, with this exit status, and shows what one types.
        #[track_caller]
        fn assert_shell_is_back(&self, status: &str) {
            wait_until("the shell's own screen", || !self.is_in_alternate_screen());
            self.type_line("echo status-$?");
            self.wait_for(&format!("\nstatus-{status}\n"));
            // What was typed is seen as it was typed, before the shell has made something of it.
            self.type_keys("echo it 'ec''hoes'");
            self.wait_for("ready> echo it 'ec''hoes'");
            self.run(&["send-keys", "Enter"]);
            self.wait_for("\nit echoes\nready>");
            let settings =
                "stty -a | tr ' ;' '\\n\\n' | grep -cx -e icanon -e echo -e isig -e opost";
            self.type_line(settings);
            self.wait_for("\n4\n");
        }
    }

    impl Drop for Tmux {
        fn drop(&mut self) {
            let _ = Command::new("tmux")
                .args(["-L", &self.server, "kill-server"])
                .env("TMUX_TMPDIR", &self.folder)
                .output();
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }

    /// Starts the game in the shell.
    #[track_caller]
    fn start(name: &str, arguments: &str) -> Option<Tmux> {
        let tmux = Tmux::start(name)?;
        tmux.type_line(&format!("'{}' {arguments}", scheduler()));
        tmux.wait_for("q quit");
        assert!(tmux.is_in_alternate_screen());
        Some(tmux)
    }

    #[test]
    fn a_class_wins_the_first_level() {
        let Some(tmux) = start("wins", "") else { return };
        tmux.wait_for("Goal: Make two increments give 1.");
        tmux.wait_for("Level 1 of 9");
        tmux.type_keys("o");
        tmux.wait_for("Open: counter += 1 is three steps of the machine.");
        tmux.type_keys("1");
        tmux.wait_for("Thread 1 loads the counter: its register is now 0.");
        tmux.type_keys("11");
        tmux.wait_for("Thread 1 stores its register: the counter was 0 and is now 1.");
        tmux.type_keys("1");
        tmux.wait_for("No: Thread 1 has finished and has no step left.");
        tmux.type_keys("uu");
        tmux.wait_for("The last step is taken back.");
        tmux.type_keys("2");
        tmux.wait_for("Thread 2 loads the counter: its register is now 0.");
        tmux.type_keys("1212");
        tmux.wait_for("Passed! The counter ended at 1.");
        tmux.wait_for("--replay 1:121212");
        tmux.type_keys("n");
        tmux.wait_for("Level 2 of 9");
        tmux.wait_for("Passed 1");
        tmux.type_keys("q");
        tmux.assert_shell_is_back("0");
    }

    #[test]
    fn a_class_claims_what_is_impossible_and_what_is_not() {
        let Some(tmux) = start("claims", "--level 5") else { return };
        tmux.type_keys("1111122222");
        tmux.wait_for("Not yet. The counter ended at 2, not at 1.");
        tmux.type_keys("h");
        tmux.wait_for("No: no order of the steps that are left reaches the goal.");
        tmux.type_keys("i");
        tmux.wait_for("Passed! It is impossible, as you have claimed.");
        tmux.wait_for("Of 252 orders of the steps the lock leaves 2.");
        tmux.type_keys("nnnn");
        tmux.wait_for("Level 9 of 9");
        tmux.type_keys("i");
        // It is played by itself, step by step.
        tmux.wait_for("It can be done. This is an order that does it:");
        tmux.wait_for("Thread 1 finds 100: enough, so it goes on.");
        tmux.wait_for("So it can be done. The balance ended at -20.");
        tmux.wait_for("r: now find an order yourself.");
        tmux.type_keys("r1221");
        tmux.wait_for("Passed! The balance ended at -20.");
        tmux.type_keys("q");
        tmux.wait_for("What you have passed, to be seen again:");
        for replay in ["5:i", "9:1221"] {
            let command = "cargo run -p scheduler -- --replay";
            tmux.wait_for(&format!("{command} {replay}\n"));
        }
        tmux.assert_shell_is_back("0");
    }

    #[test]
    fn ctrl_c_leaves_the_shell_its_terminal() {
        let Some(tmux) = start("ctrl-c", "--level 5") else { return };
        tmux.wait_for("Level 5 of 9");
        tmux.run(&["send-keys", "C-c"]);
        tmux.assert_shell_is_back("130");
    }

    #[test]
    fn a_signal_does_too() {
        let Some(tmux) = Tmux::start("signal") else { return };
        let file = tmux.folder.join("process");
        let file = file.to_str().expect("the name of the temporary folder is text");
        tmux.type_line(&format!("sh -c 'echo $$ > {file}; exec {}'", scheduler()));
        tmux.wait_for("q quit");
        let process = std::fs::read_to_string(file).expect("the shell has written its number");
        let killed = Command::new("kill").args(["-TERM", process.trim()]).status();
        assert!(killed.expect("every system has kill").success());
        tmux.assert_shell_is_back("143");
    }

    #[test]
    fn a_small_terminal_is_asked_to_grow() {
        let Some(tmux) = start("small", "") else { return };
        tmux.type_keys("o1");
        tmux.wait_for("Level 1, steps so far: 1");
        tmux.run(&["resize-window", "-x", "60", "-y", "20"]);
        tmux.wait_for("This needs a terminal of 80 x 24; this one has 60 x 20.");
        // A step that nobody could see is not taken.
        tmux.type_keys("2");
        tmux.run(&["resize-window", "-x", "80", "-y", "24"]);
        tmux.wait_for("Level 1, steps so far: 1\n");
        tmux.type_keys("q");
        tmux.assert_shell_is_back("0");
    }

    #[test]
    fn no_color_is_honoured() {
        let Some(tmux) = Tmux::start("no-color") else { return };
        let coloured = |tmux: &Tmux| {
            let screen = tmux.run(&["capture-pane", "-p", "-e"]);
            // Red, the second of the 256 colours.
            screen.contains("38;5;1m") || screen.contains("[31m")
        };
        for (setting, expected) in [("", true), ("NO_COLOR=1", false)] {
            tmux.type_line(&format!("{setting} '{}' --level 5", scheduler()));
            tmux.wait_for("q quit");
            tmux.type_keys("12");
            tmux.wait_for("No: Thread 2 must wait");
            assert_eq!(coloured(&tmux), expected, "{setting}");
            tmux.type_keys("q");
            wait_until("the shell's own screen", || !tmux.is_in_alternate_screen());
        }
    }
}
